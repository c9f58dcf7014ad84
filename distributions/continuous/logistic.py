"""The logistic distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero, positive_values


@dataclass(frozen=True)
class Logistic(Distribution):
    """The logistic distribution: like a normal one, with heavier tails.

    Distribution function and density, with z = (x - mean) / scale::

        F(x) = 1 / (1 + exp(-z)),  f(x) = exp(-z) / (scale (1 + exp(-z))^2),  any x

    Parameters
    ----------
    mean : float
        In the unit of the input.
    scale : float
        Greater than 0, in the same unit; the standard deviation is scale * pi / sqrt(3).

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions, Volume 2, 2nd ed., Wiley,
       chapter 23.

    Examples
    --------
    >>> float(Logistic(-3, 2).ppf(0.9))
    1.3944
    """

    mean: float
    scale: float

    name: ClassVar[str] = "logistic"
    roles: ClassVar[tuple[Role, ...]] = ("value", "spread")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("scale"),)

    @classmethod
    def from_moments(cls, mean: float, sd: float, *, checked: bool = True) -> Logistic:
        """Return the logistic distribution with this mean and standard deviation.

        Parameters
        ----------
        mean : float
            Expected value, in the unit of the input.
        sd : float
            Standard deviation, greater than 0, in the same unit.
        checked : bool
            As for `Distribution`.

        Raises
        ------
        ValueError
            If `sd` is not greater than 0.
        """
        (sd,) = positive_values(cls, checked, sd=sd)
        return cls(mean, sd * (math.sqrt(3.0) / math.pi), checked=checked)

    def _support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def _moments(self) -> tuple[float, float]:
        return self.mean, self.scale * math.pi / math.sqrt(3.0)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        odds = np.log1p(-v) - np.log(v)
        return self.mean + self.scale * np.where(up, odds, -odds)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (1.0 + np.exp(-(x - self.mean) / self.scale)))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (1.0 + np.exp((x - self.mean) / self.scale)))

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self._cdf(x) * self._sf(x) / self.scale
