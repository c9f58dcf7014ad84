"""Declarations -> a model: names, order, units and months of the whole case, every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from simulator.case.advice import shown, stated
from simulator.case.calls import Checker
from simulator.case.cycles import cycle, reads
from simulator.case.declarations import Calculation, Declarations, Input, LedgerLine, Source
from simulator.case.marginals import Marginals
from simulator.case.model import Definition, Formula, Line, Model
from simulator.case.nodes import Binary, Call, Expression, Number, Unary
from simulator.case.nouns import noun_problems, united
from simulator.case.parser import COMPARISONS
from simulator.case.reductions import yearly
from simulator.case.scope import BASE, Entry, Scope, Typed, Untold, converted
from simulator.case.tokens import ExpressionError
from simulator.case.units import Unit
from simulator.errors import CaseError, Problem


@dataclass(frozen=True)
class Checked:
    """A checked case.

    Parameters
    ----------
    model : Model
        Without dependence.
    units : mapping of str to str
        Of every input, calculation and ledger line (``upfront.LABEL``), as displayed.
    notes : tuple of str
        What the reader of the case should know.
    scope : Scope
        What later formulas may read.
    """

    model: Model
    units: Mapping[str, str]
    notes: tuple[str, ...]
    scope: Scope


def check(declarations: Declarations) -> Checked:
    """Check a case.

    Raises
    ------
    CaseError
        With every independent problem, in the order of the file.
    """
    return _Check(declarations).result()


def check_formula(
    scope: Scope, expression: Expression, source: Source = Source(), known: Mapping[str, str] | None = None
) -> Formula:
    """Check a formula over inputs, calculations and measures that has one value a trial.

    Parameters
    ----------
    scope : Scope
        Of a checked case.
    expression : Expression
    source : Source
        Where it was written.
    known : mapping of str to str
        Further names with one value each, and their units.

    Raises
    ------
    CaseError
    """
    names = {name: Entry(scope.written(unit)) for name, unit in (known or {}).items()}
    checker = Checker(replace(scope, names=scope.names | names), measures=True)
    try:
        found = checker.formula(expression)
    except ExpressionError as error:
        raise CaseError(error.problem(source)) from None
    except Untold:
        raise CaseError(Problem("a name that could not be read", path=source.path, at=source.at)) from None
    if found.monthly:
        advice = "one value a trial: at(x, 12), total(x), lowest(x), highest(x), average(x), first_month(x > 0)"
        given = f"{shown(expression)} has a value for each month"
        raise CaseError(Problem(given, advice, source.path, at=source.place(expression.at)))
    return Formula("", found.tree, after_ledger=found.after, unit=str(found.unit))


def is_condition(tree: Expression) -> bool:
    """Return whether a formula is true or false."""
    match tree:
        case Binary(operator=operator):
            return operator in COMPARISONS or operator in ("and", "or")
        case Unary(operator=operator):
            return operator == "not"
        case Call(function=function):
            return function in ("never", "undefined")
    return False


class _Check:
    def __init__(self, declarations: Declarations) -> None:
        self._case = declarations
        taken = noun_problems(declarations)
        self._problems: list[Problem] = list(taken.values())
        self._definitions: list[Definition] = []
        self._lines: list[Line] = []
        self._units: dict[str, str] = {}
        self._notes: list[str] = []
        defined: tuple[Input | Calculation, ...] = (*declarations.inputs, *declarations.calculations)
        self._graph = {one.name: [name.id for name in reads(one.expression, one.name)] for one in defined}
        self._places = {one.name: _line_number(one.source) for one in defined}
        self._scope = Scope(
            declarations.horizon,
            declarations.currency,
            united(declarations),
            later=dict(self._places),
            labels=frozenset(line.label for line in declarations.lines),
            broken={*declarations.broken, *taken},
        )

    def result(self) -> Checked:
        for one in self._case.inputs:
            self._attempt(one.name, one.source, partial(self._input, one))
        for calculation in self._case.calculations:
            self._attempt(calculation.name, calculation.source, partial(self._calculation, calculation))
        rate = self._attempt("discount_rate", self._case.source.get("discount_rate", Source()), self._rate)
        for line in self._case.lines:
            self._attempt(f"{line.section}.{line.label}", line.source, partial(self._line, line))
        if self._problems:
            raise CaseError(sorted(self._problems, key=lambda problem: problem.at.line))
        model = Model(tuple(self._definitions), tuple(self._lines), self._case.horizon, rate or Number(0.0))
        return Checked(model, self._units, tuple(self._told()), replace(self._scope, later={}))

    def _attempt(self, name: str, source: Source, step: Callable[[], Expression | None]) -> Expression | None:
        self._places.pop(name, None)
        self._scope.later = self._places
        try:
            return step()
        except ExpressionError as error:
            self._problems.append(error.problem(source))
        except Untold:
            pass
        self._scope.broken.add(name)
        return None

    def _input(self, one: Input) -> None:
        checker = Checker(self._scope)
        marginal = Marginals(checker)
        unit: str | Unit = one.unit
        if one.replaces is not None:
            base = Marginals(checker)
            base.read(one.replaces.expression, one.replaces.unit)
            unit = base.unit
        recipe = marginal.read(one.expression, unit)
        draw = recipe.draw(one.name, one.name, monthly=one.monthly or marginal.monthly, unit=str(marginal.unit))
        entry = Entry(marginal.unit, draw.monthly, distribution=draw.distribution, is_input=True)
        self._scope.names[one.name] = entry
        if one.change is not None:
            changed = checker.formula(one.change)
            if changed.monthly and not draw.monthly:
                advice = "one factor for all months; a change by month belongs to a calculation"
                raise ExpressionError(f"`{one.name}` has one value a trial", advice, at=one.change.at)
            changed = checker.convert(changed, marginal.unit, one.change, f"`{one.name}`")
            draw = replace(draw, change=changed.tree)
            self._scope.names[one.name] = replace(entry, change=changed.tree)
        self._define(
            one.name, draw, str(marginal.unit), [f"{one.name}: {note}" for note in (*marginal.notes, *checker.notes)]
        )

    def _calculation(self, one: Calculation) -> None:
        self._refuse_circle(one)
        checker = Checker(self._scope, one.name, measures=True)
        found = checker.formula(one.expression)
        if one.replaces:
            base = self._scope.names.get(one.replaces)
            if base is None:
                raise Untold
            found = checker.convert(found, base.unit, one.expression, f"`{one.name}`")
        self._definitions += checker.hidden
        self._scope.names[one.name] = Entry(found.unit, found.monthly, found.after)
        unit = str(found.unit) if self._scope.united else ""
        notes = [f"{one.name}: {note}" for note in checker.notes]
        self._define(one.name, Formula(one.name, found.tree, found.monthly, found.after, unit), unit, notes)

    def _refuse_circle(self, one: Calculation) -> None:
        if one.name in self._scope.broken:
            raise Untold
        circle = cycle(one.name, self._graph)
        if len(circle) > 2 and one.name in self._scope.broken:
            raise Untold
        if len(circle) > 2:
            self._scope.broken.update(circle)
            at = next(name.at for name in reads(one.expression) if name.id == circle[1])
            advice = f"formulas read top to bottom; `previous({one.name}, start)` is the month before"
            raise ExpressionError(f"a circle of formulas: {' -> '.join(circle)}", advice, at=at)

    def _define(self, name: str, definition: Definition, unit: str, notes: list[str]) -> None:
        self._definitions.append(definition)
        if not name.endswith(BASE):
            self._units[name] = unit
            self._notes += notes

    def _rate(self) -> Expression | None:
        if self._case.discount_rate is None:
            return None
        return yearly(Checker(self._scope), self._case.discount_rate).tree

    def _line(self, line: LedgerLine) -> None:
        checker = Checker(self._scope, f"{line.section}.{line.label}")
        found = checker.formula(line.expression)
        if line.section == "upfront" and found.monthly:
            advice = "one value: at(x, k), total(x), ...; what is paid by month is a `monthly` line"
            raise ExpressionError(f"{shown(line.expression)} has a value for each month", advice, at=line.expression.at)
        wanted = self._scope.money if line.section == "upfront" else self._scope.money_per_month
        fitting = converted(found, wanted)
        if fitting is None and self._scope.united:
            raise _not_money(found, line, self._scope)
        self._definitions += checker.hidden
        self._lines.append(Line(line.section, line.label, (fitting or found).tree, line.investment))
        self._units[f"{line.section}.{line.label}"] = str(wanted)
        self._notes += [f"{line.section}.{line.label}: {note}" for note in checker.notes]

    def _told(self) -> list[str]:
        notes = [] if self._scope.united else ["no unit in this case: all numbers are plain, money and months alike"]
        rate = [] if self._case.discount_rate is None else reads(self._case.discount_rate)
        read = {name.id for line in self._case.lines for name in reads(line.expression)} | {name.id for name in rate}
        read.update(*self._graph.values())
        unused = [one.name for one in self._case.inputs if one.name not in read]
        return [*notes, *self._notes, *(f"input `{name}` is read by no formula" for name in unused)]


def _line_number(source: Source) -> str:
    return f" (line {source.at.line})" if source.at.line else ""


def _not_money(found: Typed, line: LedgerLine, scope: Scope) -> ExpressionError:
    """Return the error of a ledger line that is no money, or not money a month."""
    wanted = scope.money if line.section == "upfront" else scope.money_per_month
    given = f"{shown(line.expression)} is {stated(found.unit)}"
    foreign = found.unit.currencies - {scope.currency}
    if foreign:
        advice = f"{wanted}: no conversion rate is given (multiply by an input in {scope.currency}/{min(foreign)})"
    elif line.section == "monthly" and found.unit.same_dimension(scope.money):
        advice = f"{wanted}: `pulse(k) * ...` pays it in month k, a unit of {wanted} pays it every month"
    elif line.section == "upfront" and found.unit.same_dimension(scope.money_per_month):
        advice = f"{wanted}: a `monthly` line, or `... * 3 month` for what is paid at the start"
    else:
        advice = str(wanted)
    return ExpressionError(given, f"an {line.section} line is in {advice}" if line.section == "upfront" else
                           f"a monthly line is in {advice}", at=line.expression.at)  # fmt: skip
