"""Percentiles: quantiles of all trials, with an interval from inverting the distribution function."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payback.simulator.statistics.estimate import LEVEL, Estimate, critical
from payback.simulator.statistics.leaf_moments import ROUNDING, Counts, Floats, variance_of_counts
from payback.simulator.statistics.samples.conversion import as_sample
from payback.simulator.statistics.samples.replicates import FEWEST, TOO_FEW
from payback.simulator.statistics.samples.sample_protocol import Sample

TAIL_TRIALS = 80
"""Trials that a tail must hold before the spread of replicates is trusted there."""

TIED = 0.1
"""Trials with the value of a percentile, in standard errors of the number below it, that make it an atom."""


def percentile(x: ArrayLike | Sample, q: float, replicates: int | None = None) -> Estimate:
    """Return the percentile `q` of the defined trials with its simulation error.

    Parameters
    ----------
    x : array of shape (trials,), or Sample
        ``+inf`` is "never" and ranks last; NaN is undefined and left out, its share reported.
    q : float
        In percent, 0 to 100.
    replicates : int or None
        See `Sample`.

    Returns
    -------
    Estimate
        `value` is the smallest trial value that at least `q` percent of the trials do not exceed
        (type 1 of Hyndman and Fan). The interval of Monte Carlo trials lies between two order
        statistics; that of replicates holds every `x` whose share of trials is within
        t standard errors of `q`, the standard error taken from the replicates at `x` (and the rounding
        of their counts to whole trials). With weights, shares are of the weight, and order statistics
        are those of as many trials of equal weight as know the share `q` as well.

    Raises
    ------
    ValueError
        If `q` is not between 0 and 100.

    References
    ----------
    .. [1] Hyndman and Fan (1996), Sample quantiles in statistical packages, The American
       Statistician 50(4), doi:10.1080/00031305.1996.10473566. Type 1.
    .. [2] David and Nagaraja (2003), Order Statistics, 3rd ed., section 7.1,
       doi:10.1002/0471722162. Monte Carlo.
    .. [3] Woodruff (1952), Confidence intervals for medians and other position measures, Journal of
       the American Statistical Association 47, doi:10.1080/01621459.1952.10483443. Replicates.

    Examples
    --------
    Of 1 to 100 in any order; the interval lies between the trials of rank 40 and 61, which enclose the median with
    probability 0.95 or more:

    >>> estimate = percentile(range(1, 101), 50)
    >>> estimate.value, estimate.low, estimate.high
    (50.0, 40.0, 61.0)
    """
    if not 0.0 <= q <= 100.0:
        raise ValueError(f"`percentile(q=...)` must lie in [0, 100], got {q}")
    sample = as_sample(x, replicates)
    if q not in sample.percentiles:
        sample.percentiles[q] = _percentile(sample, q)
    return sample.percentiles[q]


def _percentile(sample: Sample, q: float) -> Estimate:
    if sample.defined == 0:
        return sample.estimate(None, None, None, warning="undefined in every trial")
    warnings = [f"among the {1 - sample.undefined:.4g} of the trials where it is defined"] if sample.undefined else []
    least, most = sample.range
    varies = least < most or min(sample.defined, sample.effective) < FEWEST
    (value, low, high), method = _ends(sample, q / 100.0) if varies else ((most, most, most), "exact")
    if low is None or high is None:
        warnings.append(TOO_FEW)
    if value == math.inf:
        warnings.append("beyond the horizon")
    return sample.estimate(value, low, high, method, "; ".join(warnings))


def _ends(sample: Sample, p: float) -> tuple[tuple[float | None, float | None, float | None], str]:
    """Return value, low and high, infinite where "never" and None where unknown, and the method."""
    value = sample.quantile(p)
    if sample.too_few:
        return (value, None, None), "too few trials"
    mass, trials = float(sample.mass.sum()), sample.known_at(value, p)
    if sample.replicates is None or trials * min(p, 1.0 - p) < TAIL_TRIALS:
        unit = mass / trials
        ranks = order_ranks(math.floor(trials), p)
        low, high = (sample.reaching(rank * unit) if 1 <= rank <= trials else None for rank in ranks)
        return (value, low, high), "order statistics"
    t = critical(sample.replicates)

    def reach(masses: Counts | Floats) -> Floats:
        """Return t standard errors of pooled counts."""
        variance = variance_of_counts(masses, sample.mass) + ROUNDING * len(masses) * sample.square_weight
        return np.asarray(t * np.sqrt(variance))

    def below(counts: Counts) -> NDArray[np.bool_]:
        masses = sample.masses(counts)
        return np.asarray(masses.sum(axis=0) + reach(masses) >= mass * p)

    def above(counts: Counts) -> NDArray[np.bool_]:
        masses = sample.masses(counts)
        return np.asarray(masses.sum(axis=0) - reach(masses) > mass * p)

    low, high = sample.smallest(below), sample.smallest(above)
    return (value, low, high), f"inverted CDF of {sample.replicates} replicates"


def stepped(sample: Sample, q: float, estimate: Estimate) -> bool:
    """Return whether the percentile `q` of `sample` moves in steps within its interval: whether an end lies on an atom.

    Parameters
    ----------
    sample : Sample
    q : float
        In percent.
    estimate : Estimate
        The percentile.
    """
    ends = [end for end in (estimate.low, estimate.value, estimate.high) if end is not None and math.isfinite(end)]
    if estimate.low is not None and estimate.low == estimate.high:
        return False
    below = sample.counts([np.nextafter(end, -math.inf) for end in ends]).sum(axis=0)
    tied = sample.counts(ends).sum(axis=0) - below
    p = q / 100.0
    return bool((tied > 1.0 + TIED * math.sqrt(sample.defined * p * (1.0 - p))).any())


def order_ranks(trials: int, p: float) -> tuple[int, int]:
    """Return the ranks of the order statistics that enclose the `p`-quantile with probability 0.95 or more.

    Parameters
    ----------
    trials : int
        Independent trials.
    p : float
        Between 0 and 1.

    Returns
    -------
    tuple of int
        Counted from 1; 0 and ``trials + 1`` mean that no trial bounds that side. The lower rank is the 2.5 % point
        of the binomial distribution of the trials below the quantile, the upper one more than its 97.5 % point.

    Examples
    --------
    >>> order_ranks(100, 0.5)
    (40, 61)
    """
    if p in (0.0, 1.0):
        return (trials, trials + 1) if p == 1.0 else (0, 1)
    centre, spread = trials * p, 10.0 * math.sqrt(trials * p * (1.0 - p)) + 50.0
    k = np.arange(max(0, math.floor(centre - spread)), min(trials, math.ceil(centre + spread)) + 1)
    # ratio of neighbouring binomial probabilities; the window holds all but 1e-20 of them
    logs = np.concatenate(([0.0], np.cumsum(np.log((trials - k[:-1]) / (k[:-1] + 1.0) * (p / (1.0 - p))))))
    cdf = np.cumsum(np.exp(logs - logs.max()))
    cdf /= cdf[-1]
    tail = (1.0 - LEVEL) / 2.0
    return int(k[np.searchsorted(cdf, tail)]), int(k[np.searchsorted(cdf, 1.0 - tail)]) + 1
