"""The check of a whole case: from declarations to a model, with every problem collected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TypeVar

from payback.simulator.case.declaration_checks import Declared, Step, name_of, reads_of, step
from payback.simulator.case.declarations.declarations import Calculation, Declarations, Input
from payback.simulator.case.declared_units import noun_problems, united
from payback.simulator.case.expressions.dependencies import cycle, reads
from payback.simulator.case.expressions.keywords import BASE
from payback.simulator.case.expressions.parser import COMPARISONS
from payback.simulator.case.expressions.printer import negated
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Number, Unary
from payback.simulator.case.formulas.bounds import bounds, model_bounds
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.formulas.reductions import yearly
from payback.simulator.case.formulas.scope import AlreadyReported, Entry, Scope
from payback.simulator.case.function_rules import formula_checker
from payback.simulator.case.source.source_text import Source
from payback.simulator.errors import CaseError, Problem
from payback.simulator.model import Formula, Model

T = TypeVar("T")


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
        Remarks for the reader of the case.
    scope : Scope
        The names that later formulas may read.
    steps : mapping of str to Step
        The checked form of each declaration, by name.
    """

    model: Model
    units: Mapping[str, str]
    notes: tuple[str, ...]
    scope: Scope
    steps: Mapping[str, Step]


def check(declarations: Declarations, base: Checked | None = None) -> Checked:
    """Return the model of a case, its declarations checked against each other.

    Parameters
    ----------
    declarations : Declarations
    base : Checked or None
        The case that `declarations` were changed from: parts that the change does not reach are not
        checked again, and the reading of a name as a unit or a plain number stays.

    Raises
    ------
    CaseError
        With every independent problem, in the order of the file.
    """
    return _Check(declarations, base).result()


