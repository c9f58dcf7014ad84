"""A value without uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.inversion.inverter import Constant


@dataclass(frozen=True)
class Certain(Distribution):
    """A certain value: the whole probability on one point.

    Mass: P(X = value) = 1.

    Parameters
    ----------
    value : float
        In the unit of the input.

    References
    ----------
    .. [1] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., doi:10.1002/0471715816
       (there: the degenerate distribution).

    Examples
    --------
    >>> float(Certain(3.5).ppf(0.5))
    3.5
    """

    value: float

    name: ClassVar[str] = "certain"

    @property
    def discrete(self) -> bool:
        """True."""
        return True

    def _support(self) -> tuple[float, float]:
        return self.value, self.value

    def _moments(self) -> tuple[float, float]:
        return self.value, 0.0

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        hit = np.abs(x - self.value) <= 1e-12 * np.abs(self.value)
        below, above = (
            np.where(hit | (x < self.value), -np.inf, self.value),
            np.where(hit | (x > self.value), np.inf, self.value),
        )
        return below, np.where(hit, self.value, np.nan), above

    def _atoms(self) -> FloatArray:
        return np.array([self.value])

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.value + np.zeros_like(v)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.ones_like(x)

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.zeros_like(x)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.ones_like(x)

    def own_inverter(self) -> Inverter:
        """Return the constant."""
        return Constant(self.value)
