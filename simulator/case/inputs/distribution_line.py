"""Checking a distribution line: one axis of the cube, with its unit.

A line is a family, a range ``low to high``, a certain value, one of these inside a wrapper, or one
of these plus, minus, times or divided by constants. Bare numbers are in the unit of the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from math import isfinite

from payback.distributions import FAMILIES, Certain, Distribution, Form, Parameter, Shifted, interval
from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.keywords import LATER
from payback.simulator.case.expressions.printer import percent_text
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Quantity, Range, Text, Unary, walk
from payback.simulator.case.formulas.formula_checker import Formulas
from payback.simulator.case.formulas.messages import shown, unit_text
from payback.simulator.case.inputs.composed import Reader, composed_recipe, in_the_line
from payback.simulator.case.inputs.from_data import empirical_recipe, histogram_recipe
from payback.simulator.case.inputs.listed import discrete_recipe, quantiles_recipe
from payback.simulator.case.inputs.recipe import Part, Recipe, constant_or_formula, make, scaled
from payback.simulator.case.inputs.signatures import (
    COMPOSED,
    DISCRETE,
    EMPIRICAL,
    HISTOGRAM,
    QUANTILES,
    WORDS,
    WRAPPERS,
    draws,
    family_arguments,
    is_random,
    wrapper_arguments,
)
from payback.simulator.case.language.functions import FUNCTIONS
from payback.simulator.case.language.units import PLAIN, Unit, UnitError, factor, parse_unit
from payback.simulator.case.source.spelling import nearest

_LISTED = {DISCRETE: discrete_recipe, HISTOGRAM: histogram_recipe, QUANTILES: quantiles_recipe}
_IN_THE_UNIT = ("value", "spread")
_ONE_OF = f"one of {', '.join(WORDS)}, or a range `low to high`"


class Marginals:
    """Reads one distribution line.

    Attributes
    ----------
    unit : Unit
        Of the line.
    monthly : bool
        Whether a parameter varies by month.
    notes : list of str
        What its reader should know.
    """

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.unit = PLAIN
        self.monthly = False
        self.notes: list[str] = []

    def read(self, tree: Expression, unit: str | Unit = "") -> Recipe:
        """Check a whole line; `unit` is the one given beside it.

        Raises
        ------
        ExpressionError
            The first thing that does not fit.
        Untold
            A parameter reads a name whose problem is told already.
        """
        inside = self._unit(tree)
        if unit == "":
            self.unit = inside or PLAIN
            return self._line(tree, self.unit)
        by, self.unit = written_unit(unit, tree.at) if isinstance(unit, str) else (1.0, unit)
        by = by if inside is None else 1.0
        if inside is not None and not inside.same_dimension(self.unit) and self.formulas.scope.united:
            given = f"{shown(tree)} is in {unit_text(inside)}, its `unit` is {unit_text(self.unit)}"
            raise ExpressionError(given, "one unit", at=tree.at)
        return scaled(self._line(tree, self.unit), by)

    def _unit(self, node: Expression) -> Unit | None:
        """Return the unit that stands in a line, or that its parameters bring; None for bare numbers."""
        if not is_random(node):
            self._check_certain(node)
            return self._first([node])
        match node:
            case Quantity(unit=text, at=at):
                return written_unit(text, at)[1]
            case Range(low=low, high=high):
                return self._first([low, high])
            case Unary(operand=operand):
                return self._unit(operand)
            case Binary(operator="+" | "-", left=left, right=right):
                return self._either([left, right])
            case Binary(left=left, right=right):
                return self._unit(left if is_random(left) else right)
            case Call(function=function) if function in _LISTED or function in COMPOSED:
                return self._either(in_the_line(node))
            case Call(function=function) if function in WRAPPERS:
                inner, form, values = wrapper_arguments(node)
                return self._either([inner, *_of_the_line(form, values)])
            case Call(function=function) if function in FAMILIES:
                return self._first(_of_the_line(*family_arguments(node)))
        return None

    def _either(self, nodes: Iterable[Expression]) -> Unit | None:
        units = [self._unit(node) if is_random(node) else self._first([node]) for node in nodes]
        return next((unit for unit in units if unit is not None), None)

    def _first(self, nodes: Iterable[Expression]) -> Unit | None:
        return next((self.formulas.check(node).unit for node in nodes if not _bare(node)), None)

    def _line(self, node: Expression, unit: Unit) -> Recipe:
        match node:
            case _ if not is_random(node):
                return Recipe(Certain, (self._number(node, unit),))
            case Quantity(value=value, unit=text, at=at):
                by, written = written_unit(text, at)
                return scaled(self._line(value, written), by * self._factor(written, unit, node))
            case Range(low=low, high=high, share=share, at=at):
                ends = self._number(low, unit), self._number(high, unit)
                family = "lognormal: both ends are positive" if ends[0] > 0 else "normal: an end is not positive"
                self.notes.append(f"{shown(node)} is read as the middle {percent_text(share)} of a {family}")
                return make(_interval, (*ends, share), at)
            case Unary(operand=operand):
                return scaled(self._line(operand, unit), -1.0)
            case Binary(operator="+" | "-" | "*" | "/"):
                return self._affine(node, unit)
            case Call(function=function, at=at) if function in LATER:
                raise ExpressionError(f"`{function}` is not yet in this version", _ONE_OF, at=at)
            case Call(function=function) if function in _LISTED:
                return _LISTED[function](node, partial(self._number, unit=unit), partial(self._number, unit=PLAIN))
            case Call(function=function) if function == EMPIRICAL:
                return empirical_recipe(self.formulas.scope, node, self.notes.append)
            case Call(function=function) if function in COMPOSED:
                line, plain = partial(self._line, unit=unit), partial(self._number, unit=PLAIN)
                read = Reader(line, self._frequency, partial(self._parameter, unit=unit), plain, self.notes.append)
                return composed_recipe(node, read)
            case Call(function=function, at=at) if function in WRAPPERS:
                inner, form, nodes = wrapper_arguments(node)
                parts: list[Part] = [self._line(inner, unit)]
                parts += [self._parameter(n, p, unit) for n, p in zip(nodes, form.parameters, strict=True)]
                return make(form.build, tuple(parts), at)
            case Call(function=function) if function in FAMILIES:
                form, nodes = family_arguments(node)
                pairs = zip(nodes, form.parameters, strict=True)
                return self._made(node, form, nodes, tuple(self._parameter(n, p, unit) for n, p in pairs))
        raise ExpressionError(
            f"{shown(node)} is more than a distribution",
            "a distribution, plus or times constants; bounds by truncated(d, low, high), the rest in `calculations`",
            at=node.at,
        )

    def _made(self, call: Call, form: Form, nodes: Sequence[Expression], parts: tuple[Part, ...]) -> Recipe:
        for node, part in zip(nodes, parts, strict=True):
            if form.constant and not isinstance(part, float):
                given = f"{shown(node)} differs by trial"
                raise ExpressionError(given, "constants: these are solved for once, not in each trial", at=node.at)
        recipe = make(form.build, parts, call.at)
        if form.constant:
            low, high = recipe().support
            end = f" and ends at {high:.4g}" if isfinite(high) else ""
            start = f"starts at {low:.4g}" if isfinite(low) else "has no lowest value"
            self.notes.append(f"{shown(call)} {start}{end}")
        return recipe

    def _affine(self, node: Binary, unit: Unit) -> Recipe:
        sides = is_random(node.left), is_random(node.right)
        if all(sides):
            advice = "an input for each, and their formula in `calculations`"
            raise ExpressionError(f"two distributions in {shown(node)}", advice, at=node.at)
        if node.operator == "/" and sides[1]:
            raise ExpressionError("a distribution under the line", "the quotient in `calculations`", at=node.at)
        random, other = (node.left, node.right) if sides[0] else (node.right, node.left)
        name = next((part for part in walk(other) if isinstance(part, Name)), None)
        if name is not None:
            advice = f"constants beside a distribution; `{node.operator}` with `{name.id}` in `calculations`"
            raise ExpressionError(f"{shown(other)} differs by trial", advice, at=name.at)
        inner = self._line(random, unit)
        if node.operator in ("+", "-"):
            shift = self._number(other, unit)
            if node.operator == "-":
                inner, shift = (inner, -shift) if sides[0] else (scaled(inner, -1.0), shift)
            return Recipe(Shifted, (inner, shift))
        by = self._number(other, PLAIN, "a factor (the unit stands last)")
        if by == 0:
            raise ExpressionError("a factor of 0", "0 alone, a certain value", at=other.at)
        return scaled(inner, by if node.operator == "*" else 1 / by)

    def _frequency(self, node: Expression) -> Recipe | None:
        """Return the distribution of a number of draws, None if it is no distribution."""
        if not is_random(node):
            return None
        unit = self._unit(node) or PLAIN
        if not _counts(unit):
            raise ExpressionError(f"{shown(node)} is in {unit_text(unit)}", "a plain number", at=node.at)
        return self._line(node, unit)

    def _parameter(self, node: Expression, parameter: Parameter, unit: Unit) -> Part:
        """Check a parameter: in the unit of the line, or a plain number, or a count of something."""
        if is_random(node):
            raise ExpressionError(f"the distribution {shown(node)} inside another", "an input of its own", at=node.at)
        found = self.formulas.check(node)
        if parameter.role in _IN_THE_UNIT:
            found = found if _bare(node) else self.formulas.convert(found, unit, node, f"`{parameter.name}`")
        elif parameter.role != "count" or not _counts(found.unit):
            found = self.formulas.convert(found, PLAIN, node, f"`{parameter.name}`")
        self.monthly = self.monthly or found.monthly
        return constant_or_formula(found.tree)

    def _number(self, node: Expression, unit: Unit, what: str = "a constant") -> float:
        """Return a constant in the unit of the line."""
        self._check_certain(node)
        found = self.formulas.check(node)
        found = found if _bare(node) else self.formulas.convert(found, unit, node, what)
        value = fold(found.tree)
        if value is None:
            raise ExpressionError(f"{shown(node)} has no finite value", "a finite number", at=node.at)
        return value

    def _check_certain(self, node: Expression) -> None:
        """Refuse what a constant does not hold."""
        for part in walk(node):
            if isinstance(part, Text):
                raise ExpressionError("text in quotes", "a distribution or a number", at=part.at)
            if isinstance(part, Range) or (isinstance(part, Call) and draws(part.function)):
                raise ExpressionError(f"the distribution {shown(part)} inside another", "a constant", at=part.at)
            if isinstance(part, Call) and part.function not in FUNCTIONS:
                near = nearest(part.function, WORDS)
                raise ExpressionError(f"unknown distribution `{part.function}`", _ONE_OF, near, part.at)
            if isinstance(part, Name):
                raise _no_constant(part, alone=part == node)

    def _factor(self, given: Unit, wanted: Unit, node: Expression) -> float:
        if given.same_dimension(wanted):
            return factor(given, wanted)
        if self.formulas.scope.united:
            advice = f"a distribution in {unit_text(wanted)}"
            raise ExpressionError(f"{shown(node)} is in {unit_text(given)}", advice, at=node.at)
        return 1.0


def written_unit(text: str, at: int) -> tuple[float, Unit]:
    """Return (factor, unit) of a written unit.

    Raises
    ------
    ExpressionError
    """
    try:
        return parse_unit(text)
    except UnitError as error:
        raise ExpressionError(error.given, error.allowed, error.near, at) from None


def _no_constant(name: Name, *, alone: bool) -> ExpressionError:
    if name.id.lower() in ("inf", "nan", "infinity"):
        return ExpressionError(f"`{name.id}` is not finite", "a finite number", at=name.at)
    if draws(name.id):
        return ExpressionError(f"`{name.id}` without its parameters", f"`{name.id}(...)`", at=name.at)
    near = nearest(name.id, WORDS) if alone else ""
    advice = "a distribution or a constant; formulas of inputs belong in `calculations`"
    return ExpressionError(f"`{name.id}` is no constant", advice, near, name.at)


def _counts(unit: Unit) -> bool:
    return not (unit.time or unit.currencies)


def _of_the_line(form: Form, values: Sequence[Expression]) -> list[Expression]:
    """Return the parameters that are in the unit of the line, or a count of something."""
    pairs = zip(form.parameters, values, strict=True)
    return [
        value
        for parameter, value in pairs
        if parameter.role in _IN_THE_UNIT or (parameter.role == "count" and isinstance(value, Quantity))
    ]


def _bare(node: Expression) -> bool:
    return not any(isinstance(part, Name | Quantity) for part in walk(node))


def _interval(low: float, high: float, share: float, *, checked: bool) -> Distribution:
    return interval(low, high, share)
