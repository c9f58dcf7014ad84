"""Distributions that hold a distribution: truncated, shifted, scaled."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from distributions.base import BoolArray, Distribution, FloatArray, Rule
from distributions.panels import gauss

SMALLEST_MASS = 1e-12
"""A truncation that keeps less than this of a distribution is refused."""


def mass(distribution: Distribution, a: Any, b: Any) -> FloatArray:
    """Return P(a < X <= b), from the tail in which the two terms are small."""
    below, above = distribution.cdf(b), distribution.sf(a)
    return np.where(below <= above, below - distribution.cdf(a), above - distribution.sf(b))


def thin_mass(distribution: Distribution, a: Any, width: Any) -> FloatArray:
    """Return P(a < X <= a + width) of a continuous distribution, for a width of little mass."""
    total = 0.0
    for point, weight in zip(*gauss(), strict=True):
        total = total + weight * distribution.pdf(a + width * point)
    return np.asarray(width * total)


@dataclass(frozen=True)
class Truncated(Distribution):
    """A distribution given that its value lies in [low, high]: conditioned, never clipped."""

    distribution: Distribution
    low: float = -math.inf
    high: float = math.inf

    name: ClassVar[str] = "truncated"
    may_be_infinite: ClassVar[tuple[str, ...]] = ("low", "high")
    rules: ClassVar[tuple[Rule, ...]] = (Rule("high", lambda d: d.low < d.high, "must be greater than low = {low}"),)

    def __post_init__(self, checked: bool) -> None:
        super().__post_init__(checked)
        if checked and self._mass < SMALLEST_MASS:
            raise ValueError(
                f"`Truncated(...)` to [low, high] = [{self.low}, {self.high}] keeps a probability of "
                f"{float(self._mass):.3g} of {self.distribution}: at least {SMALLEST_MASS} is needed"
            )

    @property
    def discrete(self) -> bool:
        """As the distribution it holds."""
        return self.distribution.discrete

    @property
    def allowed(self) -> bool | BoolArray:
        """Which trials have parameters that are allowed, here and within."""
        return super().allowed & self.distribution.allowed & (self._mass >= SMALLEST_MASS)

    def _support(self) -> tuple[float, float]:
        low, high = self.distribution.support
        return np.maximum(low, self.low), np.minimum(high, self.high)

    @cached_property
    def _mass(self) -> FloatArray:
        return mass(self.distribution, *self.support)

    def _moments(self) -> tuple[float, float]:
        if not self.discrete:
            return super()._moments()
        values = self._atoms()
        weights = self.distribution.pdf(values) / self._mass
        mean = math.fsum(weights * values)
        return mean, math.sqrt(math.fsum(weights * (values - mean) ** 2))

    def _atoms(self) -> FloatArray:
        values, (low, high) = self.distribution.atoms(), self.support
        return values[(values >= low) & (values <= high)]

    def _locate(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Return the quantile and its distance from the end of the support on its side."""
        inner, (low, high), thin = self.distribution, self.support, v * self._mass
        below_low, above_low, below_high, above_high = inner.cdf(low), inner.sf(low), inner.cdf(high), inner.sf(high)
        below = np.where(up, below_high - thin, below_low + thin)
        above = np.where(up, above_high + thin, above_low - thin)
        x = inner.quantile(np.where(above < below, above, below), above < below)
        x = np.clip(x, low, high)
        end, sign = np.where(up, high, low), np.where(up, -1.0, 1.0)
        # Beside an end, `thin` is lost in the sum above: solve for the distance instead, by Newton's
        # method from the density at the end.
        beyond = np.where(up, np.minimum(below_high, above_high), np.minimum(below_low, above_low))
        beside = thin < 1e-3 * beyond
        reach = np.abs(x - end)
        if np.any(beside):
            near = thin / inner.pdf(end)
            for _ in range(3):
                near = near - (np.abs(thin_mass(inner, end, sign * near)) - thin) / inner.pdf(end + sign * near)
            reach = np.where(beside, near, reach)
            x = np.where(beside, end + sign * near, x)
        return x, reach

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self._locate(v, up)[0]

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self._locate(v, up)[1]

    def _cdf(self, x: FloatArray) -> FloatArray:
        return mass(self.distribution, self.support[0], x) / self._mass

    def _sf(self, x: FloatArray) -> FloatArray:
        return mass(self.distribution, x, self.support[1]) / self._mass

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.pdf(x) / self._mass


@dataclass(frozen=True)
class Shifted(Distribution):
    """A distribution moved by a constant: ``distribution + by``."""

    distribution: Distribution
    by: float

    name: ClassVar[str] = "shifted"

    @property
    def discrete(self) -> bool:
        """As the distribution it holds."""
        return self.distribution.discrete

    @property
    def allowed(self) -> bool | BoolArray:
        """Which trials have parameters that are allowed, here and within."""
        return super().allowed & self.distribution.allowed

    def _support(self) -> tuple[float, float]:
        low, high = self.distribution.support
        return low + self.by, high + self.by

    def _moments(self) -> tuple[float, float]:
        return self.distribution.mean + self.by, self.distribution.sd

    def _atoms(self) -> FloatArray:
        return self.distribution.atoms() + self.by

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.distribution.quantile(v, up) + self.by

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.distribution.reach(v, up)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.cdf(x - self.by)

    def _sf(self, x: FloatArray) -> FloatArray:
        return self.distribution.sf(x - self.by)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.pdf(x - self.by)


@dataclass(frozen=True)
class Scaled(Distribution):
    """A distribution times a constant, which may be negative: ``factor * distribution``."""

    distribution: Distribution
    factor: float

    name: ClassVar[str] = "scaled"
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("factor", lambda d: d.factor != 0, "must not be 0 (for a fixed number use a certain value)"),
    )

    @property
    def discrete(self) -> bool:
        """As the distribution it holds."""
        return self.distribution.discrete

    @property
    def allowed(self) -> bool | BoolArray:
        """Which trials have parameters that are allowed, here and within."""
        return super().allowed & self.distribution.allowed

    def _support(self) -> tuple[float, float]:
        low, high = self.distribution.support
        a, b = self.factor * low, self.factor * high
        return np.minimum(a, b), np.maximum(a, b)

    def _moments(self) -> tuple[float, float]:
        return self.factor * self.distribution.mean, abs(self.factor) * self.distribution.sd

    def _atoms(self) -> FloatArray:
        return np.sort(self.factor * self.distribution.atoms())

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.factor * self.distribution.quantile(v, up ^ (self.factor < 0))

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return abs(self.factor) * self.distribution.reach(v, up ^ (self.factor < 0))

    def _cdf(self, x: FloatArray) -> FloatArray:
        x = x / self.factor
        return np.where(self.factor < 0, self.distribution.sf(x), self.distribution.cdf(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        x = x / self.factor
        return np.where(self.factor < 0, self.distribution.cdf(x), self.distribution.sf(x))

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.pdf(x / self.factor) / abs(self.factor)
