"""Arithmetic of statistics: ``P90(payback) - P10(payback)``, with its simulation error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.expressions.tree import walk
from payback.simulator.questions.ask.estimates import component_of
from payback.simulator.questions.ask.question_check import Checked
from payback.simulator.questions.grammar import Statistic, statistic_index
from payback.simulator.statistics import TOO_FEW, Component, Estimate, Sample, component_of_groups, ends_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SampledStatistic:
    """A statistic, its estimate, and the sample that the estimate was computed from.

    The sample is None when a statistic inside this one has no value, and for a share of variance, whose `groups` hold
    its value in each group of trials, shape (groups,). `ends` hold its value with a statistic inside it, by number, at
    the low and at the high end of its interval.
    """

    statistic: Statistic
    estimate: Estimate
    sample: Sample | None
    groups: Floats | None = None
    ends: Mapping[int, tuple[float | None, float | None]] = field(default_factory=dict)

    @property
    def certain(self) -> bool:
        """Whether it has no simulation error."""
        return self.estimate.low is not None and self.estimate.low == self.estimate.high

    @property
    def component(self) -> Component:
        """The statistic as part of a number that is made of several."""
        if self.sample is None:
            return component_of_groups(self.estimate, self.groups)
        return component_of(self.statistic.kind, self.statistic.q, self.sample, self.estimate)


def combined(checked: Checked, statistics: Sequence[SampledStatistic]) -> Estimate:
    """Return the answer to a question that is arithmetic of its statistics, or has one inside another.

    Parameters
    ----------
    checked : Checked
    statistics : sequence of SampledStatistic
        Every statistic of the question, in order.

    Returns
    -------
    Estimate
        Its interval is put together from those of the statistics and the correlations of their errors, see
        `payback.simulator.statistics.estimators.variance_recovery`; a statistic inside another counts as one of them.
        It has none where a statistic has none, or where the answer is not defined within their intervals.
    """
    indices = (statistic_index(node) for node in walk(checked.tree))
    outer = dict.fromkeys(index for index in indices if index is not None)
    inner = (source for index in outer for source in statistics[index].ends)
    used = {index: statistics[index] for index in dict.fromkeys([*outer, *inner])}
    estimates = {index: statistic.estimate for index, statistic in used.items()}
    values = {index: estimate.value for index, estimate in estimates.items() if estimate.value is not None}
    if len(values) < len(estimates):
        return _estimate(estimates, None)
    method = _method(used)
    uncertain = [index for index in used if not used[index].certain]
    moved = {index: (_moved(index, 0, used), _moved(index, 1, used)) for index in uncertain}
    known = {index: (low, high) for index, (low, high) in moved.items() if low is not None and high is not None}
    if len(known) == len(moved):
        ends = ends_of({index: used[index].component for index in known}, known, values, checked.arithmetic)
        if ends is not None:
            return _estimate(estimates, *ends, method)
    (value,) = checked.arithmetic([values])
    return _estimate(estimates, value, method=method)


def _moved(source: int, end: int, used: Mapping[int, SampledStatistic]) -> dict[int, float] | None:
    """Return the values of all statistics with one of them at an end of its interval; None where one is not known."""
    values = {}
    for index, statistic in used.items():
        value = statistic.estimate.value
        if index == source:
            value = (statistic.estimate.low, statistic.estimate.high)[end]
        elif source in statistic.ends:
            value = statistic.ends[source][end]
        if value is None:
            return None
        values[index] = value
    return values


def _method(used: Mapping[int, SampledStatistic]) -> str:
    methods = list(dict.fromkeys(statistic.estimate.method for statistic in used.values()))
    return methods[0] if len(methods) == 1 and len(used) == 1 else "intervals and their correlation"


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
        warning=_warning(estimates),
        trials=max(estimate.trials for estimate in estimates.values()),
        effective=min(effective, default=None),
    )


def _warning(estimates: Mapping[int, Estimate]) -> str:
    """Return the cautions about the trials behind the statistics, each once."""
    clauses = (clause for estimate in estimates.values() for clause in estimate.warning.split("; ") if clause)
    return "; ".join(dict.fromkeys(clause for clause in clauses if "understated" in clause or clause == TOO_FEW))
