"""Families on an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.arrays import BoolArray, FloatArray
from payback.distributions.base import Distribution
from payback.distributions.parameters import DISTINCT, MODE, MODE_ORDER, SWAPPED, Role, Rule
from payback.distributions.ramps import distance, mass


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
        from scipy.special import log1p

        return np.asarray(log1p((self.high - self.low) / self.low))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        reach = self._reach(v, up)
        return np.where(up, self.high - reach, self.low + reach)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import expm1

        return np.where(up, -self.high * expm1(-v * self._log_ratio), self.low * expm1(v * self._log_ratio))

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
