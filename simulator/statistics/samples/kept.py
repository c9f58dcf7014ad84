"""The trials of one measure, put in order once for every statistic that needs it.

Trials that do not all count alike are a `payback.simulator.statistics.samples.weighted.Weighted`, counted ones a
`payback.simulator.statistics.samples.counted.Streamed`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payback.simulator.statistics.estimate import Estimate
from payback.simulator.statistics.leaf_moments import Counts, Floats, Moments, total
from payback.simulator.statistics.mean_interval import offsets_of_mean
from payback.simulator.statistics.polynomial import Influence
from payback.simulator.statistics.samples.cell_order import Ranked, rank_of

GROUPS = 16
"""Interleaved groups that Monte Carlo trials are sorted in; independent, so they also serve as batches."""

POINTS_PER_REPLICATE = 64
"""Below this many points a replicate, replicates give no interval."""

FEWEST = 30
"""Below this many trials a mean has no interval, and what never varied may yet vary."""

FEW_TERMS = 4096
"""Trials that tell about where a quantile lies."""

TOO_FEW = "too few trials for an interval"


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

    @property
    def effective(self) -> float:
        """How many trials of equal weight know a mean as well: here all of them."""
        return float(self.trials)

    @property
    def square_weight(self) -> float:
        """Mean square of the weights."""
        return 1.0

    def weigh(self, terms: Floats) -> Floats:
        """Return `terms`, shape (trials,), times the weights, whose mean counts as 1."""
        return terms

    def average(self, terms: Floats) -> float:
        """Return the mean of `terms`, shape (trials,), with the weights."""
        return total(self.weigh(terms)) / self.trials

    def share(self, holds: NDArray[np.bool_]) -> float:
        """Return the share of the trials for which `holds`, shape (trials,), is true."""
        return float(np.count_nonzero(holds)) / self.trials

    def hits(self, holds: NDArray[np.bool_]) -> Counts | Floats:
        """Return how many trials of each group hold, `holds` of shape (trials,); or their weight."""
        return np.array([np.count_nonzero(holds[group :: self.groups]) for group in range(self.groups)])

    def squared(self, holds: NDArray[np.bool_]) -> float:
        """Return the sum of the squares of the weights of the trials for which `holds`, shape (trials,), is true."""
        return float(np.count_nonzero(holds))

    @cached_property
    def moments(self) -> Moments | None:
        """Moments of the values; None when a trial is never, undefined or infinite."""
        if not np.isfinite(self.values).all():
            return None
        return Moments().add(self.values)

    def terms(self, influence: Influence) -> Floats:
        """Return the influence of each trial with its weight, shape (trials,)."""
        return self.weigh(influence(self.values))

    def offsets(self, influence: Influence) -> tuple[float, float]:
        """Return how far the 95 % interval of a statistic reaches below and above it, from its influence."""
        return offsets_of_mean(self.terms(influence), self.replicates)

    def excess(self, edge: float, sign: float) -> float:
        """Return the mean of how far trials lie above `edge`; below it if `sign` is -1."""
        return self.average(np.maximum(sign * (self.values - edge), 0.0))

    def near(self, terms: Floats, p: float) -> float:
        """Return about the `p`-quantile of `terms`, shape (trials,), which stand for the values: that of a few."""
        few = np.sort(terms[:: max(1, self.trials // FEW_TERMS) | 1])
        return float(few[rank_of(few.size, p) - 1])

    def quantile_among(self, terms: Floats, p: float) -> float:
        """Return the `p`-quantile of `terms`, shape (trials,), which stand for the values."""
        return Sample(terms).quantile(p)

    @cached_property
    def undefined(self) -> float:
        """Share of the trials in which the value is undefined."""
        return self.share(np.isnan(self.values))

    @cached_property
    def never(self) -> float:
        """Share of the trials in which the value is "never"."""
        return self.share(self.values == np.inf)

    @property
    def too_few(self) -> bool:
        """Whether replicates are too short to give an interval."""
        return self.replicates is not None and self.trials < POINTS_PER_REPLICATE * self.replicates

    @cached_property
    def constant(self) -> bool:
        """Whether every trial has the same value, and there are enough of them to say so."""
        return self.effective >= FEWEST and bool(np.all(self.values == self.values[0]))

    @property
    def spread(self) -> str:
        """What the error of a mean is taken from, in words."""
        return "normal" if self.replicates is None else f"t of {self.replicates} replicates"

    @property
    def groups(self) -> int:
        """Number of interleaved groups: the replicates, or as many as trials allow for Monte Carlo."""
        return min(self.replicates or GROUPS, self.trials)

    @cached_property
    def _ranked(self) -> Ranked:
        return Ranked.of(self.values, self.groups)

    @property
    def sizes(self) -> Counts:
        """Defined trials of each group, shape (groups,)."""
        return self._ranked.sizes

    @property
    def defined(self) -> int:
        """Number of trials in which the value is defined."""
        return int(self.sizes.sum())

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest defined value."""
        return self._ranked.range

    def masses(self, counts: Counts) -> Counts | Floats:
        """Return the weight of so many of the first trials of each group, both of shape (groups, points)."""
        return counts

    def squares(self, counts: Counts) -> Counts | Floats:
        """Return the sum of the squares of their weights over all groups, shape (points,)."""
        return np.asarray(counts.sum(axis=0))

    @cached_property
    def mass(self) -> Counts | Floats:
        """Weight of the defined trials of each group, shape (groups,)."""
        return self.masses(self.sizes[:, None])[:, 0]

    def known_at(self, x: float, p: float) -> float:
        """Return how many trials of equal weight know as well that a share `p` of the defined ones lies up to `x`."""
        return float(self.defined)

    def part(self, group: int, groups: int) -> Sample | None:
        """Return every `groups`-th trial from `group` on, independent of one another; None if none counts."""
        values = self.values[group::groups]
        return Sample(values) if values.size else None

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
        return self._ranked.counts(points)

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
        """
        return self._ranked.smallest(reached)

    def quantile(self, p: float) -> float:
        """Return the smallest value that a share `p` of the defined trials do not exceed."""
        found = self.reaching(rank_of(self.defined, p))
        return math.nan if found is None else found

    def reaching(self, mass: float) -> float | None:
        """Return the smallest value up to which so many trials lie, or trials of so much weight."""
        return self.smallest(lambda counts: self.masses(counts).sum(axis=0) >= mass)

    def quantile_of(self, group: int, p: float) -> float:
        """Return that of one of the groups; NaN if it holds no defined trial."""
        rank = self._rank(group, p)
        return self._ranked.at(group, rank) if rank else math.nan

    def _rank(self, group: int, p: float) -> int:
        """Return which of the trials of a group in order is its `p`-quantile, from 1; 0 if there is none."""
        size = int(self.sizes[group])
        return rank_of(size, p) if size else 0
