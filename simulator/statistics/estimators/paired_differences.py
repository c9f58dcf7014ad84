"""Paired differences: a statistic of one case less that of another on the same trials.

What moves both cases alike cancels in the difference of each trial, so the error of a difference is that of these
differences and far smaller than that of two independent runs.

Two intervals for each kind of difference
-----------------------------------------
Where trials have weights, on one side or both, other intervals are needed than where all count alike. Measured on
4,000 seeds of 2,048 trials: a lognormal whose median moves from 1 to 1.16, once as another case on the same trials,
once as the same values with weights (standard deviation 0.53 of their mean). Coverage of 95 % intervals, Monte Carlo /
Sobol' points:

==================================  =========================================  ====================================
difference of                       all trials count alike                     trials have weights
==================================  =========================================  ====================================
shares, 21 % against 31 %           Bonett and Price .944 / .954               Zou and Donner .948 / .956
                                    (Zou and Donner .950 / .957)               (t of the influences .948 / .950)
shares, 0.1 % against 0.3 %         Bonett and Price .982 / .988               Zou and Donner .751 / .890
                                    (Zou and Donner .974 / 1.000)              (t of the influences .787 / .810)
means                               normal, t .947 / .930                      Hall .960 / .923
                                    (Hall .950 / .948)                         (normal, t .941 / .896)
==================================  =========================================  ====================================

*Shares.* Bonett and Price [1]_ count the trials that hit on one side only. With weights there is no such count: a
trial that hits on both sides weighs more on one of them. Zou and Donner [2]_ need no counts, only the interval of each
share and the correlation of the two estimates. Without weights both cover; that of Zou and Donner is a tenth to a
fifth wider where hits are rare, and has hardly any width where both sides hit in the same trials. With weights none of
these covers where hits are as rare as 0.1 %: the error then rests on two or three trials.

*Means, standard deviations, tail means.* Without weights most of the skewness cancels in the pair, and Student's t
(the normal distribution for independent trials) serves, if it reaches as far as the tail of the terms. Weights multiply
only one side, so nothing cancels: the terms are as skewed as the weights, and the interval of Hall [3]_ takes that out.
It serves too for skewnesses, and for standard deviations and tail means where either case has a heavy tail
(`payback.simulator.statistics.estimators.means.HEAVY`). Else it would be a third wider on Sobol' points.

*Percentiles* have one interval for both: their own two, put together with the correlation of their errors, see
`payback.simulator.statistics.estimators.variance_recovery`. So have tail means whose percentile lies on an atom.

References
----------
.. [1] Bonett and Price (2012), Adjusted Wald confidence interval for a difference of binomial proportions based on
   paired data, Journal of Educational and Behavioral Statistics 37(4), doi:10.3102/1076998611411915
.. [2] Zou and Donner (2008), Construction of confidence limits about effect measures: a general approach, Statistics in
   Medicine 27(10), doi:10.1002/sim.3095
.. [3] Hall (1992), On the removal of skewness by transformation, Journal of the Royal Statistical Society B 54(1),
   doi:10.1111/j.2517-6161.1992.tb01876.x; see `payback.simulator.statistics.mean_interval`
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from payback.simulator.statistics.estimate import Estimate, critical
from payback.simulator.statistics.estimators.influence import Statistic, cvar_of, heaviness, mean_of, sd_of, skew_of
from payback.simulator.statistics.estimators.means import HEAVY, cvar, no_value
from payback.simulator.statistics.estimators.percentiles import TAIL_TRIALS, percentile
from payback.simulator.statistics.estimators.probabilities import probability, satisfied
from payback.simulator.statistics.estimators.variance_recovery import (
    Component,
    component_of_percentile,
    component_of_tail,
    ends_of,
)
from payback.simulator.statistics.leaf_moments import ROUNDING, error_of_mean
from payback.simulator.statistics.mean_interval import offsets_of_mean, source_of_error
from payback.simulator.statistics.samples.conversion import as_sample
from payback.simulator.statistics.samples.replicates import FEWEST, TOO_FEW
from payback.simulator.statistics.samples.sample_protocol import Sample

CORRELATED = "intervals and their correlation"


def mean_difference(a: ArrayLike | Sample, b: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the mean of `a` less the mean of `b`, with the error of the paired difference.

    Parameters
    ----------
    a, b : array of shape (trials,), or Sample
        The same trials in two cases. There is no value where either mean has none.
    replicates : int or None
        See `Sample`.

    Returns
    -------
    Estimate
        ``mean(a) - mean(b)``; its error is that of the mean of ``a[i] - b[i]``, or with weights of the difference
        of the influences of trial `i`.

    Raises
    ------
    ValueError
        If `a` and `b` do not hold the same number of trials, or were counted, so that they cannot be paired.

    Examples
    --------
    Every trial rises by 1 or 2, so the difference is known far better than either mean:

    >>> before = np.arange(100.0)
    >>> after = before + np.tile([1.0, 2.0], 50)
    >>> change = mean_difference(after, before)
    >>> change.value, round(change.low, 2), round(change.high, 2)
    (1.5, 1.4, 1.6)
    """
    return _difference(mean_of, *_pair(a, b, replicates))


