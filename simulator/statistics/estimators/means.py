"""Mean, standard deviation, skewness, tail mean and share of the top trials, each with its interval.

Each is given as its value and its influence function (`payback.simulator.statistics.estimators.influence`); its
interval is that of the mean of the influences (`payback.simulator.statistics.mean_interval`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from numpy.typing import ArrayLike

from payback.simulator.statistics.estimate import Estimate
from payback.simulator.statistics.estimators.influence import (
    Statistic,
    cvar_of,
    heaviness,
    mean_of,
    sd_of,
    skew_of,
    tail_mean_at,
    top_share_of,
)
from payback.simulator.statistics.estimators.percentiles import TAIL_TRIALS, percentile, stepped
from payback.simulator.statistics.mean_interval import source_of_error
from payback.simulator.statistics.polynomial import Influence
from payback.simulator.statistics.samples.conversion import as_sample
from payback.simulator.statistics.samples.replicates import FEWEST, TOO_FEW
from payback.simulator.statistics.samples.sample_protocol import Sample

HEAVY = 0.19
"""Share of the top 1 % of the trials in the spread above which an interval may fall short. Measured on a single
lognormal at 16 x 1,024 points, 95 % intervals of the mean cover .93 at .07 (sigma 0.5), .92 at .18 (1.2), .91 at .26
(1.6); those of the sd .92, .88, .81."""

FEW_CARRY: Mapping[Statistic, int] = {mean_of: 10, sd_of: 20, skew_of: 50}
"""Trials that must carry the error of a statistic, see `Sample.carried_by`, for its interval to hold; of a tail mean
20. Of 512 independent trials the skewness of a lognormal with sigma 0.5 (carried by 3) is covered in .85, that of a
normal (by 17) in .93; at 16 x 64 Sobol' points that of a Poisson count with mean 3 (by 30) in .90. Means need fewer:
that of a lognormal with sigma 1 (by 19) is covered in .96."""


def mean(x: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the mean of the trials with its simulation error.

    Parameters
    ----------
    x : array of shape (trials,), or Sample
        ``+inf`` is "never", NaN is undefined. With any of them there is no value: a mean of the
        other trials would be one of survivors.
    replicates : int or None
        See `Sample`.

    Returns
    -------
    Estimate
        ``sum(w x) / sum(w)``, the weights `w` 1 where all trials count alike. Its interval is Student's t, or
        Hall's [1]_ on the side where that reaches further. It warns when the 1 % of the trials furthest from the
        median make more than 19 % of the mean distance from it: few trials then carry the error, and it may be
        understated.

    References
    ----------
    .. [1] Hall (1992), On the removal of skewness by transformation, Journal of the Royal Statistical Society B
       54(1), doi:10.1111/j.2517-6161.1992.tb01876.x

    Examples
    --------
    The mean of 1 to 100, and 1.96 sd / sqrt(100) on either side of it:

    >>> estimate = mean(range(1, 101))
    >>> estimate.value, round(estimate.low, 2), round(estimate.high, 2)
    (50.5, 44.81, 56.19)
    """
    return interval(as_sample(x, replicates), mean_of)


