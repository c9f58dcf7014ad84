"""Families on whole numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from payback.distributions.arrays import BoolArray, FloatArray
from payback.distributions.parameters import DISTINCT, SWAPPED, Role, Rule
from payback.distributions.whole import LARGEST, Recurrent, Whole

_SHARE = Rule("p", lambda d: (d.p >= 0) & (d.p <= 1), "must lie in [0, 1]")


@dataclass(frozen=True)
class Poisson(Recurrent):
    """The Poisson distribution: how many events happen, when each is rare.

    Parameters
    ----------
    mean : float
        Expected number, from 0 to 1e15.
    """

    mean: float

    name: ClassVar[str] = "poisson"
    roles: ClassVar[tuple[Role, ...]] = ("count",)
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("mean", lambda d: d.mean >= 0, "must be at least 0"),
        Rule("mean", lambda d: d.mean <= LARGEST, f"must be at most {LARGEST}"),
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

    def _ratio(self, k: Any, trials: Any = slice(None)) -> FloatArray:
        return np.asarray(np.asarray(self.mean)[trials] / k)

    def _zero(self) -> FloatArray:
        return np.asarray(np.exp(-np.asarray(self.mean)))

    def _cumulants(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        sd = np.sqrt(np.asarray(self.mean))
        return np.asarray(self.mean), sd, 1.0 / sd

    def _pdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import gammaln, xlogy

        return np.where(x == np.floor(x), np.exp(xlogy(x, self.mean) - self.mean - gammaln(x + 1.0)), 0.0)


@dataclass(frozen=True)
class Binomial(Recurrent):
    """The binomial distribution: how many of a number of trials succeed.

    Parameters
    ----------
    trials : float
        Whole number, from 0 to 1e15.
    p : float
        Probability that one succeeds.
    """

    trials: float
    p: float

    name: ClassVar[str] = "binomial"
    roles: ClassVar[tuple[Role, ...]] = ("count", "probability")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("trials", lambda d: d.trials == np.floor(d.trials), "must be a whole number"),
        Rule("trials", lambda d: d.trials >= 0, "must be at least 0"),
        Rule("trials", lambda d: d.trials <= LARGEST, f"must be at most {LARGEST}"),
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

    def _ratio(self, k: Any, trials: Any = slice(None)) -> FloatArray:
        return np.asarray((np.asarray(self.trials)[trials] - k + 1.0) / k * self._odds[trials])

    @cached_property
    def _odds(self) -> FloatArray:
        return np.asarray(np.asarray(self.p) / (1.0 - np.asarray(self.p)))

    def _zero(self) -> FloatArray:
        return np.asarray(np.exp(self.trials * np.log1p(-np.asarray(self.p))))

    def _cumulants(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        n, p = np.asarray(self.trials), np.asarray(self.p)
        sd = np.sqrt(n * p * (1.0 - p))
        return n * p, sd, (1.0 - 2.0 * p) / sd

    def _pdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import gammaln, xlog1py, xlogy

        n = self.trials
        logarithm = gammaln(n + 1.0) - gammaln(x + 1.0) - gammaln(n - x + 1.0)
        logarithm += xlogy(x, self.p) + xlog1py(n - x, -self.p)
        return np.where(x == np.floor(x), np.exp(logarithm), 0.0)


@dataclass(frozen=True)
class Bernoulli(Whole):
    """1 or 0: ``ppf(u)`` is 1 where ``u > 1 - p``.

    Parameters
    ----------
    p : float
        Probability of 1.
    """

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
class Integers(Whole):
    """Every whole number of a range, with the same probability.

    Parameters
    ----------
    low, high : float
        Whole numbers, both included.
    """

    low: float
    high: float

    name: ClassVar[str] = "integers"
    roles: ClassVar[tuple[Role, ...]] = ("count", "count")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("low", lambda d: d.low == np.floor(d.low), "must be a whole number"),
        Rule("high", lambda d: d.high == np.floor(d.high), "must be a whole number"),
        DISTINCT,
        SWAPPED,
        Rule("high", lambda d: np.maximum(abs(d.low), abs(d.high)) <= LARGEST, f"must be at most {LARGEST} from 0"),
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
