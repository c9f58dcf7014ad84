"""Arithmetic of statistics: ``P90(payback) - P10(payback)``, with its simulation error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.expressions.tree import walk
from payback.simulator.questions.ask.estimates import estimate
from payback.simulator.questions.ask.question_check import Checked
from payback.simulator.questions.grammar import Statistic, statistic_index
from payback.simulator.statistics import GROUPS, Estimate, Sample
from payback.simulator.statistics.estimate import critical

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SampledStatistic:
    """A statistic, its estimate, and the sample that the estimate was computed from.

    The sample is None when a statistic inside this one has no value, and for a share of variance, whose `groups` hold
    its value in each group of trials, shape (groups,).
    """

    statistic: Statistic
    estimate: Estimate
    sample: Sample | None
    groups: Floats | None = None


def combined(checked: Checked, statistics: Sequence[SampledStatistic]) -> Estimate:
    """Return the answer to a question that is arithmetic of its statistics.

    Parameters
    ----------
    checked : Checked
    statistics : sequence of SampledStatistic
        Every statistic of the question, in order.

    Returns
    -------
    Estimate
        Arithmetic in which one statistic occurs once is monotone, so the ends of its interval give
        the interval, none where they span a division by 0. Else the interval is Student's, from the
        spread of the answer over independent groups of trials (for Sobol' points, their replicates)
        about the answer of all trials.

    References
    ----------
    .. [1] Owen (1997), Monte Carlo variance of scrambled net quadrature, SIAM Journal on Numerical
       Analysis 34(5), doi:10.1137/S0036142994277468, on independent replicates.
    """
    indices = (statistic_index(node) for node in walk(checked.tree))
    used = [index for index in indices if index is not None]
    estimates = {index: statistics[index].estimate for index in used}
    values = {index: estimate.value for index, estimate in estimates.items() if estimate.value is not None}
    if len(values) < len(estimates):
        return _estimate(estimates, None)
    if len(used) == 1:
        single = estimates[used[0]]
        ends = [end for end in (single.low, single.high) if end is not None]
        value, *rest = checked.arithmetic([values, *({used[0]: end} for end in ends)])
        if len(rest) < 2 or not min(rest) <= value <= max(rest):
            return _estimate(estimates, value, method=single.method)
        return _estimate(estimates, value, min(rest), max(rest), single.method)
    groups = [group for k in range(GROUPS) if (group := _group(statistics, used, k)) is not None]
    value, *answers = checked.arithmetic([values, *groups])
    method = f"spread over {GROUPS} groups of trials"
    if len(groups) < GROUPS or not all(map(math.isfinite, answers)):
        return _estimate(estimates, value, method=method)
    half = critical(GROUPS) * float(np.std(answers, ddof=1)) / math.sqrt(GROUPS)
    return _estimate(estimates, value, value - half, value + half, method)


def _estimate(
    estimates: Mapping[int, Estimate],
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    method: str = "",
) -> Estimate:
    """Return the estimate of an answer with the shares of its statistics; one that is not finite is not defined."""
    known = value is not None and math.isfinite(value)
    effective = [estimate.effective for estimate in estimates.values() if estimate.effective is not None]
    return Estimate(
        value if known else None,
        low if known else None,
        high if known else None,
        never=max(estimate.never for estimate in estimates.values()),
        undefined=max(estimate.undefined for estimate in estimates.values()),
        method=method,
        trials=max(estimate.trials for estimate in estimates.values()),
        effective=min(effective, default=None),
    )


def _group(statistics: Sequence[SampledStatistic], used: Sequence[int], group: int) -> dict[int, float] | None:
    """Return the statistics of one group of trials; None when one of them has no value there."""
    values = {}
    for index in dict.fromkeys(used):
        known = statistics[index]
        if known.groups is not None and np.isfinite(known.groups).all() and known.groups.size == GROUPS:
            values[index] = float(known.groups[group])
            continue
        subsample = None if known.sample is None else known.sample.part(group, GROUPS)
        if subsample is None:
            return None
        value = estimate(known.statistic.kind, known.statistic.q, subsample).value
        if value is None:
            return None
        values[index] = value
    return values
