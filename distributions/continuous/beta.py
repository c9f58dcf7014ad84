"""The beta distribution on any interval, and the base that it shares with PERT."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import DISTINCT, SWAPPED, Role, Rule, above_zero


def _unit_quantile(a: Any, b: Any, v: FloatArray) -> FloatArray:
    """Return the value of a beta distribution on (0, 1) with mass `v` below it.

    Below 1e-100 `scipy.special.betaincinv` (1.17) may return NaN or a wrong root. There Newton's
    method goes from the leading term of the series, Abramowitz & Stegun 26.5.4, on log F as a
    function of log y, which is concave: it cannot overshoot.
    """
    from scipy.special import betainc, betaincinv, betaln

    y = np.asarray(betaincinv(a, b, v), np.float64)
    extreme = (v < 1e-100) & (v > 0.0)
    if not np.any(extreme):
        return y
    wanted, constant = np.log(v), betaln(a, b)
    s = np.minimum((wanted + np.log(a) + constant) / a, -1e-3)
    for _ in range(40):
        mass = np.log(betainc(a, b, np.exp(s)))
        slope = np.exp(a * s + (b - 1.0) * np.log1p(-np.exp(s)) - constant - mass)
        s = np.where(np.isfinite(mass) & (slope > 0.0), s - (mass - wanted) / slope, s)
    return np.where(extreme, np.exp(s), y)


class BetaShaped(Distribution):
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
        a, b = self.shapes
        return (self.high - self.low) * _unit_quantile(np.where(up, b, a), np.where(up, a, b), v)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._tails(x)[0]

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._tails(x)[1]

    def _tails(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        # From the nearer end, whose distance has no rounding error to speak of.
        from scipy.special import betainc, betaincc

        (a, b), width = self.shapes, self.high - self.low
        upper = x - self.low > self.high - x
        this, other, y = np.where(upper, b, a), np.where(upper, a, b), np.where(upper, self.high - x, x - self.low)
        near, far = betainc(this, other, y / width), betaincc(this, other, y / width)
        return np.where(upper, far, near), np.where(upper, near, far)

    def _pdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import betaln, xlogy

        a, b = self.shapes
        width = self.high - self.low
        y, rest = (x - self.low) / width, (self.high - x) / width
        return np.asarray(np.exp(xlogy(a - 1.0, y) + xlogy(b - 1.0, rest) - betaln(a, b)) / width)


@dataclass(frozen=True)
class Beta(BetaShaped):
    """The beta distribution on an interval: shares, chances, and what lies between two firm ends.

    Density, with y = (x - low) / (high - low) and B the beta function::

        f(x) = y^(alpha - 1) (1 - y)^(beta - 1) / (B(alpha, beta) (high - low)),  low <= x <= high

    Parameters
    ----------
    alpha, beta : float
        The shapes, greater than 0, without a unit; the first rules the low end.
    low, high : float
        The ends, low < high, in the unit of the input.

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions, Volume 2, 2nd ed., Wiley,
       chapter 25.

    Examples
    --------
    >>> float(Beta(2, 5).ppf(0.5))
    0.2644
    """

    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0

    name: ClassVar[str] = "beta"
    roles: ClassVar[tuple[Role, ...]] = ("shape", "shape", "value", "value")
    rules: ClassVar[tuple[Rule, ...]] = (
        above_zero("alpha"),
        above_zero("beta"),
        DISTINCT,
        SWAPPED,
    )

    @property
    def shapes(self) -> tuple[float, float]:
        """The parameters alpha and beta."""
        return self.alpha, self.beta
