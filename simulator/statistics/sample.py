"""The trials of one measure, sorted once for every statistic that needs their order."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.statistics.estimate import Estimate
from simulator.statistics.moments import Counts, Floats

GROUPS = 16
"""Interleaved groups that Monte Carlo trials are sorted in; independent, so they also serve as batches."""

POINTS_PER_REPLICATE = 64
"""Below this many points a replicate, replicates give no interval."""

FEWEST = 30
"""Below this many trials a mean has no interval, and what never varied may yet vary."""

TOO_FEW = "too few trials for an interval"

ANCHORS = 32
"""Values of each group whose counts are kept: a search looks between two of them."""

FUZZ = 4 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class Sample:
    """Values of one measure, one a trial.

    Parameters
    ----------
    values : array, shape (trials,)
        ``+inf`` is "never", NaN is "undefined in this trial".
    replicates : int or None
        None for Monte Carlo: trials are independent. Otherwise trial `i` belongs to replicate
        ``i % replicates``, and replicates are independent of one another.

    Raises
    ------
    ValueError
        If there are no trials, or fewer than two replicates.
    """

    values: Floats
    replicates: int | None = None

    def __post_init__(self) -> None:
        values = np.ascontiguousarray(self.values, dtype=np.float64)
        if values.ndim != 1 or values.size == 0:
            raise ValueError(f"`Sample(values=...)` must have shape (trials,), trials >= 1, got {values.shape}")
        if self.replicates is not None and self.replicates < 2:
            raise ValueError(f"`Sample(replicates=...)` must be at least 2, or None, got {self.replicates}")
        object.__setattr__(self, "values", values)

    @classmethod
    def of(cls, values: ArrayLike | Sample, replicates: int | None = None) -> Sample:
        """Return `values` as a sample; a sample is returned as it is."""
        return values if isinstance(values, Sample) else cls(np.asarray(values, dtype=np.float64), replicates)

    @property
    def trials(self) -> int:
        """Number of trials, undefined ones included."""
        return int(self.values.size)

    @cached_property
    def undefined(self) -> float:
        """Share of the trials in which the value is undefined."""
        return float(np.count_nonzero(np.isnan(self.values))) / self.trials

    @cached_property
    def never(self) -> float:
        """Share of the trials in which the value is "never"."""
        return float(np.count_nonzero(np.isposinf(self.values))) / self.trials

    @property
    def too_few(self) -> bool:
        """Whether replicates are too short to give an interval."""
        return self.replicates is not None and self.trials < POINTS_PER_REPLICATE * self.replicates

    @cached_property
    def constant(self) -> bool:
        """Whether every trial has the same value, and there are enough of them to say so."""
        return self.trials >= FEWEST and bool(np.all(self.values == self.values[0]))

    @property
    def spread(self) -> str:
        """What the error of a mean is taken from, in words."""
        return "normal" if self.replicates is None else f"t of {self.replicates} replicates"

    @property
    def groups(self) -> int:
        """Number of interleaved groups: the replicates, or as many as trials allow for Monte Carlo."""
        return min(self.replicates or GROUPS, self.trials)

    @cached_property
    def ranked(self) -> tuple[Floats, ...]:
        """Sorted values of each replicate (Monte Carlo: of each interleaved group), undefined ones left out."""
        ordered = (np.sort(self.values[group :: self.groups]) for group in range(self.groups))
        return tuple(part[: part.size - np.count_nonzero(np.isnan(part))] for part in ordered)

    @cached_property
    def sizes(self) -> Counts:
        """Defined trials of each group, shape (groups,)."""
        return np.array([part.size for part in self.ranked], dtype=np.int64)

    @property
    def defined(self) -> int:
        """Number of trials in which the value is defined."""
        return int(self.sizes.sum())

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest defined value."""
        parts = [part for part in self.ranked if part.size]
        return min(float(part[0]) for part in parts), max(float(part[-1]) for part in parts)

    def estimate(
        self, value: float | None, low: float | None, high: float | None, method: str = "", warning: str = ""
    ) -> Estimate:
        """Return an estimate with the shares of this sample; "never" becomes None."""
        value, low, high = (None if end is None or end == math.inf else end for end in (value, low, high))
        return Estimate(
            value,
            low,
            high,
            never=self.never,
            undefined=self.undefined,
            method=method,
            warning=warning,
            trials=self.trials,
        )

    def counts(self, points: ArrayLike) -> Counts:
        """Return the number of trials of each group at or below each of `points`, shape (groups, points)."""
        return np.stack([part.searchsorted(points, side="right") for part in self.ranked])

    def smallest(self, reached: Callable[[Counts], NDArray[np.bool_]]) -> float | None:
        """Return the smallest value `x` of the sample for which ``reached(counts(x))`` holds.

        Parameters
        ----------
        reached : callable
            Maps counts, shape (groups, points), to booleans, shape (points,); false then true in `x`.

        Returns
        -------
        float or None
            None when no value reaches it.

        Notes
        -----
        A search over the values themselves: among the anchors, then among the few values between two of them. So
        the answer is exact without a merge of the groups.
        """
        anchors, counts = self._anchors
        hits = np.flatnonzero(reached(counts))
        if not hits.size:
            return None
        first = int(hits[0])
        high = anchors[first]
        below = counts[:, first - 1] if first else np.zeros(self.groups, dtype=np.int64)
        inside = [part[i : part.searchsorted(high)] for part, i in zip(self.ranked, below.tolist(), strict=True)]
        values = np.concatenate(inside)
        order = np.argsort(values, kind="stable")
        steps = np.zeros((self.groups, values.size), dtype=np.int64)
        steps[np.repeat(np.arange(self.groups), [part.size for part in inside])[order], np.arange(values.size)] = 1
        values = values[order]
        complete = np.append(values[1:] > values[:-1], True)[: values.size]  # the last of equal values counts them all
        hits = np.flatnonzero(reached(below[:, None] + np.cumsum(steps, axis=1)[:, complete]))
        return float(values[complete][hits[0]] if hits.size else high)

    @cached_property
    def _anchors(self) -> tuple[Floats, Counts]:
        """Every few values of each group and the largest, ascending without repetition, and their `counts`."""
        picked: list[Floats] = [np.array(self.range[1:])]
        for group, part in enumerate(self.ranked):
            stride = part.size // ANCHORS + 1
            picked.append(part[group * stride // self.groups :: stride])
        anchors = np.unique(np.concatenate(picked))
        return anchors, self.counts(anchors)

    def quantile(self, p: float) -> float:
        """Return the smallest value that a share `p` of the defined trials do not exceed."""
        rank = rank_of(self.defined, p)
        found = self.smallest(lambda counts: counts.sum(axis=0) >= rank)
        return math.nan if found is None else found


def rank_of(trials: int, p: float) -> int:
    """Return the rank, counted from 1, of the `p`-quantile among `trials` (type 1 of Hyndman and Fan)."""
    return max(1, math.ceil(trials * p * (1.0 - FUZZ)))
