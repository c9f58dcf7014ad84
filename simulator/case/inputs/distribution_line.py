"""The reader of a distribution line: one axis of the cube, with its unit.

A line is a family, a range ``low to high``, a certain value, one of these inside a wrapper, or one
of these plus, minus, times or divided by constants. Bare numbers are in the unit of the line: the one
given beside it, else that of the first quantity in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from payback.distributions import Certain, Distribution, interval
from payback.simulator.case.expressions.folding import constant, fold
from payback.simulator.case.expressions.printer import percent_text
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Quantity, Range, Text, Unary, walk
from payback.simulator.case.formulas.formula_checker import FormulaChecker
from payback.simulator.case.formulas.messages import shown, unit_text
from payback.simulator.case.inputs.bound_call import Argument, Surroundings
from payback.simulator.case.inputs.call_shapes import SHAPES
from payback.simulator.case.inputs.nesting import require_bounded
from payback.simulator.case.inputs.recipe import Part, Recipe, constant_or_formula, make, require_size, scaled, shifted
from payback.simulator.case.language.distribution_words import DISTRIBUTION_WORDS, draws, is_random
from payback.simulator.case.language.functions import FUNCTIONS
from payback.simulator.case.language.units import PLAIN, Unit, UnitError, factor, parse_unit
from payback.simulator.case.source.spelling import nearest

_IN_THE_UNIT = ("value", "spread")
_ONE_OF = f"one of {', '.join(DISTRIBUTION_WORDS)}, or a range `low to high`"


@dataclass
class _LineUnit:
    """The unit of a line, or of a part with a unit of its own, while it is read.

    Parameters
    ----------
    line : Expression
        The whole line.
    known : Unit or None
        The unit of bare numbers: given from outside, else that of the first quantity; None before there is one.
    written : Unit or None
        The unit of the first quantity, or of a formula in its place; None before there is one.
    settled : bool
        Whether the unit stands behind parentheses, as in `(normal(1, 2)) USD`: then quantities inside do not settle it.
    counts : bool
        Whether the expression is a number of draws, whose unit may only count something.
    """

    line: Expression
    known: Unit | None = None
    written: Unit | None = None
    settled: bool = False
    counts: bool = False


class LineReader:
    """Reads one distribution line.

    Parameters
    ----------
    formulas : FormulaChecker
        Checks constants and parameters.

    Attributes
    ----------
    unit : Unit
        Of the line.
    monthly : bool
        Whether a parameter varies by month.
    notes : list of str
        Remarks for the reader of the case.
    """

    def __init__(self, formulas: FormulaChecker) -> None:
        self.formulas = formulas
        self.unit = PLAIN
        self.monthly = False
        self.notes: list[str] = []

    def read(self, tree: Expression, unit: str | Unit = "") -> Recipe:
        """Return the recipe of a whole line, checked; `unit` is the one given beside it.

        Raises
        ------
        ExpressionError
            The first thing that does not fit.
        AlreadyReported
            A parameter reads a name whose problem was reported before.
        """
        require_bounded(tree)
        _refuse_glued_ranges(tree)
        by, given = 1.0, None if unit == "" else unit
        if isinstance(given, str):
            by, given = written_unit(given, tree.at)
        line = _LineUnit(tree, given)
        recipe = self._distribution(tree, line)
        self.unit = line.known or PLAIN
        return scaled(recipe, by, tree.at) if line.written is None else recipe

    def _distribution(self, node: Expression, unit: _LineUnit) -> Recipe:
        """Return the distribution of a part of a line; the first quantity in it settles the unit, if none is given."""
        match node:
            case _ if not is_random(node):
                return Recipe(Certain, (self._constant(node, unit),))
            case Quantity(value=value, unit=text, at=at):
                by, written = written_unit(text, at)
                known = self._bring(written, unit)
                inner = self._distribution(value, _LineUnit(value, written, written, settled=True))
                return scaled(inner, by * self._factor(written, known, node), at)
            case Range():
                return self._range(node, unit)
            case Unary(operand=operand):
                return scaled(self._distribution(operand, unit), -1.0, node.at)
            case Binary(operator="+" | "-" | "*" | "/"):
                return self._affine(node, unit)
            case Call(function=function) if function in DISTRIBUTION_WORDS:
                return self._call(node, unit)
        raise ExpressionError(
            f"{shown(node)} is more than a distribution",
            "a distribution, plus or times constants; bounds by truncated(d, low, high), the rest in `calculations`",
            at=node.at,
        )

    def _call(self, node: Call, unit: _LineUnit) -> Recipe:
        word = DISTRIBUTION_WORDS[node.function]
        shape = SHAPES[word.shape]
        bound = shape.bind(node, word)
        if bound.note:
            self.notes.append(bound.note)
        if word.shape == "family":
            self._settle_by_first((argument.node for argument in bound.arguments if _in_the_unit(argument)), unit)
        for argument in bound.settling:
            self._settle(argument.node, unit)
        parts = tuple(self._argument(argument, unit) for argument in bound.arguments)
        return shape.recipe(bound, parts, Surroundings(self.formulas.scope, self.notes))

    def _argument(self, argument: Argument, unit: _LineUnit) -> Part:
        """Read an argument of a call by its role."""
        node = argument.node
        match argument.role:
            case "distribution":
                self._settle(node, unit)
                return self._distribution(node, unit)
            case "constant":
                self._settle(node, unit)
                return self._constant(node, unit)
            case "plain constant":
                return self._constant(node, _LineUnit(node, PLAIN, PLAIN))
            case "number of draws":
                return self._number_of_draws(node) if is_random(node) else self._parameter(argument, unit)
            case _ if _in_the_unit(argument):
                self._settle(node, unit)
        return self._parameter(argument, unit)

    def _range(self, node: Range, unit: _LineUnit) -> Recipe:
        self._settle_by_first((node.low, node.high), unit)
        low, high = self._constant(node.low, unit), self._constant(node.high, unit)
        family = "lognormal: both ends are positive" if low > 0 else "normal: an end is not positive"
        self.notes.append(f"{shown(node)} is read as the middle {percent_text(node.share)} of a {family}")
        return make(_interval, (low, high, node.share), node.at)

    def _affine(self, node: Binary, unit: _LineUnit) -> Recipe:
        """Return a distribution plus, minus, times or divided by a constant, read from left to right."""
        on_the_left, on_the_right = is_random(node.left), is_random(node.right)
        if on_the_left and on_the_right:
            advice = "an input for each, and their formula in `calculations`"
            raise ExpressionError(f"two distributions in {shown(node)}", advice, at=node.at)
        if node.operator == "/" and on_the_right:
            raise ExpressionError("a distribution under the line", "the quotient in `calculations`", at=node.at)
        self._require_one_value(node, node.right if on_the_left else node.left, unit)
        if on_the_left:
            inner = self._distribution(node.left, unit)
            amount = self._amount(node, node.right, unit)
        else:
            amount = self._amount(node, node.left, unit)
            inner = self._distribution(node.right, unit)
        at = (node.right if on_the_left else node.left).at
        match node.operator:
            case "*":
                return scaled(inner, amount, at)
            case "/":
                return scaled(inner, 1 / amount, at)
            case "-" if on_the_left:
                return shifted(inner, -amount, at)
            case "-":
                inner = scaled(inner, -1.0, node.at)
        return shifted(inner, amount, at)

    def _amount(self, node: Binary, constant: Expression, unit: _LineUnit) -> float:
        """Return the constant beside a distribution: in the unit of the line where it is added, else a plain factor."""
        if node.operator in ("+", "-"):
            self._settle(constant, unit)
            return self._constant(constant, unit)
        by = self._constant(constant, _LineUnit(constant, PLAIN, PLAIN), "a factor (the unit stands last)")
        if by == 0:
            raise ExpressionError("a factor of 0", "0 alone, a certain value", at=constant.at)
        return by

    def _require_one_value(self, node: Binary, constant: Expression, unit: _LineUnit) -> None:
        """Refuse a name in what stands beside a distribution."""
        name = next((inner for inner in walk(constant) if isinstance(inner, Name)), None)
        if name is None:
            return
        if node.operator in ("+", "-"):
            self._settle(constant, unit)  # a name that is not defined is answered as such
        advice = f"constants beside a distribution; `{node.operator}` with `{name.id}` in `calculations`"
        raise ExpressionError(f"{shown(constant)} differs by trial", advice, at=name.at)

    def _number_of_draws(self, node: Expression) -> Recipe:
        """Return the distribution of a number of draws, which may count something."""
        return self._distribution(node, _LineUnit(node, counts=True))

    def _parameter(self, argument: Argument, unit: _LineUnit) -> Part:
        """Return a parameter, which may be a formula: in the unit of the line, or a plain number, or a count."""
        node, role, what = argument.node, argument.role, f"`{argument.name}`"
        if is_random(node):
            raise ExpressionError(f"the distribution {shown(node)} inside another", "an input of its own", at=node.at)
        typed = self.formulas.check(node)
        if role in _IN_THE_UNIT:
            if not _bare(node):
                typed = self.formulas.convert(typed, self._bring(typed.unit, unit), node, what)
        elif role not in ("count", "number of draws") or not _counts(typed.unit):
            typed = self.formulas.convert(typed, PLAIN, node, what)
        self.monthly = self.monthly or typed.monthly
        parameter = constant_or_formula(typed.tree)
        if isinstance(parameter, float):
            require_size(parameter, node.at)
        return parameter

    def _constant(self, node: Expression, unit: _LineUnit, what: str = "a constant") -> float:
        """Return a constant in the unit of the line."""
        self._require_constant(node)
        typed = self.formulas.check(node)
        if not _bare(node):
            typed = self.formulas.convert(typed, self._bring(typed.unit, unit), node, what)
        value = fold(typed.tree)
        if value is None:
            raise ExpressionError(f"{shown(node)} has no finite value", "a finite number", at=node.at)
        require_size(value, node.at)
        return value

    def _require_constant(self, node: Expression) -> None:
        """Refuse what a constant does not hold."""
        for inner in walk(node):
            if isinstance(inner, Text):
                raise ExpressionError("text in quotes", "a distribution or a number", at=inner.at)
            if isinstance(inner, Range) or (isinstance(inner, Call) and draws(inner.function)):
                raise ExpressionError(f"the distribution {shown(inner)} inside another", "a constant", at=inner.at)
            if isinstance(inner, Call) and inner.function not in FUNCTIONS:
                near = nearest(inner.function, DISTRIBUTION_WORDS)
                raise ExpressionError(f"unknown distribution `{inner.function}`", _ONE_OF, near, inner.at)
            if isinstance(inner, Name):
                raise _no_constant(inner, whole=inner == node)

    def _settle(self, node: Expression, unit: _LineUnit) -> None:
        """Check a part that is no bare number, and let the first one of a line settle the unit."""
        if not unit.settled and not _bare(node) and not is_random(node):
            self._bring(self.formulas.check(node).unit, unit)

    def _settle_by_first(self, nodes: Iterable[Expression], unit: _LineUnit) -> None:
        """Check the first part that is no bare number as a formula, a distribution too, and let it settle the unit."""
        first = next((node for node in nodes if not _bare(node)), None)
        if first is not None and not unit.settled:
            self._bring(self.formulas.check(first).unit, unit)

    def _bring(self, written: Unit, unit: _LineUnit) -> Unit:
        """Return the unit of the line, now that something in it is in the unit `written`."""
        if unit.written is None:
            unit.written = written
            given = unit.known
            if given is not None and not written.same_dimension(given) and self.formulas.scope.united:
                text = f"{shown(unit.line)} is in {unit_text(written)}, its `unit` is {unit_text(given)}"
                raise ExpressionError(text, "one unit", at=unit.line.at)
            if unit.counts and not _counts(written):
                text = f"{shown(unit.line)} is in {unit_text(written)}"
                raise ExpressionError(text, "a plain number", at=unit.line.at)
        if unit.known is None:
            unit.known = written
        return unit.known

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
        At the offset `at`, when the text is not a unit.
    """
    try:
        return parse_unit(text)
    except UnitError as error:
        raise ExpressionError(error.given, error.allowed, error.near, at) from None


