"""Answers to questions: their statistics on the trials of one cube, their text and their verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.digits import ordered_places
from payback.simulator.document.registered_questions import at
from payback.simulator.questions.ask.arithmetic import SampledStatistic, combined
from payback.simulator.questions.ask.estimates import estimated, exact, text_of, unfunded, warning_of
from payback.simulator.questions.ask.filled_formulas import Filled, next_statistics
from payback.simulator.questions.ask.question_check import Checked, check_questions
from payback.simulator.questions.ask.undefined_reasons import RATES, explained, read_with
from payback.simulator.questions.ask.verdicts import verdict
from payback.simulator.questions.case_statistics import CASE_STATISTICS
from payback.simulator.questions.grammar import Question, Statistic, statistic_index
from payback.simulator.questions.sensitivity.factors import Factor, factor_of
from payback.simulator.questions.sensitivity.sobol_indices import Shares, shares
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, frames_of
from payback.simulator.questions.trials.rare_events import unseen
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache
from payback.simulator.questions.trials.samples import samples
from payback.simulator.questions.trials.total_progress import with_total_progress
from payback.simulator.questions.trials.unseen_events import cautioned, inherited
from payback.simulator.statistics import Estimate, Sample

_Job: TypeAlias = tuple[Checked, list[SampledStatistic], list[Filled]]
"""A question, the statistics that are known, and the next ones."""

NOTHING = Estimate(None, None, None, undefined=1.0)
"""The estimate of a statistic whose value does not exist."""


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    Parameters
    ----------
    question : str
        The question as written.
    estimate : Estimate
        Value and interval; a probability is a ratio.
    unit : str
        As displayed; empty for a plain number, "share" for a probability.
    text : str
        Ready to print.
    never, undefined : float or None
        Shares of the trials, None where they do not apply.
    verdict : str
        "supported", "refuted" or "inconclusive" when the question has a limit, else empty.
    limit : float or None
        The limit behind the verdict, in the unit of the answer.
    """

    question: str
    estimate: Estimate
    unit: str
    text: str
    never: float | None = None
    undefined: float | None = None
    verdict: str = ""
    limit: float | None = None

    @property
    def value(self) -> float | None:
        """The estimate; None when it lies beyond the horizon or is not defined."""
        return self.estimate.value

    @property
    def warning(self) -> str:
        """A warning about the trials behind the value; empty if there is none."""
        return warning_of(self.estimate)


def answer(
    questions: Sequence[Question], base: Frame, execution: Execution, cache: RunCache = NO_CACHE
) -> tuple[Answer, ...]:
    """Return the answers to `questions`, in order, all on the trials of one cube.

    Parameters
    ----------
    questions : sequence of Question
        Questions with a name behind ``in`` are answered on the same trials of the changed case.
    base : Frame
        The case as it is.
    execution : Execution
    cache : RunCache
        Samples and input values of earlier runs of the case.

    Raises
    ------
    CaseError
        With every question that makes no sense in the case.
    """
    return answers_of(answered(questions, base, execution, cache))


def answered(
    questions: Sequence[Question], base: Frame, execution: Execution, cache: RunCache = NO_CACHE
) -> list[tuple[Checked, tuple[SampledStatistic, ...]]]:
    """Return each of `questions`, checked, with its statistics; parameters and errors as for `answer`."""
    frames = frames_of(questions, base)
    checked = check_questions(questions, frames)
    total = with_total_progress(execution, len(frames))
    return list(zip(checked, estimates(checked, frames, total, cache.for_runs(len(frames))), strict=True))


def estimates(
    checked: Sequence[Checked], frames: Mapping[str, Frame], execution: Execution, cache: RunCache = NO_CACHE
) -> tuple[tuple[SampledStatistic, ...], ...]:
    """Return every statistic of every question, in order; one run of the engine for each frame.

    Statistics inside the condition of another are simulated in a run before it. A statistic that an interrupted run
    did not reach has no value.

    Parameters
    ----------
    checked : sequence of Checked
    frames : mapping of str to Frame
        By the name of the what-if or stress behind ``in``; the empty name is the case as it is.
    execution : Execution
    cache : RunCache
        Samples and input values of earlier runs of the case.
    """
    results: list[list[SampledStatistic]] = [[] for _ in checked]
    kept: dict[tuple[str, Expression], Sample] = {}
    split: dict[tuple[str, Expression], Shares] = {}
    while any(ready := [next_statistics(question, known) for question, known in zip(checked, results, strict=True)]):
        jobs: list[_Job] = list(zip(checked, results, ready, strict=True))
        for where, frame in frames.items():
            here = [job for job in jobs if job[0].question.where == where]
            new = [
                formula
                for following, sampled in _sampled(here)
                for formula in (read_with(sampled) if sampled is following.formula else (sampled,))
                if (where, formula) not in kept
            ]
            kept |= {(where, formula): sample for formula, sample in samples(frame, new, execution, cache).items()}
            divided: dict[Expression, list[Factor]] = {}
            for question, _, statistics in here:
                for following in statistics:
                    if following.statistic.input and following.formula is not None:
                        factor = factor_of(frame.case, following.statistic, question.question)
                        divided.setdefault(following.formula, []).append(factor)
            split |= {(where, formula): shares(frame, formula, of, execution) for formula, of in divided.items()}
        pairs = [
            (following.statistic, sample)
            for question, _, statistics in jobs
            for following in statistics
            if following.statistic.sampled
            for formula in following.sampled
            if (sample := kept.get((question.question.where, formula))) is not None
        ]
        values = iter(estimated(pairs, execution.threads))
        for question, known, statistics in jobs:
            where, case = question.question.where, frames[question.question.where].case
            for following in statistics:
                if following.statistic.input and following.formula is not None:
                    factor = factor_of(case, following.statistic, question.question)
                    value, groups = split[where, following.formula].of(following.statistic.kind, factor)
                    known.append(SampledStatistic(following.statistic, value, None, groups))
                elif following.statistic.of_case:
                    known.append(_of_case(following.statistic, frames[where], execution, cache))
                else:
                    known.append(_estimated(following, frames[where], where, kept, values))
    return tuple(map(tuple, results))


