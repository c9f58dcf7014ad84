"""Probabilities: shares of the trials, with intervals that stay inside 0 and 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payback.simulator.statistics.estimate import Estimate, critical
from payback.simulator.statistics.leaf_moments import ROUNDING, Counts, Floats, variance_of_counts
from payback.simulator.statistics.samples.conversion import as_sample
from payback.simulator.statistics.samples.replicates import TOO_FEW
from payback.simulator.statistics.samples.sample_protocol import Sample
from payback.simulator.statistics.samples.weight_sums import SUMMED


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
        The share `p` with Wilson's interval [1]_: the shares `q` with ``(p - q)**2 <= z**2 q (1 - q) / n``. With
        replicates or weights its number of trials `n` is the effective one, ``p (1 - p) / s**2``, and with replicates
        Student's t replaces the normal point `z`. With no hit, or only hits, the interval is a one-sided bound.

    References
    ----------
    .. [1] Wilson (1927), Probable inference, the law of succession, and statistical inference,
       Journal of the American Statistical Association 22, doi:10.1080/01621459.1927.10502953

    Examples
    --------
    >>> estimate = probability([True] * 30 + [False] * 70)
    >>> estimate.value, round(estimate.low, 4), round(estimate.high, 4)
    (0.3, 0.2189, 0.3958)
    """
    sample = as_sample(hits, replicates)
    hit = satisfied(sample)
    p = sample.share(hit)
    if sample.too_few:
        return sample.estimate(p, None, None, warning=TOO_FEW)
    trials = effective_trials(sample, sample.hits(hit)[:, None], sample.squared(hit))
    (low,), (high,) = wilson(np.array([p]), trials, critical(sample.replicates))
    method = "Wilson" if sample.replicates is None else f"Wilson, error from {sample.replicates} replicates"
    if p in (0.0, 1.0):
        method += ", one-sided bound"
    return sample.estimate(p, float(low), float(high), method)


def satisfied(sample: Sample) -> NDArray[np.bool_]:
    """Return whether each entry of `sample` is a hit, shape (entries,); an undefined one is not."""
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

    Examples
    --------
    >>> share, low, high = cumulative(range(1, 101), [10, 50])
    >>> share
    array([0.1, 0.5])
    >>> low.round(3), high.round(3)
    (array([0.055, 0.404]), array([0.174, 0.596]))
    """
    sample = as_sample(x, replicates)
    counts = sample.counts(np.atleast_1d(np.asarray(points, dtype=np.float64)))
    masses = sample.masses(counts)
    share = np.minimum(masses.sum(axis=0) / _whole(sample).sum(), 1.0)
    trials = effective_trials(sample, masses, sample.squares(counts))
    return share, *wilson(share, trials, critical(sample.replicates))


def effective_trials(sample: Sample, masses: Counts | Floats, squared: Counts | Floats | float) -> Floats:
    """Return the number of independent trials of equal weight whose share of hits would have the same error.

    Parameters
    ----------
    sample : Sample
    masses : array, shape (groups, points)
        Number of hits, or their weight.
    squared : array, shape (points,) or number
        Number of hits, or the sum of the squares of their weights.

    Returns
    -------
    array, shape (points,)
        ``p (1 - p) / s**2`` with the variance `s**2` of the share: from the replicates, or for Monte Carlo from the
        weights. Where neither shows an error, as where all replicates agree, it is the (effective) number of trials.
    """
    trials, whole = np.full(masses.shape[1], sample.effective), _whole(sample)
    hits, mass = masses.sum(axis=0), whole.sum()
    if sample.replicates:
        variance = variance_of_counts(masses, whole)
        spread = variance + ROUNDING * len(masses) * sample.square_weight
    elif sample.weights is not None:
        share = hits / mass
        others = sample.square_weight * sample.trials - squared
        variance = spread = squared * (1.0 - share) ** 2 + others * share**2
    else:
        return trials
    np.divide(hits * (mass - hits), spread, out=trials, where=(variance > 0.0) & (hits < mass * (1.0 - SUMMED)))
    return trials


def _whole(sample: Sample) -> Counts | Floats:
    """Return the weight of all trials of each group, undefined ones included."""
    return sample.hits(np.ones(sample.values.size, dtype=bool))


def wilson(p: Floats, trials: Floats, z: float) -> tuple[Floats, Floats]:
    """Return Wilson's interval of the share `p` of `trials` (which need not be whole), elementwise.

    Parameters
    ----------
    p, trials : array, shape (points,)
    z : float
        Two-sided 95 % point of the normal distribution, or of Student's t.

    Examples
    --------
    >>> low, high = wilson(np.array([0.3]), np.array([100.0]), 1.959964)
    >>> low.round(4), high.round(4)
    (array([0.2189]), array([0.3958]))
    """
    shrink = 1.0 + z * z / trials
    centre = (p + z * z / (2.0 * trials)) / shrink
    half = z * np.sqrt(p * (1.0 - p) / trials + (z / (2.0 * trials)) ** 2) / shrink
    low = np.where(p == 0.0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(p == 1.0, 1.0, np.minimum(centre + half, 1.0))
    return low, high
