"""The check of one declaration: what it adds to the model, and the name that later formulas may read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from payback.simulator.case.declarations.declarations import Calculation, Input, LedgerLine
from payback.simulator.case.expressions.dependencies import reads
from payback.simulator.case.expressions.keywords import BASE
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, walk
from payback.simulator.case.formulas.messages import shown, stated
from payback.simulator.case.formulas.scope import AlreadyReported, Entry, Scope, Typed, converted
from payback.simulator.case.function_rules import formula_checker
from payback.simulator.case.inputs.distribution_line import LineReader
from payback.simulator.case.language.units import Unit
from payback.simulator.model import Definition, Formula, Line

Declared: TypeAlias = Input | Calculation | LedgerLine

_MOMENTS = ("expected", "quantile", "sd_of")
"""Functions that are constants of the distribution of an input."""


@dataclass(frozen=True)
class Step:
    """A declaration, checked.

    Parameters
    ----------
    declaration : Input, Calculation or LedgerLine
    definitions : tuple of Draw or Formula
        The definitions that it adds to the model, hidden draws and states first.
    line : Line or None
        The line that it adds to the ledger.
    entry : Entry or None
        What later formulas know about its name.
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

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The names that the declaration reads."""
        return reads_of(self.declaration)

    @cached_property
    def reads_moments(self) -> bool:
        """Whether the declaration reads a mean, a quantile or a standard deviation of an input."""
        return reads_moments(self.declaration)


def name_of(declared: Declared) -> str:
    """Return the name of a declaration; ``section.LABEL`` for a ledger line."""
    return f"{declared.section}.{declared.label}" if isinstance(declared, LedgerLine) else declared.name


def reads_of(declared: Declared) -> tuple[str, ...]:
    """Return the names that a declaration reads, other than its own."""
    own = name_of(declared)
    names = reads(declared.expression, own)
    if isinstance(declared, Input) and declared.change is not None:
        names += reads(declared.change)
    return tuple(name.id for name in names if name.id != own or isinstance(declared, Calculation))


def reads_moments(declared: Declared) -> bool:
    """Return whether a declaration reads a mean, a quantile or a standard deviation of an input."""
    calls = (node for node in walk(declared.expression) if isinstance(node, Call))
    return any(call.function in _MOMENTS for call in calls)


def step(scope: Scope, declared: Declared) -> Step:
    """Return a declaration, checked against the names before it.

    Raises
    ------
    ExpressionError
        The first thing that does not fit.
    AlreadyReported
        It reads a name that could not be read.
    """
    if isinstance(declared, Input):
        return _input(scope, declared)
    return _calculation(scope, declared) if isinstance(declared, Calculation) else _line(scope, declared)


def _input(scope: Scope, declared: Input) -> Step:
    checker = formula_checker(scope)
    line = LineReader(checker)
    unit: str | Unit = declared.unit
    if declared.replaces is not None:
        base = LineReader(checker)
        base.read(declared.replaces.expression, declared.replaces.unit)
        unit = base.unit
    recipe = line.read(declared.expression, unit)
    monthly = declared.monthly or line.monthly
    draw = recipe.draw(declared.name, declared.name, monthly=monthly, unit=str(line.unit))
    entry = Entry(line.unit, draw.monthly, distribution=draw.distribution, is_input=True)
    if declared.change is not None:
        checker.scope = replace(scope, names=scope.names | {declared.name: entry})
        changed = checker.formula(declared.change)
        if changed.monthly and not draw.monthly:
            advice = "one factor for all months; a change by month belongs to a calculation"
            raise ExpressionError(f"`{declared.name}` has one value a trial", advice, at=declared.change.at)
        changed = checker.convert(changed, line.unit, declared.change, f"`{declared.name}`")
        draw, entry = replace(draw, change=changed.tree), replace(entry, change=changed.tree)
    return Step(declared, (draw,), None, entry, draw.unit, _notes(declared, [*line.notes, *checker.notes]))


def _calculation(scope: Scope, calculation: Calculation) -> Step:
    checker = formula_checker(scope, calculation.name, measures=True)
    typed = checker.formula(calculation.expression)
    if calculation.replaces:
        base = scope.names.get(calculation.replaces)
        if base is None:
            raise AlreadyReported
        typed = checker.convert(typed, base.unit, calculation.expression, f"`{calculation.name}`")
    unit = str(typed.unit) if scope.united else ""
    formula = Formula(calculation.name, typed.tree, typed.monthly, typed.after, unit)
    entry = Entry(typed.unit, typed.monthly, typed.after)
    return Step(calculation, (*checker.hidden, formula), None, entry, unit, _notes(calculation, checker.notes))


def _line(scope: Scope, declared: LedgerLine) -> Step:
    checker = formula_checker(scope, name_of(declared))
    typed = checker.formula(declared.expression)
    if declared.section == "upfront" and typed.monthly:
        advice = "one value: at(x, k), total(x), ...; what is paid by month is a `monthly` line"
        given = f"{shown(declared.expression)} has a value for each month"
        raise ExpressionError(given, advice, at=declared.expression.at)
    wanted = scope.money if declared.section == "upfront" else scope.money_per_month
    fitting = converted(typed, wanted)
    if fitting is None and scope.united:
        raise _not_money(typed, declared, scope)
    line = Line(declared.section, declared.label, (fitting or typed).tree, declared.investment)
    return Step(declared, tuple(checker.hidden), line, None, str(wanted), _notes(declared, checker.notes))


def _notes(declared: Declared, notes: list[str]) -> tuple[str, ...]:
    name = name_of(declared)
    return () if name.endswith(BASE) else tuple(f"{name}: {note}" for note in notes)


def _not_money(typed: Typed, line: LedgerLine, scope: Scope) -> ExpressionError:
    """Return the error of a ledger line that is not money, or not money per month."""
    upfront = line.section == "upfront"
    wanted = scope.money if upfront else scope.money_per_month
    allowed = f"an upfront line is in {wanted}" if upfront else f"a monthly line is in {wanted}"
    foreign = typed.unit.currencies - {scope.currency}
    if foreign:
        allowed += f": no conversion rate is given (multiply by an input in {scope.currency}/{min(foreign)})"
    elif not upfront and typed.unit.same_dimension(scope.money):
        allowed += f": `pulse(k) * ...` pays it in month k, a unit of {wanted} pays it every month"
    elif upfront and typed.unit.same_dimension(scope.money_per_month):
        allowed += ": a `monthly` line, or `... * 3 month` for what is paid at the start"
    return ExpressionError(f"{shown(line.expression)} is {stated(typed.unit)}", allowed, at=line.expression.at)
