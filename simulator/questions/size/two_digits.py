"""Two honest digits: how well a number must be known before it may be printed with two of them.

A number is known to two digits when its 95 % interval reaches at most half a unit of the second one to either side.
Some numbers would never get there, and need less: a share near 0 needs half a percentage point; a number that is small
beside the spread of its measure, such as a mean near 0, needs a thousandth of that spread; and the smallest and the
largest of the trials need nothing, since more trials do not make them any more certain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from payback.simulator.document.core.estimate import Estimate as EstimateRecord
from payback.simulator.questions.ask.arithmetic import SampledStatistic
from payback.simulator.questions.ask.estimates import half_width
from payback.simulator.questions.ask.known_facts import Known
from payback.simulator.questions.ask.question_check import Checked
from payback.simulator.questions.grammar import statistic_index
from payback.simulator.statistics import Estimate, Sample

HALF_POINT = 0.005
"""Half-width of a share, and of a skewness, which is in standard deviations."""

FLOOR = 1e-3
"""Half-width that is always enough, in parts of the spread: of the range of the middle 90 % of the trials."""

MONTH = "month"


@dataclass(frozen=True)
class Figure:
    """A number of a run: the half-width of its interval, and the half-width that it needs.

    Parameters
    ----------
    name : str
        The question that it answers.
    half_width : float
        Of its 95 % interval, on the longer side; infinite where an end is not known.
    target : float
        The half-width at which it has two honest digits.
    valued : bool
        Whether it has a value; if not, the answer is "never" or "undefined", and both widths are 0.
    needs : int
        Number of trials without which it has no interval, because of a rare event; else 0.
    """

    name: str
    half_width: float
    target: float
    valued: bool = True
    needs: int = 0


def figure(name: str, estimate: Estimate | EstimateRecord, known: Known, floor: float, needs: int = 0) -> Figure:
    """Return the figure of `estimate`.

    Parameters
    ----------
    name : str
    estimate : Estimate
    known : Known
        What the case says about its quantity.
    floor : float
        The half-width that is always enough, whatever the value.
    needs : int
        See `Figure`.
    """
    value = estimate.value
    if value is None:
        return Figure(name, math.inf if needs else 0.0, 0.0, valued=needs > 0, needs=needs)
    if estimate.high is None and known.never and known.unit == MONTH:
        estimate = replace(estimate, high=float(max(known.horizon, value)))  # it is that, or never
    target = HALF_POINT if known.unit == "share" else max(half_unit(value), floor)
    return Figure(name, half_width(estimate), target, needs=needs)


def half_unit(value: float) -> float:
    """Return half a unit of the second significant digit of `value`; 0 of 0.

    Examples
    --------
    >>> half_unit(1830.0), half_unit(-0.0123)
    (50.0, 0.0005)
    """
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) - 1) if value else 0.0


def question_figure(checked: Checked, statistics: Sequence[SampledStatistic], estimate: Estimate) -> Figure:
    """Return the figure of the answer to a question.

    Parameters
    ----------
    checked : Checked
    statistics : sequence of SampledStatistic
        Its statistics.
    estimate : Estimate
        The answer. The floor of an arithmetic answer is the sum of its shifts when each statistic moves by its floor.
    """
    name, known = checked.question.text, checked.known
    index = statistic_index(checked.question.tree)
    if index is not None:
        single = statistics[index].statistic
        if single.kind == "percentile" and single.q in (0.0, 100.0):
            return Figure(name, 0.0, 0.0, valued=False)
        return figure(name, estimate, known, floor_of(statistics[index], known.horizon), estimate.needs)
    values = {}
    for position, statistic in enumerate(statistics):
        if statistic.estimate.value is not None:
            values[position] = statistic.estimate.value
    if estimate.value is None or len(values) < len(statistics):
        return figure(name, estimate, known, 0.0, estimate.needs)
    floors = [floor_of(statistic, known.horizon) for statistic in statistics]
    moved = [{**values, position: values[position] + floor} for position, floor in enumerate(floors)]
    shifts = [abs(value - estimate.value) for value in checked.arithmetic(moved)]
    floor = sum(shift for shift in shifts if math.isfinite(shift))
    return figure(name, estimate, known, floor, estimate.needs)


def floor_of(statistic: SampledStatistic, horizon: int) -> float:
    """Return the half-width that is always enough for a statistic, whatever its value."""
    if statistic.sample is None or statistic.statistic.kind in ("P", "skew"):
        return HALF_POINT
    return FLOOR * spread(statistic.sample, horizon)


def spread(sample: Sample, horizon: int) -> float:
    """Return the range of the middle 90 % of the defined trials; `horizon`, in months, stands for "never".

    Parameters
    ----------
    sample : Sample
        Shape (trials,).
    horizon : int
        Months.
    """
    low, high = (min(sample.quantile(p), float(horizon) if sample.never else math.inf) for p in (0.05, 0.95))
    return high - low if math.isfinite(high - low) else 0.0
