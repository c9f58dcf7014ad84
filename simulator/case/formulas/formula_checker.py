"""The check of a formula: names, operators and units; the result is a plain tree.

The rules by which functions are checked are an argument: `payback.simulator.case.function_rules` has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.parser import COMPARISONS
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Quantity, Range, Text, Unary
from payback.simulator.case.formulas.arguments import bind
from payback.simulator.case.formulas.messages import apart, misfit, shown, stated, unknown_function, unknown_name
from payback.simulator.case.formulas.scope import HORIZON, AlreadyReported, Scope, Typed, converted, is_horizon, is_t
from payback.simulator.case.language.functions import FUNCTIONS
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.case.language.units import DURATION, PLAIN, Unit, UnitError, parse_unit, times
from payback.simulator.model import Definition


class FormulaChecker:
    """Checks formulas of one owner against a scope.

    Parameters
    ----------
    scope : Scope
    rules : mapping of str to callable
        How each function is checked, by its name.
    owner : str
        Name of the calculation or line, which hidden draws and states are named after.
    measures : bool
        Whether measures may be read.
    """

    def __init__(self, scope: Scope, rules: Mapping[str, Rule], owner: str = "", *, measures: bool = False) -> None:
        self.scope = scope
        self.rules = rules
        self.owner = owner
        self.measures = measures
        self.hidden: list[Definition] = []
        self.notes: list[str] = []
        self.start: Expression | None = None
        self.own_unit: Unit | None = None

    def formula(self, tree: Expression) -> Typed:
        """Check a whole formula, in which the month before may be read.

        A calculation that starts at 0 is read twice: its unit is known after the first time.
        """
        typed = self.check(tree)
        if self.start is None:
            return typed
        if self.own_unit is None:
            self.own_unit = PLAIN if typed.free else typed.unit
            self.hidden.clear()
            self.notes.clear()
            typed = self.check(tree)
        return self.convert(typed, self.own_unit, tree, f"`{self.owner}`, as its start is")

    def check(self, node: Expression) -> Typed:
        """Check `node` and everything under it.

        Raises
        ------
        ExpressionError
            The first thing that does not fit.
        AlreadyReported
            `node` reads a name whose problem was reported before.
        """
        try:
            match node:
                case Number(value=value):
                    return Typed(node, zero=value == 0)
                case Name():
                    return self._name(node)
                case Quantity():
                    return self._quantity(node)
                case Unary(operator="-", operand=operand, at=at):
                    inner = self.check(operand)
                    return replace(inner, tree=Unary("-", inner.tree, at))
                case Unary(operator=operator, operand=operand, at=at):
                    inner = self.number(operand, f"`{operator}`")
                    return Typed(Unary(operator, inner.tree, at), PLAIN, inner.monthly, after=inner.after)
                case Binary():
                    return self._binary(node)
                case Call():
                    return self._call(node)
                case Text(at=at):
                    raise ExpressionError("text in quotes", "a formula holds numbers and names, no text", at=at)
                case Range(at=at):
                    raise ExpressionError("a range in a formula", "an input of its own in `inputs`", at=at)
        except UnitError as error:
            raise ExpressionError(error.given, error.allowed, error.near, node.at) from None

    def _call(self, node: Call) -> Typed:
        function = FUNCTIONS.get(node.function)
        if function is None:
            raise unknown_function(node.function, node.at)
        arguments, keywords = bind(node, function)
        return self.rules[node.function](self, node, arguments, keywords)

    def _name(self, node: Name) -> Typed:
        name = node.id
        if is_t(node):
            return Typed(node, monthly=True)
        if name == HORIZON:
            return Typed(Number(float(self.scope.months), node.at), self.scope.written("month"))
        if name in self.scope.broken:
            raise AlreadyReported
        entry = self.scope.names.get(name)
        if entry is None and name in MEASURES:
            entry = self.scope.measure(name)
        if entry is None:
            raise unknown_name(node, self.scope, self.owner)
        if entry.after and not self.measures:
            given = f"`{name}` is a measure" if name in MEASURES else f"`{name}` reads a measure"
            raise ExpressionError(
                given, "measures come out of the ledger: only calculations that no line reads may read them", at=node.at
            )
        return Typed(node, entry.unit, entry.monthly, after=entry.after)

    def _quantity(self, node: Quantity) -> Typed:
        inner = self.check(node.value)
        if not (inner.unit.plain or inner.free):
            raise ExpressionError(
                f"{shown(node.value)} is in {inner.unit} already", f"no further unit `{node.unit}`", at=node.at
            )
        by, unit = parse_unit(node.unit)
        name = next((noun for noun, _ in unit.powers if self.scope.defines(noun)), None)
        if name is not None:
            advice = f"`2 * {name}` for a product, `2 USD / {name}` with blanks for a quotient"
            raise ExpressionError(f"`{name}` is a name, not a unit, in `{node.unit}`", advice, at=node.at)
        quantity = inner.scaled(by, unit)
        if not self.scope.united and unit.same_dimension(DURATION):
            return converted(quantity, DURATION) or quantity
        return quantity

    def _binary(self, node: Binary) -> Typed:
        operator = node.operator
        if operator in ("and", "or"):
            parts = [self.number(side, f"`{operator}`") for side in (node.left, node.right)]
            return self._joined(node, *parts)
        if operator == "**":
            return self._power(node)
        left, right = self.check(node.left), self.check(node.right)
        if operator in ("*", "/"):
            return self._product(node, left, right)
        left, right = self._meet(node, left, right)
        joined = self._joined(node, left, right)
        if operator in COMPARISONS:
            return joined
        return Typed(joined.tree, left.unit, joined.monthly, free=left.free and right.free, after=joined.after)

    def _joined(self, node: Binary, left: Typed, right: Typed) -> Typed:
        tree = Binary(node.operator, left.tree, right.tree, node.at)
        return Typed(tree, PLAIN, left.monthly or right.monthly, after=left.after or right.after)

    def _meet(self, node: Binary, left: Typed, right: Typed) -> tuple[Typed, Typed]:
        """Return both sides of + - or a comparison in one unit, the left one's."""
        if is_t(node.left):
            right = _counted(right)
        elif is_t(node.right):
            left = _counted(left)
        elif is_horizon(node.left) and right.unit.plain:
            right = replace(right, unit=left.unit)
        elif is_horizon(node.right) and left.unit.plain:
            left = replace(left, unit=right.unit)
        parts = self.together([left, right], (node.left, node.right), node.operator, node.at)
        return parts[0], parts[1]

    def together(self, parts: Sequence[Typed], nodes: Sequence[Expression], operator: str, at: int) -> list[Typed]:
        """Return `parts` in one unit: that of the first whose unit is certain.

        Parameters
        ----------
        parts : sequence of Typed
        nodes : sequence of Expression
            As they are written, for messages.
        operator : str
            The operator that joins them, as messages write it.
        at : int
            Offset of the operator.

        Raises
        ------
        ExpressionError
            When the units do not meet.
        """
        leader = next(
            (i for i, p in enumerate(parts) if not p.zero and not p.free),
            next((i for i, p in enumerate(parts) if not p.free), 0),
        )
        first = parts[leader]
        if first.free:
            return list(parts)
        together = []
        for typed, node in zip(parts, nodes, strict=True):
            fitting = converted(typed, first.unit)
            if fitting is None and not self.scope.united:
                fitting = typed.scaled(1, first.unit)
            if fitting is None:
                raise apart(first, typed, (nodes[leader], node), operator, at)
            together.append(fitting)
        return together

    def _product(self, node: Binary, left: Typed, right: Typed) -> Typed:
        if node.operator == "/" and right.zero:
            raise ExpressionError("a division by 0", "a divisor that is not 0", at=node.right.at)
        by, unit = times(left.unit, right.unit, 1 if node.operator == "*" else -1)
        product = self._joined(node, left, right)
        free = left.free or right.free
        return Typed(product.tree, PLAIN if free else unit, product.monthly, free=free, after=product.after).scaled(
            1 if free else by, PLAIN if free else unit
        )

    def _power(self, node: Binary) -> Typed:
        base, exponent = self.check(node.left), self.number(node.right, "an exponent")
        constant = fold(exponent.tree)
        if base.unit.same_dimension(PLAIN):
            base = converted(base, PLAIN) or base
        elif self.scope.united and constant is None and not base.free:
            raise ExpressionError(
                f"{shown(node.left)} in {base.unit} to a power that varies", "a number without a unit", at=node.left.at
            )
        power = self._joined(node, base, exponent)
        unit = base.unit**constant if constant is not None else PLAIN
        return Typed(power.tree, unit, power.monthly, free=base.free, after=power.after)

    def convert(self, typed: Typed, wanted: Unit, node: Expression, what: str) -> Typed:
        """Return `typed` in the unit `wanted`.

        Raises
        ------
        ExpressionError
            When no factor leads there.
        """
        fitting = converted(typed, wanted)
        if fitting is None and not self.scope.united:
            fitting = typed.scaled(1, wanted)
        if fitting is None:
            raise misfit(typed, wanted, node, what)
        return fitting

    def number(self, node: Expression, what: str) -> Typed:
        """Check `node`, which must reduce to a number without a unit."""
        return self.convert(self.check(node), PLAIN, node, what)

    def scalar(self, node: Expression, what: str) -> Typed:
        """Check `node`, which must have one value per trial."""
        typed = self.check(node)
        if typed.monthly:
            raise ExpressionError(
                f"{what} varies by month: {shown(node)}", "one value a trial; at(x, k) takes month k", at=node.at
            )
        return typed

    def months(self, node: Expression, what: str) -> Typed:
        """Check `node`, a number of months or a duration with one value per trial."""
        typed = self.scalar(node, what)
        if typed.unit.same_dimension(DURATION):
            return Typed((converted(typed, DURATION) or typed).tree, zero=typed.zero, after=typed.after)
        if self.scope.united and not typed.unit.same_dimension(PLAIN):
            raise ExpressionError(
                f"{shown(node)} is {stated(typed.unit)}",
                f"{what} in months, or a duration: `3 months`",
                at=node.at,
            )
        return converted(typed, PLAIN) or typed


Rule: TypeAlias = Callable[[FormulaChecker, Call, list[Expression], Mapping[str, Expression]], Typed]
"""(checker, call, arguments, keywords that are given by name only) -> checked call."""


def _counted(typed: Typed) -> Typed:
    """Return a duration as its number of months, anything else as it is."""
    months = converted(typed, DURATION) if typed.unit.same_dimension(DURATION) else None
    return typed if months is None else replace(months, unit=PLAIN)
