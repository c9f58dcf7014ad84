"""The protocol of samples: the trials of one measure as statistics see them, however they are stored.

Three classes answer: `KeptSample` holds the value of every trial, `WeightedSample` a weight beside each value, and
`CountedSample` how many trials lie in each cell of a grid. Statistics are written for this protocol alone, so that
they never need to know which of the three they have.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payback.simulator.statistics.estimate import Estimate
from payback.simulator.statistics.leaf_moments import Counts, Floats, Moments
from payback.simulator.statistics.polynomial import Influence


class Sample(Protocol):
    """Trials of one measure, in their order and in sums.

    Arrays of shape (entries,) have one entry a trial, or one a cell where trials were counted: see `by_trial`.
    """

    @property
    def values(self) -> Floats:
        """Value of each entry, shape (entries,); ``+inf`` is "never", NaN is undefined."""

    @property
    def replicates(self) -> int | None:
        """None where trials are independent; else trial `i` belongs to the independent replicate ``i % replicates``."""

    @property
    def weights(self) -> Floats | None:
        """How often each trial counts, shape (trials,); None where all count alike."""

    @property
    def by_trial(self) -> bool:
        """Whether entries are trials, in order, so that samples of the same trials can be paired."""

    @property
    def trials(self) -> int:
        """Number of trials, undefined ones included."""

    @property
    def defined(self) -> int:
        """Number of trials in which the value is defined."""

    @property
    def effective(self) -> float:
        """Number of trials of equal weight that would give a mean the same error."""

    @property
    def undefined(self) -> float:
        """Share of the trials in which the value is undefined."""

    @property
    def never(self) -> float:
        """Share of the trials in which the value is "never"."""

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest defined value."""

    @property
    def constant(self) -> bool:
        """Whether every trial has the same value, and there are enough of them to say so."""

    @property
    def too_few(self) -> bool:
        """Whether replicates are too short, or weights too uneven, to give an interval."""

    @property
    def percentiles(self) -> dict[float, Estimate]:
        """The percentiles that were computed, by their percent; `percentile` computes each once."""

    @property
    def groups(self) -> int:
        """Number of interleaved groups: the replicates, or as many as trials allow for Monte Carlo."""

    @property
    def mass(self) -> Counts | Floats:
        """Number of defined trials of each group, or their weight; shape (groups,)."""

    @property
    def square_weight(self) -> float:
        """Mean square of the weights; 1 where all trials count alike."""

    @property
    def moments(self) -> Moments | None:
        """Moments of the values; None when a trial is never, undefined or infinite, or they are not known."""

    def weigh(self, terms: Floats) -> Floats:
        """Return `terms`, shape (entries,), times the weights, divided by the mean weight."""

    def average(self, terms: Floats) -> float:
        """Return the weighted mean of `terms`, shape (entries,), over the trials."""

    def share(self, holds: NDArray[np.bool_]) -> float:
        """Return the share of the trials for which `holds`, shape (entries,), is true."""

    def hits(self, holds: NDArray[np.bool_]) -> Counts | Floats:
        """Return the number, or weight, of the trials of each group for which `holds`, shape (entries,), is true."""

    def squared(self, holds: NDArray[np.bool_]) -> float:
        """Return the sum of the squares of the weights of the trials for which `holds`, shape (entries,), is true."""

    def offsets(self, influence: Influence) -> tuple[float, float]:
        """Return how far the 95 % interval of a statistic reaches below and above it, from its influence."""

    def terms(self, influence: Influence) -> Floats:
        """Return the terms whose mean is the error of a statistic, from its influence.

        Returns
        -------
        array, shape (trials,) or (groups,)
            Of each trial, or where trials were counted the mean of each group.
        """

    def carried_by(self, influence: Influence) -> float:
        """Return the number of trials, alike among themselves, that would make an error as uneven as this influence.

        With the influences `d` that is ``sum(d**2)**2 / sum(d**4)``; infinite where all are 0.
        """

    def excess(self, edge: float, sign: float) -> float:
        """Return the mean distance of trials above `edge`, 0 for the others; below it if `sign` is -1."""

    def quantile(self, p: float) -> float:
        """Return the smallest value that a share `p` of the defined trials do not exceed; NaN if none is defined."""

    def quantile_of(self, group: int, p: float) -> float:
        """Return the `p`-quantile of the trials of one group; NaN if it holds no defined trial."""

    def quantile_among(self, terms: Floats, p: float) -> float:
        """Return the `p`-quantile of `terms`, shape (entries,), which stand for the values."""

    def near(self, terms: Floats, p: float) -> float:
        """Return an approximate `p`-quantile of `terms`, shape (entries,), from a few of them where this is faster."""

    def counts(self, points: ArrayLike) -> Counts:
        """Return the number of trials of each group at or below each of `points`, shape (groups, points).

        Inside a cell of counted trials it need not be whole.
        """

    def masses(self, counts: Counts) -> Counts | Floats:
        """Return the number, or weight, of the `counts` smallest trials of each group, both shape (groups, points)."""

    def squares(self, counts: Counts) -> Counts | Floats:
        """Return the sum of the squares of the weights of these trials over all groups, shape (points,)."""

    def smallest(self, reached: Callable[[Counts], NDArray[np.bool_]]) -> float | None:
        """Return the smallest value `x` of the sample for which ``reached(counts(x))`` holds; None when there is none.

        Parameters
        ----------
        reached : callable
            Maps counts, shape (groups, points), to booleans, shape (points,); false, then true, as `x` grows.
        """

    def reaching(self, mass: float) -> float | None:
        """Return the smallest value with `mass` trials, or weight, at or below it; None when there is none."""

    def known_at(self, x: float, p: float) -> float:
        """Return the number of trials of equal weight with the same error of the share `p` of the trials up to `x`."""

    def part(self, group: int, groups: int) -> Sample | None:
        """Return every `groups`-th trial from `group` on as independent trials; None if no trial there counts."""

    def estimate(
        self, value: float | None, low: float | None, high: float | None, method: str = "", warning: str = ""
    ) -> Estimate:
        """Return an estimate with the shares and trials of this sample; "never" becomes None."""


def estimate_of(
    sample: Sample, value: float | None, low: float | None, high: float | None, method: str, warning: str
) -> Estimate:
    """Return the result of `Sample.estimate` for trials that all count alike."""
    value, low, high = (None if end is None or not math.isfinite(end) else end for end in (value, low, high))
    return Estimate(
        value,
        low,
        high,
        never=sample.never,
        undefined=sample.undefined,
        method=method,
        warning=warning,
        trials=sample.trials,
    )


def checked_values(values: Floats, replicates: int | None, owner: str) -> Floats:
    """Return `values` as a contiguous array of floats, shape (entries,).

    Raises
    ------
    ValueError
        If there are no values, or fewer than two replicates. The message names the class `owner`.
    """
    checked = np.ascontiguousarray(values, dtype=np.float64)
    if checked.ndim != 1 or checked.size == 0:
        raise ValueError(f"`{owner}(values=...)` must have shape (trials,), trials >= 1, got {checked.shape}")
    if replicates is not None and replicates < 2:
        raise ValueError(f"`{owner}(replicates=...)` must be at least 2, or None, got {replicates}")
    return checked
