"""Probabilities: shares of the trials, with intervals that stay inside 0 and 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.statistics.estimate import Estimate, critical
from simulator.statistics.moments import ROUNDING, Counts, Floats, variance_of_counts
from simulator.statistics.sample import TOO_FEW, Sample


def probability(hits: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the share of the trials that satisfy a condition, with its simulation error.

    Parameters
    ----------
    hits : array of shape (trials,), or Sample
        True (or not 0) where a trial satisfies the condition. NaN means that the condition is
        undefined in that trial: counted as not satisfying, its share reported.
    replicates : int or None
        See `Sample`.

    Returns
    -------
    Estimate
        Wilson's interval. With replicates its number of trials is the effective one,
        ``p (1 - p) / s**2``, and Student's t replaces the normal point. With no hit, or hits alone,
        the interval is a one-sided bound.

    References
    ----------
    .. [1] Wilson (1927), Probable inference, the law of succession, and statistical inference,
       Journal of the American Statistical Association 22, doi:10.1080/01621459.1927.10502953
    """
    sample = Sample.of(hits, replicates)
    hit = satisfied(sample)
    p = float(np.count_nonzero(hit)) / sample.trials
    if sample.too_few:
        return sample.estimate(p, None, None, warning=TOO_FEW)
    counts = np.array([[np.count_nonzero(hit[group :: sample.groups])] for group in range(sample.groups)])
    (low,), (high,) = wilson(np.array([p]), effective_trials(sample, counts), critical(sample.replicates))
    method = "Wilson" if sample.replicates is None else f"Wilson, error from {sample.replicates} replicates"
    if p in (0.0, 1.0):
        method += ", one-sided bound"
    return sample.estimate(p, float(low), float(high), method)


def satisfied(sample: Sample) -> NDArray[np.bool_]:
    """Return whether each trial is a hit, shape (trials,); an undefined one is not."""
    hits: NDArray[np.bool_] = (sample.values != 0.0) & ~np.isnan(sample.values)
    return hits


def cumulative(
    x: ArrayLike | Sample, points: ArrayLike, replicates: int | None = None
) -> tuple[Floats, Floats, Floats]:
    """Return the shares of the trials at or below each of `points`, with their simulation errors.

    Parameters
    ----------
    x : array of shape (trials,), or Sample
        Neither "never" nor an undefined trial lies below any finite point.
    points : array, shape (points,)
    replicates : int or None
        See `Sample`.

    Returns
    -------
    tuple of array, each of shape (points,)
        Share, low and high; intervals as in `probability`.
    """
    sample = Sample.of(x, replicates)
    counts = sample.counts(np.atleast_1d(np.asarray(points, dtype=np.float64)))
    share = counts.sum(axis=0) / sample.trials
    return share, *wilson(share, effective_trials(sample, counts), critical(sample.replicates))


def effective_trials(sample: Sample, counts: Counts) -> Floats:
    """Return how many independent trials would have the error of the replicates, shape (points,).

    `counts` of hits has shape (groups, points). Where all replicates agree they show no error: then, and
    for Monte Carlo, it is the number of trials.
    """
    trials = np.full(counts.shape[1], float(sample.trials))
    if sample.replicates:
        sizes = np.array([len(range(group, sample.trials, len(counts))) for group in range(len(counts))])
        variance = variance_of_counts(counts, sizes)
        hits = counts.sum(axis=0)
        spread = variance + ROUNDING * len(counts)
        np.divide(hits * (sample.trials - hits), spread, out=trials, where=variance > 0.0)
    return trials


def wilson(p: Floats, trials: Floats, z: float) -> tuple[Floats, Floats]:
    """Return Wilson's interval of the share `p` of `trials` (which need not be whole), elementwise."""
    shrink = 1.0 + z * z / trials
    centre = (p + z * z / (2.0 * trials)) / shrink
    half = z * np.sqrt(p * (1.0 - p) / trials + (z / (2.0 * trials)) ** 2) / shrink
    low = np.where(p == 0.0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(p == 1.0, 1.0, np.minimum(centre + half, 1.0))
    return low, high
