"""The uniform distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.parameters import DISTINCT, SWAPPED, Role, Rule
from payback.distributions.inversion.inverter import Linear


@dataclass(frozen=True)
class Uniform(Distribution):
    """The uniform distribution: every value between two ends alike.

    Density::

        f(x) = 1 / (high - low),  low <= x <= high

    Parameters
    ----------
    low, high : float
        The ends, low < high, in the unit of the input.

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions, Volume 2, 2nd ed., Wiley,
       chapter 26.

    Examples
    --------
    >>> float(Uniform(0.9, 2.5).ppf(0.5))
    1.7
    """

    low: float
    high: float

    name: ClassVar[str] = "uniform"
    roles: ClassVar[tuple[Role, ...]] = ("value", "value")
    rules: ClassVar[tuple[Rule, ...]] = (DISTINCT, SWAPPED)

    def _support(self) -> tuple[float, float]:
        return self.low, self.high

    def _moments(self) -> tuple[float, float]:
        return 0.5 * self.low + 0.5 * self.high, (self.high - self.low) / math.sqrt(12.0)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        reach = self._reach(v, up)
        return np.where(up, self.high - reach, self.low + reach)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return (self.high - self.low) * v

    def _cdf(self, x: FloatArray) -> FloatArray:
        return (x - self.low) / (self.high - self.low)

    def _sf(self, x: FloatArray) -> FloatArray:
        return (self.high - x) / (self.high - self.low)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.ones_like(x) / (self.high - self.low)

    def own_inverter(self) -> Inverter:
        """Return the closed form."""
        return Linear(self.low, self.high)

    def truncated_inverter(self, whole: Distribution, low: float, high: float, mass: float) -> Inverter:
        """Return the closed form between the ends that are kept."""
        return Linear(low, high)
