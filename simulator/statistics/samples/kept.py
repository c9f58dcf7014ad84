"""Trials of one measure whose values are kept; they are sorted once for all statistics."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payback.simulator.statistics.estimate import Estimate
from payback.simulator.statistics.leaf_moments import Counts, Floats, Moments, total
from payback.simulator.statistics.mean_interval import offsets_of_mean
from payback.simulator.statistics.polynomial import Influence
from payback.simulator.statistics.samples.cell_order import Ranked, rank_of
from payback.simulator.statistics.samples.replicates import FEWEST, groups_of, too_short
from payback.simulator.statistics.samples.sample_protocol import checked_values, estimate_of

FEW_TERMS = 4096
"""Trials from which a quantile is known well enough where an error in it has no first-order effect."""


@final
@dataclass(frozen=True, eq=False)
class KeptSample:
    """Values of one measure, one a trial, that all count alike.

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

    Examples
    --------
    >>> sample = KeptSample(np.array([3.0, 1.0, 2.0, np.inf]))
    >>> sample.trials, sample.never, sample.quantile(0.5)
    (4, 0.25, 2.0)
    """

    values: Floats
    replicates: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", checked_values(self.values, self.replicates, "KeptSample"))

    @property
    def weights(self) -> None:
        """None: all trials count alike."""
        return None

    @property
    def by_trial(self) -> bool:
        """True, see `Sample.by_trial`."""
        return True

    @property
    def trials(self) -> int:
        """See `Sample.trials`."""
        return int(self.values.size)

    @property
    def effective(self) -> float:
        """All trials, see `Sample.effective`."""
        return float(self.trials)

    @property
    def square_weight(self) -> float:
        """1, see `Sample.square_weight`."""
        return 1.0

    def weigh(self, terms: Floats) -> Floats:
        """Return `terms` as they are, see `Sample.weigh`."""
        return terms

    def average(self, terms: Floats) -> float:
        """See `Sample.average`."""
        return total(terms) / self.trials

    def share(self, holds: NDArray[np.bool_]) -> float:
        """See `Sample.share`."""
        return float(np.count_nonzero(holds)) / self.trials

    def hits(self, holds: NDArray[np.bool_]) -> Counts:
        """See `Sample.hits`."""
        return np.array([np.count_nonzero(holds[group :: self.groups]) for group in range(self.groups)])

    def squared(self, holds: NDArray[np.bool_]) -> float:
        """See `Sample.squared`."""
        return float(np.count_nonzero(holds))

    @cached_property
    def moments(self) -> Moments | None:
        """See `Sample.moments`."""
        if not np.isfinite(self.values).all():
            return None
        return Moments().add(self.values)

    def offsets(self, influence: Influence) -> tuple[float, float]:
        """See `Sample.offsets`."""
        return offsets_of_mean(self.terms(influence), self.replicates)

    def terms(self, influence: Influence) -> Floats:
        """See `Sample.terms`."""
        return influence(self.values)

    def carried_by(self, influence: Influence) -> float:
        """See `Sample.carried_by`."""
        squares = self.terms(influence) ** 2
        fourth = total(squares * squares)
        return total(squares) ** 2 / fourth if fourth > 0.0 else math.inf

    def excess(self, edge: float, sign: float) -> float:
        """See `Sample.excess`."""
        return self.average(np.maximum(sign * (self.values - edge), 0.0))

    def near(self, terms: Floats, p: float) -> float:
        """See `Sample.near`: the quantile of every so many trials, about `FEW_TERMS` of them."""
        few = np.sort(terms[:: max(1, self.trials // FEW_TERMS) | 1])
        return float(few[rank_of(few.size, p) - 1])

    def quantile_among(self, terms: Floats, p: float) -> float:
        """See `Sample.quantile_among`."""
        return KeptSample(terms).quantile(p)

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
        return too_short(self.trials, self.replicates)

    @cached_property
    def constant(self) -> bool:
        """See `Sample.constant`."""
        return self.trials >= FEWEST and bool(np.all(self.values == self.values[0]))

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

    @property
    def mass(self) -> Counts:
        """Number of defined trials of each group, see `Sample.mass`."""
        return self._ranked.sizes

    @property
    def defined(self) -> int:
        """See `Sample.defined`."""
        return int(self._ranked.sizes.sum())

    @property
    def range(self) -> tuple[float, float]:
        """See `Sample.range`."""
        return self._ranked.range

    def masses(self, counts: Counts) -> Counts:
        """Return `counts` as they are, see `Sample.masses`."""
        return counts

    def squares(self, counts: Counts) -> Counts:
        """See `Sample.squares`."""
        return np.asarray(counts.sum(axis=0))

    def known_at(self, x: float, p: float) -> float:
        """All defined trials, see `Sample.known_at`."""
        return float(self.defined)

    def part(self, group: int, groups: int) -> KeptSample | None:
        """See `Sample.part`."""
        values = self.values[group::groups]
        return KeptSample(values) if values.size else None

    def estimate(
        self, value: float | None, low: float | None, high: float | None, method: str = "", warning: str = ""
    ) -> Estimate:
        """See `Sample.estimate`."""
        return estimate_of(self, value, low, high, method, warning)

    def counts(self, points: ArrayLike) -> Counts:
        """See `Sample.counts`."""
        return self._ranked.counts(points)

    def smallest(self, reached: Callable[[Counts], NDArray[np.bool_]]) -> float | None:
        """See `Sample.smallest`."""
        return self._ranked.smallest(reached)

    def quantile(self, p: float) -> float:
        """See `Sample.quantile`."""
        value = self.reaching(rank_of(self.defined, p))
        return math.nan if value is None else value

    def reaching(self, mass: float) -> float | None:
        """See `Sample.reaching`."""
        return self.smallest(lambda counts: np.asarray(counts.sum(axis=0) >= mass))

    def quantile_of(self, group: int, p: float) -> float:
        """See `Sample.quantile_of`."""
        size = int(self._ranked.sizes[group])
        return self._ranked.at(group, rank_of(size, p)) if size else math.nan
