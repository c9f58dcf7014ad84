"""Trials of one measure that were counted by cell, not kept: memory does not grow with them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payback.simulator.statistics.estimate import Estimate
from payback.simulator.statistics.leaf_moments import Counts, Floats, Moments
from payback.simulator.statistics.mean_interval import FURTHEST, offsets_of_moments, offsets_of_replicates
from payback.simulator.statistics.polynomial import HIGHEST, Influence, Polynomial
from payback.simulator.statistics.samples.cell_order import first_step, rank_of
from payback.simulator.statistics.samples.power_sums import Sums
from payback.simulator.statistics.samples.replicates import too_short
from payback.simulator.statistics.samples.sample_protocol import checked_values, estimate_of
from payback.simulator.statistics.samples.tally import Tally

FRACTIONS = np.arange(1, 65) / 64
"""Fractions of a cell that are tried at once in a search inside it."""

ROUNDS = 5
"""Searches inside a cell, each 64 times as fine."""


@final
@dataclass(frozen=True, eq=False)
class CountedSample:
    """Values of one measure by cell, in the order of the values; "never" and undefined come last.

    Inside a cell trials are taken to lie evenly between its ends; a cell whose ends are equal is an atom, and exact.

    Parameters
    ----------
    values : array, shape (cells,)
        The mean of each cell.
    replicates : int or None
        None for Monte Carlo: trials are independent. Otherwise groups are replicates, independent of one another.
    lows, highs : array, shape (cells,)
        Ends of each cell.
    held : array, shape (cells, groups)
        Number of trials of each group in each cell.
    known : tuple of Moments or None
        Moments of the values of each group, None unless all of them are finite; empty if they are not known.

    Examples
    --------
    Four zeros and twelve ones, counted in 2 groups; what is counted exactly has exact quantiles and shares:

    >>> from payback.simulator.statistics import Grid
    >>> x = np.array([0.0, 1.0, 1.0, 1.0] * 4)
    >>> tally = Tally(Grid.of(x), groups=2)
    >>> tally.add(0, x)
    >>> sample = CountedSample.of_tally(tally, None, Sums())
    >>> sample.trials, sample.quantile(0.25), sample.quantile(0.26), sample.share(sample.values > 0.5)
    (16, 0.0, 1.0, 0.75)
    """

    values: Floats
    replicates: int | None = None
    lows: Floats = field(kw_only=True)
    highs: Floats = field(kw_only=True)
    held: Counts = field(kw_only=True)
    known: tuple[Moments | None, ...] = field(kw_only=True, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", checked_values(self.values, self.replicates, "CountedSample"))

    @classmethod
    def of_tally(cls, tally: Tally, replicates: int | None, sums: Sums) -> CountedSample:
        """Return the sample of counted trials.

        Parameters
        ----------
        tally : Tally
            The counts by cell and group.
        replicates : int or None
            See `Sample`.
        sums : Sums
            Sums of powers over the same trials; empty if moments are not wanted.
        """
        occupied = tally.counts.any(axis=1)
        lows, highs = tally.grid.bounds()
        lows = np.where(tally.grid.tracked, tally.lows, lows)[occupied]
        highs = np.where(tally.grid.tracked, tally.highs, highs)[occupied]
        held = np.vstack([tally.counts[occupied], tally.never, tally.undefined])
        lows, highs = np.append(lows, [np.inf, np.nan]), np.append(highs, [np.inf, np.nan])
        means = np.append(tally.grid.means(tally.counts.sum(axis=1), tally.places)[occupied], [np.nan, np.nan])
        values = np.where(np.isnan(means), lows / 2.0 + highs / 2.0, np.clip(means, lows, highs))
        used = held.any(axis=1)
        lows, highs, held, values = lows[used], highs[used], held[used], values[used]
        moments = sums.moments(tally.grid, held.sum(axis=0))
        return cls(values, replicates, lows=lows, highs=highs, held=held, known=moments)

    @property
    def weights(self) -> None:
        """None: all trials count alike."""
        return None

    @property
    def by_trial(self) -> bool:
        """False, see `Sample.by_trial`."""
        return False

    @property
    def trials(self) -> int:
        """See `Sample.trials`."""
        return int(self._pooled.sum())

    @property
    def effective(self) -> float:
        """See `Sample.effective`."""
        return float(self.trials)

    @property
    def square_weight(self) -> float:
        """1, see `Sample.square_weight`."""
        return 1.0

    def weigh(self, terms: Floats) -> Floats:
        """Return `terms` as they are, see `Sample.weigh`."""
        return terms

    @cached_property
    def percentiles(self) -> dict[float, Estimate]:
        """See `Sample.percentiles`."""
        return {}

    @property
    def groups(self) -> int:
        """See `Sample.groups`."""
        return int(self.held.shape[1])

    @property
    def _pooled(self) -> Counts:
        return np.asarray(self.held.sum(axis=1))

    @property
    def _defined(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.highs)

    def average(self, terms: Floats) -> float:
        """See `Sample.average`; `terms` has shape (cells,)."""
        return float(self._pooled @ terms) / self.trials

    def excess(self, edge: float, sign: float) -> float:
        """See `Sample.excess`."""
        beyond = np.maximum(sign * (self.values - edge), 0.0)
        finite = np.isfinite(self.lows) & np.isfinite(self.highs)
        split = finite & (self.lows < edge) & (edge < self.highs)
        lows, highs = self.lows[split], self.highs[split]
        beyond[split] = ((highs if sign > 0.0 else lows) - edge) ** 2 / (2.0 * (highs - lows))
        return self.average(beyond)

    def share(self, holds: NDArray[np.bool_]) -> float:
        """See `Sample.share`; `holds` has shape (cells,)."""
        return float(self._pooled[holds].sum()) / self.trials

    def squared(self, holds: NDArray[np.bool_]) -> float:
        """See `Sample.squared`; `holds` has shape (cells,)."""
        return float(self._pooled[holds].sum())

    def hits(self, holds: NDArray[np.bool_]) -> Counts:
        """See `Sample.hits`; `holds` has shape (cells,)."""
        return np.asarray(self.held[holds].sum(axis=0))

    def near(self, terms: Floats, p: float) -> float:
        """See `Sample.near`; `terms` has shape (cells,)."""
        return self.quantile_among(terms, p)

    def quantile_among(self, terms: Floats, p: float) -> float:
        """See `Sample.quantile_among`; `terms` has shape (cells,)."""
        order = np.argsort(terms)
        upto = np.cumsum(self._pooled[order])
        return float(terms[order[np.searchsorted(upto, rank_of(int(upto[-1]), p))]])

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

    @property
    def constant(self) -> bool:
        """See `Sample.constant`."""
        return bool(self.lows[0] == self.highs[-1])

    @cached_property
    def mass(self) -> Counts:
        """Number of defined trials of each group, see `Sample.mass`."""
        return np.asarray(self.held[self._defined].sum(axis=0))

    @property
    def defined(self) -> int:
        """See `Sample.defined`."""
        return int(self.mass.sum())

    def masses(self, counts: Counts) -> Counts:
        """Return `counts` as they are, see `Sample.masses`."""
        return counts

    def squares(self, counts: Counts) -> Counts:
        """See `Sample.squares`."""
        return np.asarray(counts.sum(axis=0))

    def known_at(self, x: float, p: float) -> float:
        """All defined trials, see `Sample.known_at`."""
        return float(self.defined)

    @property
    def range(self) -> tuple[float, float]:
        """See `Sample.range`."""
        return float(self.lows[self._defined][0]), float(self.highs[self._defined][-1])

    @property
    def moments(self) -> Moments | None:
        """See `Sample.moments`."""
        merged = Moments()
        for of_group in self.known:
            if of_group is None:
                return None
            merged = merged.merge(of_group)
        return merged if self.known else None

    def offsets(self, influence: Influence) -> tuple[float, float]:
        """See `Sample.offsets`; but for polynomials, what varies inside cells counts as error of a replicate."""
        if self.replicates is None:
            second, third = (self._mean_of_power(influence, power) for power in (2, 3))
            return offsets_of_moments(self.trials, second, third, None)
        by_cell = influence(self.values)
        tails = (
            np.sort(-influence(self._outermost(-by_cell)))[-FURTHEST:],
            np.sort(influence(self._outermost(by_cell)))[-FURTHEST:],
        )
        return offsets_of_replicates(self.terms(influence), tails, self.trials)

    def _outermost(self, by_cell: Floats) -> Floats:
        """Return the values of the trials in the cells with the largest `by_cell`, taken to lie evenly in each."""
        order = np.argsort(by_cell)[::-1][:FURTHEST]
        held = np.minimum(self._pooled[order], FURTHEST)
        lows, highs, values = self.lows[order], self.highs[order], self.values[order]
        even = np.isfinite(lows) & np.isfinite(highs) & (held > 1)
        start = np.where(even, lows, values)
        width = np.where(even, highs, 0.0) - np.where(even, lows, 0.0)
        rank = np.arange(int(held.sum())) - np.repeat(np.cumsum(held) - held, held)
        spread: Floats = np.repeat(width / np.maximum(held - 1, 1), held) * rank
        return np.repeat(start, held) + spread

    def terms(self, influence: Influence) -> Floats:
        """See `Sample.terms`: of each group."""
        if isinstance(influence, Polynomial) and self.known:
            sums = np.array([m.count * influence.mean(m) if m.count else 0 for m in self.known if m is not None])
        else:
            sums = influence(self.values) @ self.held
        return sums * (self.groups / self.trials)

    def carried_by(self, influence: Influence) -> float:
        """See `Sample.carried_by`."""
        squares = influence(self.values) ** 2
        fourth = self.average(squares * squares)
        return self.trials * self.average(squares) ** 2 / fourth if fourth > 0.0 else math.inf

    def _mean_of_power(self, influence: Influence, power: int) -> float:
        moments = self.moments
        if moments and isinstance(influence, Polynomial) and influence.degree * power <= HIGHEST:
            return (influence**power).mean(moments)
        return self.average(influence(self.values) ** power)

    def counts(self, points: ArrayLike) -> Counts:
        """See `Sample.counts`; not whole inside a cell."""
        x = np.asarray(points, dtype=np.float64)
        lows, highs, held = self.lows[self._defined], self.highs[self._defined], self.held[self._defined]
        if not highs.size:
            return np.zeros((self.groups, x.size), dtype=np.int64)
        upto = np.vstack([np.zeros(self.groups), np.cumsum(held, axis=0)])
        whole = np.searchsorted(highs, x, side="right")
        cell = np.minimum(whole, highs.size - 1)
        inside = (whole < highs.size) & (x > lows[cell]) & np.isfinite(highs[cell])
        with np.errstate(invalid="ignore", divide="ignore"):
            fraction = np.where(inside, (x - lows[cell]) / (highs[cell] - lows[cell]), 0.0)
        counts: Counts = (upto[whole] + fraction[:, None] * held[cell]).T
        return counts

    def smallest(self, reached: Callable[[Counts], NDArray[np.bool_]]) -> float | None:
        """See `Sample.smallest`; inside a cell to a billionth of its width."""
        lows, highs, held = self.lows[self._defined], self.highs[self._defined], self.held[self._defined]
        upto = np.cumsum(held, axis=0)
        cell = first_step(reached, upto.T)
        if cell is None:
            return None
        low, high = float(lows[cell]), float(highs[cell])
        if low == high:
            return high
        before, width, fraction = upto[cell] - held[cell], 1.0, 0.0
        for _ in range(ROUNDS):
            tried = fraction + width * FRACTIONS
            inside = np.flatnonzero(reached(before[:, None] + np.outer(held[cell], tried)))
            width /= FRACTIONS.size
            fraction += width * float(inside[0] if inside.size else FRACTIONS.size - 1)
        return low + (fraction + width) * (high - low)

    def quantile(self, p: float) -> float:
        """See `Sample.quantile`."""
        value = self.reaching(rank_of(self.defined, p))
        return math.nan if value is None else value

    def reaching(self, mass: float) -> float | None:
        """See `Sample.reaching`."""
        return self.smallest(lambda counts: np.asarray(counts.sum(axis=0) >= mass))

    def quantile_of(self, group: int, p: float) -> float:
        """See `Sample.quantile_of`."""
        trials = self.part(group, self.groups)
        return math.nan if trials is None or not trials.defined else trials.quantile(p)

    def estimate(
        self, value: float | None, low: float | None, high: float | None, method: str = "", warning: str = ""
    ) -> Estimate:
        """See `Sample.estimate`."""
        return estimate_of(self, value, low, high, method, warning)

    def part(self, group: int, groups: int) -> CountedSample | None:
        """See `Sample.part`; `groups` are as many as were counted apart.

        Raises
        ------
        ValueError
            If they are not.
        """
        if groups != self.groups:
            raise ValueError(f"trials were counted in {self.groups} groups, not in {groups}")
        held = self.held[:, group : group + 1]
        some = held[:, 0] > 0
        if not some.any():
            return None
        lows, highs, known = self.lows[some], self.highs[some], self.known[group : group + 1]
        return CountedSample(self.values[some], None, lows=lows, highs=highs, held=held[some], known=known)
