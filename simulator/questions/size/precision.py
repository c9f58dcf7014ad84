"""Stated precision: a run takes as many trials as the half-widths that the user states need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.case.source.source_text import Source
from payback.simulator.document.precision import Precision
from payback.simulator.errors import CaseError, Location, Problem
from payback.simulator.questions.ask.answers import Answer, answer
from payback.simulator.questions.ask.estimates import half_width
from payback.simulator.questions.grammar import Question, parse_question
from payback.simulator.questions.size.doubling import MARGIN, Look, count_text, doubled, precision_record
from payback.simulator.questions.size.run_size import RunSize
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.run_cache import RunCache, SampleCache
from payback.simulator.questions.trials.sampling import Sampling

LEAST = 2**14
"""Trials of the first look."""

MOST_TRIALS = 2**30
MOST_SECONDS = 60.0

FORM = "a statistic and a half-width: `P90(payback), 0.1 months`, `P(roi < 0), 0.2 %`"


@dataclass(frozen=True)
class Target:
    """A statistic, and the half-width of its interval that the run must reach.

    Parameters
    ----------
    text : str
        As stated.
    question : Question
        The statistic, with the half-width as its limit.
    """

    text: str
    question: Question

    @property
    def half_width(self) -> str:
        """The stated half-width: ``0.1 months``."""
        return self.text.rpartition(",")[2].strip()


@dataclass(frozen=True)
class StatedPrecision:
    """The rule that stops when every target is met, when none can be, or before a limit is passed.

    Parameters
    ----------
    targets : sequence of Target
        Their answers come first in the result of a look.
    most_trials, most_seconds : int, float
        No look begins that would go beyond.
    """

    targets: Sequence[Target]
    most_trials: int
    most_seconds: float

    def enough(self, look: Look[tuple[Answer, ...]]) -> bool:
        """Return whether every target is met, or none of them ever will be."""
        needed = self.needed(look)
        return all(trials <= look.trials for trials in needed) or not any(map(math.isfinite, needed))

    def affordable(self, look: Look[tuple[Answer, ...]]) -> bool:
        """Return whether a look at twice as many trials keeps to the limits."""
        # it runs as many trials as all before it, and takes the statistics of twice as many
        return 2 * look.sampling.trials <= self.most_trials and 3 * look.seconds <= self.most_seconds

    def needed(self, look: Look[tuple[Answer, ...]]) -> list[float]:
        """Return the number of trials that each target needs; infinite where no number is enough."""
        return [_needed(answer, look.trials) for answer in look.result[: len(self.targets)]]


def parse_targets(texts: Sequence[str]) -> tuple[Target, ...]:
    """Read targets such as ``P90(payback), 0.1 months``.

    Raises
    ------
    CaseError
        With every text that is not a statistic and a half-width.
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
            limited = f"{statistic.strip()} <= {width.strip()}"
            question = parse_question(limited, Source("", Location("precision", 1, 1), limited))
        except CaseError as error:
            problems += error.problems
            continue
        if len(question.statistics) != 1 or question.limit is None or not question.statistics[0].sampled:
            problems.append(Problem(f"`{text}` is not about one statistic", FORM, at=at))
            continue
        targets.append(Target(text, question))
    if problems:
        raise CaseError(problems)
    return tuple(targets)


def size_for_targets(
    case: Case,
    targets: Sequence[Target],
    sampling: Sampling,
    execution: Execution,
    questions: Sequence[Question] = (),
    *,
    most_trials: int = MOST_TRIALS,
    most_seconds: float = MOST_SECONDS,
) -> RunSize[Answer]:
    """Return the size at which every one of `targets` is met, and the answers to `questions` on the same trials.

    Parameters
    ----------
    case : Case
    targets : sequence of Target
    sampling : Sampling
        Its number of trials is not used.
    execution : Execution
    questions : sequence of Question
    most_trials, most_seconds : int, float
        No look begins that would pass a limit. The time that looks take depends on the machine, and so may the size;
        the number of trials is reported, and gives the same numbers on every machine.

    Raises
    ------
    CaseError
        A target or a question that makes no sense in the case, or a half-width that is not above 0.
    """

    def answers(base: Frame, execution: Execution, cache: RunCache) -> tuple[Answer, ...]:
        results = answer([*(target.question for target in targets), *questions], base, execution, cache)
        _require_widths(targets, results[: len(targets)])
        return results

    rule = StatedPrecision(targets, most_trials, most_seconds)
    first = replace(sampling, trials=min(LEAST, most_trials))
    look = doubled(case, first, execution, answers, rule, RunCache(samples=SampleCache()))
    precision = tuple(
        _precision(target, answer, needed, look)
        for target, answer, needed in zip(targets, look.result, rule.needed(look), strict=False)
    )
    return RunSize(replace(sampling, trials=look.trials), precision, look.result[len(targets) :])


def _require_widths(targets: Sequence[Target], answers: Sequence[Answer]) -> None:
    problems = [
        Problem(f"`{target.text}`: the half-width is not above 0", FORM, at=Location("precision", 1, 1))
        for target, answer in zip(targets, answers, strict=True)
        if not (answer.limit or 0.0) > 0.0
    ]
    if problems:
        raise CaseError(problems)


def _needed(answer: Answer, trials: int) -> float:
    """Return the number of trials that a target needs: `trials` if it is met, infinite if no number is enough."""
    width, limit = MARGIN * half_width(answer.estimate), answer.limit or 0.0
    if width <= limit:
        return trials
    if answer.estimate.needs > trials:
        return answer.estimate.needs
    if answer.value is None and answer.estimate.low is None:
        return math.inf
    # the error falls with the square root of the trials at least; an open interval may close
    return trials * (max(width / limit, 1.5) ** 2 if math.isfinite(width) else 4.0)


def _precision(target: Target, answer: Answer, needed: float, look: Look[tuple[Answer, ...]]) -> Precision:
    width, limit, trials = half_width(answer.estimate), answer.limit or 0.0, look.trials
    reached = needed <= trials
    count = count_text(trials, look.looks)
    if reached:
        text = f"known to +-{target.half_width} with {count}"
    elif not math.isfinite(needed):
        text = f"not known to +-{target.half_width}, and no number of trials will do: it has no value within the case"
    elif answer.estimate.needs > trials:
        least = number_text.number(float(f"{needed:.1g}"))
        text = (
            f"not known to +-{target.half_width} after {count}, which hold too few of a rare event: "
            f"it would take at least about {least} trials"
        )
    elif not math.isfinite(width):
        text = f"not known to +-{target.half_width} after {count}: its interval is open"
    else:
        times, rounded = number_text.bare(width / (limit or 1.0)), number_text.number(float(f"{needed:.1g}"))
        text = (
            f"not known to +-{target.half_width} after {count}, but to {times} times that: "
            f"it would take up to about {rounded} trials, {_duration(look.seconds * needed / max(trials, 1))}"
        )
    return precision_record(target.text, limit, width, look, reached, text)


def _duration(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{number_text.number(float(f'{seconds / size:.1g}'))} {unit}"
    return f"{number_text.number(float(f'{max(seconds, 1.0):.1g}'))} seconds"
