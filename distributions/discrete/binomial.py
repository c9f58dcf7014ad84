"""The binomial distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.integer_support import LARGEST, Recurrent
from payback.distributions.core.parameters import Role, Rule

SHARE = Rule("p", lambda d: (d.p >= 0) & (d.p <= 1), "must lie in [0, 1]")


@dataclass(frozen=True)
class Binomial(Recurrent):
    """The binomial distribution: how many of a number of independent trials succeed.

    Mass, with C the binomial coefficient::

        P(X = k) = C(trials, k) p^k (1 - p)^(trials - k),  k = 0, 1, ..., trials

    Parameters
    ----------
    trials : float
        A count: a whole number from 0 to 1e15.
    p : float
        Probability that a trial succeeds, in [0, 1].

    References
    ----------
    .. [1] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., chapter 3,
       doi:10.1002/0471715816.

    Examples
    --------
    >>> float(Binomial(12, 0.3).ppf(0.5))
    4.0
    """

    trials: float
    p: float

    name: ClassVar[str] = "binomial"
    roles: ClassVar[tuple[Role, ...]] = ("count", "probability")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("trials", lambda d: d.trials == np.floor(d.trials), "must be a whole number"),
        Rule("trials", lambda d: d.trials >= 0, "must be at least 0"),
        Rule("trials", lambda d: d.trials <= LARGEST, f"must be at most {LARGEST}"),
        SHARE,
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
