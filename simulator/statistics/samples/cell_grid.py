"""A grid of cells for the values of one measure, made from its first trials: fine where trials are many.

A table maps the keys of values (`payback.simulator.statistics.float_keys`) to triples of cells. A triple holds about 1
of 2,048 of the first trials, and fewer in the tails. Its three cells lie below, at and above its anchor: the value that
the first trials show most often there. So an atom has a cell of its own and is counted exactly.

Keys are made of the sum ``1 + abs(x - centre) * rate``. No cell reaches across a power of 2 of that sum, nor across the
centre: inside a cell the bits of the sum, read as a whole number, are a linear function of the value. Such whole
numbers add up to the same sum in any order, and the sum gives the mean of the cell.

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
"""Keys on either side of the centre."""

SHIFT = 52 - MANTISSA
"""Bits of the mantissa that a key leaves out."""

FIRST = 1023 << MANTISSA
"""Leading bits of 1.0."""

FINEST = 1 / 2048
"""Share of the first trials in a triple of cells, in the middle of the values."""

TAIL = 1 / 24
"""In the tails, what a triple of cells holds as a share of all that lies beyond it."""

PLACE = 24
"""Bits that the place of a value, its bits as a whole number, leaves out: places are steps of 2**-28 of an octave. Sums
of the distances of places from the beginning of their cell stay below 2**63 for 2**35 trials. Sums of the places
themselves may overflow: this cancels when the beginning is subtracted."""

MOST_ATOMS = 8192
"""Atoms that get a cell of their own; a measure with more is as good as continuous. Where most of the first trials are
atoms, every key has a cell, so that rare atoms between them have one too."""

FEW = 8
"""With fewer first trials than this in a triple, the smallest and largest value of its cells are kept: the first trials
do not tell where values lie there."""

BEYOND = 256
"""Keys in a triple of cells outside the range of the first trials."""

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
        True for the cells whose smallest and largest value are kept.
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
    def places_of_anchors(self) -> NDArray[np.int64]:
        """The place of each anchor, shape (triples,); it means nothing where there is none."""
        places = np.empty(self.anchors.size, dtype=np.int64)
        _bits(self.anchors, self.centre, self.rate, places)
        return places

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
        """Return the lowest and the highest value that each cell can hold, both of shape (cells,)."""
        lows, highs = np.repeat(self.edges[:-1], 3), np.repeat(self.edges[1:], 3)
        middle = np.where(np.isnan(self.anchors), self.edges[1:], self.anchors)
        lows[1::3] = lows[2::3] = highs[0::3] = highs[1::3] = middle
        # edges are rounded, so that an anchor may lie a bit outside
        return np.minimum(lows, highs), np.maximum(lows, highs)


def _frame(values: Floats) -> tuple[float, float]:
    """Return the median of sorted `values`, and the inverse of half the range of their middle 50 %.

    Where the middle 50 % are equal, of their middle 80 %, 98 % or all.
    """
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
    """Return the number of the triple that a share `p` of the first trials falls in, where there are no atoms.

    Triples hold ``FINEST`` each, but within ``FINEST / TAIL`` of either end a share `TAIL` of what lies beyond.
    """
    bend = FINEST / TAIL
    tail = np.minimum(p, 1.0 - p)
    steps = np.where(tail < bend, np.log(np.maximum(tail, 1e-12) / bend) / TAIL, (tail - bend) / FINEST)
    middle = (0.5 - bend) / FINEST
    return np.floor(np.where(p < 0.5, steps, 2.0 * middle - steps)).astype(np.int64)


def _outside(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first keys of the triples outside the range of the sorted `keys`."""
    low, high = (int(keys[0]), int(keys[-1])) if keys.size else (0, -1)
    return np.concatenate([np.arange(-KEYS, low, BEYOND), np.arange(high + 1, KEYS, BEYOND)])


def _anchors(distinct: Floats, counts: NDArray[np.intp], triples: NDArray[np.intp], size: int) -> Floats:
    """Return the most frequent value of each triple, the middle one of several; NaN where there is none."""
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
