"""Sobol' indices of a pick-freeze design, each with its simulation error.

Two independent matrices of inputs, A and B, and for each input, or group of inputs, A with those columns of B. With
`a`, `b` and `x` the values of a quantity on the three and V its variance, the first-order index is
``mean(b (x - a)) / V`` [1]_ and the total one ``mean((x - a)**2) / (2 V)`` [2]_. They are ratios of sums over
trials, so their error follows from the same sums over each replicate.

References
----------
.. [1] Saltelli et al. (2010), Variance based sensitivity analysis of model output, Computer Physics Communications
   181(2), doi:10.1016/j.cpc.2009.09.018
.. [2] Jansen (1999), Analysis of variance designs for model output, Computer Physics Communications 117(1-2),
   doi:10.1016/S0010-4655(98)00154-4
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from payback.simulator.statistics.estimate import Estimate, critical
from payback.simulator.statistics.leaf_moments import LEAF, Floats
from payback.simulator.statistics.samples.replicates import TOO_FEW, too_short


@dataclass(frozen=True)
class PickFreezeSums:
    """Sums over a range of trials, leaf by leaf; the range begins at a multiple of `LEAF`.

    Parameters
    ----------
    matrices : ndarray, shape (leaves, 4, groups)
        Of ``a - centre``, ``b - centre`` and their squares.
    changes : ndarray, shape (leaves, inputs, 3, groups)
        Of ``x - a``, its square, and its product with ``b - centre``.
    never, undefined : int
        Number of trials of A and B whose value is "never" or undefined.
    """

    matrices: Floats
    changes: Floats
    never: int
    undefined: int

    @classmethod
    def of(cls, a: Floats, b: Floats, mixed: Iterable[Floats], centre: float, groups: int) -> PickFreezeSums:
        """Return the sums of values on A, on B, and on A with columns of B, input by input.

        Parameters
        ----------
        a, b : array, shape (trials,)
        mixed : iterable of array, shape (trials,)
            One array an input, or group of inputs.
        centre : float
            A value near the mean, so that sums of squares keep their digits.
        groups : int
            Trial `i` belongs to group ``i % groups``.
        """
        never, undefined = (sum(int(np.count_nonzero(holds(x))) for x in (a, b)) for holds in (np.isposinf, np.isnan))
        with np.errstate(invalid="ignore"):
            away = b - centre
            matrices = [a - centre, away]
            matrices += [x * x for x in matrices]
            changes = []
            for x in mixed:
                change = x - a
                changes.append(_stacked([change, change * change, change * away], groups))
            by_input = np.stack(changes, 1) if changes else np.empty((-(-a.size // LEAF), 0, 3, groups))
            return cls(_stacked(matrices, groups), by_input, never, undefined)


@dataclass(frozen=True)
class Indices:
    """Sobol' indices of several inputs or groups of inputs.

    Parameters
    ----------
    trials : int
        Rows of A, and of B.
    matrices : ndarray, shape (4, groups)
    changes : ndarray, shape (inputs, 3, groups)
        As in `PickFreezeSums`, over all trials; trial `i` belongs to group ``i % groups``, and groups are independent.
    never, undefined : float
        Shares of the trials whose value is "never" or undefined; with any, the quantity has no variance.

    Examples
    --------
    Of ``y = x1 + 2 x2``, both inputs 0 or 1, the first input makes 1 of 5 parts of the variance. Every pair of rows
    once gives the indices exactly:

    >>> a1, a2, b1, b2 = np.indices((2, 2, 2, 2)).reshape(4, 16).astype(float)
    >>> mixed = [b1 + 2 * a2, a1 + 2 * b2]
    >>> sums = PickFreezeSums.of(a1 + 2 * a2, b1 + 2 * b2, mixed, centre=1.5, groups=16)
    >>> indices = Indices.of([sums], trials=16)
    >>> indices.variance, indices.first(0).value, indices.total(1).value
    (1.25, 0.2, 0.8)
    """

    trials: int
    matrices: Floats
    changes: Floats
    never: float = 0.0
    undefined: float = 0.0

    @classmethod
    def of(cls, parts: Iterable[PickFreezeSums], trials: int) -> Indices:
        """Return the indices from sums in the order of their trials: the same bits however trials were cut.

        Raises
        ------
        ValueError
            If there are no sums.
        """
        never = undefined = 0
        leaves: tuple[Floats, Floats] | None = None
        for sums in parts:
            never, undefined = never + sums.never, undefined + sums.undefined
            for matrices, changes in zip(sums.matrices, sums.changes, strict=True):
                leaves = (matrices, changes) if leaves is None else (leaves[0] + matrices, leaves[1] + changes)
        if leaves is None:
            raise ValueError("`Indices.of(parts=...)` must hold trials")
        return cls(trials, *leaves, never / (2 * trials), undefined / (2 * trials))

    def first(self, *inputs: int) -> Estimate:
        """Return the sum of the first-order indices of `inputs`: the shares of the variance due to each alone."""
        return self._share(self._alone(inputs))

    def total(self, index: int) -> Estimate:
        """Return the total index of an input: the share of the variance left when every other input is known."""
        return self._share(self._left(index))

    def by_group(self, index: int, *, total: bool) -> Floats:
        """Return the index of an input in each group of trials, shape (groups,); NaN where nothing varies."""
        with np.errstate(all="ignore"):
            return (self._left(index) if total else self._alone((index,))) / self._spread

    def _alone(self, inputs: Iterable[int]) -> Floats:
        change, _, product = self.changes[list(inputs)].sum(axis=0)
        return np.asarray(product - self._offset * change)

    def _left(self, index: int) -> Floats:
        return np.asarray(self.changes[index, 1] / 2.0)

    @property
    def variance(self) -> float:
        """Variance of the quantity."""
        return float(self._spread.sum()) / self.trials

    @property
    def groups(self) -> int:
        """Independent groups of trials."""
        return int(self.matrices.shape[-1])

    @property
    def _offset(self) -> float:
        """The mean of the quantity less the centre."""
        return float(self.matrices[:2].sum()) / (2.0 * self.trials)

    @property
    def _spread(self) -> Floats:
        """Sum of squares about the mean in each group, half of it of A and half of B."""
        m = self._offset
        squares: Floats = (self.matrices[2:].sum(axis=0) - 2.0 * m * self.matrices[:2].sum(axis=0)) / 2.0
        return squares + m * m * self._sizes

    @property
    def _sizes(self) -> Floats:
        return np.array([len(range(group, self.trials, self.groups)) for group in range(self.groups)], dtype=float)

    def _share(self, sums: Floats) -> Estimate:
        if self.never or self.undefined:
            return self._estimate(None, None, None, warning="no variance: never or undefined in some trials")
        spread = self._spread
        whole = float(spread.sum())
        if not whole > 0.0:
            return self._estimate(None, None, None, warning="no variance: nothing varies")
        value = float(sums.sum()) / whole
        if too_short(self.trials, self.groups):
            return self._estimate(value, None, None, warning=TOO_FEW)
        influence = (sums - value * spread) / self._sizes * (self.trials / whole)
        half = critical(self.groups) * math.sqrt(float(np.sum(influence**2)) / (self.groups - 1.0) / self.groups)
        return self._estimate(value, value - half, value + half, f"pick-freeze, t of {self.groups} groups of trials")

    def _estimate(
        self, value: float | None, low: float | None, high: float | None, method: str = "", warning: str = ""
    ) -> Estimate:
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


def _stacked(columns: Iterable[Floats], groups: int) -> Floats:
    return np.stack([_leaves(column, groups) for column in columns], axis=1)


def _leaves(values: Floats, groups: int) -> Floats:
    """Return the sums of `values`, shape (trials,), by leaf and group, shape (leaves, groups)."""
    whole = values.size - values.size % LEAF
    leaves = values[:whole].reshape(-1, LEAF // groups, groups).sum(axis=1)
    return np.concatenate([leaves, _sums(values[whole:], groups)[None]]) if whole < values.size else leaves


def _sums(values: Floats, groups: int) -> Floats:
    rows = values.size - values.size % groups
    sums: Floats = values[:rows].reshape(-1, groups).sum(axis=0)
    sums[: values.size - rows] += values[rows:]
    return sums
