"""The exponential distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero
from payback.distributions.core.reproducible_math import log


@dataclass(frozen=True)
class Exponential(Distribution):
    """The exponential distribution: the time until an event that is as likely at any moment.

    Density::

        f(x) = exp(-x / mean) / mean,  x >= 0

    Parameters
    ----------
    mean : float
        Greater than 0, in the unit of the input.

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions, Volume 1, 2nd ed., Wiley,
       chapter 19.

    Examples
    --------
    >>> float(Exponential(5).ppf(0.5))
    3.4657
    """

    mean: float

    name: ClassVar[str] = "exponential"
    roles: ClassVar[tuple[Role, ...]] = ("value",)
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("mean"),)

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        return self.mean, self.mean

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import log1p

        return -self.mean * np.where(up, log(v), log1p(-v))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return -np.expm1(-x / self.mean)

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.exp(-x / self.mean)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.exp(-x / self.mean) / self.mean
