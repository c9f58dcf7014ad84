"""The Laplace distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero, positive_values


@dataclass(frozen=True)
class Laplace(Distribution):
    """The Laplace distribution: an exponential distribution to either side of the mean.

    Density::

        f(x) = exp(-|x - mean| / scale) / (2 scale),  any x

    Parameters
    ----------
    mean : float
        In the unit of the input.
    scale : float
        Mean of either side, greater than 0, in the same unit; the standard deviation is scale * sqrt(2).

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions, Volume 2, 2nd ed., Wiley,
       chapter 24.

    Examples
    --------
    >>> float(Laplace(3, 2).ppf(0.9))
    6.2189
    """

    mean: float
    scale: float

    name: ClassVar[str] = "laplace"
    roles: ClassVar[tuple[Role, ...]] = ("value", "spread")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("scale"),)

    @classmethod
    def from_moments(cls, mean: float, sd: float, *, checked: bool = True) -> Laplace:
        """Return the Laplace distribution with this mean and standard deviation.

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
        return cls(mean, sd * math.sqrt(0.5), checked=checked)

    def _support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def _moments(self) -> tuple[float, float]:
        return self.mean, self.scale * math.sqrt(2.0)

    @property
    def knots(self) -> tuple[float, ...]:
        """The mean."""
        return (self.mean,)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        away = self.scale * np.log(2.0 * v)
        return self.mean + np.where(up, -away, away)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._below((x - self.mean) / self.scale)

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._below((self.mean - x) / self.scale)

    def _below(self, z: FloatArray) -> FloatArray:
        return np.where(z <= 0.0, 0.5 * np.exp(np.minimum(z, 0.0)), 1.0 - 0.5 * np.exp(-np.maximum(z, 0.0)))

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(np.exp(-np.abs(x - self.mean) / self.scale) / (2.0 * self.scale))
