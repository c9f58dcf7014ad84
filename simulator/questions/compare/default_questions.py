"""The questions that comparisons answer unasked: those of what-ifs and stresses, and the columns of a ladder.

They follow from the case: its discount rate says whether npv or gain leads, its claims and hurdles what else matters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from payback.simulator.case import Case
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Binary, Name, names
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.questions.compare.claims import claim_questions, hurdle_questions
from payback.simulator.questions.grammar import Question, Statistic
from payback.simulator.questions.trials.formula_traits import leading_measure

COLUMNS = 4
"""Questions that each step of a ladder answers."""


def usual_questions(case: Case) -> tuple[str, ...]:
    """Return the questions that a comparison answers by default, the loss of the leading measure first."""
    within = payback_limit(case)
    losses = ["P(gain < 0)", "P(npv < 0)"]
    if leading_measure(case.model) == "npv":
        losses.reverse()
    return (
        *losses,
        "P(never(payback))",
        f"P(payback <= {within})",
        "P50(payback)",
        "P5(npv)",
        "P50(npv)",
        "mean(npv)",
    )


def run_questions(case: Case) -> tuple[str, ...]:
    """Return the questions that the comparisons of a run answer: the default ones and those of the ladder."""
    return tuple(dict.fromkeys((*usual_questions(case), *(ladder_questions(case) if case.ladder else ()))))


def ladder_questions(case: Case) -> tuple[str, ...]:
    """Return the questions that each step of a ladder answers.

    They are the loss and the median of the leading measure, and between them what claims and hurdles ask of measures,
    in turn; without any, how often the case pays back, and never does.
    """
    leading = leading_measure(case.model)
    first, last = f"P({leading} < 0)", f"P50({leading})"
    defaults = (f"P(payback <= {payback_limit(case)})", "P(never(payback))")
    between = [text for text in dict.fromkeys((*_in_turn(case), *defaults)) if text not in (first, last)]
    return (first, *between[: COLUMNS - 2], last)


def payback_limit(case: Case) -> str:
    """Return the payback that the hurdles of the case ask for, or a claim; without one, 12 months or the horizon."""
    months = min(12, case.horizon)
    stated = dict(case.hurdles.limits).get(MEASURES["payback"].name)
    return stated or _claimed_payback(case) or f"{months} month{'' if months == 1 else 's'}"


def _claimed_payback(case: Case) -> str:
    for question in _stated(case, claim_questions):
        match question.single:
            case Statistic("P", Binary(("<=" | "<"), Name("payback"), limit)) if not names(limit):
                return to_text(limit)
    return ""


def _in_turn(case: Case) -> list[str]:
    """Return what claims and hurdles ask of the measures of a case: a claim, a hurdle, the next claim, and so on."""
    both = ([_text(question) for question in _stated(case, read)] for read in (claim_questions, hurdle_questions))
    return [text for pair in zip_longest(*both) for text in pair if text]


def _stated(case: Case, read: Callable[[Case], Sequence[Question]]) -> list[Question]:
    """Return the questions that `read` gives of `case`, as far as each is one statistic of the case as it is."""
    return [question for question in read(case) if question.single is not None and not question.where]


def _text(question: Question) -> str:
    """Return the statistic of a question as text, without its limit; empty where no step of a ladder has it."""
    statistic = question.single
    if statistic is None or len(question.statistics) > 1 or not statistic.sampled or statistic.kind == "skew":
        return ""
    if not names(statistic.formula) & MEASURES.keys():
        return ""
    name = f"P{statistic.q:g}" if statistic.kind == "percentile" else statistic.kind
    name = f"CVaR{statistic.q:g}" if statistic.kind == "CVaR" else name
    return f"{name}({to_text(statistic.formula)})"
