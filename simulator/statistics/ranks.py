"""The order of trials: each interleaved group sorted, and searches over all of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.statistics.moments import Counts, Floats

ANCHORS = 32
"""Values of each group whose counts are kept: a search looks between two of them."""

FUZZ = 4 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class Ranked:
    """Sorted values of each interleaved group of trials, undefined ones left out.

    Parameters
    ----------
    parts : tuple of array
        One a group.
    """

    parts: tuple[Floats, ...]

    @classmethod
    def of(cls, values: Floats, groups: int) -> Ranked:
        """Return `values`, shape (trials,), in order; trial `i` belongs to group ``i % groups``."""
        whole = values.size - values.size % groups
        rows = np.ascontiguousarray(values[:whole].reshape(-1, groups).T)  # one pass: columns one by one take `groups`
        parts = (
            list(rows)
            if whole == values.size
            else [np.append(row, values[whole + group : whole + group + 1]) for group, row in enumerate(rows)]
        )
        for part in parts:
            part.sort()
        return cls(tuple(part[: part.size - np.count_nonzero(np.isnan(part))] for part in parts))

    @cached_property
    def sizes(self) -> Counts:
        """Trials of each group, shape (groups,)."""
        return np.array([part.size for part in self.parts], dtype=np.int64)

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest value."""
        parts = [part for part in self.parts if part.size]
        return min(float(part[0]) for part in parts), max(float(part[-1]) for part in parts)

    def counts(self, points: ArrayLike) -> Counts:
        """Return the number of trials of each group at or below each of `points`, shape (groups, points)."""
        return np.stack([part.searchsorted(points, side="right") for part in self.parts])

    def smallest(self, reached: Callable[[Counts], NDArray[np.bool_]]) -> float | None:
        """Return the smallest value `x` for which ``reached(counts(x))`` holds, None when there is none.

        A search over the values themselves: among the anchors, then among the few values between two of them. So
        the answer is exact without a merge of the groups.
        """
        anchors, counts = self._anchors
        hits = np.flatnonzero(reached(counts))
        if not hits.size:
            return None
        first = int(hits[0])
        high = anchors[first]
        below = counts[:, first - 1] if first else np.zeros(len(self.parts), dtype=np.int64)
        inside = [part[i : part.searchsorted(high)] for part, i in zip(self.parts, below.tolist(), strict=True)]
        values = np.concatenate(inside)
        order = np.argsort(values, kind="stable")
        steps = np.zeros((len(self.parts), values.size), dtype=np.int64)
        steps[np.repeat(np.arange(len(self.parts)), [part.size for part in inside])[order], np.arange(values.size)] = 1
        values = values[order]
        complete = np.append(values[1:] > values[:-1], True)[: values.size]  # the last of equal values counts them all
        hits = np.flatnonzero(reached(below[:, None] + np.cumsum(steps, axis=1)[:, complete]))
        return float(values[complete][hits[0]] if hits.size else high)

    @cached_property
    def _anchors(self) -> tuple[Floats, Counts]:
        """Every few values of each group and the largest, ascending without repetition, and their `counts`."""
        picked: list[Floats] = [np.array(self.range[1:])]
        for group, part in enumerate(self.parts):
            stride = part.size // ANCHORS + 1
            picked.append(part[group * stride // len(self.parts) :: stride])
        anchors = np.unique(np.concatenate(picked))
        return anchors, self.counts(anchors)


def rank_of(trials: int, p: float) -> int:
    """Return the rank, counted from 1, of the `p`-quantile among `trials` (type 1 of Hyndman and Fan)."""
    return max(1, math.ceil(trials * p * (1.0 - FUZZ)))
