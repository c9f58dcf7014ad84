"""The triangular distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.parameters import DISTINCT, MODE, MODE_ORDER, Role, Rule
from payback.distributions.core.piecewise_linear import distance, mass
from payback.distributions.inversion.inverter import TwoRoots

_NARROW = 1e-6


@dataclass(frozen=True)
class Triangular(Distribution):
    """The triangular distribution: a density that rises to the mode and falls from it in straight lines.

    Density::

        f(x) = 2 (x - low) / ((high - low) (mode - low)),    low <= x < mode
        f(x) = 2 (high - x) / ((high - low) (high - mode)),  mode <= x <= high

    Parameters
    ----------
    low, mode, high : float
        In the unit of the input, low <= mode <= high and low < high; the mode may be an end.

    References
    ----------
    .. [1] Kotz and van Dorp (2004), Beyond Beta, World Scientific, chapter 1, doi:10.1142/5720.

    Examples
    --------
    >>> float(Triangular(8, 10, 30).ppf(0.5))
    15.1676
    """

    low: float
    mode: float
    high: float

    name: ClassVar[str] = "triangular"
    roles: ClassVar[tuple[Role, ...]] = ("value", "value", "value")
    rules: ClassVar[tuple[Rule, ...]] = (DISTINCT, MODE_ORDER, MODE)

    def _support(self) -> tuple[float, float]:
        return self.low, self.high

    def _moments(self) -> tuple[float, float]:
        left, right = self.mode - self.low, self.high - self.mode
        variance = (left * left + left * right + right * right) / 18.0
        return (self.low + self.mode + self.high) / 3.0, math.sqrt(variance)

    @property
    def knots(self) -> tuple[float, ...]:
        """The mode."""
        return (self.mode,)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        reach = self._reach(v, up)
        return np.where(up, self.high - reach, self.low + reach)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        left, right = self.mode - self.low, self.high - self.mode
        return distance(v, np.where(up, right, left), 0.0, np.where(up, left, right))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return mass(x - self.low, self.mode - self.low, 0.0, self.high - self.mode)

    def _sf(self, x: FloatArray) -> FloatArray:
        return mass(self.high - x, self.high - self.mode, 0.0, self.mode - self.low)

    def _pdf(self, x: FloatArray) -> FloatArray:
        height = 2.0 / (self.high - self.low)
        end = np.where((x < self.mode) | (self.mode == self.high), self.low, self.high)
        return height * (x - end) / (self.mode - end)

    @property
    def _two_sided(self) -> bool:
        """Whether the mode is far enough from both ends for the closed form, a sum of two roots, to keep its digits."""
        return min(self.mode - self.low, self.high - self.mode) >= _NARROW * (self.high - self.low)

    def own_inverter(self) -> Inverter | None:
        """Return the closed form, None where the mode is too near an end for it."""
        return TwoRoots(self.low, self.mode, self.high) if self._two_sided else None

    def truncated_inverter(self, whole: Distribution, low: float, high: float, mass: float) -> Inverter | None:
        """Return the closed form with the mass outside [low, high] left out, None where the mode is too near an end."""
        if not self._two_sided:
            return None
        return TwoRoots(self.low, self.mode, self.high, mass, float(self.cdf(low)), float(self.sf(high)))
