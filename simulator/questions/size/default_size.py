"""The size of a run that nobody gave one: as many trials as two honest digits of its numbers take.

A run begins with `TRIALS` trials, and they double, as under `precision`, until each
number is known to two digits (`two_digits`) or the next look would cost too much
(`cost_budget`). No clock is asked, and no look is left out: so the size follows from case,
questions, seed and sampler alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from payback.simulator import number_text, statistics
from payback.simulator.case import Case
from payback.simulator.document.comparisons import Comparison
from payback.simulator.document.precision import Precision
from payback.simulator.questions.ask.answers import Answer, answer_of, answered
from payback.simulator.questions.ask.estimates import Known, exact
from payback.simulator.questions.ask.measure_results import measured
from payback.simulator.questions.compare.comparison import compared, comparison, run_questions
from payback.simulator.questions.grammar import Question
from payback.simulator.questions.size.cost_budget import Job, comparison_job, most_trials, question_jobs, room
from payback.simulator.questions.size.precision import (
    MARGIN,
    MOST_SECONDS,
    MOST_TRIALS,
    count_text,
    look,
    parse_targets,
    told,
)
from payback.simulator.questions.size.two_digits import FLOOR, Figure, figure, floor_of, question_figure, spread
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sample_cache import Taken
from payback.simulator.questions.trials.samples import is_certain, samples
from payback.simulator.questions.trials.settings import KEPT, TRIALS, Settings

Result = TypeVar("Result")


@dataclass(frozen=True)
class Sized(Generic[Result]):
    """A run whose size was found.

    Parameters
    ----------
    settings : Settings
        With that size, and the samples of the last look.
    targets : tuple of Precision
        How well each number is known; those without a value to be known are left out.
    found : object
        What the last look found.
    """

    settings: Settings
    targets: tuple[Precision, ...]
    found: Result


Look = Callable[[Frame, Settings], tuple[Result, Sequence[Figure]]]


def settle(
    case: Case,
    settings: Settings,
    *,
    given: bool,
    targets: Sequence[str] = (),
    seconds: float = MOST_SECONDS,
    questions: Sequence[Question] = (),
) -> Sized[tuple[Answer, ...]]:
    """Return the size of a run, and the answers to `questions` where these were looked at to find it.

    Parameters
    ----------
    case : Case
    settings : Settings
    given : bool
        Whether the trials of `settings` were asked for: they are then the size, or the most that `targets` may take.
    targets : sequence of str
        See `payback.simulator.questions.size.precision.parse_targets`.
    seconds : float
        The most that `targets` may take.
    questions : sequence of Question
        Without them the size is that of the headline of a run.

    Raises
    ------
    CaseError
        A target or a question that makes no sense in the case.
    """
    if targets:
        most = settings.trials if given else MOST_TRIALS
        looked = look(case, parse_targets(targets), settings, questions, most_trials=most, most_seconds=seconds)
        return Sized(replace(settings, trials=looked.trials), looked.targets, looked.answers)
    if given:
        return Sized(settings, (), ())
    return size_for_questions(case, questions, settings) if questions else size_for_run(case, settings)


def size_for_questions(case: Case, questions: Sequence[Question], settings: Settings) -> Sized[tuple[Answer, ...]]:
    """Return the size that `questions` take, and their answers.

    Raises
    ------
    CaseError
        With every question that makes no sense in the case.
    """

    def looked(base: Frame, now: Settings) -> tuple[tuple[Answer, ...], Sequence[Figure]]:
        found = answered(questions, base, now)
        answers = tuple(answer_of(*one) for one in found)
        return answers, [question_figure(*one, told.estimate) for one, told in zip(found, answers, strict=True)]

    return _sized(case, settings, lambda base: list(question_jobs(questions, base)), looked)


def size_for_run(case: Case, settings: Settings) -> Sized[tuple[Answer, ...]]:
    """Return the size that the headline of a run takes: P5, P50, P95 of gain, P50 of payback, or P10 if that is never.

    Its shares are known to half a point by `TRIALS` trials, whatever the case. What the run compares, on as many trials
    at least, is taken off the budget.
    """
    compares = comparison_job(case, len(case.what_if) + len(case.stress), run_questions(case))
    specs, certain = measured(case), is_certain(case.model)
    formulas = [one.formula for one in specs.values()]

    def looked(base: Frame, now: Settings) -> tuple[tuple[Answer, ...], Sequence[Figure]]:
        found = samples(base, formulas, now)
        figures: list[Figure] = []
        for name, q in (("payback", 50), ("payback", 10), ("gain", 5), ("gain", 50), ("gain", 95)):
            one = specs[name]
            if one.formula in found and not (q == 10 and figures and figures[0].valued):
                sample = found[one.formula]
                value, known = statistics.percentile(sample, q), Known(one.unit, case.horizon, one.never, certain)
                floor = FLOOR * spread(sample, case.horizon)
                figures.append(figure(f"P{q}({name})", exact(value) if certain else value, known, floor))
        return (), figures

    return _sized(case, settings, lambda _: [Job(case.model, formulas)], looked, compares)


def size_for_comparisons(
    case: Case, frames: Callable[[Frame], Sequence[Frame]], questions: Sequence[str], settings: Settings
) -> Sized[tuple[Comparison, ...]]:
    """Return the size that comparisons take, and those: each question before, after, and the difference.

    Parameters
    ----------
    case : Case
    frames : callable
        The what-ifs or stresses of a frame.
    questions : sequence of str
    settings : Settings

    Raises
    ------
    CaseError, UsageError
        As `payback.simulator.questions.compare.comparison.compare`.
    """

    def looked(base: Frame, now: Settings) -> tuple[tuple[Comparison, ...], Sequence[Figure]]:
        results, figures = [], []
        for frame, before, after in compared(base, frames(base), questions, now):
            found = comparison(frame, before, after)
            results.append(found)
            for (text, pair), (one, known), (other, _) in zip(found.answers.items(), before, after, strict=True):
                floor, where = floor_of(known, case.horizon), f'{text} in "{frame.name}"'
                figures += [
                    figure(text, pair.before, one.known, floor),
                    figure(where, pair.after, other.known, floor),
                    figure(f"difference of {where}", pair.difference, replace(other.known, never=False), floor),
                ]
        return tuple(results), list(dict.fromkeys(figures))

    return _sized(case, settings, lambda base: [comparison_job(case, len(frames(base)), questions)], looked)


def shortfall(targets: Sequence[Precision]) -> str:
    """Return in one line which number has fewer than two honest digits, and what it would take; empty if none has."""
    short = [one for one in targets if not one.reached]
    if not short:
        return ""
    worst = max(short, key=lambda one: one.half_width / one.asked if one.half_width and one.asked else math.inf)
    rest = len(short) - 1
    also = f" (and {rest} other number{'' if rest == 1 else 's'})" if rest else ""
    return f"{worst.target}{also}: {worst.text}"


def _sized(
    case: Case,
    settings: Settings,
    jobs_of: Callable[[Frame], Sequence[Job]],
    look: Look[Result],
    besides: Job | None = None,
) -> Sized[Result]:
    trials, looks, most = TRIALS, 0, 0
    jobs = jobs_of(Frame(case, replace(settings, trials=TRIALS).cube(case)))
    taken = Taken() if room(jobs) >= 2 * TRIALS else None
    usual = replace(settings, kept=KEPT, checkpoint=None, taken=taken, chosen=True)
    while True:
        now = replace(usual, trials=trials)
        base = Frame(case, now.cube(case))
        found, figures = look(base, now)
        looks += 1
        stopped = settings.stopped
        if stopped or all(MARGIN * one.half_width <= one.asked for one in figures):
            break
        most = most or most_trials(jobs, besides)
        if 2 * trials > most:
            break
        trials *= 2
    if taken is not None:
        taken.close()
    targets = () if stopped else tuple(_told(one, trials, looks) for one in figures if one.valued)
    again = taken if settings.checkpoint is None else None
    return Sized(replace(settings, trials=trials, taken=again, chosen=True), targets, found)


def _told(one: Figure, trials: int, looks: int) -> Precision:
    width, reached = one.half_width, MARGIN * one.half_width <= one.asked
    if reached:
        text = f"known to two honest digits with {count_text(trials, looks)}"
    else:
        text = f"fewer than two honest digits with {trials:,} trials, the most that a run takes by itself"
        # the error falls with the square root of the trials at least
        text += _remedy(trials * (MARGIN * width / one.asked) ** 2 if one.asked else math.inf)
    return told(one.name, one.asked, width, reached, trials, looks, text)


def _remedy(needed: float) -> str:
    """Return what `needed` trials would take."""
    if not math.isfinite(needed):
        return " (--trials takes more)"
    power = 10 ** math.floor(math.log10(needed))
    rounded = math.ceil(needed / power) * power
    digit, _, exponent = f"{rounded:.0e}".partition("e+")
    return f"; it would take up to about {number_text.number(float(rounded))} (--trials {digit}e{int(exponent)})"
