"""The default number of trials: as many as it takes to know the numbers of a run to two honest digits.

A run begins with `TRIALS` trials, and they double, as under `precision`, until each number is known to two digits
(`two_digits`) or the next look would cost too much (`cost_budget`). No clock is read, and no look is left out: so the
size follows from case, questions, seed and sampler alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

from payback.simulator import number_text, statistics
from payback.simulator.case import Case
from payback.simulator.document.comparisons import Comparison
from payback.simulator.document.precision import Precision
from payback.simulator.engine.numpy_engine.shared_inputs import SharedInputs
from payback.simulator.questions.ask.answers import Answer, answered, answers_of
from payback.simulator.questions.ask.estimates import exact
from payback.simulator.questions.ask.known_facts import Known
from payback.simulator.questions.ask.measure_results import measured
from payback.simulator.questions.compare.comparison import compared, comparison
from payback.simulator.questions.grammar import Question
from payback.simulator.questions.size.cost_budget import Job, comparison_job, most_trials, question_jobs, room, run_jobs
from payback.simulator.questions.size.doubling import MARGIN, Compute, Look, count_text, doubled, precision_record
from payback.simulator.questions.size.precision import MOST_SECONDS, MOST_TRIALS, parse_targets, size_for_targets
from payback.simulator.questions.size.run_size import RunSize
from payback.simulator.questions.size.two_digits import FLOOR, Figure, figure, floor_of, question_figure, spread
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.formula_traits import is_certain, leading_measure
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.rare_events import unseen
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache, SampleCache
from payback.simulator.questions.trials.samples import samples
from payback.simulator.questions.trials.sampling import TRIALS, Sampling
from payback.simulator.questions.trials.unseen_events import cautioned

Result = TypeVar("Result")

Figured: TypeAlias = tuple[tuple[Result, ...], Sequence[Figure]]
"""Answers or comparisons, and the figures in them that two digits are asked of."""


@dataclass(frozen=True)
class TwoDigits:
    """The rule that stops when every figure is known to two honest digits, or before the next look costs too much.

    Parameters
    ----------
    jobs : sequence of Job
        What a look computes.
    besides : Job or None
        Further work of the run.
    """

    jobs: Sequence[Job]
    besides: Job | None

    def enough(self, look: Look[Figured[Result]]) -> bool:
        """Return whether every figure is known to two digits, or cannot be, for a rare event asks for more trials."""
        return all(_reached(figure) or self._beyond(figure) for figure in look.result[1])

    def _beyond(self, figure: Figure) -> bool:
        return figure.needs > 0 and figure.needs > self._most_trials

    def affordable(self, look: Look[Figured[Result]]) -> bool:
        """Return whether a look at twice as many trials keeps to the budget."""
        return 2 * look.sampling.trials <= self._most_trials

    @cached_property
    def _most_trials(self) -> int:
        return most_trials(self.jobs, self.besides)


def find_size(
    case: Case,
    sampling: Sampling,
    execution: Execution,
    *,
    given: bool,
    targets: Sequence[str] = (),
    seconds: float = MOST_SECONDS,
    questions: Sequence[Question] = (),
) -> RunSize[Answer]:
    """Return the size of a run, and the answers to `questions` where these were computed to find it.

    Parameters
    ----------
    case : Case
    sampling : Sampling
    execution : Execution
    given : bool
        Whether the user gave the trials of `sampling`: then they are the size, or the most that `targets` may take.
    targets : sequence of str
        See `payback.simulator.questions.size.precision.parse_targets`.
    seconds : float
        The longest that `targets` may take.
    questions : sequence of Question
        The questions to answer; without any, the size is that of the headline of a run.

    Raises
    ------
    CaseError
        A target or a question that makes no sense in the case.
    """
    if targets:
        most = sampling.trials if given else MOST_TRIALS
        parsed = parse_targets(targets)
        return size_for_targets(case, parsed, sampling, execution, questions, most_trials=most, most_seconds=seconds)
    if given:
        return RunSize(sampling)
    if questions:
        return size_for_questions(case, questions, sampling, execution)
    return size_for_run(case, sampling, execution)


def size_for_questions(
    case: Case, questions: Sequence[Question], sampling: Sampling, execution: Execution
) -> RunSize[Answer]:
    """Return the size at which the answers to `questions` are known to two digits, and those answers.

    Parameters
    ----------
    case : Case
    questions : sequence of Question
    sampling : Sampling
        Its number of trials is not used.
    execution : Execution

    Raises
    ------
    CaseError
        With every question that makes no sense in the case.
    """

    def compute(base: Frame, execution: Execution, cache: RunCache) -> Figured[Answer]:
        checked = answered(questions, base, execution, cache)
        answers = answers_of(checked)
        figures = [
            question_figure(question, statistics, answer.estimate)
            for (question, statistics), answer in zip(checked, answers, strict=True)
        ]
        return answers, figures

    return _size(case, sampling, execution, lambda base: list(question_jobs(questions, base)), compute)


def size_for_run(case: Case, sampling: Sampling, execution: Execution) -> RunSize[Answer]:
    """Return the size at which the headline of a run is known to two digits.

    The headline is P5, P50 and P95 of the leading measure (npv, or gain without a discount rate), P50 of gain, and P50
    of payback, or P10 where P50 is never. Its shares need no more trials: `TRIALS` of them give any share to half a
    percentage point. The mean of npv needs as many as hold each rare event that it depends on. The cost of the
    comparisons that the run makes is deducted from the budget.
    """
    alone, compares = run_jobs(case)
    measures, certain = measured(case), is_certain(case.model)
    leading = leading_measure(case.model)
    headline = dict.fromkeys(
        [("payback", 50), ("payback", 10), (leading, 5), (leading, 50), (leading, 95), ("gain", 50)]
    )

    def compute(base: Frame, execution: Execution, cache: RunCache) -> Figured[Answer]:
        sample_of = samples(base, alone.formulas, execution, cache)
        figures: list[Figure] = []
        for name, q in headline:
            measure = measures[name]
            known_by_its_median = q == 10 and bool(figures) and figures[0].valued
            if measure.formula not in sample_of or known_by_its_median:
                continue
            sample = sample_of[measure.formula]
            estimate = statistics.percentile(sample, q)
            known = Known(measure.unit, case.horizon, measure.never, certain)
            floor = FLOOR * spread(sample, case.horizon)
            figures.append(figure(f"P{q}({name})", exact(estimate) if certain else estimate, known, floor))
        npv = measures["npv"]
        if npv.formula in sample_of and (events := unseen(base, npv.formula, sample_of[npv.formula].trials)):
            mean = cautioned(statistics.mean(sample_of[npv.formula]), "mean", 0.0, events)
            figures.append(figure("mean(npv)", mean, Known(npv.unit, case.horizon), 0.0, mean.needs))
        return (), figures

    return _size(case, sampling, execution, lambda _: [alone], compute, compares)


def size_for_comparisons(
    case: Case,
    frames: Callable[[Frame], Sequence[Frame]],
    questions: Sequence[str],
    sampling: Sampling,
    execution: Execution,
) -> RunSize[Comparison]:
    """Return the size at which comparisons are known to two digits, and those comparisons.

    Each question counts three times: before the change, after it, and their difference.

    Parameters
    ----------
    case : Case
    frames : callable
        The what-ifs or stresses of a frame.
    questions : sequence of str
    sampling : Sampling
    execution : Execution

    Raises
    ------
    CaseError, UsageError
        As `payback.simulator.questions.compare.comparison.compare`.
    """

    def compute(base: Frame, execution: Execution, cache: RunCache) -> Figured[Comparison]:
        comparisons, figures = [], []
        for frame, before, after in compared(base, frames(base), questions, execution, cache):
            result = comparison(frame, before, after)
            comparisons.append(result)
            for (text, pair), (first, statistic), (second, changed) in zip(
                result.answers.items(), before, after, strict=True
            ):
                needs = statistic.estimate.needs, changed.estimate.needs
                floor, where = floor_of(statistic, case.horizon), f'{text} in "{frame.name}"'
                figures += [
                    figure(text, pair.before, first.known, floor, needs[0]),
                    figure(where, pair.after, second.known, floor, needs[1]),
                    figure(
                        f"difference of {where}",
                        pair.difference,
                        replace(second.known, never=False),
                        floor,
                        max(needs),
                    ),
                ]
        return tuple(comparisons), list(dict.fromkeys(figures))

    return _size(case, sampling, execution, lambda base: [comparison_job(case, len(frames(base)), questions)], compute)


def _size(
    case: Case,
    sampling: Sampling,
    execution: Execution,
    jobs_of: Callable[[Frame], Sequence[Job]],
    compute: Compute[Figured[Result]],
    besides: Job | None = None,
) -> RunSize[Result]:
    """Return the size at which the figures that `compute` gives are known to two digits, or the budget is spent."""
    first = replace(sampling, trials=TRIALS)
    jobs = jobs_of(Frame(case, first.cube(case)))
    inputs = None if besides is None else SharedInputs()  # for what comes after the last look
    cache = RunCache(inputs, SampleCache()) if room(jobs) >= 2 * TRIALS else NO_CACHE
    look = doubled(case, first, replace(execution, checkpoint=None), compute, TwoDigits(jobs, besides), cache)
    if cache.samples is not None:
        cache.samples.close()
    results, figures = look.result
    precision = () if look.stopped else tuple(_precision(figure, look) for figure in figures if figure.valued)
    # a run with a checkpoint counts its trials anew
    again = cache if execution.checkpoint is None else NO_CACHE
    return RunSize(look.sampling, precision, results, chosen=True, cache=again)


def _reached(figure: Figure) -> bool:
    return MARGIN * figure.half_width <= figure.target


def _precision(figure: Figure, look: Look[Figured[Result]]) -> Precision:
    width, reached, trials = figure.half_width, _reached(figure), look.sampling.trials
    if reached:
        text = f"known to two honest digits with {count_text(trials, look.looks)}"
    elif figure.needs > trials:
        text = f"not known with {trials:,} trials, which hold too few of a rare event"
        text += _remedy(float(figure.needs), "at least")
    else:
        text = f"fewer than two honest digits with {trials:,} trials, the most that a run takes by itself"
        # the error falls with the square root of the trials at least
        text += _remedy(trials * (MARGIN * width / figure.target) ** 2 if figure.target else math.inf)
    return precision_record(figure.name, figure.target, width, look, reached, text)


def _remedy(needed: float, least: str = "up to") -> str:
    """Return in words that about `needed` trials would be enough, or `least` that many."""
    if not math.isfinite(needed):
        return " (--trials takes more)"
    power = 10 ** math.floor(math.log10(needed))
    rounded = math.ceil(needed / power) * power
    digit, _, exponent = f"{rounded:.0e}".partition("e+")
    return f"; it would take {least} about {number_text.number(float(rounded))} (--trials {digit}e{int(exponent)})"
