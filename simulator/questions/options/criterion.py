"""The criterion of a choice: the statistic that ranks options, which side of it is better, and what trials compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from payback.simulator.case import Case
from payback.simulator.case.checker import check_formula
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, names
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.case.source.source_text import Source, question_source
from payback.simulator.case.source.spelling import quoted
from payback.simulator.errors import CaseError, Problem
from payback.simulator.questions.ask.known_facts import unit_of
from payback.simulator.questions.grammar import Statistic, parse_question
from payback.simulator.questions.trials.formula_traits import leading_measure, may_be_never, may_be_undefined

EXAMPLES = "P50(npv), mean(npv), CVaR5(npv), P(npv < 0), P(payback <= 12 months)"

HIGH, LOW = "high", "low"

_OF_MONTHS = ("at", "total", "lowest", "highest", "average", "present")
"""Functions of a measure of each month that grow with it."""

_BELOW, _ABOVE = ("<", "<="), (">", ">=")


@dataclass(frozen=True)
class Criterion:
    """What decides between options.

    Parameters
    ----------
    text : str
        The statistic that ranks them.
    text_unit : str
        Its unit, "share" for a probability.
    better : {"high", "low"}
        Its better side.
    measure : str
        The formula that is compared trial by trial: that of the statistic, or the leading measure of the case where
        the statistic is a probability or its formula may have no value in a trial.
    measure_better : {"high", "low"}
        Its better side.
    unit : str
        Of `measure`.
    loss : str
        The probability of a loss, of the leading measure of the case.
    stated : bool
        Whether somebody chose the statistic.
    """

    text: str
    text_unit: str
    better: str
    measure: str
    measure_better: str
    unit: str
    loss: str
    stated: bool

    @property
    def shortfall(self) -> str:
        """The expected shortfall: the mean of `measure` over the worst 5 % of the trials."""
        return f"CVaR{5 if self.measure_better == HIGH else 95}({self.measure})"

    @property
    def questions(self) -> tuple[str, ...]:
        """The statistics of each option, `text` first, then mean, P5, P50, P95, shortfall and loss."""
        spread = (f"{name}({self.measure})" for name in ("mean", "P5", "P50", "P95"))
        return self.text, *spread, self.shortfall, self.loss


def criterion_of(cases: Sequence[Case], text: str = "") -> Criterion:
    """Return the criterion by which `cases` are ranked.

    Parameters
    ----------
    cases : sequence of Case
        The options. The first is the one whose ``decide_by:`` counts.
    text : str
        The statistic; if empty that of the first case, and if that states none the median of its leading measure.

    Raises
    ------
    CaseError
        If the text is no single statistic, or it is not known which side of it is better.
    """
    case = cases[0]
    leading = leading_measure(case.model)
    chosen = text or case.decide_by or f"P50({leading})"
    source = case.declarations.source["decide_by"] if case.decide_by and not text else question_source(chosen)
    question = parse_question(chosen, source)
    statistic = question.single
    if statistic is None or question.limit is not None or question.where or len(question.statistics) > 1:
        raise _problem(f"{quoted(chosen)} cannot rank options", f"one statistic: {EXAMPLES}", source)
    text_unit = unit_of(statistic, check_formula(case.checked.scope, statistic.formula, source).unit)
    better = _better(statistic)
    if not better:
        raise _problem(f"{quoted(chosen)} has no better side", f"a statistic of a measure: {EXAMPLES}", source)
    measure, of_measure = leading, HIGH
    if statistic.kind != "P" and all(_has_values(each, statistic.formula) for each in cases):
        measure, of_measure = to_text(statistic.formula), better
    unit = case.formula(measure, source).unit
    stated = bool(text or case.decide_by)
    return Criterion(chosen, text_unit, better, measure, of_measure, unit, f"P({leading} < 0)", stated)


def _problem(given: str, allowed: str, source: Source) -> CaseError:
    return CaseError(Problem(given, allowed, source.path, at=source.at))


def _has_values(case: Case, formula: Expression) -> bool:
    """Return whether `formula` has a finite value in every trial of `case`."""
    return not may_be_never(case.model, formula) and not may_be_undefined(case.model, formula)


def _better(statistic: Statistic) -> str:
    """Return the better side of a statistic, empty where it has none."""
    if statistic.kind in ("percentile", "mean", "CVaR"):
        return _better_side(statistic.formula)
    return _better_condition(statistic.formula) if statistic.kind == "P" else ""


def _better_side(formula: Expression) -> str:
    """Return the better side of a measure, or of a measure by month at some time; empty for other formulas."""
    match formula:
        case Name(id=name) if name in MEASURES and not MEASURES[name].monthly:
            return MEASURES[name].better
        case Call(function=function, arguments=(Name(id=name), *rest)) if function in _OF_MONTHS and name in MEASURES:
            return "" if any(names(argument) for argument in rest) else MEASURES[name].better
    return ""


def _better_condition(condition: Expression) -> str:
    """Return whether it is better that a condition on a measure holds often ("high") or seldom; empty for others."""
    match condition:
        case Call(function="never", arguments=(Name(id=name),)) if name in MEASURES:
            return LOW
        case Name(id="stays_paid_back"):
            return HIGH
        case Binary(operator=operator, left=left, right=right) if operator in (*_BELOW, *_ABOVE):
            if not names(right) and (side := _better_side(left)):
                return HIGH if (side == LOW) == (operator in _BELOW) else LOW
            if not names(left) and (side := _better_side(right)):
                return HIGH if (side == LOW) == (operator in _ABOVE) else LOW
    return ""
