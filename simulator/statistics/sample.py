"""The trials of one measure, put in order once for every statistic that needs it.

Trials may have weights, see `simulator.statistics.weights`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.statistics.estimate import Estimate
from simulator.statistics.intervals import offsets_of_mean
from simulator.statistics.moments import Counts, Floats, Moments, total
from simulator.statistics.polynomial import Influence
from simulator.statistics.ranks import Ranked, rank_of
from simulator.statistics.weights import SUMMED, Masses, group_masses, required

GROUPS = 16
"""Interleaved groups that Monte Carlo trials are sorted in; independent, so they also serve as batches."""

POINTS_PER_REPLICATE = 64
"""Below this many points a replicate, replicates give no interval."""

FEWEST = 30
"""Below this many trials a mean has no interval, and what never varied may yet vary."""

FEW_EFFECTIVE = 400
"""Below this many effective trials, intervals of weighted trials may fall short."""

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
    weights : array, shape (trials,), optional
        From 0: how often each trial counts. The value of a trial that has none is never read.

    Raises
    ------
    ValueError
        If there are no trials, fewer than two replicates, or weights that cannot be.
    """

    values: Floats
    replicates: int | None = None
    weights: Floats | None = None

    def __post_init__(self) -> None:
        values = np.ascontiguousarray(self.values, dtype=np.float64)
        if values.ndim != 1 or values.size == 0:
            raise ValueError(f"`Sample(values=...)` must have shape (trials,), trials >= 1, got {values.shape}")
        if self.replicates is not None and self.replicates < 2:
            raise ValueError(f"`Sample(replicates=...)` must be at least 2, or None, got {self.replicates}")
        if self.weights is not None:
            weights = required(self.weights, values)
            object.__setattr__(self, "weights", weights)
            values = values if weights.all() else np.where(weights > 0.0, values, values[np.argmax(weights)])
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
    def effective(self) -> float:
        """How many trials of equal weight know a mean as well: all of them without weights."""
        return float(self.trials) if self._relative is None else self.trials**2 / total(self._relative**2)

    @cached_property
    def _relative(self) -> Floats | None:
        return None if self.weights is None else self.weights / (total(self.weights) / self.trials)

    @cached_property
    def square_weight(self) -> float:
        """Mean square of the weights."""
        return 1.0 if self.weights is None else total(self.weights**2) / self.trials

    def weigh(self, terms: Floats) -> Floats:
        """Return `terms`, shape (trials,), times the weights, whose mean counts as 1."""
        return terms if self._relative is None else terms * self._relative

    def average(self, terms: Floats) -> float:
        """Return the mean of `terms`, shape (trials,), with the weights."""
        return total(self.weigh(terms)) / self.trials

    def share(self, holds: NDArray[np.bool_]) -> float:
        """Return the share of the trials for which `holds`, shape (trials,), is true."""
        if self._relative is None or holds.all():
            return float(np.count_nonzero(holds)) / self.trials
        return self.average(holds.astype(np.float64))

    def hits(self, holds: NDArray[np.bool_]) -> Counts | Floats:
        """Return the weight of the trials of each group for which `holds`, shape (trials,), is true."""
        return group_masses(self.weights, holds, self.groups)

    @cached_property
    def moments(self) -> Moments | None:
        """Moments of the values; None when a trial is never, undefined or infinite."""
        if not np.isfinite(self.values).all():
            return None
        if self.weights is None:
            return Moments().add(self.values)
        origin = float(self.values[0])
        offset = self.average(self.values - origin)
        d = self.values - origin - offset
        square = d * d
        second, third, fourth = (self.trials * self.average(terms) for terms in (square, square * d, square * square))
        return Moments(self.trials, origin, offset, second, third, fourth)

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
        if self.weights is not None:
            return self.quantile_among(terms, p)
        few = np.sort(terms[:: max(1, self.trials // FEW_TERMS) | 1])
        return float(few[rank_of(few.size, p) - 1])

    def quantile_among(self, terms: Floats, p: float) -> float:
        """Return the `p`-quantile of `terms`, shape (trials,), which stand for the values."""
        return Sample(terms, None, self.weights).quantile(p)

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
        """Whether replicates are too short, or weights too uneven, to give an interval."""
        short = self.replicates is not None and self.trials < POINTS_PER_REPLICATE * self.replicates
        return short or (self.weights is not None and self.effective < FEWEST)

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

    @cached_property
    def _masses(self) -> Masses | None:
        return None if self.weights is None else Masses.of(self.values, self.weights, self.sizes.tolist())

    def masses(self, counts: Counts) -> Counts | Floats:
        """Return the weight of so many of the first trials of each group, both of shape (groups, points).

        Without weights these are the counts themselves.
        """
        return counts if self._masses is None else self._masses.masses(counts)

    def squares(self, counts: Counts) -> Counts | Floats:
        """Return the sum of the squares of their weights over all groups, shape (points,)."""
        return np.asarray(counts.sum(axis=0)) if self._masses is None else self._masses.squares(counts)

    @cached_property
    def mass(self) -> Counts | Floats:
        """Weight of the defined trials of each group, shape (groups,)."""
        return self.masses(self.sizes[:, None])[:, 0]

    def known_at(self, x: float, p: float) -> float:
        """Return how many trials of equal weight know as well that a share `p` of the defined ones lies up to `x`."""
        if self.weights is None or not 0.0 < p < 1.0:
            return self.defined * (self.effective / self.trials)
        counts = self.counts([x])
        below = float(self.squares(counts)[0])
        above = float(self.squares(self.sizes[:, None])[0]) - below
        return p * (1.0 - p) * float(self.mass.sum()) ** 2 / (below * (1.0 - p) ** 2 + above * p**2)

    def part(self, group: int, groups: int) -> Sample | None:
        """Return every `groups`-th trial from `group` on, independent of one another; None if none counts."""
        values, weights = self.values[group::groups], None
        if self.weights is not None:
            weights = self.weights[group::groups]
            values = values[: values.size * bool(weights.any())]
        return Sample(values, None, weights) if values.size else None

    def estimate(
        self, value: float | None, low: float | None, high: float | None, method: str = "", warning: str = ""
    ) -> Estimate:
        """Return an estimate with the shares of this sample; "never" becomes None."""
        value, low, high = (None if end is None or end == math.inf else end for end in (value, low, high))
        effective = None if self.weights is None else self.effective
        if effective is not None and effective < FEW_EFFECTIVE:
            few = f"only {effective:,.0f} effective trials: the error may be understated"
            warning = "; ".join(filter(None, [warning, few]))
        return Estimate(
            value,
            low,
            high,
            never=self.never,
            undefined=self.undefined,
            method=method,
            warning=warning,
            trials=self.trials,
            effective=effective,
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
        needed = rank_of(self.defined, p) if self.weights is None else p * float(self.mass.sum())
        found = self.reaching(needed)
        return math.nan if found is None else found

    def reaching(self, mass: float) -> float | None:
        """Return the smallest value up to which trials of so much weight lie; without weights, so many trials."""
        needed = mass if self.weights is None else mass * (1.0 - SUMMED)
        return self.smallest(lambda counts: self.masses(counts).sum(axis=0) >= needed)

    def quantile_of(self, group: int, p: float) -> float:
        """Return that of one of the groups; NaN if it holds no defined trial."""
        size = int(self.sizes[group])
        if not size:
            return math.nan
        rank = rank_of(size, p) if self._masses is None else self._masses.rank(group, p)
        return self._ranked.at(group, rank) if rank else math.nan