def _refuse_glued_ranges(tree: Expression) -> None:
    """Refuse a smaller constant minus a larger one without a blank behind the minus, anywhere in a line: ``10-20``."""
    for node in walk(tree):
        if isinstance(node, Binary) and node.operator == "-" and node.right.at == node.at + 1:
            low, high = constant(node.left), constant(node.right)
            if low is not None and high is not None and low[0] < high[0]:
                meant = shown(Range(node.left, node.right))
                allowed = f"{meant} for a range, blanks around the minus for the difference"
                raise ExpressionError(f"{shown(node)} without blanks", allowed, at=node.at)


def _no_constant(name: Name, *, whole: bool) -> ExpressionError:
    """Return the error of a name where a constant belongs; `whole` is whether nothing stands beside it."""
    if name.id.lower() in ("inf", "nan", "infinity"):
        return ExpressionError(f"`{name.id}` is not finite", "a finite number", at=name.at)
    if draws(name.id):
        return ExpressionError(f"`{name.id}` without its parameters", f"`{name.id}(...)`", at=name.at)
    near = nearest(name.id, DISTRIBUTION_WORDS) if whole else ""
    advice = "a distribution or a constant; formulas of inputs belong in `calculations`"
    return ExpressionError(f"`{name.id}` is no constant", advice, near, name.at)


def _counts(unit: Unit) -> bool:
    """Return whether a number in `unit` may be a count of something."""
    return not (unit.time or unit.currencies)


def _in_the_unit(argument: Argument) -> bool:
    """Return whether an argument of a family or a wrapper is in the unit of the line, or a count of something."""
    return argument.role in _IN_THE_UNIT or (argument.role == "count" and isinstance(argument.node, Quantity))


def _bare(node: Expression) -> bool:
    """Return whether `node` holds bare numbers alone, which are in the unit of the line."""
    return not any(isinstance(inner, Name | Quantity) for inner in walk(node))


def _interval(low: float, high: float, share: float, *, checked: bool) -> Distribution:
    return interval(low, high, share)
