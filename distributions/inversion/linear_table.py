"""Quantile functions made of straight lines: the segment is looked up by tail mass, then interpolated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.piecewise_linear import Line
from payback.distributions.core.workspace import work
from payback.distributions.inversion.tail_cells import SLOTS, locate, starts

_BITS = range(6, 12)
_STEPS, _FEW = 2, 0.005


@dataclass(frozen=True, eq=False)
class Segments:
    """The segments of a quantile function of straight lines, by tail mass: those of the lower side, then the upper.

    Parameters
    ----------
    begin, end : ndarray of shape (segments,)
        Tail masses between which a segment answers.
    value, slope : ndarray of shape (segments,)
        ``value + (v - begin) * slope`` for the tail mass `v`.
    lower : int
        Segments of the lower side.
    """

    begin: FloatArray
    end: FloatArray
    value: FloatArray
    slope: FloatArray
    lower: int

    @classmethod
    def of(cls, line: Line) -> Segments:
        """Return the segments between the corners of a quantile function."""
        left, right, masses = line.values[:-1], line.values[1:], line.masses
        with np.errstate(all="ignore"):
            slope = np.where(masses > 0.0, (right - left) / masses, 0.0)
        low = (line.below[:-1] < 0.5) & (masses > 0.0)
        high = np.flatnonzero((line.above[1:] < 0.5) & (masses > 0.0))[::-1]
        return cls(
            np.concatenate([line.below[:-1][low], line.above[1:][high]]),
            np.concatenate([line.below[1:][low], line.above[:-1][high]]),
            np.concatenate([left[low], right[high]]),
            np.concatenate([slope[low], -slope[high]]),
            int(np.count_nonzero(low)),
        )

    def affine(self, factor: float, shift: float) -> Segments:
        """Return the segments of ``factor * x + shift``."""
        arrays = self.begin, self.end, factor * self.value + shift, factor * self.slope
        if factor > 0:
            return Segments(*arrays, self.lower)
        begin, end, value, slope = (np.concatenate([array[self.lower :], array[: self.lower]]) for array in arrays)
        return Segments(begin, end, value, slope, self.begin.size - self.lower)

    @cached_property
    def guide(self) -> tuple[int, NDArray[np.int64], int]:
        """Cells per octave (log2), the segment in which each cell begins, and the most ends to step over.

        A cell with more than two ends inside has -1: its few draws are searched for.
        """
        for bits in _BITS:
            v = starts(bits)
            ends = np.append(v[1:], 0.5)
            both = []
            for side, offset in ((slice(None, self.lower), 0), (slice(self.lower, None), self.lower)):
                edges = self.end[side]
                below, last = (np.minimum(np.searchsorted(edges, x), edges.size - 1) for x in (v, ends))
                both.append((below + offset, last - below))
            first, inside = (np.concatenate([side_cells[i] for side_cells in both]) for i in (0, 1))
            crowded = inside > _STEPS
            if np.sum(np.tile(ends - v, 2)[crowded]) <= _FEW:
                break
        return bits, np.where(crowded, -1, first), int(np.max(inside[~crowded], initial=0))

    def fill(self, u: FloatArray, out: FloatArray) -> None:
        """Write the quantiles at `u` to `out`, both of shape (draws,)."""
        bits, first, inside = self.guide
        v, cell = locate(u, bits)
        at, edge = work(u.shape, SLOTS, np.int64), work(u.shape, SLOTS + 1)
        beyond = work(u.shape, SLOTS + 2, np.bool_)
        np.take(first, cell, out=at, mode="clip")
        np.less(at, 0, out=beyond)
        crowded = np.flatnonzero(beyond)
        if crowded.size:
            upper = cell[crowded] >= first.size // 2
            sides = ((~upper, slice(None, self.lower), 0), (upper, slice(self.lower, None), self.lower))
            for here, side, offset in sides:
                at[crowded[here]] = np.searchsorted(self.end[side], v[crowded[here]]) + offset
        for _ in range(inside):
            np.take(self.end, at, out=edge, mode="clip")
            np.greater(v, edge, out=beyond)
            np.add(at, beyond, out=at)
        np.take(self.begin, at, out=edge, mode="clip")
        np.subtract(v, edge, out=v)
        np.take(self.slope, at, out=edge, mode="clip")
        np.multiply(v, edge, out=v)
        np.take(self.value, at, out=edge, mode="clip")
        np.add(v, edge, out=out)
