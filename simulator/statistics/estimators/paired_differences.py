"""Paired differences: two cases on the same trials.

What moves both cases alike drops out, so the error is that of the difference trial by trial, not of
two independent runs.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from payback.simulator.statistics.estimate import Estimate, critical
from payback.simulator.statistics.estimators.influence import Statistic, cvar_of, mean_of, sd_of
from payback.simulator.statistics.estimators.means import no_value
from payback.simulator.statistics.estimators.percentiles import TAIL_TRIALS, percentile
from payback.simulator.statistics.estimators.probabilities import probability, satisfied
from payback.simulator.statistics.leaf_moments import ROUNDING, error_of_mean
from payback.simulator.statistics.mean_interval import offsets_of_mean, source_of_error
from payback.simulator.statistics.samples.conversion import as_sample
from payback.simulator.statistics.samples.replicates import FEWEST, TOO_FEW
from payback.simulator.statistics.samples.sample_protocol import Sample


def mean_difference(a: ArrayLike | Sample, b: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the mean of `a` less the mean of `b`, with the error of the paired difference.

    Parameters
    ----------
    a, b : array of shape (trials,), or Sample
        The same trials in two cases. There is no value where either mean has none.
    replicates : int or None
        See `Sample`.

    Raises
    ------
    ValueError
        If `a` and `b` do not hold the same number of trials.
    """
    return _difference(mean_of, *_pair(a, b, replicates))


