"""Trials that do not all count alike.

A trial counts as often as its weight says. Every statistic is then a ratio of weighted sums, and its error that of
its influences [1]_. How many trials of equal weight would know a mean as well is told by the weights alone [2]_,
and of a share by the weights on either side of it.

References
----------
.. [1] Hesterberg (1995), Weighted average importance sampling and defensive mixture distributions, Technometrics
   37(2), 185-194, doi:10.1080/00401706.1995.10484303
.. [2] Kish (1965), Survey Sampling, Wiley, section 11.7
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from payback.simulator.statistics.estimate import Estimate
from payback.simulator.statistics.leaf_moments import Counts, Floats, Moments, total
from payback.simulator.statistics.samples.kept import FEWEST, Sample
from payback.simulator.statistics.samples.weight_sums import SUMMED, Masses

FEW_EFFECTIVE = 400
"""Below this many effective trials, intervals may fall short."""


@dataclass(frozen=True, eq=False)
class Weighted(Sample):
    """Values of one measure, one a trial, and how often each counts.

    Parameters
    ----------
    values : array, shape (trials,)
    replicates : int or None
        As of `Sample`.
    weights : array, shape (trials,)
        From 0. The value of a trial that has none is never read.

    Raises
    ------
    ValueError
        As of `Sample`; or if weights are not as many, one is negative or not finite, or all are 0.
    """

    weights: Floats = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        values, weights = self.values, np.ascontiguousarray(self.weights, dtype=np.float64)
        if weights.shape != values.shape:
            wrong = f"must have the shape of the values, {values.shape}, got {weights.shape}"
            raise ValueError(f"`Weighted(weights=...)` {wrong}")
        if not (np.isfinite(weights).all() and (weights >= 0.0).all() and weights.any()):
            raise ValueError("`Weighted(weights=...)` must be finite, 0 or more, and not all 0")
        object.__setattr__(self, "weights", weights)
        if not weights.all():
            object.__setattr__(self, "values", np.where(weights > 0.0, values, values[np.argmax(weights)]))

    @cached_property
    def _relative(self) -> Floats:
        return self.weights / (total(self.weights) / self.trials)

    @cached_property
    def effective(self) -> float:
        """See `Sample.effective`."""
        return self.trials**2 / total(self._relative**2)

    @cached_property
    def square_weight(self) -> float:
        """See `Sample.square_weight`."""
        return total(self.weights**2) / self.trials

    def weigh(self, terms: Floats) -> Floats:
        """See `Sample.weigh`."""
        return terms * self._relative

    def share(self, holds: NDArray[np.bool_]) -> float:
        """See `Sample.share`."""
        return 1.0 if holds.all() else self.average(holds.astype(np.float64))

    def hits(self, holds: NDArray[np.bool_]) -> Floats:
        """See `Sample.hits`."""
        parts = [slice(group, None, self.groups) for group in range(self.groups)]
        return np.array([np.sum(self.weights[part], where=holds[part]) for part in parts])

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

    def near(self, terms: Floats, p: float) -> float:
        """See `Sample.near`."""
        return self.quantile_among(terms, p)

    def quantile_among(self, terms: Floats, p: float) -> float:
        """See `Sample.quantile_among`."""
        return Weighted(terms, weights=self.weights).quantile(p)

    @property
    def too_few(self) -> bool:
        """Whether replicates are too short, or weights too uneven, to give an interval."""
        return super().too_few or self.effective < FEWEST

    @cached_property
    def _masses(self) -> Masses:
        return Masses.of(self.values, self.weights, self.sizes.tolist())

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
        counts = self.counts([x])
        below = float(self.squares(counts)[0])
        above = float(self.squares(self.sizes[:, None])[0]) - below
        return p * (1.0 - p) * float(self.mass.sum()) ** 2 / (below * (1.0 - p) ** 2 + above * p**2)

    def part(self, group: int, groups: int) -> Weighted | None:
        """See `Sample.part`."""
        values, weights = self.values[group::groups], self.weights[group::groups]
        return Weighted(values, weights=weights) if weights.any() else None

    def estimate(
        self, value: float | None, low: float | None, high: float | None, method: str = "", warning: str = ""
    ) -> Estimate:
        """See `Sample.estimate`."""
        if self.effective < FEW_EFFECTIVE:
            few = f"only {self.effective:,.0f} effective trials: the error may be understated"
            warning = "; ".join(filter(None, [warning, few]))
        return replace(super().estimate(value, low, high, method, warning), effective=self.effective)

    def quantile(self, p: float) -> float:
        """See `Sample.quantile`."""
        found = self.reaching(p * float(self.mass.sum()))
        return math.nan if found is None else found

    def reaching(self, mass: float) -> float | None:
        """See `Sample.reaching`."""
        return super().reaching(mass * (1.0 - SUMMED))

    def _rank(self, group: int, p: float) -> int:
        return self._masses.rank(group, p) if self.sizes[group] else 0
