"""Running sums of the weights of trials in order: what stands in for counts where trials do not all count alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from payback.simulator.statistics.leaf_moments import Counts, Floats

SUMMED = 1e-12
"""To this share of their sum, running sums of weights are equal."""


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