def sd(x: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the standard deviation of the trials with its simulation error.

    Parameters
    ----------
    x, replicates
        See `mean`.

    Returns
    -------
    Estimate
        ``sqrt(sum((x - mean)**2) / (n - 1))``. Its interval is that of a mean, from the influence
        ``((x - mean)**2 - m2) / (2 sd)`` of each trial [1]_; `m2` is the mean square.

    References
    ----------
    .. [1] Hampel (1974), The influence curve and its role in robust estimation, Journal of the American
       Statistical Association 69, doi:10.1080/01621459.1974.10482962

    Examples
    --------
    Of the numbers from 1 to 100 it is sqrt(100 * 101 / 12):

    >>> round(sd(range(1, 101)).value, 4)
    29.0115
    """
    return interval(as_sample(x, replicates), sd_of)


def skew(x: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the skewness of the trials with its simulation error.

    Parameters
    ----------
    x, replicates
        See `mean`.

    Returns
    -------
    Estimate
        ``m3 / m2**1.5`` with the central moments ``m2`` and ``m3`` (g1 of [1]_); no value where nothing varies. Its
        interval is that of a mean, from the influence of each trial.

    References
    ----------
    .. [1] Joanes and Gill (1998), Comparing measures of sample skewness and kurtosis, Journal of the Royal
       Statistical Society D 47(1), doi:10.1111/1467-9884.00122

    Examples
    --------
    A share `p` of ones has the skewness (1 - 2 p) / sqrt(p (1 - p)):

    >>> skew([1] * 20 + [0] * 80).value
    1.5
    """
    return interval(as_sample(x, replicates), skew_of)


def top_share(x: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the share of the top 1 % of the trials in the mean of ``abs(x)``, those with the largest ``abs(x)``.

    Parameters
    ----------
    x, replicates
        See `mean`.

    Returns
    -------
    Estimate
        ``1 - L(0.99)`` with the Lorenz curve `L` of ``abs(x)`` [1]_: for a measure of one sign, the share of the top
        1 % of the trials in the mean. No value where all trials are 0.

    References
    ----------
    .. [1] Gastwirth (1971), A general definition of the Lorenz curve, Econometrica 39(6), doi:10.2307/1909675

    Examples
    --------
    One trial of 100 with 100, and 99 with 1:

    >>> round(top_share([100] + [1] * 99).value, 4)
    0.5025
    """
    return interval(as_sample(x, replicates), top_share_of)


def cvar(x: ArrayLike | Sample, q: float, replicates: int | None = None) -> Estimate:
    """Return the mean of a tail (expected shortfall) with its simulation error.

    Parameters
    ----------
    x : array of shape (trials,), or Sample
        ``+inf`` is "never" and ranks last: a tail that holds one has no mean. Nor has any when a
        trial is undefined.
    q : float
        In percent: below 50 the mean of the lowest `q` %, above 50 of the highest ``100 - q`` %.
    replicates : int or None
        See `Sample`.

    Returns
    -------
    Estimate
        ``edge + mean(max(x - edge, 0)) / tail`` for the upper tail, `edge` its percentile; a part of
        an atom at the edge counts where the tail ends inside it. Where the edge lies on an atom and may lie on another,
        the interval spans those of both edges.

    Raises
    ------
    ValueError
        If `q` is 50, or not between 0 and 100.

    References
    ----------
    .. [1] Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk, Journal of Risk
       2(3), doi:10.21314/JOR.2000.038
    .. [2] Acerbi and Tasche (2002), On the coherence of expected shortfall, Journal of Banking and
       Finance 26(7), doi:10.1016/S0378-4266(02)00283-2. Atoms at the percentile.

    Examples
    --------
    The mean of the lowest 100 of the numbers from 1 to 2,000:

    >>> cvar(range(1, 2001), 5).value
    50.5
    """
    if not 0.0 < q < 100.0 or q == 50.0:
        raise ValueError(f"`cvar(q=...)` must lie in (0, 50) or (50, 100), got {q}")
    sample = as_sample(x, replicates)
    estimate = interval(sample, cvar_of(q), min(q, 100.0 - q) / 100.0)
    edge = percentile(sample, q)
    if estimate.low is None or estimate.high is None or not stepped(sample, q, edge):
        return estimate
    # reference 1, theorem 1: the tail mean is the largest (upper tail: smallest) value of the formula over all edges
    ends = [end for end in (edge.low, edge.high) if end is not None]
    known = [(value, *sample.offsets(influence)) for value, influence in (tail_mean_at(sample, q, end) for end in ends)]
    if q < 50.0:
        return replace(estimate, high=max(estimate.high, *(value + above for value, _, above in known)))
    return replace(estimate, low=min(estimate.low, *(value - below for value, below, _ in known)))


def interval(sample: Sample, statistic: Statistic, tail: float = 1.0) -> Estimate:
    """Return `statistic` of `sample` with its interval.

    Parameters
    ----------
    sample : Sample
    statistic : Statistic
    tail : float
        Share of the trials that the statistic is computed from: fewer than `TAIL_TRIALS` give no interval.
    """
    value_and_influence = statistic(sample)
    if value_and_influence is None:
        return sample.estimate(None, None, None, warning=no_value(sample))
    value, influence = value_and_influence
    if sample.constant:
        return sample.estimate(value, value, value, "exact")
    if sample.too_few or sample.effective < FEWEST or sample.effective * tail < TAIL_TRIALS * (tail < 1.0):
        return sample.estimate(value, None, None, warning=TOO_FEW)
    below, above = sample.offsets(influence)
    warning = _caution(sample, statistic, influence)
    return sample.estimate(value, value - below, value + above, source_of_error(sample.replicates), warning)


def _caution(sample: Sample, statistic: Statistic, influence: Influence) -> str:
    """Return a caution where few trials carry the error of a statistic; empty if many do."""
    share = heaviness(sample, statistic) if statistic in FEW_CARRY else 0.0
    if share > HEAVY:
        return f"the top 1 % of the trials carry {100 * share:.0f} % of the spread: the error may be understated"
    carried = sample.carried_by(influence)
    if carried < FEW_CARRY.get(statistic, 20):
        few = max(round(carried), 1)
        return f"about {'1 trial carries' if few == 1 else f'{few} trials carry'} the error: it may be understated"
    return ""


def no_value(*samples: Sample) -> str:
    """Return the reason, in words, why a mean of `samples` has no value."""
    if any(sample.undefined for sample in samples):
        return "undefined in some trials: a mean of the others would be one of survivors"
    if any(sample.never for sample in samples):
        return "never in some trials: a mean of the others would be one of survivors"
    return "not defined: nothing varies, or a trial is infinite"