def sd_difference(a: ArrayLike | Sample, b: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the standard deviation of `a` less that of `b`, with the error of the paired difference.

    Parameters
    ----------
    a, b, replicates
        See `mean_difference`.

    Examples
    --------
    Twice the values have twice the standard deviation, sqrt(100 * 101 / 12) = 29.01:

    >>> before = np.arange(100.0)
    >>> round(sd_difference(2 * before, before).value, 2)
    29.01
    """
    return _difference(sd_of, *_pair(a, b, replicates))


def skew_difference(a: ArrayLike | Sample, b: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the skewness of `a` less that of `b`, with the error of the paired difference.

    Parameters
    ----------
    a, b, replicates
        See `mean_difference`.

    Examples
    --------
    A change of scale leaves the skewness as it is:

    >>> before = np.arange(100.0) ** 2
    >>> abs(round(skew_difference(2 * before, before).value, 12))
    0.0
    """
    return _difference(skew_of, *_pair(a, b, replicates))


def cvar_difference(a: ArrayLike | Sample, b: ArrayLike | Sample, q: float, replicates: int | None = None) -> Estimate:
    """Return the tail mean `q` of `a` less that of `b`, with the error of the paired difference.

    Parameters
    ----------
    a, b, replicates
        See `mean_difference`.
    q : float
        In percent, see `cvar`.

    Examples
    --------
    The mean of the lowest 5 % of 1 to 2,000 is 50.5:

    >>> before = np.arange(1.0, 2001.0)
    >>> cvar_difference(2 * before, before, 5).value
    50.5
    """
    first, second = _pair(a, b, replicates)
    change = _difference(cvar_of(q), first, second)
    if change.low is None or change.value is None:
        return change
    if min(first.effective, second.effective) * min(q, 100.0 - q) / 100.0 < TAIL_TRIALS:
        return first.estimate(change.value, None, None, warning=TOO_FEW)
    components = {key: component_of_tail(cvar(sample, q), q, sample) for key, sample in enumerate((first, second))}
    return (
        _of_components(first, components, change.value)
        if any(component.stepped for component in components.values())
        else change
    )


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
        With `u` the share of trials that hit in `a` alone and `d` that in `b` alone, the value is ``u - d``. Its
        interval is the adjusted Wald interval for paired shares [1]_ of `n` trials,
        ``u' - d' +- z sqrt((u' + d' - (u' - d')**2) / (n + 2))`` with ``u' = (n u + 1) / (n + 2)`` and `d'` likewise.
        With replicates, `n` is the effective number of trials ``variance / s**2``, and Student's t stands for the
        normal point `z`. With weights, the intervals of both shares are combined with their correlation [2]_; the
        docstring of this module says why.

    Raises
    ------
    ValueError
        See `mean_difference`.

    References
    ----------
    .. [1] Bonett and Price (2012), Adjusted Wald confidence interval for a difference of binomial
       proportions based on paired data, Journal of Educational and Behavioral Statistics 37(4),
       doi:10.3102/1076998611411915
    .. [2] Zou and Donner (2008), Construction of confidence limits about effect measures: a general
       approach, Statistics in Medicine 27(10), doi:10.1002/sim.3095

    Examples
    --------
    >>> trial = np.arange(100)
    >>> change = probability_difference(trial < 30, trial < 20)
    >>> change.value, round(change.low, 3), round(change.high, 3)
    (0.1, 0.034, 0.162)
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
        The difference of the pooled percentiles; no value when either lies beyond the horizon. Its interval is put
        together from those of both percentiles and the correlation of the trials above them [1]_, see
        `payback.simulator.statistics.estimators.variance_recovery`; beside an atom it spans both intervals as if they
        were not paired. Samples that are equal in every trial differ by 0.

    Raises
    ------
    ValueError
        See `mean_difference`, or if `q` is not between 0 and 100.

    References
    ----------
    .. [1] Zou and Donner (2008), Construction of confidence limits about effect measures: a general approach,
       Statistics in Medicine 27(10), doi:10.1002/sim.3095

    Examples
    --------
    The median of 1 to 1,600 is 800, and that of half of these values 400:

    >>> before = 1.0 + np.arange(1600) * 619 % 1600
    >>> change = percentile_difference(before / 2, before, 50)
    >>> change.value, change.low, change.high
    (-400.0, -420.0, -380.5)
    """
    first, second = _pair(a, b, replicates)
    of_first, of_second = percentile(first, q), percentile(second, q)
    if of_first.value is None or of_second.value is None:
        return first.estimate(None, None, None, warning=f"not both within the horizon: P{q:g} has no difference")
    value = of_first.value - of_second.value
    if of_first.method == of_second.method == "exact":
        return first.estimate(value, value, value, "exact")
    if first.weights is second.weights and np.array_equal(first.values, second.values, equal_nan=True):
        return first.estimate(0.0, 0.0, 0.0, "equal in every trial")
    components = {0: component_of_percentile(of_first, q, first), 1: component_of_percentile(of_second, q, second)}
    return _of_components(first, components, value)


def _difference(statistic: Statistic, a: Sample, b: Sample) -> Estimate:
    """Return `statistic` of `a` less that of `b`; the docstring of this module explains the choice of its interval."""
    of_a, of_b = statistic(a), statistic(b)
    if of_a is None or of_b is None:
        return a.estimate(None, None, None, warning=no_value(a, b))
    value = of_a[0] - of_b[0]
    if a.too_few or b.too_few or a.trials < FEWEST:
        return a.estimate(value, None, None, warning=TOO_FEW)
    influence = a.terms(of_a[1]) - b.terms(of_b[1])
    even = a.weights is None and b.weights is None and not _skewed(statistic, a, b)
    below, above = offsets_of_mean(influence, a.replicates, even=even)
    return a.estimate(value, value - below, value + above, f"paired, {source_of_error(a.replicates)}")


def _skewed(statistic: Statistic, a: Sample, b: Sample) -> bool:
    """Return whether pairing leaves the influences on a difference as skewed as those on either case."""
    if statistic in (mean_of, skew_of):
        return statistic is skew_of
    return max(heaviness(a, statistic), heaviness(b, statistic)) > HEAVY


def _of_components(sample: Sample, components: Mapping[int, Component], value: float) -> Estimate:
    """Return the first of two statistics less the second, from their intervals and the correlation of their errors."""
    first, second = components[0].estimate, components[1].estimate
    if first.low is None or first.high is None or second.low is None or second.high is None:
        low = None if first.low is None or second.high is None else first.low - second.high
        high = None if first.high is None or second.low is None else first.high - second.low
        return sample.estimate(value, low, high, "not paired", TOO_FEW)
    values = {key: component.estimate.value or 0.0 for key, component in components.items()}
    moved = {
        0: ({**values, 0: first.low}, {**values, 0: first.high}),
        1: ({**values, 1: second.low}, {**values, 1: second.high}),
    }
    ends = ends_of(components, moved, values, lambda points: [point[0] - point[1] for point in points])
    return sample.estimate(value, None, None) if ends is None else sample.estimate(*ends, CORRELATED)


def _of_weighted_shares(a: Sample, b: Sample) -> Estimate:
    """Return the share of `a` less that of `b` by Zou and Donner: limits from those of each share, correlated by `r`.

    With shares p and q, limits ``(l, u)`` and ``(l', u')``, the lower limit is
    ``p - q - sqrt((p - l)**2 - 2 r (p - l) (u' - q) + (u' - q)**2)``, and the upper one likewise.
    """
    of_a, of_b = probability(a), probability(b)
    p, q = of_a.value or 0.0, of_b.value or 0.0
    if of_a.low is None or of_a.high is None or of_b.low is None or of_b.high is None:
        return a.estimate(p - q, None, None, warning=TOO_FEW)
    first, second = a.weigh(satisfied(a).astype(np.float64) - p), b.weigh(satisfied(b).astype(np.float64) - q)
    errors = [error_of_mean(terms, a.replicates) for terms in (first, second, first + second)]
    both = 2.0 * errors[0] * errors[1]
    r = (errors[2] ** 2 - errors[0] ** 2 - errors[1] ** 2) / both if both else 0.0
    below, above = (
        math.sqrt(max(x * x - 2.0 * r * x * y + y * y, 0.0))
        for x, y in ((p - of_a.low, of_b.high - q), (of_a.high - p, q - of_b.low))
    )
    return a.estimate(p - q, max(p - q - below, -1.0), min(p - q + above, 1.0), "both intervals and their correlation")


def _pair(a: ArrayLike | Sample, b: ArrayLike | Sample, replicates: int | None) -> tuple[Sample, Sample]:
    """Return `a` and `b` as samples, after a check that they can be paired."""
    first, second = as_sample(a, replicates), as_sample(b, replicates)
    if (first.trials, first.replicates) != (second.trials, second.replicates):
        raise ValueError(f"paired samples must hold the same trials, got {first.trials} and {second.trials}")
    if not (first.by_trial and second.by_trial):
        raise ValueError("paired samples must hold the value of every trial, got counted ones")
    return first, second
