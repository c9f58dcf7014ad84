"""Observations to which a family is fitted: values, and which of them are censored."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray

LEAST = 8
"""The least number of values to which a family is fitted."""

TIED = 0.2
"""A value that holds a larger share of the data is an atom: no density goes through it."""

FEW = 50
"""Whole numbers that span less than this are counts, unless the caller says otherwise."""

FARTHEST = 1e100
"""Squares of larger values would overflow."""

Kind: TypeAlias = Literal["amounts", "counts"]


@dataclass(frozen=True, eq=False)
class Observations:
    """Data of one quantity.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        Finite; kept in ascending order, among equals those that are not censored first.
    censored : ndarray of bool, shape (n,), optional
        Which values are only known to be at least what is given.
    bounds : (float, float), optional
        Limits that the quantity cannot pass, known from elsewhere.
    kind : {"amounts", "counts"}, optional
        Counts are fitted by families of whole numbers alone. If not given: whole numbers from 0
        that span less than 50 are counts.

    Raises
    ------
    ValueError
        For fewer than 8 values, values that are all the same, not finite or in an odd unit, values
        beyond the bounds, and counts that are no whole numbers from 0.
    """

    values: FloatArray
    censored: BoolArray | None = None
    bounds: tuple[float, float] | None = None
    kind: Kind | None = None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        order = np.lexsort((np.zeros(len(self.values)) if self.censored is None else self.censored, self.values))
        values = np.asarray(self.values, dtype=np.float64)[order]
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "size", values.size)
        if self.censored is not None:
            censored = np.asarray(self.censored, dtype=bool)[order]
            object.__setattr__(self, "censored", censored if censored.any() else None)
        if values.size < LEAST:
            raise ValueError(f"at least {LEAST} values are needed, got {values.size}")
        if not np.all(np.isfinite(values)):
            raise ValueError("the values must be finite")
        if values[0] == values[-1]:
            raise ValueError(f"all values are {values[0]:g}: a certain value, no distribution")
        if abs(values).max() > FARTHEST or values[-1] - values[0] < 1.0 / FARTHEST:
            ends = f"{values[0]:g} to {values[-1]:g}"
            raise ValueError(f"values from {ends} need another unit: at most {FARTHEST:g}, {1 / FARTHEST:g} apart")
        if self.exact.size < LEAST:
            raise ValueError(f"at least {LEAST} values are needed that are not censored, got {self.exact.size}")
        if self.bounds is not None and not self.bounds[0] <= values[0] <= values[-1] <= self.bounds[1]:
            low, high = self.bounds
            raise ValueError(f"the bounds [{low:g}, {high:g}] must hold all values, {values[0]:g} to {values[-1]:g}")
        if self.kind is None:
            few = self.whole and self.censored is None and values[0] >= 0 and values[-1] - values[0] < FEW
            object.__setattr__(self, "kind", "counts" if few else "amounts")
        elif self.kind == "counts" and not (self.whole and values[0] >= 0):
            raise ValueError("counts must be whole numbers from 0")

    @cached_property
    def whole(self) -> bool:
        """Whether all values are whole numbers."""
        return bool(np.all(self.values == np.floor(self.values)) and abs(self.values).max() < 1e15)

    @cached_property
    def exact(self) -> FloatArray:
        """The values that are not censored, ascending."""
        return self.values if self.censored is None else self.values[~self.censored]

    @cached_property
    def at_least(self) -> FloatArray:
        """The lower bounds, ascending."""
        return np.empty(0) if self.censored is None else self.values[self.censored]

    @property
    def cap(self) -> float:
        """The value at which all censoring happened: infinity without censoring, NaN if there are several."""
        if self.censored is None:
            return math.inf
        first, last = self.at_least[0], self.at_least[-1]
        return float(first) if first == last >= self.exact[-1] else math.nan

    @cached_property
    def spread(self) -> float:
        """The length scale of a search: half the width of the middle 80 %, or of the range if that is 0."""
        low, high = np.quantile(self.values, [0.1, 0.9])
        return 0.5 * float(high - low if high > low else self.values[-1] - self.values[0])

    @cached_property
    def mean(self) -> float:
        """Mean of the values."""
        return float(np.mean(self.values))

    @cached_property
    def sd(self) -> float:
        """Standard deviation of the values, divided by n."""
        return float(np.std(self.values))

    @cached_property
    def logs(self) -> FloatArray:
        """Logarithms of the values, which must be positive."""
        return np.log(self.values)

    @cached_property
    def commonest(self) -> tuple[float, float]:
        """The most frequent value, and its share of all values."""
        values, counts = np.unique(self.exact, return_counts=True)
        top = int(np.argmax(counts))
        return float(values[top]), float(counts[top] / self.size)
