"""Sums, moments and standard errors, with the same bits for any division of the trials into blocks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

LEAF = 4_096
"""Trials in a leaf: sums are taken inside leaves aligned to the trial index, then over leaves in order."""

ROUNDING = 1.0 / 6.0
"""Variance of rounding, added to the variance of a replicate's count. An even net holds one of two neighbouring
counts, at random; few replicates often show the same one. This is the mean variance over all shares: f (1 - f) for f
from 0 to 1."""

BATCH = 4 * LEAF
"""Trials whose leaves are summed at once, for speed alone: work arrays stay in cache and off the page table."""


def total(values: Floats) -> float:
    """Return the sum of `values`, shape (trials,), over leaves in order.

    Examples
    --------
    >>> total(np.arange(10_000.0))
    49995000.0
    """
    whole = values.size - values.size % LEAF
    leaves = values[:whole].reshape(-1, LEAF).sum(axis=1)
    return float(np.cumsum(np.append(leaves, values[whole:].sum()))[-1])


def error_of_mean(deviations: Floats, replicates: int | None) -> float:
    """Return the standard error of a mean.

    Parameters
    ----------
    deviations : array, shape (trials,)
        Value of each trial less the mean of all; or any influence function of mean 0.
    replicates : int or None
        None for independent trials; otherwise trial `i` belongs to replicate ``i % replicates``.

    Returns
    -------
    float
        ``sqrt(sum(d**2) / (n (n - 1)))`` of the `n` deviations, or of the means of the `n` replicates. Infinite for
        fewer than two trials.

    Examples
    --------
    >>> round(error_of_mean(np.array([-1.0, 1.0, -1.0, 1.0]), None), 4)
    0.5774
    """
    trials = deviations.size
    if trials < 2:
        return math.inf
    if replicates is None:
        return math.sqrt(total(deviations * deviations) / (trials - 1.0) / trials)
    means = replicate_means(deviations, replicates)
    return math.sqrt(float(np.sum(means * means)) / (replicates - 1.0) / replicates)


def standardized(second: float, third: float) -> float:
    """Return the skewness of terms with these mean squares and cubes; finite where the power of the first is not.

    Examples
    --------
    >>> standardized(4.0, 16.0), standardized(1e-240, 0.0), standardized(1e240, 0.0)
    (2.0, 0.0, 0.0)
    """
    return third / second**1.5 if 1e-200 < second < 1e200 else third / second / math.sqrt(second)


def replicate_means(deviations: Floats, replicates: int) -> Floats:
    """Return the mean of each replicate, as if all had equally many trials; shape (replicates,)."""
    trials = deviations.size
    whole = trials - trials % replicates
    sums: Floats = deviations[:whole].reshape(-1, replicates).sum(axis=0)
    sums[: trials - whole] += deviations[whole:]
    return sums * (replicates / trials)


def variance_of_counts(counts: Counts | Floats, sizes: Counts | Floats) -> Floats:
    """Return the variance of pooled counts, estimated from those of their replicates.

    Parameters
    ----------
    counts : array, shape (replicates, points)
        Trials at or below each point, or their weight.
    sizes : array, shape (replicates,)
        Trials of each replicate, or their weight. They may differ (undefined trials left out): the share is
        then a ratio of two sums, and residuals from the pooled share count.

    Returns
    -------
    array, shape (points,)
    """
    replicates = sizes.size
    residual = counts - np.outer(sizes, counts.sum(axis=0) / sizes.sum())
    variance: Floats = np.sum(residual * residual, axis=0) * (replicates / (replicates - 1.0))
    return variance


@dataclass(frozen=True)
class Moments:
    """Count, mean and central sums of a set of values; merged without loss of digits.

    Parameters
    ----------
    count : int
        Number of values.
    origin : float
        A value near the data: the mean is held as its distance from `origin`, so a large
        offset of the data costs no digits.
    offset : float
        Mean less `origin`.
    second, third, fourth : float
        Sums of ``(x - mean)**k``.

    References
    ----------
    .. [1] Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, The American
       Statistician 37(3), doi:10.1080/00031305.1983.10483115
    .. [2] Pébay (2008), Formulas for robust, one-pass parallel computation of covariances and
       arbitrary-order statistical moments, Sandia report SAND2008-6212, doi:10.2172/1028931

    Examples
    --------
    >>> moments = Moments().add([1.0, 2.0]).merge(Moments().add([3.0, 6.0]))
    >>> moments.count, moments.mean, round(moments.sd, 4), round(moments.skewness, 4)
    (4, 3.0, 2.1602, 0.6872)
    """

    count: int = 0
    origin: float = 0.0
    offset: float = 0.0
    second: float = 0.0
    third: float = 0.0
    fourth: float = 0.0

    @property
    def mean(self) -> float:
        """Arithmetic mean."""
        return self.origin + self.offset

    @property
    def sd(self) -> float:
        """Standard deviation, with ``count - 1``; 0 for fewer than two values."""
        return math.sqrt(self.second / (self.count - 1)) if self.count > 1 else 0.0

    @property
    def skewness(self) -> float:
        """Third central moment over the cube of the standard deviation; 0 where nothing varies."""
        return standardized(self.second / self.count, self.third / self.count) if self.second > 0.0 else 0.0

    def add(self, values: ArrayLike) -> Moments:
        """Return the moments with `values`, shape (trials,), added leaf by leaf.

        Bits do not depend on the cut when every cut falls on a multiple of `LEAF`.
        """
        moments = self
        flat = np.asarray(values, dtype=np.float64)
        whole = flat.size - flat.size % LEAF
        for start in range(0, whole, BATCH):
            for leaf in _leaves(flat[start : min(start + BATCH, whole)].reshape(-1, LEAF)):
                moments = moments.merge(leaf)
        for leaf in _leaves(flat[None, whole:]) if whole < flat.size else ():
            moments = moments.merge(leaf)
        return moments

    def merge(self, other: Moments) -> Moments:
        """Return the moments of both sets of values together (reference 2, equations 2.1 and 3.1)."""
        if self.count == 0 or other.count == 0:
            return self if other.count == 0 else other
        a, b = self.count, other.count
        n = a + b
        delta = (other.origin - self.origin) + (other.offset - self.offset)
        step = delta / n
        second = self.second + other.second + delta * step * a * b
        third = (
            self.third
            + other.third
            + delta * step * step * a * b * (a - b)
            + 3.0 * step * (a * other.second - b * self.second)
        )
        fourth = (
            self.fourth
            + other.fourth
            + delta * step**3 * a * b * (a * a - a * b + b * b)
            + 6.0 * step * step * (a * a * other.second + b * b * self.second)
            + 4.0 * step * (a * other.third - b * self.third)
        )
        return Moments(n, self.origin, self.offset + step * b, second, third, fourth)


def _leaves(values: Floats) -> Iterator[Moments]:
    """Yield the moments of each leaf by two passes; `values` has shape (leaves, trials)."""
    origin = values[:, :1]
    shifted = values - origin
    offset = shifted.mean(axis=1, keepdims=True)
    d = shifted - offset
    square = d * d
    cube = square * d
    np.multiply(square, square, out=d)
    columns = (origin[:, 0], offset[:, 0], square.sum(axis=1), cube.sum(axis=1), d.sum(axis=1))
    for row in zip(*(column.tolist() for column in columns), strict=True):
        yield Moments(values.shape[1], *row)
