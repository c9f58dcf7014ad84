"""The Poisson distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.integer_support import LARGEST, Recurrent
from payback.distributions.core.parameters import Role, Rule


@dataclass(frozen=True)
class Poisson(Recurrent):
    """The Poisson distribution: how many events happen, when each is rare.

    Mass::

        P(X = k) = exp(-mean) mean^k / k!,  k = 0, 1, ...

    Parameters
    ----------
    mean : float
        Expected count, from 0 to 1e15.

    References
    ----------
    .. [1] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., chapter 4,
       doi:10.1002/0471715816.

    Examples
    --------
    >>> float(Poisson(3).ppf(0.5))
    3.0
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
