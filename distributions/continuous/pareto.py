"""The Pareto distribution, and the functions that it shares with Lomax."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero


@dataclass(frozen=True)
class Pareto(Distribution):
    """The Pareto distribution of type I: a power tail above a least value.

    Survival function and density::

        P(X > x) = (low / x)^shape,  f(x) = shape low^shape / x^(shape + 1),  x >= low

    Parameters
    ----------
    shape : float
        Greater than 0, without a unit; the mean is finite above 1, the standard deviation above 2.
    low : float
        The least value, greater than 0, in the unit of the input.

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions, Volume 1, 2nd ed., Wiley,
       chapter 20.

    Examples
    --------
    >>> float(Pareto(3.5, 20).ppf(0.9))
    38.614
    """

    shape: float
    low: float

    name: ClassVar[str] = "pareto"
    roles: ClassVar[tuple[Role, ...]] = ("shape", "value")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("shape"), above_zero("low"))

    def _support(self) -> tuple[float, float]:
        return self.low, math.inf

    def _moments(self) -> tuple[float, float]:
        return power_moments(self.low, self.shape, 1.0)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.low * np.exp(-log_share(v, up) / self.shape)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return np.where(up, math.inf, self.low * np.expm1(-log_share(v, up) / self.shape))

    def _log(self, x: FloatArray) -> FloatArray:
        return np.log1p((x - self.low) / self.low)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return -np.expm1(-self.shape * self._log(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.exp(-self.shape * self._log(x))

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self.shape / x * self._sf(x)


def log_share(v: FloatArray, up: BoolArray) -> FloatArray:
    """Return the logarithm of the mass above a quantile of tail mass `v`."""
    return np.where(up, np.log(v), np.log1p(-v))


def power_moments(scale: float, shape: float, start: float) -> tuple[float, float]:
    """Return mean and standard deviation of ``scale * (start + Y)``, Y being Lomax with scale 1."""
    mean = scale * (start + 1.0 / (shape - 1.0)) if shape > 1.0 else math.inf
    return mean, scale / (shape - 1.0) * math.sqrt(shape / (shape - 2.0)) if shape > 2.0 else math.inf
