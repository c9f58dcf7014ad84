"""The order of trials: values by cell, and sorted in the cells that a search looks into.

A statistic needs the order of few trials: those about a percentile, and about the ends of its interval. So trials are
counted by cell and group in one pass, as in the first pass of a radix sort, and a cell is sorted when a search ends in
it. A cell holds the values of one key, see `payback.simulator.statistics.float_keys`.

References
----------
.. [1] Knuth (1998), The Art of Computer Programming, volume 3, 2nd ed., section 5.2.5, distribution sorting.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payback.simulator.statistics.float_keys import leading, magnitudes
from payback.simulator.statistics.leaf_moments import Counts, Floats

OCTAVES = 16
"""Doublings of the distance from the centre that have cells of their own; what lies further out shares the last."""

MANTISSA = 7
"""Bits of the mantissa in the number of a cell, at most."""

INNER = 8.0
"""Distances in which half of the values about the centre lie."""

PILOT = 4096
"""Values from which the centre and the rate are taken."""

BATCH = 65_536
"""Values located at once, for speed alone: work arrays stay in cache."""

FUZZ = 4 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Cells:
    """A monotone map of values to whole numbers.

    Parameters
    ----------
    centre, rate : float
        A value's distance from the centre is ``(x - centre) * rate``.
    mantissa : int
        Bits of the mantissa of the distance that count: each doubling of it has ``2**mantissa`` cells.
    """

    centre: float
    rate: float
    mantissa: int

    @classmethod
    def of(cls, values: Floats) -> Cells:
        """Return cells for `values`, shape (trials,), none of them undefined."""
        stride = max(1, values.size // PILOT) | 1  # odd: it meets every group in turn
        pilot = np.sort(values[::stride])
        pilot = pilot[np.isfinite(pilot)]
        mantissa = min(MANTISSA, max(1, values.size.bit_length() - 10))
        if not pilot.size:
            return cls(-0.0, 1.0, mantissa)
        with np.errstate(over="ignore"):
            spreads = [pilot[-1 - cut] - pilot[cut] for cut in (pilot.size // 4, pilot.size // 16, 0)]
            rate = next((INNER / width for width in spreads if 0.0 < width < math.inf), 1.0)
        centre = float(pilot[pilot.size // 2]) or -0.0  # less it, both zeros are 0.0
        return cls(centre, float(rate) if math.isfinite(rate) else 1.0, mantissa)

    @property
    def half(self) -> int:
        """Cells on either side of the centre."""
        return (OCTAVES << self.mantissa) + 1

    def locate(self, values: Floats, work: Floats) -> NDArray[np.int64]:
        """Return the cell of each of `values`, shape (trials,), in `work`, shape (2, trials); none is undefined."""
        cells = leading(*magnitudes(values, self.centre, self.rate, work), self.mantissa, self.half - 1)
        cells += self.half
        return cells


@dataclass(frozen=True, eq=False)
class Ranked:
    """Values of interleaved groups of trials in order, undefined ones left out.

    Parameters
    ----------
    values : array, shape (defined,)
    groups : int
    trials : array, shape (defined,), or None
        The trial of each value; None where all are defined. Trial `i` belongs to group ``i % groups``.

    Examples
    --------
    Trials 0, 2 and 4 belong to group 0, trials 1, 3 and 5 to group 1:

    >>> order = Ranked.of(np.array([5.0, 1.0, 3.0, 4.0, 2.0, 6.0]), groups=2)
    >>> order.counts([3.0]).tolist(), order.at(1, 2)
    ([[2], [1]], 4.0)
    """

    values: Floats
    groups: int
    trials: NDArray[np.intp] | None
    _known: dict[int, tuple[Floats, Counts]] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Floats, groups: int) -> Ranked:
        """Return the order of `values`, shape (trials,); trial `i` belongs to group ``i % groups``."""
        defined = ~np.isnan(values)
        if defined.all():
            return cls(values, groups, None)
        trials = np.flatnonzero(defined)
        return cls(values[trials], groups, trials)

    @property
    def sizes(self) -> Counts:
        """Trials of each group, shape (groups,)."""
        return self._below[:, -1]

    @cached_property
    def _cells(self) -> Cells:
        return Cells.of(self.values)

    @property
    def _numbers(self) -> NDArray[np.uint16]:
        """The cell of each value, shape (defined,)."""
        return self._counted[0]

    @property
    def _below(self) -> Counts:
        """Trials of each group below each cell and after the last, shape (groups, cells + 1)."""
        return self._counted[1]

    @cached_property
    def _counted(self) -> tuple[NDArray[np.uint16], Counts]:
        size, groups = self.values.size, self.groups
        numbers = np.empty(size, dtype=np.uint16)
        below = np.zeros((2 * self._cells.half + 1, groups), dtype=np.int64)
        step = max(BATCH - BATCH % groups, groups)
        work, pattern = np.empty((2, min(step, size))), self._groups(np.arange(min(step, size)))
        for start in range(0, size, step):
            stop = min(start + step, size)
            places = self._cells.locate(self.values[start:stop], work)
            numbers[start:stop] = places
            places *= groups
            places += pattern[: stop - start] if self.trials is None else self.trials[start:stop] % groups
            np.add.at(below[1:].reshape(-1), places, 1)
        np.cumsum(below, axis=0, out=below)
        return numbers, below.T

    def _groups(self, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
        return (chosen if self.trials is None else self.trials[chosen]) % self.groups

    @cached_property
    def range(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return float(self.values.min()), float(self.values.max())

    def counts(self, points: ArrayLike) -> Counts:
        """Return the number of trials of each group at or below each of `points`, shape (groups, points)."""
        x = np.asarray(points, dtype=np.float64)
        counts = np.empty((self.groups, x.size), dtype=np.int64)
        cells = self._cells.locate(x, np.empty((2, x.size))).tolist()
        sorted_cells = self._sorted(*set(cells))
        for at, cell in enumerate(cells):
            values, upto = sorted_cells[cell]
            counts[:, at] = upto[:, values.searchsorted(x[at], side="right")]
        return counts

    def smallest(self, reached: Callable[[Counts], NDArray[np.bool_]]) -> float | None:
        """Return the smallest value `x` for which ``reached(counts(x))`` holds, None when there is none.

        A search over the cells, then over the values of one: so the answer is exact.
        """
        cell = first_step(reached, self._below[:, 1:])
        if cell is None:
            return None
        values, upto = self._sorted(cell)[cell]
        at = first_step(reached, upto[:, 1:])
        return float(values[-1 if at is None else at])

    def at(self, group: int, rank: int) -> float:
        """Return the value of a rank, counted from 1, in one group."""
        cell = int(self._below[group, 1:].searchsorted(rank))
        values, upto = self._sorted(cell)[cell]
        return float(values[upto[group, 1:].searchsorted(rank)])

    def _sorted(self, *cells: int) -> dict[int, tuple[Floats, Counts]]:
        """Return the values in `cells`, each once, and the trials of each group before the first and up to each."""
        new = sorted(cell for cell in cells if cell not in self._known)
        if len(new) == 1:
            chosen = np.flatnonzero(self._numbers == new[0])
        else:
            wanted = np.zeros(self._below.shape[1], dtype=bool)
            wanted[new] = True
            chosen = np.flatnonzero(wanted[self._numbers]) if new else np.empty(0, dtype=np.intp)
        values = self.values[chosen]
        if values.size and values.min() < values.max():
            order = np.argsort(values)
            values, chosen = values[order], chosen[order]
        start = 0
        for cell in new:
            stop = start + int(self._below[:, cell + 1].sum() - self._below[:, cell].sum())
            self._known[cell] = self._ranks(cell, values[start:stop], chosen[start:stop])
            start = stop
        return self._known

    def _ranks(self, cell: int, values: Floats, chosen: NDArray[np.intp]) -> tuple[Floats, Counts]:
        upto = self._below[:, cell : cell + 2]
        if not values.size or values[0] == values[-1]:
            return values[:1], upto
        first = np.append(True, values[1:] > values[:-1])
        places = (np.cumsum(first) - 1) * self.groups + self._groups(chosen)
        steps = np.bincount(places, minlength=np.count_nonzero(first) * self.groups).reshape(-1, self.groups)
        return values[first], np.cumsum(np.vstack([upto[:, 0], steps]), axis=0).T


def first_step(reached: Callable[[Counts], NDArray[np.bool_]], upto: Counts) -> int | None:
    """Return the first step up to which `reached` holds, None if there is none.

    Parameters
    ----------
    reached : callable
        Maps counts, shape (groups, points), to booleans, shape (points,); false, then true, along the steps.
    upto : array, shape (groups, steps)
        Trials of each group up to each step, in rising order.
    """
    steps = upto.shape[1]
    stride = max(1, math.isqrt(steps))
    ends = np.minimum(np.arange(stride - 1, steps + stride - 1, stride), steps - 1)
    hits = np.flatnonzero(reached(upto[:, ends]))
    if not hits.size:
        return None
    start = int(hits[0]) * stride
    return start + int(np.flatnonzero(reached(upto[:, start : start + stride]))[0])


def rank_of(trials: int, p: float) -> int:
    """Return the rank, counted from 1, of the `p`-quantile among `trials` (type 1 of Hyndman and Fan).

    Examples
    --------
    >>> rank_of(10, 0.5), rank_of(10, 0.51), rank_of(10, 0.0)
    (5, 6, 1)
    """
    return max(1, math.ceil(trials * p * (1.0 - FUZZ)))