def check_formula(
    scope: Scope, expression: Expression, source: Source = Source(), known: Mapping[str, str] | None = None
) -> Formula:
    """Return a formula over inputs, calculations and measures, checked to have one value for each trial.

    Parameters
    ----------
    scope : Scope
        Of a checked case.
    expression : Expression
    source : Source
        Where it was written.
    known : mapping of str to str
        Further names that the formula may read, and their units.

    Raises
    ------
    CaseError
        With the place of the first thing that does not fit.
    """
    names = {name: Entry(scope.written(unit)) for name, unit in (known or {}).items()}
    checker = formula_checker(replace(scope, names=scope.names | names), measures=True)
    try:
        typed = checker.formula(expression)
    except ExpressionError as error:
        raise CaseError(error.problem(source)) from None
    except AlreadyReported:
        raise CaseError(Problem("a name that could not be read", path=source.path, at=source.at)) from None
    if typed.monthly:
        advice = "one value a trial: at(x, 12), total(x), lowest(x), highest(x), average(x), first_month(x > 0)"
        given = f"{shown(expression)} has a value for each month"
        raise CaseError(Problem(given, advice, source.path, at=source.place(expression.at)))
    return Formula("", typed.tree, after_ledger=typed.after, unit=str(typed.unit))


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
    def __init__(self, declarations: Declarations, base: Checked | None) -> None:
        self._case = declarations
        self._defined: tuple[Input | Calculation, ...] = (*declarations.inputs, *declarations.calculations)
        self._places = {declared.name: declared.source.at.line for declared in self._defined}
        self._scope = Scope(
            declarations.horizon,
            declarations.currency,
            base.scope.united if base else united(declarations),
            later=self._places,
            labels=frozenset(line.label for line in declarations.lines),
            file=declarations.file,
            columns=base.scope.columns if base else {},
        )
        same_frame = base is not None and base.scope.months == declarations.horizon
        self._known = base.steps if base is not None and same_frame else {}
        self._touched: set[str] = set()
        self._altered: set[str] = set()
        new = [declared for declared in declarations.inputs if self._unchanged(declared) is None]
        noun_clashes = noun_problems(declarations, new)
        self._problems = list(noun_clashes.values())
        self._scope.broken.update(declarations.broken, noun_clashes)
        self._steps: dict[str, Step] = {}

    def result(self) -> Checked:
        """Return the checked case.

        Raises
        ------
        CaseError
            With every independent problem, in the order of the file.
        """
        for declared in self._defined:
            self._attempt(declared.name, declared.source, partial(self._define, declared))
        rate = self._attempt("discount_rate", self._case.source.get("discount_rate", Source()), self._rate)
        for line in self._case.lines:
            self._attempt(name_of(line), line.source, partial(self._define, line))
        if self._problems:
            raise CaseError(sorted(self._problems, key=lambda problem: problem.at.line))
        steps = self._steps.values()
        model = Model(
            tuple(definition for declared in steps for definition in declared.definitions),
            tuple(declared.line for declared in steps if declared.line is not None),
            self._case.horizon,
            rate or Number(0.0),
        )
        self._refuse_investments_that_pay(model)
        units = {name: declared.unit for name, declared in self._steps.items() if not name.endswith(BASE)}
        return Checked(model, units, self._notes(), replace(self._scope, later={}), self._steps)

    def _refuse_investments_that_pay(self, model: Model) -> None:
        """Refuse lines marked as investment that can only bring money in."""
        lines = [line for line in self._case.lines if line.investment]
        known = model_bounds(model) if lines else {}
        amounts = {(line.section, line.label): bounds(line.expression, known) for line in model.lines if lines}
        checked = [line for line in lines if (line.section, line.label) in amounts]  # others have problems of their own
        problems = [
            Problem(
                "an investment that only brings money in",
                f"money out, with a minus: `{negated(line.expression)}`, or no `investment: true`",
                line.source.path,
                at=line.source.place(line.expression.at),
            )
            for line in checked
            if amounts[line.section, line.label][0] >= 0.0 < amounts[line.section, line.label][1]
        ]
        if problems:
            raise CaseError(problems)

    def _attempt(self, name: str, source: Source, attempt: Callable[[], T]) -> T | None:
        self._places.pop(name, None)
        try:
            return attempt()
        except ExpressionError as error:
            self._problems.append(error.problem(source))
        except AlreadyReported:
            pass
        self._scope.broken.add(name)
        return None

    def _unchanged(self, declared: Declared) -> Step | None:
        """Return the step of the base for a declaration that the change leaves alone."""
        known = self._known.get(name_of(declared))
        return known if known is not None and known.declaration is declared else None

    def _reads(self, declared: Declared) -> tuple[str, ...]:
        known = self._unchanged(declared)
        return reads_of(declared) if known is None else known.reads

    def _define(self, declared: Declared) -> None:
        name, known = name_of(declared), self._unchanged(declared)
        if isinstance(declared, Calculation):
            self._refuse_circle(declared)
        if known is not None and self._still_holds(known):
            self._steps[name] = known
        else:
            self._steps[name] = step(self._scope, declared)
            self._compare(name, self._known.get(name))
        entry = self._steps[name].entry
        if entry is not None:
            self._scope.names[name] = entry

    def _still_holds(self, known: Step) -> bool:
        """Return whether a step of the base reads nothing that the change alters."""
        altered = self._touched if known.reads_moments else self._altered
        return self._scope.broken.isdisjoint(known.reads) and altered.isdisjoint(known.reads)

    def _compare(self, name: str, known: Step | None) -> None:
        """Record that `name` differs from the base, so that formulas that read it are checked again."""
        self._touched.add(name)
        before, after = known.entry if known else None, self._steps[name].entry
        if before is None or after is None or before.kind != after.kind:
            self._altered.add(name)

    def _refuse_circle(self, calculation: Calculation) -> None:
        if calculation.name in self._scope.broken:
            raise AlreadyReported
        circle = cycle(calculation.name, self._graph)
        if len(circle) > 2:
            self._scope.broken.update(circle)
            at = next(name.at for name in reads(calculation.expression) if name.id == circle[1])
            advice = f"formulas read top to bottom; `previous({calculation.name}, start)` is the month before"
            raise ExpressionError(f"a circle of formulas: {' -> '.join(circle)}", advice, at=at)

    @cached_property
    def _graph(self) -> dict[str, tuple[str, ...]]:
        return {declared.name: self._reads(declared) for declared in self._defined}

    def _rate(self) -> Expression | None:
        if self._case.discount_rate is None:
            return None
        return yearly(formula_checker(self._scope), self._case.discount_rate).tree

    def _notes(self) -> tuple[str, ...]:
        notes = [] if self._scope.united else ["no unit in this case: all numbers are plain, money and months alike"]
        notes += [note for checked_step in self._steps.values() for note in checked_step.notes]
        read = set() if self._case.discount_rate is None else {name.id for name in reads(self._case.discount_rate)}
        read.update(*self._graph.values(), *(self._reads(line) for line in self._case.lines))
        return (*notes, *(f"input `{o.name}` is read by no formula" for o in self._case.inputs if o.name not in read))
