"""Families on whole numbers.

``ppf(u)`` is the smallest value whose `cdf` is at least `u`, decided by the cumulative probability
in the lower half and by the survival probability in the upper one: a running sum of probabilities
is off by one where it ends.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar, Self

import numpy as np

from distributions.base import BoolArray, Distribution, FloatArray
from distributions.parameters import DISTINCT, SWAPPED, Role, Rule
from distributions.search import smallest, summed

MOST_ATOMS = 65_536
BEYOND = 2.0**-60
"""Tail mass past which the values of a discrete distribution are not listed."""

_SHARE = Rule("p", lambda d: (d.p >= 0) & (d.p <= 1), "must lie in [0, 1]")
# Past this, neighbouring whole numbers are lost in the rounding of their probabilities.
_LARGEST = 1e15
_SUMMED = 30.0


class _Whole(Distribution):
    """A distribution on whole numbers; a family gives `_at_most`, `_above` and `_start`."""

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
    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        """Return values near the quantiles, shape (trials,), and which are sure to be right."""

    def _atoms(self) -> FloatArray | None:
        low, high = self.quantile(np.full(2, BEYOND), np.array([False, True]))
        return np.arange(low, high + 1.0) if high - low < MOST_ATOMS else None

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        nearest = np.rint(x)
        at = np.where(np.abs(x - nearest) <= 1e-12 * np.maximum(1.0, np.abs(x)), nearest, np.nan)
        missed = np.isnan(at)
        return np.where(missed, np.floor(x), at - 1.0), at, np.where(missed, np.ceil(x), at + 1.0)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._at_most(np.floor(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._above(np.floor(x))

    def pick(self, index: BoolArray) -> Self:
        """Return the distribution of some trials; every parameter has shape (trials,)."""
        return type(self)(*(getattr(self, f.name)[index] for f in fields(self)), checked=False)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        names = [f.name for f in fields(self)]
        parts = np.broadcast_arrays(v, up, *(np.asarray(getattr(self, name)) for name in names))
        shape = parts[0].shape
        v, up, *values = (part.reshape(-1) for part in parts)
        k = type(self)(*values, checked=False).find(v, up)
        return np.asarray(k.reshape(shape) + 0.0)

    def find(self, v: FloatArray, up: BoolArray) -> FloatArray:
        """Return the quantiles; everything, the parameters too, has shape (trials,)."""
        k, sure = self._start(v, up)
        sure = sure | ~(np.asarray(self.allowed) & (v >= 0.0))
        for side in (False, True):
            if np.any(rest := ~sure & (up == side)):
                k[rest] = self.pick(rest).search(v[rest], side, k[rest])
        return k

    def search(self, v: FloatArray, up: bool, guess: FloatArray) -> FloatArray:
        """Return the quantiles of tail mass `v` on one side, near `guess`, all of shape (trials,)."""
        low, high = self.support
        last = v <= 0.0 if up else v >= 1.0

        def reached(k: FloatArray) -> BoolArray:
            hit = self._above(k) <= v if up else self._at_most(k) >= v
            return np.asarray((k >= low) & (hit | (k >= high) | last))

        guess = np.where(np.isfinite(guess), guess, low)
        return np.where(last, high, smallest(reached, np.clip(guess, low, high)))


def _near(mean: FloatArray, sd: FloatArray, skewness: FloatArray, v: FloatArray, up: BoolArray) -> FloatArray:
    """Return the Cornish-Fisher quantile, rounded."""
    from scipy.special import ndtri

    z = np.where(up, -ndtri(v), ndtri(v))
    return np.rint(mean + sd * (z + skewness * (z * z - 1.0) / 6.0))


@dataclass(frozen=True)
class Poisson(_Whole):
    """The Poisson distribution, by its mean."""

    mean: float

    name: ClassVar[str] = "poisson"
    roles: ClassVar[tuple[Role, ...]] = ("count",)
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("mean", lambda d: d.mean >= 0, "must be at least 0"),
        Rule("mean", lambda d: d.mean <= _LARGEST, f"must be at most {_LARGEST}"),
    )

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

    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        mean = np.asarray(self.mean)
        few = mean <= _SUMMED
        k, sure = summed(np.where(few, np.exp(-mean), 2.0), lambda n, index: mean[index] / n, np.where(up, 1.0 - v, v))
        return np.where(few, k, _near(mean, np.sqrt(mean), 1.0 / np.sqrt(mean), v, up)), sure & few

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
        Rule("trials", lambda d: d.trials <= _LARGEST, f"must be at most {_LARGEST}"),
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

    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        n, p = np.asarray(self.trials), np.asarray(self.p)
        # Count the rarer of success and failure.
        mirrored = p > 0.5
        rare = np.where(mirrored, 1.0 - p, p)
        few = n * rare <= _SUMMED
        odds = rare / (1.0 - rare)
        k, sure = summed(
            np.where(few, np.exp(n * np.log1p(-rare)), 2.0),
            lambda i, index: odds[index] * ((n[index] - i + 1.0) / i),
            np.where(up ^ mirrored, 1.0 - v, v),
        )
        mean, sd = n * p, np.sqrt(n * p * (1.0 - p))
        return np.where(few, np.where(mirrored, n - k, k), _near(mean, sd, (1.0 - 2.0 * p) / sd, v, up)), sure & few

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

    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        # Both comparisons are exact: 1 - p has no rounding error where it is at most 1/2.
        return np.where(np.where(up, v < self.p, v > 1.0 - self.p), 1.0, 0.0), np.full(v.shape, True)

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
        Rule("high", lambda d: np.maximum(abs(d.low), abs(d.high)) <= _LARGEST, f"must be at most {_LARGEST} from 0"),
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

    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        steps = np.floor(v * self._number)
        return np.where(up, self.high - steps, self.low + steps), np.full(v.shape, False)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.where(x == np.floor(x), 1.0, 0.0) / self._number
