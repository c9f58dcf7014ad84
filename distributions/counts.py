"""Families on whole numbers.

``ppf(u)`` is the smallest value whose `cdf` is at least `u`, decided by the cumulative probability
in the lower half and by the survival probability in the upper one: a running sum of probabilities
is off by one where it ends.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from distributions.base import DISTINCT, SWAPPED, BoolArray, Distribution, FloatArray, Role, Rule

_SHARE = Rule("p", lambda d: (d.p >= 0) & (d.p <= 1), "must lie in [0, 1]")
BEYOND = 2.0**-60
"""Tail mass past which the values of a discrete distribution are not listed."""


class _Whole(Distribution):
    """A distribution on whole numbers; a family gives `_at_most` and `_above`."""

    @property
    def discrete(self) -> bool:
        """Whole numbers are separate points."""
        return True

    @abstractmethod
    def _at_most(self, k: FloatArray) -> FloatArray:
        """Return P(X <= k) for whole `k` of the support."""

    @abstractmethod
    def _above(self, k: FloatArray) -> FloatArray:
        """Return P(X > k) for whole `k` of the support, accurate where it is small."""

    @abstractmethod
    def _guess(self, v: FloatArray, up: BoolArray) -> FloatArray:
        """Return a value near the quantile, from which the search starts."""

    def _atoms(self) -> FloatArray:
        """Return the values between the tails that are too thin to draw, in order."""
        ends = self._quantile(np.full(2, BEYOND), np.array([False, True]))
        return np.arange(ends[0], ends[1] + 1.0)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._at_most(np.floor(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._above(np.floor(x))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        low, high = self.support
        known = self.allowed & (v >= 0.0)
        last = np.where(up, v <= 0.0, v >= 1.0)

        def reached(k: FloatArray) -> BoolArray:
            hit = np.where(up, self._above(k) <= v, self._at_most(k) >= v)
            return (k >= low) & (hit | (k >= high) | last | ~known)

        guess = np.where(known & ~last, np.rint(self._guess(v, up)), low)
        guess = np.clip(np.where(np.isfinite(guess), guess, low), low, high)
        return np.where(last, high, smallest(reached, guess)) + 0.0


def smallest(reached: Callable[[FloatArray], BoolArray], guess: FloatArray) -> FloatArray:
    """Return the smallest whole number that is `reached`, near `guess`; all above it are too."""
    top, bottom, step = guess, guess - 1.0, 1.0
    while np.any(miss := ~reached(top)):
        top, bottom, step = np.where(miss, top + step, top), np.where(miss, top, bottom), 2.0 * step
    step = 1.0
    while np.any(hit := reached(bottom)):
        top, bottom, step = np.where(hit, bottom, top), np.where(hit, bottom - step, bottom), 2.0 * step
    while np.any(top - bottom > 1.0):
        middle = np.floor(0.5 * (top + bottom))
        hit = reached(middle) & (middle > bottom)
        top, bottom = np.where(hit, middle, top), np.where(hit, bottom, np.minimum(middle, top - 1.0))
    return top


@dataclass(frozen=True)
class Poisson(_Whole):
    """The Poisson distribution, by its mean."""

    mean: float

    name: ClassVar[str] = "poisson"
    roles: ClassVar[tuple[Role, ...]] = ("count",)
    rules: ClassVar[tuple[Rule, ...]] = (Rule("mean", lambda d: d.mean >= 0, "must be at least 0"),)

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        return self.mean, math.sqrt(self.mean)

    def _at_most(self, k: FloatArray) -> FloatArray:
        from scipy.special import gammaincc

        return np.asarray(gammaincc(k + 1.0, self.mean), np.float64)

    def _above(self, k: FloatArray) -> FloatArray:
        from scipy.special import gammainc

        return np.asarray(gammainc(k + 1.0, self.mean), np.float64)

    def _guess(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import ndtri

        z = np.where(up, -ndtri(v), ndtri(v))
        return np.asarray(self.mean + np.sqrt(self.mean) * z + (z * z - 1.0) / 6.0)

    def _pdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import gammaln, xlogy

        return np.where(x == np.floor(x), np.exp(xlogy(x, self.mean) - self.mean - gammaln(x + 1.0)), 0.0)


@dataclass(frozen=True)
class Binomial(_Whole):
    """The binomial distribution: successes in `trials`, each with probability `p`."""

    trials: float
    p: float

    name: ClassVar[str] = "binomial"
    roles: ClassVar[tuple[Role, ...]] = ("count", "probability")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("trials", lambda d: d.trials == np.floor(d.trials), "must be a whole number"),
        Rule("trials", lambda d: d.trials >= 0, "must be at least 0"),
        _SHARE,
    )

    def _support(self) -> tuple[float, float]:
        return 0.0, self.trials

    def _moments(self) -> tuple[float, float]:
        return self.trials * self.p, math.sqrt(self.trials * self.p * (1.0 - self.p))

    def _at_most(self, k: FloatArray) -> FloatArray:
        from scipy.special import betaincc

        return np.where(k >= self.trials, 1.0, betaincc(k + 1.0, np.maximum(self.trials - k, 1.0), self.p))

    def _above(self, k: FloatArray) -> FloatArray:
        from scipy.special import betainc

        return np.where(k >= self.trials, 0.0, betainc(k + 1.0, np.maximum(self.trials - k, 1.0), self.p))

    def _guess(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import ndtri

        z = np.where(up, -ndtri(v), ndtri(v))
        n, p = self.trials, self.p
        return np.asarray(n * p + np.sqrt(n * p * (1.0 - p)) * z + (1.0 - 2.0 * p) * (z * z - 1.0) / 6.0)

    def _pdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import gammaln, xlog1py, xlogy

        n = self.trials
        logarithm = gammaln(n + 1.0) - gammaln(x + 1.0) - gammaln(n - x + 1.0)
        logarithm += xlogy(x, self.p) + xlog1py(n - x, -self.p)
        return np.where(x == np.floor(x), np.exp(logarithm), 0.0)


@dataclass(frozen=True)
class Bernoulli(_Whole):
    """1 with probability `p`, else 0: ``ppf(u)`` is 1 where ``u > 1 - p``."""

    p: float

    name: ClassVar[str] = "bernoulli"
    roles: ClassVar[tuple[Role, ...]] = ("probability",)
    rules: ClassVar[tuple[Rule, ...]] = (_SHARE,)

    def _support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def _moments(self) -> tuple[float, float]:
        return self.p, math.sqrt(self.p * (1.0 - self.p))

    def _atoms(self) -> FloatArray:
        return np.array([0.0, 1.0])

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        # Both comparisons are exact: 1 - p has no rounding error where it is at most 1/2.
        return np.where(np.where(up, v < self.p, v > 1.0 - self.p), 1.0, 0.0)

    def _guess(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self._quantile(v, up)

    def _at_most(self, k: FloatArray) -> FloatArray:
        return np.where(k >= 1.0, 1.0, 1.0 - self.p)

    def _above(self, k: FloatArray) -> FloatArray:
        return np.where(k >= 1.0, 0.0, self.p)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.where(x == 1.0, self.p, np.where(x == 0.0, 1.0 - self.p, 0.0))


@dataclass(frozen=True)
class Integers(_Whole):
    """Every whole number from `low` to `high`, both included, with the same probability."""

    low: float
    high: float

    name: ClassVar[str] = "integers"
    roles: ClassVar[tuple[Role, ...]] = ("count", "count")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("low", lambda d: d.low == np.floor(d.low), "must be a whole number"),
        Rule("high", lambda d: d.high == np.floor(d.high), "must be a whole number"),
        DISTINCT,
        SWAPPED,
    )

    def _support(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def _number(self) -> float:
        return self.high - self.low + 1.0

    def _moments(self) -> tuple[float, float]:
        return 0.5 * (self.low + self.high), math.sqrt((self._number**2 - 1.0) / 12.0)

    def _at_most(self, k: FloatArray) -> FloatArray:
        return (k - self.low + 1.0) / self._number

    def _above(self, k: FloatArray) -> FloatArray:
        return (self.high - k) / self._number

    def _guess(self, v: FloatArray, up: BoolArray) -> FloatArray:
        steps = np.floor(v * self._number)
        return np.where(up, self.high - steps, self.low + steps)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.where(x == np.floor(x), 1.0, 0.0) / self._number
