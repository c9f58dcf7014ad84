"""The check of questions against a case: names, units, conditions and limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from payback.simulator.case import Case
from payback.simulator.case.checker import check_formula
from payback.simulator.case.checker import is_condition as is_comparison
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Unary
from payback.simulator.document.registered_questions import at
from payback.simulator.engine import evaluate
from payback.simulator.errors import CaseError, Problem
from payback.simulator.model import Draw, Formula
from payback.simulator.questions.ask.known_facts import Known, unit_of
from payback.simulator.questions.case_statistics import CASE_STATISTICS
from payback.simulator.questions.grammar import Question
from payback.simulator.questions.sensitivity.factors import factor_of
from payback.simulator.questions.trials.formula_traits import is_certain, may_be_never, may_be_undefined
from payback.simulator.questions.trials.frames import Frame

_SWITCHES = frozenset({"bernoulli"})
"""Distributions of what is 0 or 1."""


@dataclass(frozen=True)
class Checked:
    """A question that makes sense in the case of its frame.

    Parameters
    ----------
    question : Question
    case : Case
        The case of the frame.
    formulas : tuple of Expression
        The formula of each statistic as a plain tree; ``#k`` in it stands for statistic `k`.
    tree : Expression
        The answer as a plain tree in which ``#k`` stands for statistic `k`.
    known : Known
        What the case says about the answer.
    never, undefined : bool
        Whether a formula may be "never" or undefined in a trial; probabilities do not count for `never`.
    limit : float or None
        The limit that the answer is compared with, in the unit of the answer.
    """

    question: Question
    case: Case
    formulas: tuple[Expression, ...]
    tree: Expression
    known: Known
    never: bool = False
    undefined: bool = False
    limit: float | None = None

    def arithmetic(self, values: Sequence[Mapping[int, float]]) -> list[float]:
        """Return the answer for each of several sets of values of its statistics."""
        trees = {str(index): filled(self.tree, known) for index, known in enumerate(values)}
        answers = evaluate(self.case.model, {}, trees)
        return [float(answers[name][0]) for name in trees]


def check_questions(questions: Sequence[Question], frames: Mapping[str, Frame]) -> tuple[Checked, ...]:
    """Return `questions` checked against the cases of their frames.

    Parameters
    ----------
    questions : sequence of Question
    frames : mapping of str to Frame
        By the name of the what-if or stress behind ``in``; the empty name is the case as it is.

    Raises
    ------
    CaseError
        With every question that makes no sense.
    """
    checked: list[Checked] = []
    problems: list[Problem] = []
    for question in questions:
        try:
            checked.append(_check(question, frames[question.where].case))
        except CaseError as error:
            problems += [replace(problem, given=_named(problem.given, question)) for problem in error.problems]
    if problems:
        raise CaseError(problems)
    return tuple(checked)


def _named(text: str, question: Question) -> str:
    """Return a message with every ``#k`` replaced by the text of statistic `k`."""

    def name(index: str) -> str:
        statistic = question.statistics[int(index)]
        if statistic.of_case:
            return f"{statistic.kind}({', '.join(statistic.names)})"
        head = {"percentile": "P", "CVaR": "CVaR"}.get(statistic.kind)
        order = f"{statistic.q:g}" if head else ""
        factor = f", {statistic.input}" if statistic.input else ""
        return f"{head or statistic.kind}{order}({_named(to_text(statistic.formula), question)}{factor})"

    return re.sub(r"#(\d+)", lambda match: name(match[1]), text)


def _check(question: Question, case: Case) -> Checked:
    units: dict[str, str] = {}
    formulas: list[Expression] = []
    kinds: list[str] = []
    beyond = never = undefined = False

    def checked(tree: Expression) -> Formula:
        return check_formula(case.checked.scope, tree, question.source, units)

    for index, statistic in enumerate(question.statistics):
        formula = checked(statistic.formula)
        condition = is_condition(case, formula.expression)
        if statistic.kind == "P" and not condition:
            location = question.source.place(statistic.formula.at)
            allowed = "a condition: P(npv < 0), P(payback <= 12 months)"
            raise CaseError(Problem("the probability of a number", allowed, question.source.path, at=location))
        if statistic.of_case:
            unit = at(CASE_STATISTICS[statistic.kind].check)(case, statistic.names, question.source)
            units[f"#{index}"] = "" if unit == "share" else unit
            kinds.append(unit)
            formulas.append(statistic.formula)
            continue
        if statistic.input:
            factor_of(case, statistic, question)
        unit = unit_of(statistic, "" if condition else formula.unit)
        units[f"#{index}"] = "" if unit == "share" else unit
        kinds.append(unit)
        formulas.append(formula.expression)
        never = never or (statistic.kind != "P" and may_be_never(case.model, formula.expression))
        beyond = beyond or (statistic.kind == "percentile" and never)
        undefined = undefined or may_be_undefined(case.model, formula.expression)
    answer = checked(question.tree)
    known = Known(kinds[-1] if question.single else answer.unit, case.horizon, beyond, is_certain(case.model))
    limit = None
    if question.limit is not None:
        checked(Binary(question.comparison, question.tree, question.limit, question.limit.at))
        ratio = checked(Binary("/", question.limit, question.tree, question.limit.at)).expression
        ones = dict.fromkeys(range(len(formulas)), 1.0)
        limit = float(evaluate(case.model, {}, {"limit": filled(ratio, ones)})["limit"][0])
    return Checked(question, case, tuple(formulas), answer.expression, known, never, undefined, limit)


def filled(node: Expression, values: Mapping[int, float]) -> Expression:
    """Return the plain tree `node` with ``#k`` replaced by the value of the statistic `k`."""
    match node:
        case Name(id=name, at=at) if name.startswith("#"):
            return Number(values[int(name[1:])], at)
        case Call(arguments=arguments, keywords=keywords):
            return replace(
                node,
                arguments=tuple(filled(argument, values) for argument in arguments),
                keywords=tuple((name, filled(argument, values)) for name, argument in keywords),
            )
        case Binary(left=left, right=right):
            return replace(node, left=filled(left, values), right=filled(right, values))
        case Unary(operand=operand):
            return replace(node, operand=filled(operand, values))
    return node


def is_condition(case: Case, node: Expression) -> bool:
    """Return whether `node` is true or false in a trial: a comparison, or built from values that are 0 or 1."""
    if is_comparison(node):
        return True
    match node:
        case Number(value=value):
            return value in (0.0, 1.0)
        case Binary(operator="*", left=left, right=right):
            return is_condition(case, left) and is_condition(case, right)
        case Call(function="if", arguments=(_, yes, no)):
            return is_condition(case, yes) and is_condition(case, no)
        case Name(id=name):
            return name == "stays_paid_back" or any(
                _is_switch(case, definition) for definition in case.model.definitions if definition.name == name
            )
    return False


def _is_switch(case: Case, definition: Draw | Formula) -> bool:
    if isinstance(definition, Formula):
        return is_condition(case, definition.expression)
    written = {declared.name: declared.expression for declared in case.declarations.inputs}.get(definition.name)
    return isinstance(written, Call) and written.function in _SWITCHES