def _sampled(jobs: Sequence[_Job]) -> Iterator[tuple[Filled, Expression]]:
    """Yield the formulas to simulate for the next statistics of each question."""
    for _, _, statistics in jobs:
        for following in statistics:
            if following.statistic.sampled:
                for formula in following.sampled:
                    yield following, formula


def _of_case(statistic: Statistic, frame: Frame, execution: Execution, cache: RunCache) -> SampledStatistic:
    estimate = at(CASE_STATISTICS[statistic.kind].estimate)(frame, statistic.names, execution, cache)
    return SampledStatistic(statistic, estimate, None)


def _estimated(
    following: Filled,
    frame: Frame,
    where: str,
    kept: Mapping[tuple[str, Expression], Sample],
    values: Iterator[Estimate],
) -> SampledStatistic:
    """Return a statistic with its sample, taking from `values` the estimates of its formulas that have samples."""

    def estimate_of(formula: Expression | None) -> Estimate:
        return NOTHING if formula is None or (where, formula) not in kept else next(values)

    estimate, formula, statistic = estimate_of(following.formula), following.formula, following.statistic
    sample = None if formula is None else kept.get((where, formula))
    if formula is not None and sample is not None:
        estimate = cautioned(estimate, statistic.kind, statistic.q, unseen(frame, formula, sample.trials))
        estimate = explained(estimate, formula, kept.get((where, RATES)))
    shifted = {key: estimate_of(moved).value for key, moved in following.shifted.items()}
    ends = {source: (shifted[source, 0], shifted[source, 1]) for source, _ in shifted}
    return SampledStatistic(statistic, estimate, sample, ends=ends)


def answers_of(known: Sequence[tuple[Checked, Sequence[SampledStatistic]]]) -> tuple[Answer, ...]:
    """Return the answers to questions that are printed together; rounding keeps the order of percentiles.

    Parameters
    ----------
    known : sequence of (Checked, sequence of SampledStatistic)
        Each question with every statistic of it, in order.
    """
    ranked: dict[tuple[str, Expression], list[int]] = {}
    for position, (checked, _) in enumerate(known):
        single = checked.question.single
        if single is not None and single.kind == "percentile":
            formula = checked.formulas[statistic_index(checked.question.tree) or 0]
            ranked.setdefault((checked.question.where, formula), []).append(position)
    answers = [answer_of(*question) for question in known]
    for positions in ranked.values():
        positions.sort(key=lambda position: _percent(known[position][0]))
        estimates = [answers[position].estimate for position in positions]
        places = ordered_places([(estimate.value, estimate.low, estimate.high) for estimate in estimates])
        for position, decimals in zip(positions, places, strict=True):
            answers[position] = answer_of(*known[position], decimals)
    return tuple(answers)


def _percent(checked: Checked) -> float:
    single = checked.question.single
    return 0.0 if single is None else single.q


def answer_of(checked: Checked, statistics: Sequence[SampledStatistic], decimals: int | None = None) -> Answer:
    """Return the answer to a question from its statistics.

    Parameters
    ----------
    checked : Checked
    statistics : sequence of SampledStatistic
        Every statistic of the question, in order.
    decimals : int, optional
        Decimal places of the text, where they follow from other answers too.
    """
    question, known = checked.question, checked.known
    index = statistic_index(question.tree)
    if index is not None and not statistics[index].ends:
        estimate = statistics[index].estimate
    else:
        estimate = inherited(combined(checked, statistics), [statistic.estimate for statistic in statistics])
    if known.certain:
        estimate = exact(estimate)
    decided = "" if checked.limit is None else verdict(estimate, question.comparison, checked.limit, known)
    free = 0.0 if index is None else unfunded(checked.formulas[index], statistics[index].sample)
    return Answer(
        question.text,
        estimate,
        known.unit,
        text_of(estimate, known, free, decimals),
        estimate.never if checked.never else None,
        estimate.undefined if checked.undefined else None,
        decided,
        checked.limit,
    )
