"""Families on an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from distributions.arrays import BoolArray, FloatArray
from distributions.base import Distribution
from distributions.parameters import DISTINCT, MODE, MODE_ORDER, SWAPPED, Role, Rule


@dataclass(frozen=True)
class Uniform(Distribution):
    """The uniform distribution.

    Parameters
    ----------
    low, high : float
        The ends, in the unit of the input.
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


@dataclass(frozen=True)
class LogUniform(Distribution):
    """The distribution whose logarithm is uniform on [log(low), log(high)].

    Parameters
    ----------
    low, high : float
        The ends, greater than 0, in the unit of the input.
    """

    low: float
    high: float

    name: ClassVar[str] = "loguniform"
    roles: ClassVar[tuple[Role, ...]] = ("value", "value")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("low", lambda d: d.low > 0, "must be greater than 0"),
        DISTINCT,
        SWAPPED,
    )

    def _support(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def _log_ratio(self) -> FloatArray:
        # log(high / low), right for a narrow range too
        return np.asarray(np.log1p((self.high - self.low) / self.low))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        reach = self._reach(v, up)
        return np.where(up, self.high - reach, self.low + reach)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return np.where(up, -self.high * np.expm1(-v * self._log_ratio), self.low * np.expm1(v * self._log_ratio))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.log1p((x - self.low) / self.low) / self._log_ratio

    def _sf(self, x: FloatArray) -> FloatArray:
        near = -np.log1p((x - self.high) / self.high)
        return np.where(x > 0.5 * self.high, near, np.log(self.high / x)) / self._log_ratio

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (x * self._log_ratio))


@dataclass(frozen=True)
class Triangular(Distribution):
    """The triangular distribution: a density that rises to the mode and falls from it in straight lines.

    Parameters
    ----------
    low, mode, high : float
        In the unit of the input; the mode may be an end.
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

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        # Beyond the mode, from the mode: the difference of two nearly equal shares would lose a mode at an end.
        left, right = self.mode - self.low, self.high - self.mode
        width, side, other = left + right, np.where(up, right, left), np.where(up, left, right)
        rest = np.sqrt((1.0 - v) * width / np.where(other > 0, other, 1.0))
        return np.where(v * width > side, side + (v * width - side) / (1.0 + rest), np.sqrt(v * width * side))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        reach = self._reach(v, up)
        return np.where(up, self.high - reach, self.low + reach)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.where(x <= self.mode, self._share(x, self.low), self._share_beyond(x, self.low, self.high))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.where(x > self.mode, self._share(x, self.high), self._share_beyond(x, self.high, self.low))

    def _share_beyond(self, x: FloatArray, end: float, other: float) -> FloatArray:
        # The mass between `x` and the end on the far side of the mode.
        side, step = abs(other - self.mode), np.abs(x - self.mode)
        over = step * (2.0 - step / np.where(side > 0, side, 1.0))
        return np.minimum((abs(self.mode - end) + over) / (self.high - self.low), 1.0)

    def _share(self, x: FloatArray, end: float) -> FloatArray:
        # The mass between `x` and the end on its side of the mode.
        side = abs(self.mode - end)
        return np.where(side > 0, (x - end) ** 2 / ((self.high - self.low) * np.where(side > 0, side, 1.0)), 0.0)

    @property
    def breaks(self) -> tuple[float, ...]:
        """The mode's."""
        return ((self.mode - self.low) / (self.high - self.low),)

    def _thin_mass(self, a: FloatArray, width: FloatArray) -> FloatArray:
        # The density is linear on each side of the mode, so the trapezoid rule is exact.
        to_mode = np.clip(self.mode - a, np.minimum(width, 0.0), np.maximum(width, 0.0))
        start, middle, end = self.pdf(a), self.pdf(a + to_mode), self.pdf(a + width)
        return 0.5 * (np.abs(to_mode) * (start + middle) + np.abs(width - to_mode) * (middle + end))

    def _pdf(self, x: FloatArray) -> FloatArray:
        height = 2.0 / (self.high - self.low)
        end = np.where((x < self.mode) | (self.mode == self.high), self.low, self.high)
        return height * (x - end) / (self.mode - end)
