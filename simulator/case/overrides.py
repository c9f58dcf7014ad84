"""Overrides: a changed case is another set of declarations.

In the new formula the name of what is replaced means its base value. A replaced input keeps its
axis, so other inputs keep their draws, and a replaced line keeps its place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from payback.simulator.case.declaration_checks import Declared, name_of
from payback.simulator.case.declarations.declarations import Calculation, Change, Declarations, Input
from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.keywords import BASE
from payback.simulator.case.expressions.parser import check_size
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Expression, Name, Number, Quantity, names, substitute
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.formulas.scope import Scope
from payback.simulator.case.function_rules import formula_checker
from payback.simulator.case.language.distribution_words import is_random
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.case.source.spelling import nearest
from payback.simulator.errors import CaseError, Problem

LONGEST_HORIZON = 1_200
T = TypeVar("T")


def change(declarations: Declarations, changes: tuple[Change, ...]) -> Declarations:
    """Return `declarations` with each of `changes` made, in order.

    Raises
    ------
    CaseError
        With every change that cannot be made; units are checked with the case.
    """
    problems: list[Problem] = []
    for one in changes:
        try:
            declarations = _changed(declarations, one)
        except ExpressionError as error:
            problems.append(error.problem(one.source))
    if problems:
        raise CaseError(problems)
    return declarations


def _changed(case: Declarations, one: Change) -> Declarations:
    if one.target == "horizon":
        return replace(case, horizon=_horizon(case.horizon, one.expression))
    if one.target == "discount_rate":
        rate = _own(one, case.discount_rate or Number(0.0))
        return replace(case, discount_rate=rate, source=case.source | {"discount_rate": one.source})
    for place, given in enumerate(case.inputs):
        if given.name == one.target:
            return replace(case, inputs=_with(case.inputs, place, _input(given, one)))
    for place, formula in enumerate(case.calculations):
        if formula.name == one.target:
            return replace(case, calculations=_with(case.calculations, place, *_calculation(formula, one)))
    for place, line in enumerate(case.lines):
        if name_of(line) == one.target:
            changed = replace(line, expression=_own(one, line.expression), source=one.source)
            return replace(case, lines=_with(case.lines, place, changed))
    raise _unknown(case, one)


def _with(parts: tuple[T, ...], place: int, *new: T) -> tuple[T, ...]:
    return (*parts[:place], *new, *parts[place + 1 :])


def _own(one: Change, base: Expression) -> Expression:
    """Return the new formula with the base value in place of the name."""
    tree = substitute(one.expression, {one.target: base})
    check_size(tree)
    return tree


def _input(given: Input, one: Change) -> Input:
    if is_random(one.expression) or not names(one.expression):
        if given.name in names(one.expression):
            raise ExpressionError(
                f"`{given.name}` and a distribution in {shown(one.expression)}",
                "one or the other: two uncertain values meet in `calculations`", at=one.expression.at,
            )  # fmt: skip
        return replace(
            given, expression=one.expression, unit="", change=None, source=one.source, replaces=given.replaces or given
        )
    return replace(given, change=_own(one, given.change or Name(given.name)), source=one.source)


def _calculation(formula: Calculation, one: Change) -> tuple[Calculation, Calculation]:
    """Return the base under a name that no formula can spell, and what replaces it."""
    hidden = Name(f"{formula.name}{BASE}")
    base = substitute(formula.expression, {}, {formula.name: hidden})
    while formula.replaces.startswith(hidden.id):
        hidden = Name(f"{hidden.id}{BASE}")
        base = substitute(formula.expression, {}, {formula.name: hidden})
    changed = Calculation(formula.name, _own(one, hidden), one.source, hidden.id)
    return replace(formula, name=hidden.id, expression=base), changed


def _horizon(months: int, tree: Expression) -> int:
    tree = substitute(tree, {"horizon": Quantity(Number(float(months)), "month")})
    value = fold(formula_checker(Scope(months, united=False)).months(tree, "the horizon").tree)
    if value is None or value != round(value) or not 1 <= value <= LONGEST_HORIZON:
        allowed = f"a constant whole number of months, 1 to {LONGEST_HORIZON:_}"
        raise ExpressionError(f"a horizon of {shown(tree)}", allowed, at=tree.at)
    return int(value)


def _unknown(case: Declarations, one: Change) -> ExpressionError:
    parts: list[Declared] = [*case.inputs, *case.calculations, *case.lines]
    targets = [name_of(part) for part in parts]
    targets = [target for target in targets if BASE not in target] + ["horizon", "discount_rate"]
    given = f"`{one.target}` is nothing that can be changed"
    if one.target in MEASURES:
        given = f"`{one.target}` comes out of the ledger"
    labels = [f"{line.section}.{line.label}" for line in case.lines if line.label == one.target]
    near = labels[0] if labels else nearest(one.target, targets)
    allowed = "an input, a calculation, upfront.LABEL, monthly.LABEL, `horizon` or `discount_rate`"
    return ExpressionError(given, allowed, near, at=0)
