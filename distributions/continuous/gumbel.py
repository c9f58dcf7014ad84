"""The Gumbel distribution: the largest of many."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero, positive_values

_EULER = 0.5772156649015329


@dataclass(frozen=True)
class Gumbel(Distribution):
    """The Gumbel distribution: the largest of many values with light tails.

    Distribution function and density, with z = (x - mode) / scale::

        F(x) = exp(-exp(-z)),  f(x) = exp(-z - exp(-z)) / scale,  any x

    Parameters
    ----------
    mode : float
        The likeliest value, in the unit of the input.
    scale : float
        Greater than 0, in the same unit; the standard deviation is scale * pi / sqrt(6).

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions, Volume 2, 2nd ed., Wiley,
       chapter 22.

    Examples
    --------
    >>> float(Gumbel(3, 2).ppf(0.5))
    3.733
    """

    mode: float
    scale: float

    name: ClassVar[str] = "gumbel"
    roles: ClassVar[tuple[Role, ...]] = ("value", "spread")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("scale"),)

    @classmethod
    def from_moments(cls, mean: float, sd: float, *, checked: bool = True) -> Gumbel:
        """Return the Gumbel distribution with this mean and standard deviation.

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
        scale = sd * (math.sqrt(6.0) / math.pi)
        return cls(mean - _EULER * scale, scale, checked=checked)

    def _support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def _moments(self) -> tuple[float, float]:
        return self.mode + _EULER * self.scale, self.scale * math.pi / math.sqrt(6.0)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.mode - self.scale * np.log(np.where(up, -np.log1p(-v), -np.log(v)))

    def _hazard(self, x: FloatArray) -> FloatArray:
        return np.exp(-(x - self.mode) / self.scale)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.exp(-self._hazard(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        return -np.expm1(-self._hazard(x))

    def _pdf(self, x: FloatArray) -> FloatArray:
        z = (x - self.mode) / self.scale
        return np.asarray(np.exp(-z - np.exp(-z)) / self.scale)
