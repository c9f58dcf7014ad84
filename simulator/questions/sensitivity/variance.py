"""Variance shares: how much of the variance of a measure each input explains, alone and together with the others."""

from __future__ import annotations

import math
from dataclasses import replace

from payback.simulator import number_text
from payback.simulator.case.source.spelling import listed
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.questions.variance import Variance, VarianceShare
from payback.simulator.errors import UsageError
from payback.simulator.questions.sensitivity.factors import factors
from payback.simulator.questions.sensitivity.sobol_indices import Shares, shares
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.questions.trials.unseen_events import CARRIED, cautions, count
from payback.simulator.statistics import Estimate as SampleEstimate

MEASURE = "npv"

LEAST = 0.0005
"""Shares below it are written as that."""

TRIALS_A_ROW, ROWS = 16, (2**10, 2**16)
"""An appendix takes one row for so many of its trials, within these ends: fewer than 2^10 have no intervals."""

RUNS = 8
"""What all rows of all matrices may be, in trials of the appendix."""

WIDE = 0.3
"""From this length of the interval of a leading share on, a note says that it is wide."""


def variance(frame: Frame, execution: Execution, measure: str = MEASURE) -> Variance:
    """Return the first-order and the total Sobol' index of every uncertain input for `measure`.

    Parameters
    ----------
    frame : Frame
        Its trials are the rows of both matrices of the pick-freeze scheme; the engine runs them once for each group of
        inputs, and twice more. Inputs that depend on one another, and the draws of a process, are one group.
    execution : Execution
    measure : str
        A scalar formula or a condition: ``npv``, ``payback <= 12 months``.

    Returns
    -------
    Variance
        Largest total index first.

    Raises
    ------
    CaseError
        If `measure` makes no sense in the case.
    UsageError
        If the measure has no variance: nothing varies, or it is never or undefined in some trials.
    """
    case = frame.case
    formula = case.formula(measure)
    indices = shares(frame, formula.expression, factors(case), execution)
    _require_variance(frame, measure, formula.unit, indices)
    return _split(frame, measure, formula.unit, indices)


def drivers(base: Frame, execution: Execution) -> Variance | None:
    """Return the variance shares of `MEASURE` for an appendix, from fewer rows than the run has trials.

    Parameters
    ----------
    base : Frame
        The case as it is.
    execution : Execution

    Returns
    -------
    Variance or None
        None for too few trials, fewer than two factors, or where nothing varies.
    """
    case, known = base.case, factors(base.case)
    if len(known) < 2 or base.cube.trials < ROWS[0]:
        return None
    rows = Sampling(rows_of(base.cube.trials, len(known)), base.cube.seed, base.cube.sampler.name)
    formula = case.formula(MEASURE)
    frame = Frame(case, rows.cube(case))
    leading = shares(frame, formula.expression, known, execution)
    if not leading.indices.variance > 0:
        return None
    split = _split(frame, MEASURE, formula.unit, leading)
    if not any(map(_wide, (share.total for share in split.shares[:3]))):
        return split
    note = (
        f"Some intervals are wide: few trials make most of the spread. Shares of a condition, such as "
        f"payback <= {case.horizon} months, are surer."
    )
    return replace(split, note=f"{split.note} {note}")


def _wide(index: Estimate) -> bool:
    """Return whether an index is not known, or has an interval that is wide."""
    if index.low is None or index.high is None:
        return index.value is None
    return index.high - index.low >= WIDE


