"""The trapezoidal distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import DISTINCT, SWAPPED, Role, Rule
from payback.distributions.core.piecewise_linear import distance, mass


@dataclass(frozen=True)
class Trapezoidal(Distribution):
    """The trapezoidal distribution: a density that rises, stays level, and falls, in straight lines.

    Density, with h = 2 / (high - low + mode_high - mode_low)::

        f(x) = h (x - low) / (mode_low - low),     low <= x < mode_low
        f(x) = h,                                  mode_low <= x <= mode_high
        f(x) = h (high - x) / (high - mode_high),  mode_high < x <= high

    Parameters
    ----------
    low, mode_low, mode_high, high : float
        In the unit of the input and in order; the density is level between the modes.

    References
    ----------
    .. [1] van Dorp and Kotz (2003), "Generalized trapezoidal distributions", Metrika 58, doi:10.1007/s001840200230.

    Examples
    --------
    >>> float(Trapezoidal(1, 2, 4, 9).ppf(0.5))
    4.0
    """

    low: float
    mode_low: float
    mode_high: float
    high: float

    name: ClassVar[str] = "trapezoidal"
    roles: ClassVar[tuple[Role, ...]] = ("value", "value", "value", "value")
    rules: ClassVar[tuple[Rule, ...]] = (
        DISTINCT,
        SWAPPED,
        Rule(
            "mode_low",
            lambda d: (d.low <= d.mode_low) & (d.mode_low <= d.mode_high),
            "must lie in [low, mode_high] = [{low}, {mode_high}]",
        ),
        Rule("mode_high", lambda d: d.mode_high <= d.high, "must lie in [mode_low, high] = [{mode_low}, {high}]"),
    )

    def _support(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def knots(self) -> tuple[float, ...]:
        """The modes."""
        return self.mode_low, self.mode_high

    def _widths(self) -> tuple[float, float, float]:
        return self.mode_low - self.low, self.mode_high - self.mode_low, self.high - self.mode_high

    def _moments(self) -> tuple[float, float]:
        # A mixture of a triangle, a rectangle and a triangle, seen from the middle of the level part.
        rise, level, fall = self._widths()
        twice, middle = rise + 2.0 * level + fall, 0.5 * (self.mode_low + self.mode_high)
        parts = (
            (rise / twice, -0.5 * level - rise / 3.0, rise * rise / 18.0),
            (2.0 * level / twice, 0.0, level * level / 12.0),
            (fall / twice, 0.5 * level + fall / 3.0, fall * fall / 18.0),
        )
        mean = sum(weight * center for weight, center, _ in parts)
        variance = sum(weight * (square + (center - mean) * (center - mean)) for weight, center, square in parts)
        return middle + mean, math.sqrt(variance)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        reach = self._reach(v, up)
        return np.where(up, self.high - reach, self.low + reach)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        rise, level, fall = self._widths()
        return distance(v, np.where(up, fall, rise), level, np.where(up, rise, fall))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return mass(x - self.low, *self._widths())

    def _sf(self, x: FloatArray) -> FloatArray:
        return mass(self.high - x, *self._widths()[::-1])

    def _pdf(self, x: FloatArray) -> FloatArray:
        rise, level, fall = (np.asarray(width, np.float64) for width in self._widths())
        left = (x - self.low) / np.where(rise > 0, rise, 1.0)
        right = (self.high - x) / np.where(fall > 0, fall, 1.0)
        shape = np.where(x < self.mode_low, left, np.where(x > self.mode_high, right, 1.0))
        return np.asarray(2.0 / (rise + 2.0 * level + fall) * shape)
