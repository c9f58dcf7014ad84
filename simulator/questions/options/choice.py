"""Options compared on the same trials: each one's statistics, the leading one, and what the others are behind it.

All differences are paired trial by trial. An option leads only as far as the paired difference from the second is more
than its simulation error; options within it tie.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from payback.simulator import number_text
from payback.simulator.case.declarations.options import AS_IT_IS
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.questions.options import Dominance, OptionResult, Options
from payback.simulator.errors import UsageError
from payback.simulator.questions.ask.arithmetic import SampledStatistic
from payback.simulator.questions.ask.estimates import exact
from payback.simulator.questions.ask.known_facts import Known
from payback.simulator.questions.ask.question_check import Checked
from payback.simulator.questions.ask.records import estimate_record
from payback.simulator.questions.compare.comparison import NOT_COMPARABLE, compared, difference
from payback.simulator.questions.options.choice_text import sentences
from payback.simulator.questions.options.criterion import HIGH, Criterion, criterion_of
from payback.simulator.questions.options.efficient_set import efficient_set
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.formula_traits import is_certain
from payback.simulator.questions.trials.frames import Frame, option_frames
from payback.simulator.questions.trials.rare_events import RareEvent, unseen
from payback.simulator.questions.trials.run_cache import shared_runs
from payback.simulator.questions.trials.unseen_events import cautioned, inherited
from payback.simulator.stage_times import Stage
from payback.simulator.statistics import Estimate as SampleEstimate
from payback.simulator.statistics.estimators.best_alternative import BestAlternative, best_alternative
from payback.simulator.statistics.estimators.stochastic_dominance import (
    SLIGHT,
    curves,
    dominates,
    largest_violation,
)

IN_RUN = 2**12
"""Trials that an appendix takes at most: it names the leading option, the verb knows it better."""

PAIRED = "every option on the same trials: differences are paired"


@dataclass(frozen=True)
class _Option:
    """An option with its statistics: by question, what is known of it and its sample."""

    name: str
    frame: Frame
    statistics: Mapping[str, tuple[Checked, SampledStatistic]]

    def of(self, question: str) -> SampledStatistic:
        return self.statistics[question][1]

    def record(self, question: str) -> Estimate:
        checked, statistic = self.statistics[question]
        estimate = exact(statistic.estimate) if checked.known.certain else statistic.estimate
        return estimate_record(estimate, checked.known, may_be_undefined=checked.undefined)


def of_frame(frame: Frame, execution: Execution, decide_by: str = "") -> Options:
    """Return the comparison of the case as it is with every option that it declares.

    Parameters
    ----------
    frame : Frame
        The case as it is.
    execution : Execution
    decide_by : str
        The statistic that ranks them: ``mean(npv)``. If empty that of the case, or the median of its leading measure.

    Raises
    ------
    CaseError
        If `decide_by` makes no sense in the case, or has no better side.
    UsageError
        If the case declares no options.
    """
    if not frame.case.options:
        raise UsageError(
            "the case declares no `options:` -> some, as in `options: {do nothing: {...}}`, or several cases: "
            "payback options A.yaml B.yaml"
        )
    frames = option_frames(frame)
    return choice(frames, criterion_of([each.case for each in frames], decide_by), execution)


def shown_in_run(base: Frame, execution: Execution) -> Options | None:
    """Return the comparison for an appendix, on fewer trials than the run has; None for a case without options."""
    if not base.case.options:
        return None
    trials = min(base.cube.trials, IN_RUN)
    shorter = replace(base, cube=replace(base.cube, trials=trials), shortened=trials < base.cube.trials)
    return of_frame(shorter, execution)


def choice(frames: Sequence[Frame], criterion: Criterion, execution: Execution) -> Options:
    """Return the comparison of options that are given as frames.

    Parameters
    ----------
    frames : sequence of Frame
        At least two, on the same trials. One without a name is the case as it is.
    criterion : Criterion
    execution : Execution
    """
    options = _ranked(_options(frames, criterion, execution), criterion)
    with Stage("statistics"):
        sign = 1.0 if criterion.measure_better == HIGH else -1.0
        values = np.stack([_values(option, criterion) for option in options]) * sign
        replicates = options[0].frame.cube.replicates
        best = best_alternative(values, replicates)
        rows = _results(options, criterion, best, sign)
        dominance = _dominance([option.name for option in options], values, replicates, criterion)
    trials = options[0].frame.cube.trials
    first = ", the first of the run" if options[0].frame.shortened else ""
    return Options(
        decide_by=criterion.text,
        better="high" if criterion.better == HIGH else "low",
        stated=criterion.stated,
        measure=criterion.measure,
        measure_better="high" if sign > 0 else "low",
        unit=criterion.unit,
        shortfall=criterion.shortfall,
        loss=criterion.loss,
        options=tuple(rows),
        dominance=dominance,
        several_best=_share(best.tied, all(is_certain(option.frame.case.model) for option in options)),
        sentences=sentences(rows, dominance, criterion),
        trials=trials,
        note=f"{trials:,} trials{first}; {PAIRED}; intervals: 95 %",
    )


def _options(frames: Sequence[Frame], criterion: Criterion, execution: Execution) -> list[_Option]:
    questions = tuple(dict.fromkeys(criterion.questions))
    base, *others = frames
    options: list[_Option] = []
    for frame, before, after in compared(base, others, questions, execution, shared_runs()):
        if not options:
            first = replace(base, cube=replace(base.cube, trials=frame.cube.trials), shortened=frame.shortened)
            options.append(_Option(base.name or AS_IT_IS, first, dict(zip(questions, before, strict=True))))
        options.append(_Option(frame.name, frame, dict(zip(questions, after, strict=True))))
    return options


def _ranked(options: list[_Option], criterion: Criterion) -> list[_Option]:
    """Return options, best first by the criterion; those beyond the horizon last."""
    sign = -1.0 if criterion.better == HIGH else 1.0

    def key(option: _Option) -> float:
        value = option.of(criterion.text).estimate.value
        return float("inf") if value is None else sign * value

    return sorted(options, key=key)


def _values(option: _Option, criterion: Criterion) -> NDArray[np.float64]:
    """Return the value of the measure in each trial."""
    sample = option.of(f"mean({criterion.measure})").sample
    if sample is None or not sample.by_trial or not np.isfinite(sample.values).all():
        raise UsageError(
            f"`{criterion.measure}` has no value in some trials of `{option.name}`: options are not compared by it "
            "-> a measure that every option has: npv, gain, total_cost"
        )
    return sample.values


def _results(
    options: Sequence[_Option], criterion: Criterion, best: BestAlternative, sign: float
) -> list[OptionResult]:
    leader = options[0]
    efficient = efficient_set(_advantages(options, criterion, sign))
    certain = all(is_certain(option.frame.case.model) for option in options)
    known = Known(criterion.unit, leader.frame.case.horizon)
    events = [event for option in options for event in _unseen(option, criterion)]
    mean, p5, p50, p95, shortfall, loss = criterion.questions[1:]
    rows = []
    for k, option in enumerate(options):
        regret = cautioned(best.regret[k], "mean", 0.0, events)
        behind = None if k == 0 else _behind(leader, option, criterion)
        rows.append(
            OptionResult(
                name=option.name,
                changes=option.frame.changes,
                decides=option.record(criterion.text),
                behind=behind,
                tied=behind is not None and _within_error(behind, leader, option, criterion),
                mean=option.record(mean),
                p5=option.record(p5),
                p50=option.record(p50),
                p95=option.record(p95),
                shortfall=option.record(shortfall),
                loss=option.record(loss),
                best=_share(best.probability[k], certain),
                regret=estimate_record(exact(regret) if certain else regret, known),
                efficient=efficient[k],
            )
        )
    return rows


def _unseen(option: _Option, criterion: Criterion) -> tuple[RareEvent, ...]:
    checked = option.statistics[f"mean({criterion.measure})"][0]
    return unseen(option.frame, checked.formulas[-1], option.frame.cube.trials)


def _share(estimate: SampleEstimate, certain: bool) -> Estimate:
    """Return the record of a share of the trials."""
    return estimate_record(exact(estimate) if certain else estimate, Known("share", 0))


def _paired(a: _Option, b: _Option, question: str) -> SampleEstimate:
    """Return a statistic of `b` less that of `a`, paired trial by trial."""
    pair = a.of(question), b.of(question)
    change = inherited(difference(*pair), [statistic.estimate for statistic in pair])
    certain = all(option.statistics[question][0].known.certain for option in (a, b))
    return exact(change) if certain else change


def _behind(leader: _Option, option: _Option, criterion: Criterion) -> Estimate:
    change, known = _paired(leader, option, criterion.text), option.statistics[criterion.text][0].known
    text = NOT_COMPARABLE
    if change.value is not None:
        text = number_text.difference(change.value, change.low, change.high, known.unit)
    return estimate_record(change, known, text)


def _within_error(behind: Estimate, leader: _Option, option: _Option, criterion: Criterion) -> bool:
    """Return whether an option is no further behind the leading one than the simulation error of the difference."""
    if behind.value is None:
        return leader.of(criterion.text).estimate.value is option.of(criterion.text).estimate.value is None
    return behind.low is None or behind.high is None or behind.low <= 0.0 <= behind.high


def _advantages(
    options: Sequence[_Option], criterion: Criterion, sign: float
) -> list[list[tuple[SampleEstimate, ...]]]:
    """Return by how much each option of a row is worse than that of a column, in mean and in shortfall."""
    questions = (f"mean({criterion.measure})", criterion.shortfall)
    known: dict[tuple[int, int], tuple[SampleEstimate, ...]] = {}
    for a, row in enumerate(options):
        for b, column in enumerate(options[:a]):
            changes = tuple(_paired(row, column, question) for question in questions)
            turned = tuple(_turned(change) for change in changes)
            known[a, b], known[b, a] = (changes, turned) if sign > 0 else (turned, changes)
    return [[known.get((a, b), ()) for b in range(len(options))] for a in range(len(options))]


def _turned(estimate: SampleEstimate) -> SampleEstimate:
    """Return the negative of an estimate."""
    value, low, high = (None if x is None else -x for x in (estimate.value, estimate.high, estimate.low))
    return replace(estimate, value=value, low=low, high=high)


def _dominance(
    names: Sequence[str], values: NDArray[np.float64], replicates: int | None, criterion: Criterion
) -> tuple[Dominance, ...]:
    known = curves(values, replicates)
    unit = Known(criterion.unit, 0)
    rows = []
    for a, option in enumerate(names):
        for b, over in enumerate(names):
            if a != b:
                first, second = (largest_violation(known, a, b, order) for order in (1, 2))
                rows.append(
                    Dominance(
                        option=option,
                        over=over,
                        first=dominates(first, SLIGHT),
                        second=dominates(second, SLIGHT * known.spread),
                        first_violation=_share(first, certain=False),
                        second_violation=estimate_record(second, unit),
                    )
                )
    return tuple(rows)