def sd_difference(a: ArrayLike | Sample, b: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the standard deviation of `a` less that of `b`, paired; see `mean_difference`."""
    return _difference(sd_of, *_pair(a, b, replicates))


def cvar_difference(a: ArrayLike | Sample, b: ArrayLike | Sample, q: float, replicates: int | None = None) -> Estimate:
    """Return the tail mean `q` of `a` less that of `b`, paired; see `mean_difference` and `cvar`."""
    return _difference(cvar_of(q), *_pair(a, b, replicates))


def probability_difference(a: ArrayLike | Sample, b: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the share of hits in `a` less that in `b`, with the error of the paired difference.

    Parameters
    ----------
    a, b : array of shape (trials,), or Sample
        Hits on the same trials in two cases, see `probability`; ``np.isinf(x)`` for "never".
    replicates : int or None
        See `Sample`.

    Returns
    -------
    Estimate
        Adjusted Wald interval for paired shares [1]_; with replicates, of the effective number of trials
        ``variance / s**2``, and Student's t for the normal point. With weights, the intervals of both shares
        put together with their correlation [2]_.

    References
    ----------
    .. [1] Bonett and Price (2012), Adjusted Wald confidence interval for a difference of binomial
       proportions based on paired data, Journal of Educational and Behavioral Statistics 37(4),
       doi:10.3102/1076998611411915
    .. [2] Zou and Donner (2008), Construction of confidence limits about effect measures: a general
       approach, Statistics in Medicine 27(10), doi:10.1002/sim.3095
    """
    first, second = _pair(a, b, replicates)
    if first.weights is not None or second.weights is not None:
        return _of_weighted_shares(first, second)
    change = satisfied(first).astype(np.float64) - satisfied(second)
    up, down = (float(np.count_nonzero(change == sign)) / change.size for sign in (1.0, -1.0))
    if first.too_few:
        return first.estimate(up - down, None, None, warning=TOO_FEW)
    trials = float(change.size)
    if first.replicates and (error := error_of_mean(change - (up - down), first.replicates)):
        trials = (up + down - (up - down) ** 2) / (error**2 + ROUNDING * first.replicates / trials**2)
    up_adjusted, down_adjusted = ((share * trials + 1.0) / (trials + 2.0) for share in (up, down))
    centre = up_adjusted - down_adjusted
    half = critical(first.replicates) * math.sqrt((up_adjusted + down_adjusted - centre**2) / (trials + 2.0))
    return first.estimate(
        up - down, min(up - down, max(centre - half, -1.0)), max(up - down, min(centre + half, 1.0)), "paired shares"
    )


def percentile_difference(
    a: ArrayLike | Sample, b: ArrayLike | Sample, q: float, replicates: int | None = None
) -> Estimate:
    """Return the percentile `q` of `a` less that of `b`, with the error of the paired difference.

    Parameters
    ----------
    a, b : array of shape (trials,), or Sample
        The same trials in two cases.
    q : float
        In percent, 0 to 100.
    replicates : int or None
        See `Sample`.

    Returns
    -------
    Estimate
        The difference of the pooled percentiles; no value when either lies beyond the horizon. Its
        error is that of the differences replicate by replicate (Monte Carlo: of 16 interleaved groups)
        with Student's t. Where these cannot tell (a thin tail, a replicate beyond the horizon, no
        spread beside an atom), the interval spans both intervals as if they were not paired. Samples
        that are equal in every trial differ by 0.
    """
    first, second = _pair(a, b, replicates)
    one, other = percentile(first, q), percentile(second, q)
    if one.value is None or other.value is None:
        return first.estimate(None, None, None, warning=f"not both within the horizon: P{q:g} has no difference")
    value = one.value - other.value
    if one.method == other.method == "exact":
        return first.estimate(value, value, value, "exact")
    if first.weights is second.weights and np.array_equal(first.values, second.values, equal_nan=True):
        return first.estimate(0.0, 0.0, 0.0, "equal in every trial")
    p = q / 100.0
    changes = np.array([first.quantile_of(k, p) - second.quantile_of(k, p) for k in range(first.groups)])
    spread = float(np.std(changes, ddof=1)) if np.isfinite(changes).all() and changes.size > 1 else 0.0
    known = min(first.known_at(one.value, p), second.known_at(other.value, p))
    few = first.too_few or second.too_few
    if spread and not few and not known * min(p, 1.0 - p) < TAIL_TRIALS:
        half = critical(changes.size) * spread / math.sqrt(changes.size)
        return first.estimate(value, value - half, value + half, f"t of {changes.size} paired groups")
    low = None if one.low is None or other.high is None else one.low - other.high
    high = None if one.high is None or other.low is None else one.high - other.low
    return first.estimate(value, low, high, "not paired", TOO_FEW if low is None or high is None else "")


def _difference(statistic: Statistic, a: Sample, b: Sample) -> Estimate:
    found, other = statistic(a), statistic(b)
    if found is None or other is None:
        return a.estimate(None, None, None, warning=no_value(a, b))
    value, influence = found[0] - other[0], a.weigh(found[1](a.values)) - b.weigh(other[1](b.values))
    if a.too_few or b.too_few or a.trials < FEWEST:
        return a.estimate(value, None, None, warning=TOO_FEW)
    if a.weights is not None or b.weights is not None:  # weights skew the terms
        below, above = offsets_of_mean(influence, a.replicates)
    else:
        below = above = critical(a.replicates) * error_of_mean(influence, a.replicates)
    return a.estimate(value, value - below, value + above, f"paired, {source_of_error(a.replicates)}")


def _of_weighted_shares(a: Sample, b: Sample) -> Estimate:
    one, other = probability(a), probability(b)
    p, q = one.value or 0.0, other.value or 0.0
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return a.estimate(p - q, None, None, warning=TOO_FEW)
    first, second = a.weigh(satisfied(a).astype(np.float64) - p), b.weigh(satisfied(b).astype(np.float64) - q)
    errors = [error_of_mean(terms, a.replicates) for terms in (first, second, first + second)]
    both = 2.0 * errors[0] * errors[1]
    r = (errors[2] ** 2 - errors[0] ** 2 - errors[1] ** 2) / both if both else 0.0
    below, above = (
        math.sqrt(max(x * x - 2.0 * r * x * y + y * y, 0.0))
        for x, y in ((p - one.low, other.high - q), (one.high - p, q - other.low))
    )
    return a.estimate(p - q, max(p - q - below, -1.0), min(p - q + above, 1.0), "both intervals and their correlation")


def _pair(a: ArrayLike | Sample, b: ArrayLike | Sample, replicates: int | None) -> tuple[Sample, Sample]:
    first, second = as_sample(a, replicates), as_sample(b, replicates)
    if (first.trials, first.replicates) != (second.trials, second.replicates):
        raise ValueError(f"paired samples must hold the same trials, got {first.trials} and {second.trials}")
    return first, second
