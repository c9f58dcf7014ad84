"""Families on an interval."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from distributions.base import BoolArray, Distribution, FloatArray
from distributions.parameters import DISTINCT, SWAPPED, Role, Rule

_MODE_ORDER = Rule("high", lambda d: d.low < d.high, "must keep low <= mode <= high, with low = {low}, mode = {mode}")
_MODE = Rule("mode", lambda d: (d.low <= d.mode) & (d.mode <= d.high), "must lie in [low, high] = [{low}, {high}]")


@dataclass(frozen=True)
class Uniform(Distribution):
    """The uniform distribution on [low, high]."""

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
    """The distribution whose logarithm is uniform on [log(low), log(high)]."""

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
        return -np.log1p((x - self.high) / self.high) / self._log_ratio

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (x * self._log_ratio))


@dataclass(frozen=True)
class Triangular(Distribution):
    """The triangular distribution on [low, high] with its peak at the mode."""

    low: float
    mode: float
    high: float

    name: ClassVar[str] = "triangular"
    roles: ClassVar[tuple[Role, ...]] = ("value", "value", "value")
    rules: ClassVar[tuple[Rule, ...]] = (DISTINCT, _MODE_ORDER, _MODE)

    def _support(self) -> tuple[float, float]:
        return self.low, self.high

    def _moments(self) -> tuple[float, float]:
        left, right = self.mode - self.low, self.high - self.mode
        variance = (left * left + left * right + right * right) / 18.0
        return (self.low + self.mode + self.high) / 3.0, math.sqrt(variance)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        from_low = self.low + np.sqrt(np.where(up, 1.0 - v, v) * width * left)
        from_high = self.high - np.sqrt(np.where(up, v, 1.0 - v) * width * right)
        return np.where(np.where(up, v * width > right, v * width <= left), from_low, from_high)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.where(x <= self.mode, self._share(x, self.low), 1.0 - self._share(x, self.high))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.where(x > self.mode, self._share(x, self.high), 1.0 - self._share(x, self.low))

    def _share(self, x: FloatArray, end: float) -> FloatArray:
        # The mass between `x` and the end on its side of the mode.
        side = abs(self.mode - end)
        return np.where(side > 0, (x - end) ** 2 / ((self.high - self.low) * np.where(side > 0, side, 1.0)), 0.0)

    def _thin_mass(self, a: FloatArray, width: FloatArray) -> FloatArray:
        # The density is linear on each side of the mode, so the trapezoid rule is exact.
        to_mode = np.clip(self.mode - a, np.minimum(width, 0.0), np.maximum(width, 0.0))
        start, middle, end = self.pdf(a), self.pdf(a + to_mode), self.pdf(a + width)
        return 0.5 * (np.abs(to_mode) * (start + middle) + np.abs(width - to_mode) * (middle + end))

    def _pdf(self, x: FloatArray) -> FloatArray:
        height = 2.0 / (self.high - self.low)
        end = np.where((x < self.mode) | (self.mode == self.high), self.low, self.high)
        return height * (x - end) / (self.mode - end)


class _BetaShaped(Distribution):
    """A beta distribution on [low, high], however its two shapes are given."""

    low: float
    high: float

    @property
    @abstractmethod
    def shapes(self) -> tuple[float, float]:
        """The two shapes of the beta distribution."""

    def _support(self) -> tuple[float, float]:
        return self.low, self.high

    def _moments(self) -> tuple[float, float]:
        a, b = self.shapes
        mean = self.low + (self.high - self.low) * (a / (a + b))
        sd = (self.high - self.low) * math.sqrt(a * b / (a + b + 1.0)) / (a + b)
        return mean, sd

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        reach = self._reach(v, up)
        return np.where(up, self.high - reach, self.low + reach)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import betaincinv

        a, b = self.shapes
        return np.asarray((self.high - self.low) * betaincinv(np.where(up, b, a), np.where(up, a, b), v), np.float64)

    def _cdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import betainc

        a, b = self.shapes
        return np.asarray(betainc(a, b, (x - self.low) / (self.high - self.low)), np.float64)

    def _sf(self, x: FloatArray) -> FloatArray:
        from scipy.special import betainc

        a, b = self.shapes
        return np.asarray(betainc(b, a, (self.high - x) / (self.high - self.low)), np.float64)

    def _pdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import betaln, xlogy

        a, b = self.shapes
        width = self.high - self.low
        y, rest = (x - self.low) / width, (self.high - x) / width
        return np.asarray(np.exp(xlogy(a - 1.0, y) + xlogy(b - 1.0, rest) - betaln(a, b)) / width)


@dataclass(frozen=True)
class Beta(_BetaShaped):
    """The beta distribution on [low, high]."""

    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0

    name: ClassVar[str] = "beta"
    roles: ClassVar[tuple[Role, ...]] = ("shape", "shape", "value", "value")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("alpha", lambda d: d.alpha > 0, "must be greater than 0"),
        Rule("beta", lambda d: d.beta > 0, "must be greater than 0"),
        DISTINCT,
        SWAPPED,
    )

    @property
    def shapes(self) -> tuple[float, float]:
        """As given."""
        return self.alpha, self.beta


@dataclass(frozen=True)
class Pert(_BetaShaped):
    """The PERT distribution: a beta distribution on [low, high], by its mode and the mode's weight.

    The mean is (low + weight * mode + high) / (weight + 2). Malcolm, Roseboom, Clark & Fazar
    (1959), "Application of a technique for research and development program evaluation",
    Operations Research 7(5), doi:10.1287/opre.7.5.646, with weight 4.
    """

    low: float
    mode: float
    high: float
    weight: float = 4.0

    name: ClassVar[str] = "pert"
    roles: ClassVar[tuple[Role, ...]] = ("value", "value", "value", "shape")
    rules: ClassVar[tuple[Rule, ...]] = (
        DISTINCT,
        _MODE_ORDER,
        _MODE,
        Rule("weight", lambda d: d.weight > 0, "must be greater than 0"),
    )

    @property
    def shapes(self) -> tuple[float, float]:
        """Chosen so that the mode is where it was given."""
        width = self.high - self.low
        return (
            1.0 + self.weight * (self.mode - self.low) / width,
            1.0 + self.weight * (self.high - self.mode) / width,
        )
