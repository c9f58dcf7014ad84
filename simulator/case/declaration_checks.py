"""Checking one declaration: what it comes to in the model, and what its readers must know of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from payback.simulator.case.declarations.declarations import Calculation, Input, LedgerLine
from payback.simulator.case.expressions.dependencies import reads
from payback.simulator.case.expressions.keywords import BASE
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, walk
from payback.simulator.case.formulas.messages import shown, stated
from payback.simulator.case.formulas.scope import Entry, Scope, Typed, Untold, converted
from payback.simulator.case.function_rules import formula_checker
from payback.simulator.case.inputs.distribution_line import LineReader
from payback.simulator.case.language.units import Unit
from payback.simulator.model import Definition, Formula, Line

Declared: TypeAlias = Input | Calculation | LedgerLine


@dataclass(frozen=True)
class Step:
    """A declaration, checked.

    Parameters
    ----------
    declaration : Input, Calculation or LedgerLine
    definitions : tuple of Draw or Formula
        What it adds to the model, hidden draws and states first.
    line : Line or None
        Of a ledger line.
    entry : Entry or None
        What formulas below know of its name.
    unit : str
        As displayed.
    notes : tuple of str
    """

    declaration: Declared
    definitions: tuple[Definition, ...] = ()
    line: Line | None = None
    entry: Entry | None = None
    unit: str = ""
    notes: tuple[str, ...] = ()


def name_of(one: Declared) -> str:
    """Return the name of a declaration; ``section.LABEL`` for a ledger line."""
    return f"{one.section}.{one.label}" if isinstance(one, LedgerLine) else one.name


def reads_of(one: Declared) -> tuple[str, ...]:
    """Return the names that a declaration reads, less its own."""
    own = name_of(one)
    found = reads(one.expression, own)
    if isinstance(one, Input) and one.change is not None:
        found += reads(one.change)
    return tuple(name.id for name in found if name.id != own or isinstance(one, Calculation))


def reads_moments(one: Declared) -> bool:
    """Return whether a declaration reads constants of a distribution, not its values alone."""
    return any(isinstance(n, Call) and n.function in ("expected", "quantile", "sd_of") for n in walk(one.expression))


def step(scope: Scope, one: Declared) -> Step:
    """Check a declaration.

    Raises
    ------
    ExpressionError, Untold
    """
    if isinstance(one, Input):
        return _input(scope, one)
    return _calculation(scope, one) if isinstance(one, Calculation) else _line(scope, one)


def _input(scope: Scope, one: Input) -> Step:
    checker = formula_checker(scope)
    marginal = LineReader(checker)
    unit: str | Unit = one.unit
    if one.replaces is not None:
        base = LineReader(checker)
        base.read(one.replaces.expression, one.replaces.unit)
        unit = base.unit
    recipe = marginal.read(one.expression, unit)
    draw = recipe.draw(one.name, one.name, monthly=one.monthly or marginal.monthly, unit=str(marginal.unit))
    entry = Entry(marginal.unit, draw.monthly, distribution=draw.distribution, is_input=True)
    if one.change is not None:
        checker.scope = replace(scope, names=scope.names | {one.name: entry})
        changed = checker.formula(one.change)
        if changed.monthly and not draw.monthly:
            advice = "one factor for all months; a change by month belongs to a calculation"
            raise ExpressionError(f"`{one.name}` has one value a trial", advice, at=one.change.at)
        changed = checker.convert(changed, marginal.unit, one.change, f"`{one.name}`")
        draw, entry = replace(draw, change=changed.tree), replace(entry, change=changed.tree)
    return Step(one, (draw,), None, entry, draw.unit, _notes(one, [*marginal.notes, *checker.notes]))


def _calculation(scope: Scope, one: Calculation) -> Step:
    checker = formula_checker(scope, one.name, measures=True)
    found = checker.formula(one.expression)
    if one.replaces:
        base = scope.names.get(one.replaces)
        if base is None:
            raise Untold
        found = checker.convert(found, base.unit, one.expression, f"`{one.name}`")
    unit = str(found.unit) if scope.united else ""
    formula = Formula(one.name, found.tree, found.monthly, found.after, unit)
    entry = Entry(found.unit, found.monthly, found.after)
    return Step(one, (*checker.hidden, formula), None, entry, unit, _notes(one, checker.notes))


def _line(scope: Scope, one: LedgerLine) -> Step:
    checker = formula_checker(scope, name_of(one))
    found = checker.formula(one.expression)
    if one.section == "upfront" and found.monthly:
        advice = "one value: at(x, k), total(x), ...; what is paid by month is a `monthly` line"
        raise ExpressionError(f"{shown(one.expression)} has a value for each month", advice, at=one.expression.at)
    wanted = scope.money if one.section == "upfront" else scope.money_per_month
    fitting = converted(found, wanted)
    if fitting is None and scope.united:
        raise _not_money(found, one, scope)
    line = Line(one.section, one.label, (fitting or found).tree, one.investment)
    return Step(one, tuple(checker.hidden), line, None, str(wanted), _notes(one, checker.notes))


def _notes(one: Declared, notes: list[str]) -> tuple[str, ...]:
    name = name_of(one)
    return () if name.endswith(BASE) else tuple(f"{name}: {note}" for note in notes)


def _not_money(found: Typed, line: LedgerLine, scope: Scope) -> ExpressionError:
    """Return the error of a ledger line that is no money, or not money a month."""
    upfront = line.section == "upfront"
    wanted = scope.money if upfront else scope.money_per_month
    allowed = f"an upfront line is in {wanted}" if upfront else f"a monthly line is in {wanted}"
    foreign = found.unit.currencies - {scope.currency}
    if foreign:
        allowed += f": no conversion rate is given (multiply by an input in {scope.currency}/{min(foreign)})"
    elif not upfront and found.unit.same_dimension(scope.money):
        allowed += f": `pulse(k) * ...` pays it in month k, a unit of {wanted} pays it every month"
    elif upfront and found.unit.same_dimension(scope.money_per_month):
        allowed += ": a `monthly` line, or `... * 3 month` for what is paid at the start"
    return ExpressionError(f"{shown(line.expression)} is {stated(found.unit)}", allowed, at=line.expression.at)
