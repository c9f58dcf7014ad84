"""A grid of cells for the values of one measure, made from its first trials: fine where trials are many.

A table joins the keys of values (`payback.simulator.statistics.float_keys`) to cells: so many that a cell holds about
1 of 2,048 of the first trials, and fewer in the tails. Every cell is cut in three by its anchor: below, at, and
above. The anchor is the value that the first trials show most often there, so that atoms have a cell of their own,
and are counted exactly.

No cell reaches over a power of 2 of the sum that keys are made of, or over the centre: there the bits of that sum, read
as a whole number, grow evenly with the value. Sums of these numbers do not depend on their order, and tell the mean of
each cell.

References
----------
.. [1] Dunning and Ertl (2019), Computing extremely accurate quantiles using t-digests, arXiv:1902.04023, for cells that
   get smaller towards the tails.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from payback.simulator.statistics.float_keys import leading, magnitudes
from payback.simulator.statistics.leaf_moments import Floats

MANTISSA = 11
"""Bits of the mantissa in a key."""

OCTAVES = 40
"""Doublings of the distance from the centre that have keys of their own; what lies further out shares the last."""

KEYS = OCTAVES << MANTISSA
SHIFT = 52 - MANTISSA
FIRST = 1023 << MANTISSA
"""Leading bits of 1.0."""

FINEST = 1 / 2048
"""Share of the first trials in a cell, in the middle."""

TAIL = 1 / 24
"""Share of the tail beyond it that a cell holds, in the tails."""

PLACE = 24
"""Bits of a value's place that are left out: in a cell, places are even in steps of 2**-28 of the octave. Sums of those
in one cell stay below 2**63 for 2**35 trials; what overflows before the cell's own place is taken off does no harm."""

MOST_ATOMS = 8192
"""Atoms with a cell of their own; more are as good as continuous. Where most first trials show atoms, every key has a
cell, so that rare atoms between them have one too."""

FEW = 8
"""First trials in a cell below which its smallest and largest value are kept: what the first trials hardly saw."""

BEYOND = 256
"""Keys a cell outside the range of the first trials."""

