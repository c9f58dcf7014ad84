"""Counts of trials in packed words, which compiled code adds to; they unpack into a tally."""

from __future__ import annotations

import ctypes
from functools import cache

import numpy as np

from payback.simulator.engine.compiled.count_code import (
    COUNT,
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
from payback.simulator.statistics.samples.cell_grid import KEYS, OFFSET


class PackedTally:
    """The compiled `TrialCounter`: it gives the tally of `Tally.add`.

    A word of a cell and group holds the count of its trials, and the sum of the low bits of their places; the other
    bits of a place are the same in all of a cell. While a measure shows only 0 and 1, as truth values do, ones are
    counted by group, and no cell is looked up.

    Parameters
    ----------
    grid : Grid
    groups : int
        As for `Tally`.
    """

    def __init__(self, grid: Grid, groups: int) -> None:
        self._grid, self._groups = grid, groups
        triples = np.arange(grid.starts.size, dtype=np.uint16) << 1 | grid.tracked[::3]
        self._table = np.repeat(triples, np.diff(np.append(grid.starts, KEYS)))
        self._words = np.zeros((grid.cells + 2, groups), dtype=np.uint64)
        self._most = MOST_COUNTED // NARROW * NARROW  # of a group, in whole vectors
        self._only_truths = TRUTHS % groups == 0
        self._begin()

    def _begin(self) -> None:
        self._tally = Tally(self._grid, self._groups)
        self._ones: Counts = np.zeros(self._groups, dtype=np.int64)
        self._truths: Counts = np.zeros(self._groups, dtype=np.int64)
        self._packed = 0

    def add(self, start: int, values: Floats) -> None:
        """See `Tally.add`; the trials beyond the last whole vector are counted by numpy."""
        values = np.ascontiguousarray(values)
        self._only_truths = self._only_truths and self._add_truths(start, values)
        lanes = TRUTHS if self._only_truths else NARROW
        whole = values.size // lanes * lanes
        if not self._only_truths:
            most = self._most * self._groups
            for first in range(0, whole, most):
                self._add_packed(start + first, values[first : min(first + most, whole)])
        if whole < values.size:
            self._tally.add(start + whole, values[whole:])

    def take(self) -> Tally:
        """See `Tally.take`."""
        self._unpack()
        for value, trials in ((0.0, self._truths - self._ones), (1.0, self._ones)):
            self._tally.add_equal(value, trials)
        counted = self._tally
        self._begin()
        return counted

    def _add_truths(self, start: int, values: Floats) -> bool:
        """Count whole vectors of truth values; return False, and count none, if there are other values."""
        ones, others = np.empty((2, TRUTHS), dtype=np.int64)
        whole = values.size // TRUTHS * TRUTHS
        _truth_function()(whole, *(array.ctypes.data for array in (values, ones, others)))
        if others.any():
            return False
        group = (start + np.arange(TRUTHS)) % self._groups
        np.add.at(self._ones, group, ones)
        np.add.at(self._truths, group, whole // TRUTHS)
        return True

    def _add_packed(self, start: int, values: Floats) -> None:
        """Count whole vectors of trials, no more than words can count."""
        of_group = -(-values.size // self._groups)
        if self._packed + of_group > self._most:
            self._unpack()
        self._packed += of_group
        g, tally = self._grid, self._tally
        group = (start + np.arange(NARROW)) % self._groups
        arrays = values, group, self._table, g.anchors, self._words, tally.lows, tally.highs
        numbers = values.size, g.cells, g.centre, g.rate
        _count_function(self._groups)(*numbers, *(array.ctypes.data for array in arrays))

    def _unpack(self) -> None:
        """Move the counts of the words to the tally."""
        tally, cells = self._tally, self._grid.cells
        counts = (self._words >> COUNT).astype(np.int64)
        low_bits = (self._words[:cells] & ((1 << COUNT) - 1)).astype(np.int64)
        high_bits = np.repeat(self._grid.first_places >> OFFSET << OFFSET, 3)
        tally.counts += counts[:cells]
        tally.never += counts[cells]
        tally.undefined += counts[cells + 1]
        places = low_bits.sum(axis=1) + counts[:cells].sum(axis=1) * high_bits
        tally.places[3:-3] += places[3:-3]
        self._words[:] = 0
        self._packed = 0


@cache
def _count_function(groups: int) -> ctypes._FuncPointer:
    return function(count_text(groups), "count", COUNT_PARAMETERS)


@cache
def _truth_function() -> ctypes._FuncPointer:
    return function(truth_text(), "truths", TRUTH_PARAMETERS)
