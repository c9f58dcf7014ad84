"""Student's t distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero
from payback.distributions.core.reproducible_math import exp, log

_TINY = 1e-20  # below it an incomplete beta function is its leading term


@dataclass(frozen=True)
class StudentT(Distribution):
    """Student's t distribution: symmetric, with power tails.

    Density, with z = (x - loc) / scale and B the beta function::

        f(x) = (1 + z^2 / df)^(-(df + 1) / 2) / (scale sqrt(df) B(1/2, df / 2)),  any x

    Parameters
    ----------
    df : float
        Degrees of freedom, greater than 0, without a unit; the mean is defined above 1, the standard deviation above 2.
    loc : float
        The median, in the unit of the input.
    scale : float
        Greater than 0, in the same unit; the standard deviation is scale * sqrt(df / (df - 2)).

    References
    ----------
    .. [1] Student (1908), "The probable error of a mean", Biometrika 6(1), doi:10.1093/biomet/6.1.1.
    .. [2] Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions, Volume 2, 2nd ed., Wiley,
       chapter 28.

    Examples
    --------
    >>> float(StudentT(3, 10, 2).ppf(0.9))
    13.2755
    """

    df: float
    loc: float = 0.0
    scale: float = 1.0

    name: ClassVar[str] = "student_t"
    roles: ClassVar[tuple[Role, ...]] = ("shape", "value", "spread")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("df"), above_zero("scale"))

    def _support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def _moments(self) -> tuple[float, float]:
        if self.df <= 1.0:
            return math.nan, math.nan
        return self.loc, self.scale * math.sqrt(self.df / (self.df - 2.0)) if self.df > 2.0 else math.inf

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        t = _standard_t(self.df, v)
        return self.loc + self.scale * np.where(up, t, -t)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._tails(x)[0]

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._tails(x)[1]

    def _tails(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        from scipy.special import betainc, betaincc

        z = (x - self.loc) / self.scale
        # P(T^2 > z^2) by whichever of the two incomplete beta functions has its argument below 1/2.
        half, log_share = 0.5 * np.asarray(self.df, np.float64), self._log_share(z)
        share, rest = np.exp(log_share), np.minimum(-np.expm1(log_share), 0.5)
        beyond = np.where(share < 0.5, betainc(half, 0.5, share), betaincc(0.5, half, rest))
        power = np.exp(half * log_share - np.log(half) - _log_beta(half))
        thin = 0.5 * np.where(share < _TINY, power, beyond)
        return np.where(z <= 0.0, thin, 1.0 - thin), np.where(z >= 0.0, thin, 1.0 - thin)

    def _log_share(self, z: FloatArray) -> FloatArray:
        """Return log(df / (df + z^2)), where z^2 may overflow."""
        return np.where(np.abs(z) < 1e100, -np.log1p(z * (z / self.df)), np.log(self.df) - 2.0 * np.log(np.abs(z)))

    def _pdf(self, x: FloatArray) -> FloatArray:
        half = 0.5 * np.asarray(self.df, np.float64)
        power = (half + 0.5) * self._log_share((x - self.loc) / self.scale)
        return np.asarray(np.exp(power - _log_beta(half) - 0.5 * np.log(self.df)) / self.scale)


def _log_beta(half: FloatArray) -> FloatArray:
    """Return log B(half, 1/2); for large `half` by the series of Gamma(a + 1/2) / Gamma(a), which keeps its digits."""
    from scipy.special import betaln

    w = 1.0 / half
    series = 1.0 + w * (-1.0 / 8.0 + w * (1.0 / 128.0 + w * (5.0 / 1024.0 - w * 21.0 / 32768.0)))
    return np.where(half < 1e3, betaln(half, 0.5), 0.5 * log(math.pi * w) - log(series))


def _standard_t(df: Any, v: FloatArray) -> FloatArray:
    """Return the value of a t distribution with mass `v`, at most 1/2, above it.

    t^2 = df (1 - y) / y, where y has mass 2 v below it in a beta distribution with shapes df / 2 and
    1/2 (Abramowitz & Stegun 26.7.1), found from the end of y that is nearer.
    """
    from scipy.special import betainccinv, betaincinv

    half = 0.5 * np.asarray(df, np.float64)
    far = betaincinv(half, 0.5, 2.0 * v)
    # Far out y^half / (half B(half, 1/2)) = 2 v; `far` may have underflowed there.
    power = (log(2.0 * v) + log(half) + _log_beta(half)) / half
    log_y = np.where(far < _TINY, power, log(np.asarray(far, np.float64)))
    rest = np.where(v < 0.25, betainccinv(0.5, half, 2.0 * v), betaincinv(0.5, half, 1.0 - 2.0 * v))
    outer = exp(-0.5 * log_y) * np.sqrt(1.0 - far)
    inner = np.sqrt(rest / (1.0 - rest))
    return np.asarray(np.sqrt(df) * np.where(far < 0.5, outer, inner))
