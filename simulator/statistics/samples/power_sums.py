"""Sums of powers over trials, by interleaved group, with the same bits for any split of the trials.

Sums are taken inside leaves of `LEAF` trials, aligned to the trial index. Leaves are added two by two, then these sums
two by two, in a fixed binary tree. Which sums are held depends only on the range of trials: at most twice as many as
its length in leaves has binary digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from payback.simulator.statistics.leaf_moments import LEAF, Counts, Floats, Moments
from payback.simulator.statistics.samples.cell_grid import Grid

POWERS = 4
"""The highest power that is summed; all from the first on are."""

ROW = 512
"""Trials in a row of a leaf, a multiple of the number of groups: rows are added to one another first, then the entries
of their sum that belong to one group."""

AddLeaves: TypeAlias = Callable[[Floats, float, float, Floats], None]
"""A faster `leaf_sums` of whole leaves: from `values`, centre and rate it writes the sums into an array."""


def leaf_sums(grid: Grid, values: Floats, groups: int, add: AddLeaves | None = None) -> Floats:
    """Return the sums of the first powers of the distances from the centre of `grid`, one row a leaf.

    Parameters
    ----------
    grid : Grid
    values : array, shape (trials,)
        Of the trials from the start of a leaf on.
    groups : int
        Trial `i` belongs to group ``i % groups``; a power of 2.
    add : AddLeaves, optional

    Returns
    -------
    array, shape (leaves, POWERS, groups)
        In units of the grid. Not finite where a trial is never or undefined.
    """
    sums = np.empty((-(-values.size // LEAF), POWERS, groups))
    whole = 0
    if add is not None:
        whole = values.size // LEAF
        add(values[: whole * LEAF], grid.centre, grid.rate, sums[:whole])
    if whole < len(sums):
        _add_leaves(grid, values[whole * LEAF :], sums[whole:])
    return sums


def _add_leaves(grid: Grid, values: Floats, sums: Floats) -> None:
    """Write the sums of leaves, the last of which may be short."""
    y, square = np.empty((2, LEAF // ROW, ROW))
    rows = np.empty((POWERS, ROW))
    with np.errstate(invalid="ignore", over="ignore"):
        for leaf, of_leaf in enumerate(sums):
            x = values[leaf * LEAF : (leaf + 1) * LEAF]
            flat = y.reshape(-1)
            np.subtract(x, grid.centre, out=flat[: x.size])
            flat[x.size :] = 0.0
            y *= grid.rate
            np.multiply(y, y, out=square)
            np.add.reduce(y, axis=0, out=rows[0])
            np.add.reduce(square, axis=0, out=rows[1])
            y *= square
            square *= square
            np.add.reduce(y, axis=0, out=rows[2])
            np.add.reduce(square, axis=0, out=rows[3])
            np.add.reduce(rows.reshape(POWERS, -1, sums.shape[-1]), axis=1, out=of_leaf)


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums of powers over a range of leaves.

    Parameters
    ----------
    first : int
        The first leaf.
    levels : tuple of int
        Each node holds ``2**level`` leaves, and begins at a multiple of as many; in order.
    nodes : tuple of array, shape (POWERS, groups)
    """

    first: int = 0
    levels: tuple[int, ...] = ()
    nodes: tuple[Floats, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, start: int, leaves: Floats) -> Sums:
        """Return the sums over `leaves`, shape (leaves, POWERS, groups), from the trial `start` on."""
        first = start // LEAF
        before: list[tuple[int, Floats]] = []
        after: list[tuple[int, Floats]] = []
        at, level = first, 0
        with np.errstate(invalid="ignore", over="ignore"):
            while len(leaves):
                if at % 2:
                    before.append((level, leaves[0]))
                    leaves = leaves[1:]
                if len(leaves) % 2:
                    after.append((level, leaves[-1]))
                    leaves = leaves[:-1]
                leaves = leaves[0::2] + leaves[1::2]
                at, level = -(-at // 2), level + 1
        nodes = before + after[::-1]
        return cls(first, tuple(level for level, _ in nodes), tuple(node for _, node in nodes))

    def add(self, following: Sums) -> Sums:
        """Return the sums with those of the leaves that follow."""
        if not self.levels:
            return following
        levels, nodes = list(self.levels), list(self.nodes)
        end = self.first + sum(1 << level for level in levels)
        with np.errstate(invalid="ignore", over="ignore"):
            for level, node in zip(following.levels, following.nodes, strict=True):
                end += 1 << level
                levels.append(level)
                nodes.append(node)
                while len(levels) > 1 and levels[-2] == levels[-1] and end % (2 << levels[-1]) == 0:
                    levels[-2:] = [levels[-1] + 1]
                    nodes[-2:] = [nodes[-2] + nodes[-1]]
        return Sums(self.first, tuple(levels), tuple(nodes))

    def moments(self, grid: Grid, counts: Counts) -> tuple[Moments | None, ...]:
        """Return the moments of each group; empty without leaves.

        Parameters
        ----------
        grid : Grid
            Its centre and rate are those of the sums.
        counts : array, shape (groups,)
            Values in each group.

        Returns
        -------
        tuple of Moments or None
            None for every group with a value that is not finite.
        """
        if not self.nodes:
            return ()
        with np.errstate(invalid="ignore", over="ignore"):
            powers = sum(self.nodes, np.zeros((POWERS, counts.size)))
        return tuple(_moments(grid, count, sums) for count, sums in zip(counts.tolist(), powers.T, strict=True))


def _moments(grid: Grid, count: int, powers: Floats) -> Moments | None:
    if not np.isfinite(powers).all():
        return None
    if not count:
        return Moments()
    first, second, third, fourth = (powers / count).tolist()
    scale = 1.0 / grid.rate
    return Moments(
        count,
        grid.centre,
        first * scale,
        max(second - first**2, 0.0) * scale**2 * count,
        (third - 3.0 * first * second + 2.0 * first**3) * scale**3 * count,
        (fourth - 4.0 * first * third + 6.0 * first**2 * second - 3.0 * first**4) * scale**4 * count,
    )
