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
class Found:
    """A statistic and the sample it was taken of; None when something inside it has no value.

    A share of variance has no sample: `groups` holds its value in each group of trials.
    """

    statistic: Statistic
    estimate: Estimate
    sample: Sample | None
    groups: Floats | None = None


def combined(checked: Checked, found: Sequence[Found]) -> Estimate:
    """Return the answer of a question that is arithmetic of its statistics.

    Parameters
    ----------
    checked : Checked
    found : sequence of Found
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
    indices = (statistic_index(part) for part in walk(checked.tree))
    used = [index for index in indices if index is not None]
    parts = {index: found[index].estimate for index in used}
    values = {index: part.value for index, part in parts.items() if part.value is not None}
    if len(values) < len(parts):
        return _estimate(parts, None)
    if len(used) == 1:
        part = parts[used[0]]
        ends = [end for end in (part.low, part.high) if end is not None]
        value, *rest = checked.arithmetic([values, *({used[0]: end} for end in ends)])
        if len(rest) < 2 or not min(rest) <= value <= max(rest):
            return _estimate(parts, value, method=part.method)
        return _estimate(parts, value, min(rest), max(rest), part.method)
    groups = [group for k in range(GROUPS) if (group := _group(found, used, k)) is not None]
    value, *answers = checked.arithmetic([values, *groups])
    method = f"spread over {GROUPS} groups of trials"
    if len(groups) < GROUPS or not all(map(math.isfinite, answers)):
        return _estimate(parts, value, method=method)
    half = critical(GROUPS) * float(np.std(answers, ddof=1)) / math.sqrt(GROUPS)
    return _estimate(parts, value, value - half, value + half, method)


def _estimate(
    parts: Mapping[int, Estimate],
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    method: str = "",
) -> Estimate:
    """Return an estimate with the shares of its parts; an answer that is not finite is not defined."""
    known = value is not None and math.isfinite(value)
    return Estimate(
        value if known else None,
        low if known else None,
        high if known else None,
        never=max(part.never for part in parts.values()),
        undefined=max(part.undefined for part in parts.values()),
        method=method,
        trials=max(part.trials for part in parts.values()),
        effective=min((part.effective for part in parts.values() if part.effective is not None), default=None),
    )


def _group(found: Sequence[Found], used: Sequence[int], group: int) -> dict[int, float] | None:
    """Return the statistics of one group of trials; None when one of them has no value there."""
    values = {}
    for index in dict.fromkeys(used):
        one = found[index]
        if one.groups is not None and np.isfinite(one.groups).all() and one.groups.size == GROUPS:
            values[index] = float(one.groups[group])
            continue
        part = None if one.sample is None else one.sample.part(group, GROUPS)
        if part is None:
            return None
        value = estimate(one.statistic.kind, one.statistic.q, part).value
        if value is None:
            return None
        values[index] = value
    return values
