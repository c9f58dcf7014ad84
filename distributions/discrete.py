"""Any finite list of values with their probabilities."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from distributions.arrays import BoolArray, FloatArray
from distributions.base import Distribution
from distributions.parameters import number, refuse


@dataclass(frozen=True)
class Discrete(Distribution):
    """Any finite list of values with their probabilities.

    Parameters
    ----------
    values, weights : sequence of float
        As many weights as values; weights are probabilities and sum to 1 (to 1e-9).

    Raises
    ------
    ValueError
        If the lengths differ, a value is given twice, a weight is negative, or the sum is not 1.
    """

    values: tuple[float, ...]
    weights: tuple[float, ...]

    name: ClassVar[str] = "discrete"

    def __post_init__(self, checked: bool) -> None:
        values, weights = tuple(self.values), tuple(self.weights)
        if len(values) != len(weights) or not values:
            raise ValueError(f"`Discrete(...)` needs a weight for each value, got {len(values)} and {len(weights)}")
        values = tuple(number("Discrete", f"values[{i}]", value) for i, value in enumerate(values))
        weights = tuple(number("Discrete", f"weights[{i}]", weight) for i, weight in enumerate(weights))
        for i, weight in enumerate(weights):
            if weight < 0:
                raise refuse("Discrete", f"weights[{i}]", "must be at least 0", weight)
        repeated = [value for i, value in enumerate(values) if value in values[:i]]
        if repeated:
            raise refuse("Discrete", "values", "must differ from each other", repeated[0])
        total = math.fsum(weights)
        if abs(total - 1.0) > 1e-9:
            raise ValueError(f"`Discrete(weights=...)` must sum to 1 (divide each by the sum), got {total!r}")
        kept = sorted((v, w / total) for v, w in zip(values, weights, strict=True) if w > 0)
        object.__setattr__(self, "values", tuple(v for v, _ in kept))
        object.__setattr__(self, "weights", tuple(w for _, w in kept))

    @property
    def discrete(self) -> bool:
        """Whole numbers are separate points."""
        return True

    def _support(self) -> tuple[float, float]:
        return self.values[0], self.values[-1]

    def _moments(self) -> tuple[float, float]:
        mean = math.fsum(v * w for v, w in zip(self.values, self.weights, strict=True))
        sd = math.sqrt(math.fsum(w * (v - mean) ** 2 for v, w in zip(self.values, self.weights, strict=True)))
        return mean, sd

    def _atoms(self) -> FloatArray:
        return np.array(self.values)

    @cached_property
    def _sums(self) -> tuple[FloatArray, FloatArray]:
        weights, size = self.weights, len(self.weights)
        below = [math.fsum(weights[: i + 1]) for i in range(size - 1)]
        above = [math.fsum(weights[i + 1 :]) for i in range(size - 1)]
        return np.array([*below, 1.0]), np.array([*above, 0.0])

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        below, above = self._sums
        last = len(below) - 1
        from_below = np.searchsorted(below, v)
        from_above = np.searchsorted(-above, -np.asarray(v))
        return np.array(self.values)[np.minimum(np.where(up, from_above, from_below), last)]

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        values = np.concatenate([[-np.inf], self.values, [np.inf]])
        slack = 1e-12 * np.maximum(np.abs(x), np.abs(values[1:-1]).max())
        first = np.searchsorted(values, x - slack)
        hit = values[first] <= x + slack
        return values[first - 1], np.where(hit, values[first], np.nan), values[np.where(hit, first + 1, first)]

    def _index(self, x: FloatArray) -> NDArray[np.intp]:
        return np.searchsorted(np.array(self.values), x, side="right") - 1

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._sums[0][self._index(x)]

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._sums[1][self._index(x)]

    def _pdf(self, x: FloatArray) -> FloatArray:
        index = self._index(x)
        return np.where(np.array(self.values)[index] == x, np.array(self.weights)[index], 0.0)
