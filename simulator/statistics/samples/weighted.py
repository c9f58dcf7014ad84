"""Trials of one measure that count by weight.

A trial counts as often as its weight says. Every statistic is then a ratio of weighted sums, and its error that of
its influences [1]_. The number of trials of equal weight that would give a mean the same error follows from the weights
alone [2]_; for a share it follows from the weights on either side of it.

References
----------
.. [1] Hesterberg (1995), Weighted average importance sampling and defensive mixture distributions, Technometrics
   37(2), 185-194, doi:10.1080/00401706.1995.10484303
.. [2] Kish (1965), Survey Sampling, Wiley, section 11.7
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payback.simulator.statistics.estimate import Estimate
from payback.simulator.statistics.leaf_moments import Counts, Floats, Moments, total
from payback.simulator.statistics.mean_interval import offsets_of_mean
from payback.simulator.statistics.polynomial import Influence
from payback.simulator.statistics.samples.cell_order import Ranked
from payback.simulator.statistics.samples.replicates import FEW_EFFECTIVE, FEWEST, groups_of, too_short
from payback.simulator.statistics.samples.sample_protocol import checked_values, estimate_of
from payback.simulator.statistics.samples.weight_sums import SUMMED, Masses


@final
@dataclass(frozen=True, eq=False)
class WeightedSample:
    """Values of one measure, one a trial, and how often each counts.

    Parameters
    ----------
    values : array, shape (trials,)
        ``+inf`` is "never", NaN is "undefined in this trial".
    replicates : int or None
        None for Monte Carlo: trials are independent. Otherwise trial `i` belongs to replicate
        ``i % replicates``, and replicates are independent of one another.
    weights : array, shape (trials,)
        From 0. The value of a trial that has none is never read.

    Raises
    ------
    ValueError
        If there are no trials, or fewer than two replicates; or if weights are not as many, one is negative or not
        finite, or all are 0.

    Examples
    --------
    The median of 1, 2 and 3 where 3 counts twice; in precision, 4 units of weight of 1, 1 and 2 are worth
    16 / 6 trials.

    >>> sample = WeightedSample(np.array([1.0, 2.0, 3.0]), weights=np.array([1.0, 1.0, 2.0]))
    >>> sample.quantile(0.5), sample.quantile(0.51), round(sample.effective, 3)
    (2.0, 3.0, 2.667)
    """

    values: Floats
    replicates: int | None = None
    weights: Floats = field(kw_only=True)

    def __post_init__(self) -> None:
        values = checked_values(self.values, self.replicates, "WeightedSample")
        weights = np.ascontiguousarray(self.weights, dtype=np.float64)
        if weights.shape != values.shape:
            wrong = f"must have the shape of the values, {values.shape}, got {weights.shape}"
            raise ValueError(f"`WeightedSample(weights=...)` {wrong}")
        if not (np.isfinite(weights).all() and (weights >= 0.0).all() and weights.any()):
            raise ValueError("`WeightedSample(weights=...)` must be finite, 0 or more, and not all 0")
        if not weights.all():
            values = np.where(weights > 0.0, values, values[np.argmax(weights)])
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "values", values)

    @property
    def by_trial(self) -> bool:
        """True, see `Sample.by_trial`."""
        return True

    @property
    def trials(self) -> int:
        """See `Sample.trials`."""
        return int(self.values.size)

    @cached_property
    def _relative(self) -> Floats:
        """Weights over their mean, shape (trials,)."""
        return self.weights / (total(self.weights) / self.trials)

    @cached_property
    def effective(self) -> float:
        """See `Sample.effective`: ``sum(w)**2 / sum(w**2)``."""
        return self.trials**2 / total(self._relative**2)

    @cached_property
    def square_weight(self) -> float:
        """See `Sample.square_weight`."""
        return total(self.weights**2) / self.trials

    def weigh(self, terms: Floats) -> Floats:
        """See `Sample.weigh`."""
        return terms * self._relative

    def average(self, terms: Floats) -> float:
        """See `Sample.average`."""
        return total(self.weigh(terms)) / self.trials

    def share(self, holds: NDArray[np.bool_]) -> float:
        """See `Sample.share`."""
        return 1.0 if holds.all() else self.average(holds.astype(np.float64))

    def hits(self, holds: NDArray[np.bool_]) -> Floats:
        """See `Sample.hits`."""
        groups = [slice(group, None, self.groups) for group in range(self.groups)]
        return np.array([np.sum(self.weights[group], where=holds[group]) for group in groups])

    def squared(self, holds: NDArray[np.bool_]) -> float:
        """See `Sample.squared`."""
        return total(np.where(holds, self.weights * self.weights, 0.0))

    @cached_property
    def moments(self) -> Moments | None:
        """See `Sample.moments`."""
        if not np.isfinite(self.values).all():
            return None
        origin = float(self.values[0])
        offset = self.average(self.values - origin)
        d = self.values - origin - offset
        square = d * d
        second, third, fourth = (self.trials * self.average(terms) for terms in (square, square * d, square * square))
        return Moments(self.trials, origin, offset, second, third, fourth)

    def offsets(self, influence: Influence) -> tuple[float, float]:
        """See `Sample.offsets`."""
        return offsets_of_mean(self.terms(influence), self.replicates)

    def terms(self, influence: Influence) -> Floats:
        """See `Sample.terms`."""
        return self.weigh(influence(self.values))

    def carried_by(self, influence: Influence) -> float:
        """See `Sample.carried_by`."""
        squares = self.terms(influence) ** 2
        fourth = total(squares * squares)
        return total(squares) ** 2 / fourth if fourth > 0.0 else math.inf

    def excess(self, edge: float, sign: float) -> float:
        """See `Sample.excess`."""
        return self.average(np.maximum(sign * (self.values - edge), 0.0))

    def near(self, terms: Floats, p: float) -> float:
        """See `Sample.near`."""
        return self.quantile_among(terms, p)

    def quantile_among(self, terms: Floats, p: float) -> float:
        """See `Sample.quantile_among`."""
        return WeightedSample(terms, weights=self.weights).quantile(p)

    @cached_property
    def undefined(self) -> float:
        """See `Sample.undefined`."""
        return self.share(np.isnan(self.values))

    @cached_property
    def never(self) -> float:
        """See `Sample.never`."""
        return self.share(self.values == np.inf)

    @property
    def too_few(self) -> bool:
        """See `Sample.too_few`."""
        return too_short(self.trials, self.replicates) or self.effective < FEWEST

    @cached_property
    def constant(self) -> bool:
        """See `Sample.constant`."""
        return self.effective >= FEWEST and bool(np.all(self.values == self.values[0]))

    @cached_property
    def percentiles(self) -> dict[float, Estimate]:
        """See `Sample.percentiles`."""
        return {}

    @property
    def groups(self) -> int:
        """See `Sample.groups`."""
        return groups_of(self.trials, self.replicates)

    @cached_property
    def _ranked(self) -> Ranked:
        return Ranked.of(self.values, self.groups)

    @cached_property
    def _masses(self) -> Masses:
        return Masses.of(self.values, self.weights, self._ranked.sizes.tolist())

    @cached_property
    def mass(self) -> Floats:
        """Weight of the defined trials of each group, see `Sample.mass`."""
        return self.masses(self._ranked.sizes[:, None])[:, 0]

    @property
    def defined(self) -> int:
        """See `Sample.defined`."""
        return int(self._ranked.sizes.sum())

    @property
    def range(self) -> tuple[float, float]:
        """See `Sample.range`."""
        return self._ranked.range

    def masses(self, counts: Counts) -> Floats:
        """See `Sample.masses`."""
        return self._masses.masses(counts)

    def squares(self, counts: Counts) -> Floats:
        """See `Sample.squares`."""
        return self._masses.squares(counts)

    def known_at(self, x: float, p: float) -> float:
        """See `Sample.known_at`."""
        if not 0.0 < p < 1.0:
            return self.defined * (self.effective / self.trials)
        below = float(self.squares(self.counts([x]))[0])
        above = float(self.squares(self._ranked.sizes[:, None])[0]) - below
        return p * (1.0 - p) * float(self.mass.sum()) ** 2 / (below * (1.0 - p) ** 2 + above * p**2)

    def part(self, group: int, groups: int) -> WeightedSample | None:
        """See `Sample.part`."""
        values, weights = self.values[group::groups], self.weights[group::groups]
        return WeightedSample(values, weights=weights) if weights.any() else None

    def estimate(
        self, value: float | None, low: float | None, high: float | None, method: str = "", warning: str = ""
    ) -> Estimate:
        """See `Sample.estimate`; it states the effective trials, and warns where they are few."""
        if self.effective < FEW_EFFECTIVE:
            few = f"only {self.effective:,.0f} effective trials: the error may be understated"
            warning = "; ".join(filter(None, [warning, few]))
        return replace(estimate_of(self, value, low, high, method, warning), effective=self.effective)

    def counts(self, points: ArrayLike) -> Counts:
        """See `Sample.counts`."""
        return self._ranked.counts(points)

    def smallest(self, reached: Callable[[Counts], NDArray[np.bool_]]) -> float | None:
        """See `Sample.smallest`."""
        return self._ranked.smallest(reached)

    def quantile(self, p: float) -> float:
        """See `Sample.quantile`."""
        value = self.reaching(p * float(self.mass.sum()))
        return math.nan if value is None else value

    def reaching(self, mass: float) -> float | None:
        """See `Sample.reaching`; to the rounding of sums of weights."""
        enough = mass * (1.0 - SUMMED)
        return self.smallest(lambda counts: np.asarray(self.masses(counts).sum(axis=0) >= enough))

    def quantile_of(self, group: int, p: float) -> float:
        """See `Sample.quantile_of`."""
        rank = self._masses.rank(group, p) if self._ranked.sizes[group] else 0
        return self._ranked.at(group, rank) if rank else math.nan
