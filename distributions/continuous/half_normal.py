"""The half-normal distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero


@dataclass(frozen=True)
class HalfNormal(Distribution):
    """The half-normal distribution: the size, without its sign, of a normal error around 0.

    Density::

        f(x) = sqrt(2 / pi) exp(-x^2 / (2 scale^2)) / scale,  x >= 0

    Parameters
    ----------
    scale : float
        Standard deviation of the normal distribution, greater than 0, in the unit of the input.

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions, Volume 1, 2nd ed., Wiley,
       chapter 13.

    Examples
    --------
    >>> float(HalfNormal(2.5).ppf(0.5))
    1.6862
    """

    scale: float

    name: ClassVar[str] = "half_normal"
    roles: ClassVar[tuple[Role, ...]] = ("value",)
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("scale"),)

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        return self.scale * math.sqrt(2.0 / math.pi), self.scale * math.sqrt(1.0 - 2.0 / math.pi)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import erfinv, ndtri

        return self.scale * np.where(up, -ndtri(0.5 * v), math.sqrt(2.0) * erfinv(v))

    def _z(self, x: FloatArray) -> FloatArray:
        return x / (self.scale * math.sqrt(2.0))

    def _cdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import erf

        return erf(self._z(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        from scipy.special import erfc

        return erfc(self._z(x))

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.exp(-(self._z(x) ** 2)) * (math.sqrt(2.0 / math.pi) / self.scale)