def rows_of(trials: int, inputs: int) -> int:
    """Return the number of rows that an appendix of `trials` trials takes for `inputs` factors: a power of two."""
    least, most = ROWS
    fitting = max(1, min(trials // TRIALS_A_ROW, RUNS * trials // (inputs + 2), most))
    return max(least, 1 << (fitting.bit_length() - 1))


def _split(frame: Frame, measure: str, unit: str, split: Shares) -> Variance:
    """Return the record of the indices of `measure`, whose unit is `unit`."""
    indices = split.indices
    rows = [
        VarianceShare(inputs=factor.names, first=_record(split.first(index)), total=_record(split.total(index)))
        for index, factor in enumerate(split.factors)
    ]
    alone = split.first(*range(len(rows)))
    return Variance(
        measure=measure,
        unit=unit,
        sd=indices.variance**0.5,
        shares=tuple(sorted(rows, key=_largest_first)),
        alone=_record(alone),
        together=_record(_rest(alone)),
        trials=indices.trials,
        runs=indices.trials * (len(rows) + 2),
        note=_note(frame, split),
    )


def _largest_first(row: VarianceShare) -> tuple[float, tuple[str, ...]]:
    """Return the sort key of a share: those that are not known first, then by the total index."""
    return (-math.inf if row.total.value is None else -float(f"{row.total.value:.12g}")), row.inputs


def _require_variance(frame: Frame, measure: str, unit: str, split: Shares) -> None:
    indices = split.indices
    if indices.never:
        given = f"`{measure}` is never reached in {number_text.percent(indices.never)} of trials: it has no variance"
        end = f"{frame.case.horizon} months"
        months = f", `{measure} <= {end}`, or `min({measure}, {end})`" if unit == "month" else " on it"
        raise UsageError(f"{given} -> a condition{months}")
    if indices.undefined:
        given = f"`{measure}` is undefined in {number_text.percent(indices.undefined)} of trials: it has no variance"
        raise UsageError(f"{given} -> a condition on it, or a measure that is always defined")
    if not split.factors or not indices.variance > 0:
        given = f"`{measure}` does not vary: there is nothing to share"
        if split.events:
            given = f"`{measure}` does not vary in {indices.trials:,} trials, which hold too few of a rare event"
            given += f" -> --trials {max(event.needs for event in split.events):,}"
        raise UsageError(given)


def _rest(alone: SampleEstimate) -> SampleEstimate:
    """Return the share that inputs explain only together: 1 less the shares that each explains alone."""
    ends = [None if end is None else 1.0 - end for end in (alone.value, alone.high, alone.low)]
    return replace(alone, value=ends[0], low=ends[1], high=ends[2])


def _record(index: SampleEstimate) -> Estimate:
    return Estimate.of(index, _text(index), warning=index.warning)


def share_text(value: float | None, low: float | None, high: float | None) -> str:
    """Return an index in percent with its interval, or that it is too small to tell.

    Examples
    --------
    >>> share_text(0.3424, 0.3227, 0.3621), share_text(1e-7, -2e-7, 4e-7)
    ('34 % (32 to 36)', 'below 0.05 %')

    A share that too few trials carry has no value; alone it is no more than in total:

    >>> share_text(None, None, None), share_text(None, 0.0, 0.2)
    ('not known', 'at most 20 %')
    """
    most = high if value is None or high is not None else value
    if most is not None and max(most, value or 0.0) < LEAST:
        return f"below {100 * LEAST:g} %"
    if value is None:
        return "not known" if high is None else f"at most {number_text.number(float(f'{100 * high:.2g}'))} %"
    ends = (None if end is None else min(max(end, 0.0), 1.0) for end in (low, high))
    return number_text.percent(min(max(value, 0.0), 1.0), *ends)


def _note(frame: Frame, split: Shares) -> str:
    draws = {d.name: d for d in frame.case.model.draws}
    note = (
        "Alone: what knowing this input would take from the variance. Total: what would be left were all others known"
    )
    coupled = {axis for group in frame.case.model.dependence for axis in group.axes}
    joint = [
        factor
        for factor in split.factors
        if any(draws[name].axis in coupled for name in factor.draws) and len(factor.names) > 1
    ]
    if joint:
        note += "; one share for inputs that move together: " + listed(" with ".join(factor.names) for factor in joint)
    own = [factor.names[0] for factor in split.factors if any(draws[name].parameters for name in factor.draws)]
    if own:
        note += "; a draw whose parameters are uncertain has the share of its own chance, parameters given: " + listed(
            own
        )
    return note + "." + _unknown(split)


def _unknown(split: Shares) -> str:
    """Return in words which shares are not known, and what it would take; empty if all are."""
    names = [" with ".join(factor.names) for factor in split.factors]
    totals, firsts = ([of(k) for k in range(len(names))] for of in (split.total, split.first))
    if split.events:
        return f" No share is known: {cautions(totals[0])[0]}." if totals and cautions(totals[0]) else ""
    clauses = []
    for estimates, order in ((totals, "in total"), (firsts, "alone")):
        few = {name: x.needs for name, x in zip(names, estimates, strict=True) if x.needs and _text(x) == "not known"}
        if few:
            clauses.append(f"{order} {listed(few)} (it would take some {count(max(few.values()))})")
    trials = f"{split.indices.trials:,} trials"
    return f" Not known, for too few of these {trials} {CARRIED}: {'; '.join(clauses)}." if clauses else ""


def _text(index: SampleEstimate) -> str:
    return share_text(index.value, index.low, index.high)
