"""The lognormal distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import POSITIVE, Role, Rule, above_zero, positive_values
from payback.distributions.core.reproducible_math import exp


@dataclass(frozen=True)
class Lognormal(Distribution):
    """The lognormal distribution: its logarithm is normal.

    Density::

        f(x) = exp(-log(x / median)^2 / (2 sigma^2)) / (x sigma sqrt(2 pi)),  x > 0

    Parameters
    ----------
    median : float
        Greater than 0, in the unit of the input.
    sigma : float
        Standard deviation of the logarithm, greater than 0, without a unit.

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions, Volume 1, 2nd ed., Wiley,
       chapter 14.

    Examples
    --------
    >>> float(Lognormal(100, 0.5).ppf(0.9))
    189.7953
    """

    median: float
    sigma: float

    name: ClassVar[str] = "lognormal"
    roles: ClassVar[tuple[Role, ...]] = ("value", "shape")
    rules: ClassVar[tuple[Rule, ...]] = (
        above_zero("median"),
        Rule("sigma", lambda d: d.sigma != 0, f"{POSITIVE} (for a fixed number use a certain value)"),
        above_zero("sigma"),
    )

    @classmethod
    def from_moments(cls, mean: float, sd: float, *, checked: bool = True) -> Lognormal:
        """Return the lognormal distribution with this mean and standard deviation.

        Parameters
        ----------
        mean : float
            Expected value, greater than 0, in the unit of the input.
        sd : float
            Standard deviation, greater than 0, in the same unit.
        checked : bool
            As for `Distribution`.

        Raises
        ------
        ValueError
            If `mean` or `sd` is not greater than 0.
        """
        mean, sd = positive_values(cls, checked, mean=mean, sd=sd)
        with np.errstate(all="ignore"):
            ratio = sd / mean
            return cls(mean / np.hypot(1.0, ratio), np.sqrt(np.log1p(ratio * ratio)), checked=checked)

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        with np.errstate(over="ignore"):
            mean = self.median * np.exp(0.5 * (self.sigma * self.sigma))
            return mean, mean * np.sqrt(np.expm1(self.sigma * self.sigma))

    def _z(self, x: FloatArray) -> FloatArray:
        return np.log(x / self.median) / self.sigma

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import ndtri

        z = self.sigma * ndtri(v)
        return self.median * exp(np.where(up, -z, z))

    def _cdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        return ndtr(self._z(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        return ndtr(-self._z(x))

    def _pdf(self, x: FloatArray) -> FloatArray:
        density = np.exp(-0.5 * self._z(x) ** 2) / (x * self.sigma * math.sqrt(2.0 * math.pi))
        return np.where(x > 0, density, 0.0)
