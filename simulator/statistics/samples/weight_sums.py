"""Running sums of the weights of trials in the order of their values: they replace counts where trials have weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from payback.simulator.statistics.leaf_moments import Counts, Floats

SUMMED = 1e-12
"""To this share of their sum, running sums of weights are equal."""


@dataclass(frozen=True, eq=False)
class Masses:
    """Running sums of weights and of their squares over the sorted trials of each group, from none to all.

    Parameters
    ----------
    summed, squared : tuple of array, shape (defined trials of the group + 1,)
        One a group.

    Examples
    --------
    >>> sums = Masses.of(np.array([3.0, 1.0]), np.array([0.5, 2.0]), [2])
    >>> sums.summed[0].tolist(), sums.rank(0, 0.5), sums.rank(0, 0.9)
    ([0.0, 2.0, 2.5], 1, 2)
    """

    summed: tuple[Floats, ...]
    squared: tuple[Floats, ...]

    @classmethod
    def of(cls, values: Floats, weights: Floats, sizes: Sequence[int]) -> Masses:
        """Return the sums of interleaved groups, of each the `sizes` smallest trials.

        Parameters
        ----------
        values, weights : array, shape (trials,)
        sizes : sequence of int, length groups
            Defined trials of each group; undefined ones rank behind them.
        """
        groups = len(sizes)
        by_group = []
        for group, size in enumerate(sizes):
            order = np.argsort(values[group::groups], kind="stable")[:size]
            by_group.append(np.append(0.0, weights[group::groups][order]))
        return cls(tuple(np.cumsum(w) for w in by_group), tuple(np.cumsum(w * w) for w in by_group))

    def masses(self, counts: Counts) -> Floats:
        """Return the weight of the `counts` smallest trials of each group, both of shape (groups, points)."""
        return np.stack([summed[count] for summed, count in zip(self.summed, counts, strict=True)])

    def rank(self, group: int, p: float) -> int:
        """Return the rank of the `p`-quantile of a group, counted from 1; 0 if no trial there has weight."""
        summed = self.summed[group]
        return int(np.searchsorted(summed[1:], p * (1.0 - SUMMED) * summed[-1])) + 1 if summed[-1] > 0.0 else 0

    def squares(self, counts: Counts) -> Floats:
        """Return the sum of the squares of these weights over all groups, shape (points,)."""
        return np.asarray(sum(squared[count] for squared, count in zip(self.squared, counts, strict=True)))