BATCH = 16_384
"""Values located at once, for speed alone: work arrays stay in cache."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells of a measure, in the order of its values; cell ``3 * c + 1`` holds only the anchor of triple ``c``.

    Parameters
    ----------
    centre, rate : float
        A value's distance from the centre is ``(x - centre) * rate``.
    starts : array, shape (triples,)
        The first key of each triple of cells; keys below the centre are negative.
    anchors : array, shape (triples,)
        NaN where there is none: then all values are below it.
    tracked : array of bool, shape (cells,)
        Where the smallest and largest value are to be kept.
    """

    centre: float
    rate: float
    starts: NDArray[np.int64]
    anchors: Floats
    tracked: NDArray[np.bool_]

    def __reduce__(self) -> tuple[type[Grid], tuple[object, ...]]:
        return Grid, (self.centre, self.rate, self.starts, self.anchors, self.tracked)

    @classmethod
    def of(cls, pilot: Floats) -> Grid:
        """Return the grid for a measure whose first trials are `pilot`, shape (trials,); infinite ones are left out."""
        values = np.sort(pilot[np.isfinite(pilot)])
        centre, rate = _frame(values)
        distinct, counts = np.unique(values, return_counts=True)
        keys = _keys(distinct, centre, rate)
        occupied, firsts = np.unique(keys, return_index=True)
        atoms = np.unique(keys[counts > 1])
        own = atoms if atoms.size <= MOST_ATOMS else atoms[:0]
        if 2 * counts[counts > 1].sum() > values.size and occupied[-1] - occupied[0] < 2 * MOST_ATOMS:
            own = np.arange(occupied[0], occupied[-1] + 1)
        order = _order((np.cumsum(counts) - counts)[firsts] / max(values.size, 1))
        wanted = occupied[np.append(True, order[1:] != order[:-1])[: occupied.size]]
        octaves = np.arange(-OCTAVES, OCTAVES) << MANTISSA
        starts = np.unique(np.concatenate([wanted, own, own + 1, occupied[-1:] + 1, octaves, _outside(occupied)]))
        starts = starts[(starts >= -KEYS) & (starts < KEYS)]
        triples = np.searchsorted(starts, keys, side="right") - 1
        seen = np.bincount(triples, weights=counts, minlength=starts.size)
        anchors = _anchors(distinct, counts, triples, starts.size)
        rare = (seen < FEW) | np.isin(starts, own)
        tracked = np.repeat(rare, 3)
        tracked[1::3] = False
        return cls(centre, rate, starts, anchors, tracked)

    @cached_property
    def table(self) -> NDArray[np.int16]:
        """From key to triple of cells, shape (2 * KEYS,); keys below the centre count from the end."""
        sizes = np.diff(np.append(self.starts, KEYS))
        return np.roll(np.repeat(np.arange(self.starts.size, dtype=np.int16), sizes), KEYS)

    @cached_property
    def edges(self) -> Floats:
        """Ends of the triples, shape (triples + 1,)."""
        return _edges(np.append(self.starts, KEYS), self.centre, self.rate)

    @property
    def cells(self) -> int:
        """Number of cells."""
        return int(self.tracked.size)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of these cells, in hexadecimal: equal for equal bits."""
        arrays = (np.array([self.centre, self.rate]), self.starts, self.anchors, self.tracked)
        return sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()

    def locate(self, values: Floats, out: NDArray[np.intp], places: NDArray[np.int64]) -> None:
        """Write the cell of each of `values`, finite or infinite, and its place; all of shape (trials,).

        In each cell the place grows, or falls, in step with the value; see `means`.
        """
        for start in range(0, values.size, BATCH):
            x, cells = values[start : start + BATCH], out[start : start + BATCH]
            keys = _bits(x, self.centre, self.rate, places[start : start + BATCH])
            triples = self.table.take(keys, mode="wrap")
            anchors = self.anchors.take(triples, mode="wrap")
            np.multiply(triples, 3, out=cells, dtype=np.intp)
            np.add(cells, x >= anchors, out=cells)
            np.add(cells, x > anchors, out=cells)

    def means(self, counts: NDArray[np.int64], places: NDArray[np.int64]) -> Floats:
        """Return the mean of the values in each cell from their number and the sum of their places, shape (cells,).

        NaN where there are none, and in the outermost cells, which have no end.
        """
        ends = np.append(self.starts[1:], KEYS)
        nearest = np.where(self.starts < 0, -ends, self.starts)  # to the centre, in keys
        base = np.repeat(((nearest + FIRST) << SHIFT) >> PLACE, 3)
        with np.errstate(invalid="ignore", divide="ignore"):
            offset = (places - counts * base) / counts + 0.5
        octave = np.repeat(nearest >> MANTISSA, 3)
        steps = 1 << (52 - PLACE)
        distance = np.ldexp(1.0 + (base % steps + offset) / steps, octave) - 1.0
        means: Floats = self.centre + np.where(np.repeat(self.starts < 0, 3), -distance, distance) / self.rate
        means[np.repeat((ends == KEYS) | (self.starts == -KEYS), 3)] = np.nan
        return means

    def bounds(self) -> tuple[Floats, Floats]:
        """Return the ends that each cell may reach to, shape (cells,): where nothing is tracked, all that is known."""
        lows, highs = np.repeat(self.edges[:-1], 3), np.repeat(self.edges[1:], 3)
        middle = np.where(np.isnan(self.anchors), self.edges[1:], self.anchors)
        lows[1::3] = lows[2::3] = highs[0::3] = highs[1::3] = middle
        # edges are rounded, so that an anchor may lie a bit outside
        return np.minimum(lows, highs), np.maximum(lows, highs)


def _frame(values: Floats) -> tuple[float, float]:
    """Return the centre of sorted `values`, and one over the distance of half of them from it."""
    if not values.size:
        return 0.0, 1.0
    n = values.size
    for tail in (n // 4, n // 10, n // 100, 0):
        low, high = float(values[tail]), float(values[n - 1 - tail])
        scale = high / 2.0 - low / 2.0
        if scale > 0.0:
            break
    else:
        scale = abs(float(values[0])) or 1.0
    return float(values[n // 2]), min(1.0 / max(scale, 1e-300), 1e300)


def _keys(values: Floats, centre: float, rate: float) -> NDArray[np.int64]:
    return _bits(values, centre, rate, np.empty(values.size, dtype=np.int64))


def _bits(values: Floats, centre: float, rate: float, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the keys of `values`, and write their places."""
    bits, side = magnitudes(values, centre, rate, np.empty((2, values.size)))
    np.right_shift(bits, PLACE, out=places)
    return leading(bits, side, MANTISSA, KEYS - 1)


def _edges(keys: NDArray[np.int64], centre: float, rate: float) -> Floats:
    """Return the value where each of `keys` begins."""
    distance = np.where(keys < 0, -keys, keys)
    y = ((distance + FIRST) << SHIFT).view(np.float64) - 1.0
    with np.errstate(over="ignore"):
        edges: Floats = centre + np.where(keys < 0, -y, y) / rate
    return edges


def _order(p: Floats) -> NDArray[np.int64]:
    """Return which cell the share `p` belongs to, were there no atoms: about ``FINEST / TAIL`` from the ends, even."""
    bend = FINEST / TAIL
    tail = np.minimum(p, 1.0 - p)
    steps = np.where(tail < bend, np.log(np.maximum(tail, 1e-12) / bend) / TAIL, (tail - bend) / FINEST)
    middle = (0.5 - bend) / FINEST
    return np.floor(np.where(p < 0.5, steps, 2.0 * middle - steps)).astype(np.int64)


def _outside(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where cells outside the range of the sorted `keys` begin."""
    low, high = (int(keys[0]), int(keys[-1])) if keys.size else (0, -1)
    return np.concatenate([np.arange(-KEYS, low, BEYOND), np.arange(high + 1, KEYS, BEYOND)])


def _anchors(distinct: Floats, counts: NDArray[np.intp], triples: NDArray[np.intp], size: int) -> Floats:
    """Return the commonest value of each triple, of equally common ones the middle one; NaN where there is none."""
    anchors = np.full(size, np.nan)
    if distinct.size:
        firsts = np.flatnonzero(np.append(True, triples[1:] != triples[:-1]))
        sizes = np.diff(np.append(firsts, triples.size))
        most = np.repeat(np.maximum.reduceat(counts, firsts), sizes)
        common = np.flatnonzero(counts == most)
        holders = triples[common]
        begins = np.flatnonzero(np.append(True, holders[1:] != holders[:-1]))
        middles = begins + np.diff(np.append(begins, holders.size)) // 2
        anchors[holders[begins]] = distinct[common[middles]]
    return anchors
