"""The base class of distributions on a finite list of values."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution

_BEYOND = 1e300


@dataclass(frozen=True, eq=False)
class Atoms:
    """Values in ascending order, their probabilities, and the sums of these up to each value and beyond it."""

    values: FloatArray
    masses: FloatArray
    below: FloatArray
    above: FloatArray

    @classmethod
    def of(cls, values: FloatArray, masses: FloatArray) -> Atoms:
        """Return the atoms with sums that are exact where they are small."""
        if values.size <= 1_000:
            weights = masses.tolist()
            below = np.array([math.fsum(weights[: i + 1]) for i in range(values.size)])
            above = np.array([math.fsum(weights[i + 1 :]) for i in range(values.size)])
        else:
            below = np.cumsum(masses)
            above = np.append(np.cumsum(masses[:0:-1])[::-1], 0.0)
        below[-1] = 1.0
        return cls(values, masses, below, above)

    def quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        """Return the smallest value with mass `v` up to it; where `up`, the smallest with at most mass `v` above it."""
        index = np.where(up, np.searchsorted(-self.above, -np.asarray(v)), np.searchsorted(self.below, v))
        return self.values[np.minimum(index, self.values.size - 1)]


class Listed(Distribution):
    """A distribution on a finite list of values. A family gives `_listed`."""

    @property
    def allowed(self) -> bool:
        """True: there are no parameters that vary by trial."""
        return True

    @property
    def discrete(self) -> bool:
        """True."""
        return True

    @abstractmethod
    def _listed(self) -> Atoms:
        """Return the values and their probabilities."""

    @cached_property
    def _table(self) -> Atoms:
        return self._listed()

    def _support(self) -> tuple[float, float]:
        values = self._table.values
        return float(values[0]), float(values[-1])

    def _moments(self) -> tuple[float, float]:
        values, masses = self._table.values, self._table.masses
        mean = math.fsum(masses * values)
        return mean, math.sqrt(math.fsum(masses * (values - mean) ** 2))

    def _atoms(self) -> FloatArray | None:
        return self._table.values

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self._table.quantile(v, up)

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        values = np.concatenate([[-np.inf], self._table.values, [np.inf]])
        x = np.nan_to_num(x, posinf=_BEYOND, neginf=-_BEYOND)
        slack = 1e-12 * np.maximum(np.abs(x), np.abs(values[1:-1]).max())
        first = np.searchsorted(values, x - slack)
        hit = values[first] <= x + slack
        return values[first - 1], np.where(hit, values[first], np.nan), values[np.where(hit, first + 1, first)]

    def _index(self, x: FloatArray) -> NDArray[np.intp]:
        return np.searchsorted(self._table.values, x, side="right") - 1

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._table.below[self._index(x)]

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._table.above[self._index(x)]

    def _pdf(self, x: FloatArray) -> FloatArray:
        index = self._index(x)
        return np.where(self._table.values[index] == x, self._table.masses[index], 0.0)
