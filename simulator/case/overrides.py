"""Overrides of a case: each makes a new set of declarations.

In the new formula the name of what is replaced means its base value. A replaced input keeps its
axis, so other inputs keep their draws, and a replaced line keeps its place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from payback.simulator.case.declaration_checks import Declared, name_of
from payback.simulator.case.declarations.declarations import Calculation, Change, Declarations, Input
from payback.simulator.case.expressions.decimals import equal
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
TARGETS = "an input, a calculation, upfront.LABEL, monthly.LABEL, `horizon` or `discount_rate`"
T = TypeVar("T")


def change(declarations: Declarations, changes: tuple[Change, ...], inputs: tuple[Input, ...] = ()) -> Declarations:
    """Return `declarations` with new `inputs`, and each of `changes` made, in order.

    Parameters
    ----------
    declarations : Declarations
    changes : tuple of Change
    inputs : tuple of Input
        Those that read no name come before the inputs of the case, so that changed inputs may read them; the others
        after them. Where an input stands decides no draw: the axes of new inputs are the last of a cube.

    Raises
    ------
    CaseError
        With every change that cannot be made; units are checked with the case.
    """
    problems: list[Problem] = []
    first = tuple(declared for declared in inputs if not names(declared.expression))
    last = tuple(declared for declared in inputs if names(declared.expression))
    declarations = replace(declarations, inputs=(*first, *declarations.inputs, *last))
    for override in changes:
        try:
            declarations = _changed(declarations, override)
        except ExpressionError as error:
            problems.append(error.problem(override.source))
    if problems:
        raise CaseError(problems)
    return declarations


def _changed(case: Declarations, override: Change) -> Declarations:
    if override.target == "horizon":
        return replace(case, horizon=_horizon(case.horizon, override.expression))
    if override.target == "discount_rate":
        rate = _own(override, case.discount_rate or Number(0.0))
        return replace(case, discount_rate=rate, source=case.source | {"discount_rate": override.source})
    for position, given in enumerate(case.inputs):
        if given.name == override.target:
            return replace(case, inputs=_with(case.inputs, position, _input(given, override)))
    for position, formula in enumerate(case.calculations):
        if formula.name == override.target:
            return replace(case, calculations=_with(case.calculations, position, *_calculation(formula, override)))
    for position, line in enumerate(case.lines):
        if name_of(line) == override.target:
            changed = replace(line, expression=_own(override, line.expression), source=override.source)
            return replace(case, lines=_with(case.lines, position, changed))
    raise _unknown(case, override)


def _with(parts: tuple[T, ...], position: int, *new: T) -> tuple[T, ...]:
    return (*parts[:position], *new, *parts[position + 1 :])


def _own(override: Change, base: Expression) -> Expression:
    """Return the new formula with the base value in place of the name."""
    tree = substitute(override.expression, {override.target: base})
    check_size(tree)
    return tree


def _input(given: Input, override: Change) -> Input:
    if is_random(override.expression) or not names(override.expression):
        if given.name in names(override.expression):
            raise ExpressionError(
                f"`{given.name}` and a distribution in {shown(override.expression)}",
                "one or the other: two uncertain values meet in `calculations`", at=override.expression.at,
            )  # fmt: skip
        given = replace(given, unit="", change=None, replaces=given.replaces or given)
        return replace(given, expression=override.expression, source=override.source)
    return replace(given, change=_own(override, given.change or Name(given.name)), source=override.source)


def _calculation(formula: Calculation, override: Change) -> tuple[Calculation, Calculation]:
    """Return the base under a name that no formula can spell, and what replaces it."""
    hidden = Name(f"{formula.name}{BASE}")
    base = substitute(formula.expression, {}, {formula.name: hidden})
    while formula.replaces.startswith(hidden.id):
        hidden = Name(f"{hidden.id}{BASE}")
        base = substitute(formula.expression, {}, {formula.name: hidden})
    changed = Calculation(formula.name, _own(override, hidden), override.source, hidden.id)
    return replace(formula, name=hidden.id, expression=base), changed


def _horizon(months: int, tree: Expression) -> int:
    tree = substitute(tree, {"horizon": Quantity(Number(float(months)), "month")})
    value = fold(formula_checker(Scope(months, united=False)).months(tree, "the horizon").tree)
    if value is None or not equal(value, round(value)) or not 1 <= round(value) <= LONGEST_HORIZON:
        allowed = f"a constant whole number of months, 1 to {LONGEST_HORIZON:_}"
        raise ExpressionError(f"a horizon of {shown(tree)}", allowed, at=tree.at)
    return round(value)


def _unknown(case: Declarations, override: Change) -> ExpressionError:
    parts: list[Declared] = [*case.inputs, *case.calculations, *case.lines]
    targets = [name_of(declared) for declared in parts]
    targets = [target for target in targets if BASE not in target] + ["horizon", "discount_rate"]
    given = f"`{override.target}` is nothing that can be changed"
    if override.target in MEASURES:
        given = f"`{override.target}` comes out of the ledger"
    labels = [f"{line.section}.{line.label}" for line in case.lines if line.label == override.target]
    near = labels[0] if labels else nearest(override.target, reversed(targets))
    return ExpressionError(given, TARGETS, near, at=0)
