"""The Lomax distribution: Pareto, moved to begin at 0."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.continuous.pareto import log_share, power_moments
from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero


@dataclass(frozen=True)
class Lomax(Distribution):
    """The Lomax distribution: a Pareto distribution, moved to begin at 0.

    Survival function and density::

        P(X > x) = (1 + x / scale)^-shape,  f(x) = shape / scale (1 + x / scale)^(-shape - 1),  x >= 0

    Parameters
    ----------
    shape : float
        Greater than 0, without a unit; the mean is finite above 1, the standard deviation above 2.
    scale : float
        Greater than 0, in the unit of the input.

    References
    ----------
    .. [1] Lomax (1954), "Business failures: another example of the analysis of failure data", Journal of the
       American Statistical Association 49, doi:10.1080/01621459.1954.10501239.

    Examples
    --------
    >>> float(Lomax(3.5, 20).ppf(0.9))
    18.614
    """

    shape: float
    scale: float

    name: ClassVar[str] = "lomax"
    roles: ClassVar[tuple[Role, ...]] = ("shape", "value")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("shape"), above_zero("scale"))

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        return power_moments(self.scale, self.shape, 0.0)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.scale * np.expm1(-log_share(v, up) / self.shape)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return -np.expm1(-self.shape * np.log1p(x / self.scale))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.exp(-self.shape * np.log1p(x / self.scale))

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self.shape / (self.scale + x) * self._sf(x)
