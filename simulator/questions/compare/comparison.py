"""Comparisons of what-ifs and stresses with the case as it is, trial by trial on the same cube.

With paired trials the error of a difference comes from the differences of the trials, which is far
smaller than that of two independent runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from payback.simulator import number_text, statistics
from payback.simulator.document.comparisons import Comparison, Paired
from payback.simulator.errors import UsageError
from payback.simulator.questions.ask.answers import estimates
from payback.simulator.questions.ask.arithmetic import SampledStatistic
from payback.simulator.questions.ask.estimates import exact, warning_of
from payback.simulator.questions.ask.question_check import Checked, check_questions
from payback.simulator.questions.ask.records import estimate_record
from payback.simulator.questions.grammar import Question, Statistic, parse_question
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache
from payback.simulator.questions.trials.total_progress import with_total_progress
from payback.simulator.questions.trials.unseen_events import cautions, inherited
from payback.simulator.stage_times import Stage
from payback.simulator.statistics import FEW_EFFECTIVE, Estimate, Sample

PAIRED = 2**25
"""Values that a comparison keeps: pairs of trials are kept, not counted. More trials than that are not compared."""

Side: TypeAlias = list[tuple[Checked, SampledStatistic]]
"""Questions and their statistics on one side of a comparison."""

NOT_COMPARABLE = "no difference: one side has no value"


def compare(
    base: Frame,
    frames: Sequence[Frame],
    questions: Sequence[str],
    execution: Execution,
    cache: RunCache = NO_CACHE,
    most: int = PAIRED,
    known: dict[tuple[str, ...], Side] | None = None,
) -> tuple[Comparison, ...]:
    """Return the comparison of each changed frame with `base`: every question before, after, and the paired difference.

    Parameters
    ----------
    base : Frame
        The case as it is.
    frames : sequence of Frame
        What-ifs and stresses of it.
    questions : sequence of str
        Each is one statistic: ``P(npv < 0)``, ``P90(payback)``, ``mean(npv)``.
    execution : Execution
    cache : RunCache
        Samples and input values of earlier runs of the case.
    most : int
        The most trials to compare, beside the limit of `PAIRED` values. Of a longer run the first trials are compared,
        and the comparison says so.
    known : dict, optional
        Earlier answers of `base`, by questions; new ones are added.

    Raises
    ------
    CaseError
        A question that makes no sense in the case.
    UsageError
        A question that is not a single statistic.
    """
    return tuple(comparison(*sides) for sides in compared(base, frames, questions, execution, cache, most, known))


def compared(
    base: Frame,
    frames: Sequence[Frame],
    questions: Sequence[str],
    execution: Execution,
    cache: RunCache = NO_CACHE,
    most: int = PAIRED,
    known: dict[tuple[str, ...], Side] | None = None,
) -> Iterator[tuple[Frame, Side, Side]]:
    """Yield each of `frames`, with every question answered before and after; see `compare`."""
    parsed = single_questions(questions)
    runs = len(frames) + 1
    pairs, shared = replace(with_total_progress(execution, runs), checkpoint=None), cache.for_runs(runs)
    most = min(most, 1 << (PAIRED // (2 * len(parsed))).bit_length() - 1)
    known = {} if known is None else known
    key = tuple(questions)
    if key not in known:
        known[key] = _statistics(parsed, _first(base, most), pairs, shared)
    before = known[key]
    for frame in frames:
        shorter = _first(frame, most)
        yield shorter, before, _statistics(parsed, shorter, pairs, shared)


def _first(frame: Frame, most: int) -> Frame:
    """Return `frame` on its first `most` trials, if it has more."""
    cube = frame.cube
    return frame if cube.trials <= most else replace(frame, cube=replace(cube, trials=most), shortened=True)


def single_questions(texts: Sequence[str]) -> list[Question]:
    """Return the questions in `texts`, each a statistic that can be compared.

    Raises
    ------
    UsageError
        For a text that is not a single statistic.
    """
    return [_single(text) for text in texts]


def _single(text: str) -> Question:
    question = parse_question(text)
    statistic = question.single
    if (
        statistic is None
        or not statistic.sampled
        or question.limit is not None
        or question.where
        or len(question.statistics) > 1
    ):
        raise UsageError(f"`{text}` cannot be compared -> one statistic: P(npv < 0), P90(payback), mean(npv)")
    return question


def _statistics(questions: Sequence[Question], frame: Frame, execution: Execution, cache: RunCache) -> Side:
    checked = check_questions(questions, {"": frame})
    results = estimates(checked, {"": frame}, execution, cache)
    return [(question, statistics[0]) for question, statistics in zip(checked, results, strict=True)]


@Stage("statistics")
def comparison(frame: Frame, before: Side, after: Side) -> Comparison:
    """Return the comparison of `frame` with the base: every question before and after, with the paired difference.

    Parameters
    ----------
    frame : Frame
        The changed frame.
    before, after : list of (Checked, SampledStatistic)
        The questions with their statistics on the base and on `frame`, in the same order.
    """
    answers = {}
    for (checked_before, statistic_before), (checked_after, statistic_after) in zip(before, after, strict=True):
        pair = _paired(checked_before, statistic_before, checked_after, statistic_after)
        answers[checked_after.question.text] = pair
    effective = [statistic.estimate.effective for _, statistic in after]
    least = min((trials for trials in effective if trials is not None), default=None)
    few = ", too few to trust the errors" if least is not None and least < FEW_EFFECTIVE else ""
    notes = [f"the first {frame.cube.trials:,} trials"] if frame.shortened else []
    if least is not None:
        notes.append(f"weighted: worth {least:,.0f} trials{few}")
    notes += _rare(answers)
    return Comparison(
        name=frame.name,
        changes=frame.changes,
        reading=frame.reading,
        answers=answers,
        effective_trials=least,
        note="; ".join(notes),
    )


def _rare(answers: Mapping[str, Paired]) -> list[str]:
    """Return what is said of rare events behind answers, each once with the questions that it is about."""
    questions: dict[str, list[str]] = {}
    for question, pair in answers.items():
        for clause in dict.fromkeys((*cautions(pair.before), *cautions(pair.after))):
            questions.setdefault(clause, []).append(question)
    return [f"{number_text.series(about)}: {clause}" for clause, about in questions.items()]


def _paired(
    before: Checked, statistic_before: SampledStatistic, after: Checked, statistic_after: SampledStatistic
) -> Paired:
    first, second = statistic_before.estimate, statistic_after.estimate
    change = inherited(difference(statistic_before, statistic_after), [first, second])
    if before.known.certain and after.known.certain:
        first, second, change = exact(first), exact(second), exact(change)
    unit = after.known.unit
    text = (
        NOT_COMPARABLE if change.value is None else number_text.difference(change.value, change.low, change.high, unit)
    )
    return Paired(
        unit=unit,
        before=estimate_record(first, before.known, may_be_undefined=before.undefined),
        after=estimate_record(second, after.known, may_be_undefined=after.undefined),
        difference=estimate_record(change, after.known, text),
    )


def difference(before: SampledStatistic, after: SampledStatistic) -> Estimate:
    """Return the estimate of after - before from paired trials; it has no value when one side has none.

    Parameters
    ----------
    before, after : SampledStatistic
        The same statistic over the same trials, before and after a change.
    """
    if before.sample is None or after.sample is None or None in (before.estimate.value, after.estimate.value):
        return Estimate(None, None, None, warning=NOT_COMPARABLE)
    change = _change(before.statistic, before.sample, after.sample)
    clauses = [*change.warning.split("; "), warning_of(before.estimate), warning_of(after.estimate)]
    return replace(change, warning="; ".join(dict.fromkeys(filter(None, clauses))))


def _change(statistic: Statistic, before: Sample, after: Sample) -> Estimate:
    match statistic.kind:
        case "P":
            return statistics.probability_difference(after, before)
        case "percentile":
            return statistics.percentile_difference(after, before, statistic.q)
        case "mean":
            return statistics.mean_difference(after, before)
        case "sd":
            return statistics.sd_difference(after, before)
        case "CVaR":
            return statistics.cvar_difference(after, before, statistic.q)
        case "skew":
            return statistics.skew_difference(after, before)
    raise UsageError("differences of variance shares are not yet in this version -> P, P<q>, mean, sd, CVaR<q>, skew")
