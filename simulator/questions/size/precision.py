"""Precision in place of a number of trials: as many as it takes for the half-widths that are asked for.

The trials double from look to look. Where a run may stop as soon as an interval happens to be short, intervals cover
less than they say [1]_: so few looks are taken, none before `LEAST` trials, and a look counts only when the interval
is a tenth shorter than asked.

References
----------
.. [1] Glynn and Whitt (1992), The asymptotic validity of sequential stopping rules for stochastic simulations, Annals
   of Applied Probability 2(1), doi:10.1214/aoap/1177005777
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.case.declarations.declarations import Source
from payback.simulator.document.precision import Precision
from payback.simulator.errors import CaseError, Location, Problem
from payback.simulator.questions.ask.answers import Answer, answer
from payback.simulator.questions.ask.estimates import half_width
from payback.simulator.questions.grammar import Question, parse_question
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sample_cache import Taken
from payback.simulator.questions.trials.settings import Settings

LEAST = 2**14
"""Trials of the first look."""

MARGIN = 1.1
"""A half-width times this must be as small as asked."""

MOST_TRIALS = 2**30
MOST_SECONDS = 60.0

FORM = "a statistic and a half-width: `P90(payback), 0.1 months`, `P(roi < 0), 0.2 %`"


@dataclass(frozen=True)
class Target:
    """A statistic and how well it is to be known.

    Parameters
    ----------
    text : str
        As asked.
    question : Question
        The statistic, with the half-width as its limit.
    """

    text: str
    question: Question


@dataclass(frozen=True)
class Looked:
    """How a search for enough trials ended.

    Parameters
    ----------
    trials : int
        Of the last look.
    targets : tuple of Precision
        In the order that they were asked for.
    answers : tuple of Answer
        To the questions that were asked besides, on those trials.
    """

    trials: int
    targets: tuple[Precision, ...]
    answers: tuple[Answer, ...]


def parse_targets(texts: Sequence[str]) -> tuple[Target, ...]:
    """Read targets such as ``P90(payback), 0.1 months``.

    Raises
    ------
    CaseError
        With every text that is none.
    """
    targets: list[Target] = []
    problems: list[Problem] = []
    for text in texts:
        statistic, comma, width = text.rpartition(",")
        at = Location("precision", 1, len(statistic) + 1 if comma else len(text) + 1)
        if not comma or statistic.count("(") != statistic.count(")") or not width.strip():
            problems.append(Problem(f"`{text}` has no half-width", FORM, at=at))
            continue
        try:
            asked = f"{statistic.strip()} <= {width.strip()}"
            question = parse_question(asked, Source("", Location("precision", 1, 1), asked))
        except CaseError as error:
            problems += error.problems
            continue
        if len(question.statistics) != 1 or question.limit is None or question.statistics[0].input:
            problems.append(Problem(f"`{text}` is not about one statistic", FORM, at=at))
            continue
        targets.append(Target(text, question))
    if problems:
        raise CaseError(problems)
    return tuple(targets)


def look(
    case: Case,
    targets: Sequence[Target],
    settings: Settings,
    questions: Sequence[Question] = (),
    *,
    most_trials: int = MOST_TRIALS,
    most_seconds: float = MOST_SECONDS,
) -> Looked:
    """Double the trials until every target is met, or until it is clear that it will not be.

    Parameters
    ----------
    case : Case
    targets : sequence of Target
    settings : Settings
        Its number of trials is not used.
    questions : sequence of Question
        Answered on the same trials.
    most_trials, most_seconds : int, float
        No look begins that would go beyond. How long looks take depends on the machine, so what is reached may too;
        the trials that were run are told, and give the same numbers anywhere.

    Raises
    ------
    CaseError
        A target or a question that makes no sense in the case, or a half-width that is not above 0.
    """
    asked = [*(target.question for target in targets), *questions]
    settings = replace(settings, taken=Taken())
    trials, looks, begun = min(LEAST, most_trials), 0, time.monotonic()
    while True:
        now = replace(settings, trials=trials)
        base = Frame(case, now.cube(case))
        found = answer(asked, base, now)
        looks += 1
        told, spent = found[: len(targets)], time.monotonic() - begun
        _require_widths(targets, told)
        needed = [_needed(one, base.cube.trials) for one in told]
        if now.stopped or all(trials_ <= base.cube.trials for trials_ in needed) or not any(map(math.isfinite, needed)):
            break
        # the next look runs as many trials as all before it, and takes the statistics of twice as many
        if 2 * trials > most_trials or 3 * spent > most_seconds:
            break
        trials *= 2
    results = tuple(
        _result(target, one, most, base.cube.trials, looks, spent)
        for target, one, most in zip(targets, told, needed, strict=True)
    )
    return Looked(base.cube.trials, results, tuple(found[len(targets) :]))


def _require_widths(targets: Sequence[Target], told: Sequence[Answer]) -> None:
    problems = [
        Problem(f"`{target.text}`: the half-width is not above 0", FORM, at=Location("precision", 1, 1))
        for target, one in zip(targets, told, strict=True)
        if not (one.limit or 0.0) > 0.0
    ]
    if problems:
        raise CaseError(problems)


def _needed(found: Answer, trials: int) -> float:
    """Return how many trials a target takes: as many as there are where it is met; infinite where none will do."""
    width, limit = MARGIN * half_width(found.estimate), found.limit or 0.0
    if width <= limit:
        return trials
    if found.value is None and found.estimate.low is None:
        return math.inf
    # the error falls with the square root of the trials at least; an open interval may close
    return trials * (max(width / limit, 1.5) ** 2 if math.isfinite(width) else 4.0)


def _result(target: Target, found: Answer, needed: float, trials: int, looks: int, seconds: float) -> Precision:
    width = half_width(found.estimate)
    reached = needed <= trials
    asked = target.text.rpartition(",")[2].strip()
    count = count_text(trials, looks)
    if reached:
        text = f"known to +-{asked} with {count}"
    elif not math.isfinite(needed):
        text = f"not known to +-{asked}, and no number of trials will do: it has no value within the case"
    elif not math.isfinite(width):
        text = f"not known to +-{asked} after {count}: its interval is open"
    else:
        took = seconds * needed / max(trials, 1)
        text = (
            f"not known to +-{asked} after {count}, but to {number_text.bare(width / (found.limit or 1.0))} times "
            f"that: it would take up to about {number_text.number(float(f'{needed:.1g}'))} trials, {_duration(took)}"
        )
    return told(target.text, found.limit or 0.0, width, reached, trials, looks, text)


def count_text(trials: int, looks: int) -> str:
    """Return how many trials there were, and looks at them, in words."""
    return f"{trials:,} trials, {looks} look{'' if looks == 1 else 's'}"


def told(target: str, asked: float, width: float, reached: bool, trials: int, looks: int, text: str) -> Precision:
    """Return how well a number is known; an infinite half-width is none."""
    return Precision(
        target=target,
        asked=asked,
        half_width=width if math.isfinite(width) else None,
        reached=reached,
        trials=trials,
        looks=looks,
        text=text,
    )


def _duration(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{number_text.number(float(f'{seconds / size:.1g}'))} {unit}"
    return f"{number_text.number(float(f'{max(seconds, 1.0):.1g}'))} seconds"
