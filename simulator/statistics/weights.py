"""Weights of trials: what stands in for the counts of trials where these do not all count alike.

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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.statistics.moments import Counts, Floats, total

SUMMED = 1e-12
"""To this share of their sum, running sums of weights are equal."""


def required(weights: ArrayLike, values: Floats) -> Floats:
    """Return `weights` as the weights of `values`.

    Raises
    ------
    ValueError
        If they are not as many, one is negative or not finite, or all are 0.
    """
    found = np.ascontiguousarray(weights, dtype=np.float64)
    if found.shape != values.shape:
        raise ValueError(f"`Sample(weights=...)` must have the shape of the values, {values.shape}, got {found.shape}")
    if not (np.isfinite(found).all() and (found >= 0.0).all() and found.any()):
        raise ValueError("`Sample(weights=...)` must be finite, 0 or more, and not all 0")
    return found


def group_masses(weights: Floats | None, hits: NDArray[np.bool_], groups: int) -> Counts | Floats:
    """Return the weight of the hits of each interleaved group, their number without weights; shape (groups,)."""
    parts = [slice(group, None, groups) for group in range(groups)]
    if weights is None:
        return np.array([np.count_nonzero(hits[part]) for part in parts])
    return np.array([np.sum(weights[part], where=hits[part]) for part in parts])


def squares(weights: Floats | None, hits: NDArray[np.bool_]) -> float:
    """Return the sum of the squares of the weights of the hits, their number without weights."""
    return float(np.count_nonzero(hits) if weights is None else total(np.where(hits, weights * weights, 0.0)))


@dataclass(frozen=True, eq=False)
class Masses:
    """Running sums of weights and of their squares over the sorted trials of each group, from none to all."""

    summed: tuple[Floats, ...]
    squared: tuple[Floats, ...]

    @classmethod
    def of(cls, values: Floats, weights: Floats, sizes: Sequence[int]) -> Masses:
        """Return those of interleaved groups, of which the smallest `sizes` trials count."""
        groups = len(sizes)
        parts = []
        for group, size in enumerate(sizes):
            order = np.argsort(values[group::groups], kind="stable")[:size]
            parts.append(np.append(0.0, weights[group::groups][order]))
        return cls(tuple(map(np.cumsum, parts)), tuple(np.cumsum(part * part) for part in parts))

    def masses(self, counts: Counts) -> Floats:
        """Return the weight of so many of the smallest trials of each group, both of shape (groups, points)."""
        return np.stack([summed[count] for summed, count in zip(self.summed, counts, strict=True)])

    def rank(self, group: int, p: float) -> int:
        """Return which of the sorted trials of a group is its `p`-quantile, from 1; 0 if none has any weight."""
        summed = self.summed[group]
        return int(np.searchsorted(summed[1:], p * (1.0 - SUMMED) * summed[-1])) + 1 if summed[-1] > 0.0 else 0

    def squares(self, counts: Counts) -> Floats:
        """Return the sum of the squares of their weights over all groups, shape (points,)."""
        return np.asarray(sum(squared[count] for squared, count in zip(self.squared, counts, strict=True)))
