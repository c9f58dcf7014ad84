"""Answers to questions: their statistics on the trials of one cube, their text and their verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.errors import CaseError, Problem
from payback.simulator.questions.ask.arithmetic import SampledStatistic, combined
from payback.simulator.questions.ask.estimates import estimated, exact, text_of, warning_of
from payback.simulator.questions.ask.filled_formulas import Filled, next_statistics
from payback.simulator.questions.ask.question_check import Checked, check_questions
from payback.simulator.questions.ask.verdicts import verdict
from payback.simulator.questions.grammar import Question, statistic_index
from payback.simulator.questions.sensitivity.factors import Factor, factor_of
from payback.simulator.questions.sensitivity.sobol_indices import Shares, shares
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, named_frame
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache
from payback.simulator.questions.trials.samples import samples
from payback.simulator.questions.trials.total_progress import with_total_progress
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
    return tuple(
        answer_of(question, statistics) for question, statistics in answered(questions, base, execution, cache)
    )


def answered(
    questions: Sequence[Question], base: Frame, execution: Execution, cache: RunCache = NO_CACHE
) -> list[tuple[Checked, tuple[SampledStatistic, ...]]]:
    """Return each of `questions`, checked, with its statistics; parameters and errors as for `answer`."""
    frames = frames_of(questions, base)
    checked = check_questions(questions, frames)
    total = with_total_progress(execution, len(frames))
    return list(zip(checked, estimates(checked, frames, total, cache.for_runs(len(frames))), strict=True))


def frames_of(questions: Sequence[Question], base: Frame) -> dict[str, Frame]:
    """Return the frame of every name that `questions` ask for.

    Raises
    ------
    CaseError
        With every name that is not a what-if or a stress of the case.
    """
    frames: dict[str, Frame] = {}
    problems: list[Problem] = []
    for question in questions:
        try:
            if question.where not in frames:
                frames[question.where] = named_frame(base, question.where)
        except CaseError as error:
            problems += [replace(p, path=p.path or question.source.path, at=question.source.at) for p in error.problems]
    if problems:
        raise CaseError(problems)
    return frames


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
            new = [formula for _, formula in _sampled(here) if (where, formula) not in kept]
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
            if not following.statistic.input
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
                else:
                    known.append(_estimated(following, where, kept, values))
    return tuple(map(tuple, results))


def _sampled(jobs: Sequence[_Job]) -> Iterator[tuple[Filled, Expression]]:
    """Yield the formulas to simulate for the next statistics of each question."""
    for _, _, statistics in jobs:
        for following in statistics:
            if not following.statistic.input:
                for formula in following.sampled:
                    yield following, formula


def _estimated(
    following: Filled, where: str, kept: Mapping[tuple[str, Expression], Sample], values: Iterator[Estimate]
) -> SampledStatistic:
    """Return a statistic with its sample, taking from `values` the estimates of its formulas that have samples."""

    def estimate_of(formula: Expression | None) -> Estimate:
        return NOTHING if formula is None or (where, formula) not in kept else next(values)

    estimate = estimate_of(following.formula)
    shifted = {key: estimate_of(formula).value for key, formula in following.shifted.items()}
    ends = {source: (shifted[source, 0], shifted[source, 1]) for source, _ in shifted}
    sample = None if following.formula is None else kept.get((where, following.formula))
    return SampledStatistic(following.statistic, estimate, sample, ends=ends)


def answer_of(checked: Checked, statistics: Sequence[SampledStatistic]) -> Answer:
    """Return the answer to a question from its statistics.

    Parameters
    ----------
    checked : Checked
    statistics : sequence of SampledStatistic
        Every statistic of the question, in order.
    """
    question, known = checked.question, checked.known
    index = statistic_index(question.tree)
    single = index is not None and not statistics[index].ends
    estimate = statistics[index].estimate if index is not None and single else combined(checked, statistics)
    if known.certain:
        estimate = exact(estimate)
    decided = "" if checked.limit is None else verdict(estimate, question.comparison, checked.limit, known)
    return Answer(
        question.text,
        estimate,
        known.unit,
        text_of(estimate, known),
        estimate.never if checked.never else None,
        estimate.undefined if checked.undefined else None,
        decided,
        checked.limit,
    )
