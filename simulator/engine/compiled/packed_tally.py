"""Counts of trials in short words, which compiled code adds to; they are moved into a tally before they overflow."""

from __future__ import annotations

import ctypes
from functools import cache

import numpy as np

from payback.simulator.engine.compiled.count_code import (
    COUNT_PARAMETERS,
    MOST_COUNTED,
    TRUTH_PARAMETERS,
    TRUTHS,
    count_text,
    truth_text,
)
from payback.simulator.engine.compiled.llvm.code_cache import function
from payback.simulator.engine.compiled.llvm.target import NARROW
from payback.simulator.statistics import Grid, Tally
from payback.simulator.statistics.leaf_moments import Counts, Floats
from payback.simulator.statistics.samples.cell_grid import KEYS


class PackedTally:
    """The compiled `TrialCounter`: it gives the tally of `Tally.add`.

    Counts are short, so that those of several measures stay in the cache. The trials at an anchor, of which there may
    be many, all have the same place: it is added up from their count. While a measure shows only 0 and 1, as truth
    values do, ones are counted by group, and no cell is looked up.

    Parameters
    ----------
    grid : Grid
    groups : int
        As for `Tally`.
    """

    def __init__(self, grid: Grid, groups: int) -> None:
        self._grid, self._groups = grid, groups
        self._most = MOST_COUNTED // NARROW * NARROW  # of a group, in whole vectors
        self._only_truths = TRUTHS % groups == 0
        triples = np.arange(grid.starts.size, dtype=np.uint16) << 1 | grid.tracked[::3]
        self._table = np.repeat(triples, np.diff(np.append(grid.starts, KEYS)))
        self._next_groups = np.arange(groups + NARROW) % groups
        self._counts = np.zeros((grid.cells + 2, groups), dtype=np.uint16)
        self._places: Counts = np.zeros(grid.cells + NARROW, dtype=np.int64)
        self._seen: Counts = np.zeros((2, TRUTHS), dtype=np.int64)
        self._begin()

    def _begin(self) -> None:
        self._tally = Tally(self._grid, self._groups)
        self._largest = 0  # count, at most
        self._ones: Counts = np.zeros(TRUTHS, dtype=np.int64)
        self._truths = 0
        arrays = (self._next_groups, self._table, self._grid.anchors, self._counts, self._places)
        self._addresses = [array.ctypes.data for array in (*arrays, self._tally.lows, self._tally.highs)]

    def add(self, start: int, values: Floats) -> None:
        """See `Tally.add`; the trials beyond the last whole vector are counted by numpy."""
        values = np.ascontiguousarray(values)
        self._only_truths = self._only_truths and self._add_truths(start, values)
        lanes = TRUTHS if self._only_truths else NARROW
        whole = values.size // lanes * lanes
        if not self._only_truths:
            most = self._most * self._groups
            for first in range(0, whole, most):
                self._count(start + first, values[first : min(first + most, whole)])
        if whole < values.size:
            self._tally.add(start + whole, values[whole:])

    def take(self) -> Tally:
        """See `Tally.take`."""
        self._unpack()
        for value, by_lane in ((0.0, self._truths - self._ones), (1.0, self._ones)):
            if by_lane.any():
                self._tally.add_equal(value, by_lane.reshape(-1, self._groups).sum(axis=0))
        counted = self._tally
        self._begin()
        return counted

    def _add_truths(self, start: int, values: Floats) -> bool:
        """Count whole vectors of truth values; return False, and count none, if there are other values."""
        whole = values.size // TRUTHS * TRUTHS
        _truth_function()(whole, values.ctypes.data, self._seen.ctypes.data)
        ones, others = self._seen
        if others.any():
            return False
        self._truths += whole // TRUTHS
        self._ones += np.roll(ones, start) if start % TRUTHS else ones
        return True

    def _count(self, start: int, values: Floats) -> None:
        """Count whole vectors of trials, no more than counts can hold."""
        of_group = -(-values.size // self._groups)
        if self._largest + of_group > self._most:
            self._largest = int(self._counts.max())
        if self._largest + of_group > self._most:
            self._unpack()
        self._largest += of_group
        g = self._grid
        numbers = values.size, start % self._groups, g.cells, g.centre, g.rate
        _count_function(self._groups)(*numbers, values.ctypes.data, *self._addresses)

    def _unpack(self) -> None:
        """Move the counts to the tally."""
        tally, g = self._tally, self._grid
        tally.counts += self._counts[: g.cells]
        tally.never += self._counts[g.cells]
        tally.undefined += self._counts[g.cells + 1]
        tally.places += self._places[: g.cells]
        tally.places[1::3] += self._counts[1 : g.cells : 3].sum(axis=1, dtype=np.int64) * g.places_of_anchors
        self._counts[:] = 0
        self._places[:] = 0
        self._largest = 0


@cache
def _count_function(groups: int) -> ctypes._FuncPointer:
    return function(count_text(groups), "count", COUNT_PARAMETERS)


@cache
def _truth_function() -> ctypes._FuncPointer:
    return function(truth_text(), "truths", TRUTH_PARAMETERS)
