"""Counts of trials by cell and group; they merge to the same bits for any split of the trials.

Counts are whole numbers, and smallest and largest values are those of a set, so their order does not matter.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Protocol

import numpy as np

from payback.simulator.statistics.leaf_moments import Counts, Floats
from payback.simulator.statistics.samples.cell_grid import Grid


class TrialCounter(Protocol):
    """The protocol of what counts trials: `Tally`, or something faster that ends in the same tally."""

    def add(self, start: int, values: Floats) -> None:
        """See `Tally.add`."""

    def take(self) -> Tally:
        """See `Tally.take`."""


class Tally:
    """Number of trials of each interleaved group in each cell of a grid.

    Parameters
    ----------
    grid : Grid
    groups : int
        Trial `i` belongs to group ``i % groups``.

    Attributes
    ----------
    counts : array, shape (cells, groups)
    places : array, shape (cells,)
        Sums of the places of the trials, see `Grid.means`; whole numbers that may overflow.
    lows, highs : array, shape (cells,)
        Smallest and largest value of the cells that the grid tracks.
    never, undefined : array, shape (groups,)
        Number of trials of each group whose value is "never" or undefined.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 2.0, np.inf])
    >>> tally = Tally(Grid.of(x), groups=2)
    >>> tally.add(0, x)
    >>> int(tally.counts.sum()), tally.never.tolist(), tally.undefined.tolist()
    (3, [0, 1], [0, 0])
    """

    def __init__(self, grid: Grid, groups: int) -> None:
        self.grid = grid
        self.groups = groups
        self._begin()

    def _begin(self) -> None:
        self.counts: Counts = np.zeros((self.grid.cells, self.groups), dtype=np.int64)
        self.places: Counts = np.zeros(self.grid.cells, dtype=np.int64)
        self.lows = np.full(self.grid.cells, np.inf)
        self.highs = np.full(self.grid.cells, -np.inf)
        self.never: Counts = np.zeros(self.groups, dtype=np.int64)
        self.undefined: Counts = np.zeros(self.groups, dtype=np.int64)

    def add(self, start: int, values: Floats) -> None:
        """Count the trials from `start` on.

        Parameters
        ----------
        start : int
        values : array, shape (trials,)
            ``+inf`` is "never", NaN is undefined.
        """
        group = (start + np.arange(values.size)) % self.groups
        special = np.isnan(values) | np.isposinf(values)
        if special.any():
            undefined = np.isnan(values)
            self.undefined += np.bincount(group[undefined], minlength=self.groups)
            self.never += np.bincount(group[special & ~undefined], minlength=self.groups)
            values, group = values[~special], group[~special]
        cells = np.empty(values.size, dtype=np.intp)
        places = np.empty(values.size, dtype=np.int64)
        self.grid.locate(values, cells, places)
        np.add.at(self.places, cells, places)
        rare = np.flatnonzero(self.grid.tracked.take(cells))
        if rare.size:
            seen = values[rare] + 0.0  # -0.0 becomes 0.0: which of the two is smaller would depend on their order
            np.minimum.at(self.lows, cells[rare], seen)
            np.maximum.at(self.highs, cells[rare], seen)
        cells *= self.groups
        cells += group
        np.add.at(self.counts.reshape(-1), cells, 1)

    def add_equal(self, value: float, trials: Counts) -> None:
        """Count trials that all have the same finite value: `trials` of each group, shape (groups,)."""
        cells, places = np.empty(1, dtype=np.intp), np.empty(1, dtype=np.int64)
        self.grid.locate(np.array([value]), cells, places)
        self.counts[cells] += trials
        self.places[cells] += places * trials.sum()
        if self.grid.tracked[cells]:
            self.lows[cells] = np.minimum(self.lows[cells], value + 0.0)
            self.highs[cells] = np.maximum(self.highs[cells], value + 0.0)

    def take(self) -> Tally:
        """Return a tally of the trials counted so far, and begin anew."""
        counted = copy.copy(self)
        self._begin()
        return counted

    def merge(self, other: Tally) -> None:
        """Add the counts of `other`, over the same grid."""
        self.counts += other.counts
        self.places += other.places
        np.minimum(self.lows, other.lows, out=self.lows)
        np.maximum(self.highs, other.highs, out=self.highs)
        self.never += other.never
        self.undefined += other.undefined

    def state(self) -> dict[str, np.ndarray]:
        """Return the arrays that `restore` takes, by name: of the cells that hold any trial."""
        held = np.flatnonzero(self.counts.any(axis=1))
        return {
            "cells": held,
            "counts": self.counts[held],
            "places": self.places[held],
            "lows": self.lows[held],
            "highs": self.highs[held],
            "never": self.never,
            "undefined": self.undefined,
        }

    @classmethod
    def restore(cls, grid: Grid, state: Mapping[str, np.ndarray]) -> Tally:
        """Return the tally over `grid` that gave `state`."""
        tally = cls(grid, state["never"].size)
        held = state["cells"]
        tally.counts[held], tally.places[held] = state["counts"], state["places"]
        tally.lows[held], tally.highs[held] = state["lows"], state["highs"]
        tally.never += state["never"]
        tally.undefined += state["undefined"]
        return tally
