"""The Weibull distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero


@dataclass(frozen=True)
class Weibull(Distribution):
    """The Weibull distribution: lifetimes whose hazard falls or rises as a power of the age.

    Survival function and density, with y = x / scale::

        P(X > x) = exp(-y^shape),  f(x) = shape / scale y^(shape - 1) exp(-y^shape),  x >= 0

    Parameters
    ----------
    shape : float
        Greater than 0, without a unit; below 1 the hazard falls with time, above 1 it rises.
    scale : float
        Greater than 0, in the unit of the input; 63 % of the values lie below it.

    References
    ----------
    .. [1] Weibull (1951), "A statistical distribution function of wide applicability", Journal of Applied
       Mechanics 18(3), doi:10.1115/1.4010337.

    Examples
    --------
    >>> float(Weibull(1.5, 100).ppf(0.5))
    78.322
    """

    shape: float
    scale: float

    name: ClassVar[str] = "weibull"
    roles: ClassVar[tuple[Role, ...]] = ("shape", "value")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("shape"), above_zero("scale"))

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        from scipy.special import gammaln

        first, second = float(gammaln(1.0 + 1.0 / self.shape)), float(gammaln(1.0 + 2.0 / self.shape))
        with np.errstate(over="ignore"):
            mean = float(self.scale * np.exp(first))
            return mean, float(mean * np.sqrt(np.expm1(second - 2.0 * first)))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return np.asarray(self.scale * np.where(up, -np.log(v), -np.log1p(-v)) ** (1.0 / self.shape))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(-np.expm1(-((x / self.scale) ** self.shape)))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.exp(-((x / self.scale) ** self.shape))

    def _pdf(self, x: FloatArray) -> FloatArray:
        y = x / self.scale
        return np.asarray(self.shape / self.scale * y ** (self.shape - 1.0) * np.exp(-(y**self.shape)))
