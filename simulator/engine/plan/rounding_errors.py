"""Rounding errors of formulas, as steps of the graph: how far apart two values may be that are equal on paper."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from payback.simulator.case.expressions.keywords import BASE
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Unary, names, walk
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.engine.plan import tolerances
from payback.simulator.engine.plan.graph import Graph, Kind, Node
from payback.simulator.engine.plan.ledger_measures import Ledger, at, extreme, running, total
from payback.simulator.model import Formula, Model

_CARRYING = ("abs", "cumulative", "at", "total", "present", "average", "lowest", "highest")
"""Functions of one value or of months whose error is that of what they read."""


class RoundingErrors:
    """The errors of the formulas of a model, to first order.

    A sum or difference has those of its terms, relative to each, and a measure has its own; they are followed through
    names, products, quotients and functions that add up or choose, not through ``previous``, and through products of
    months only where they hold measures. Every other value has the relative error `tolerances.EQUAL`, written as None.

    Parameters
    ----------
    graph : Graph
    model : Model
    lowered : callable
        Returns the node of an expression.
    ledger : callable
        Returns the ledger.
    """

    def __init__(
        self, graph: Graph, model: Model, lowered: Callable[[Expression], Node], ledger: Callable[[], Ledger]
    ) -> None:
        self.graph = graph
        self._lowered = lowered
        self._ledger = ledger
        formulas = [d for d in model.definitions if isinstance(d, Formula)]
        self._formulas = {d.name: d.expression for d in formulas if not of_process(d.name)}
        self._measures = MEASURES.keys() | {d.name for d in formulas if d.after_ledger}
        self._known: dict[str, Node | None] = {}

    def of_difference(self, left: Expression, right: Expression) -> Node | None:
        """Return the error of left - right, None if it is relative to either."""
        against_zero = any(_is_measure(a) and b == Number(0) for a, b in ((left, right), (right, left)))
        if against_zero or (self.of(left) is None and self.of(right) is None):
            return None
        return self.graph.elementwise("add", self._bound(left), self._bound(right))

    def of(self, expression: Expression) -> Node | None:
        """Return the error of `expression`."""
        for name in self._reached(expression):
            formula = self._formulas[name]
            self._known[name] = None if _has_past(formula) else self._error(formula)
        return self._error(expression)

    def _reached(self, expression: Expression) -> list[str]:
        """Return the formulas that `expression` reads and whose errors are not known, in reading order."""
        reached: set[str] = set()
        stack = [expression]
        while stack:
            new = (names(stack.pop()) & self._formulas.keys()) - self._known.keys() - reached
            reached |= new
            stack += [self._formulas[name] for name in new if not _has_past(self._formulas[name])]
        return [name for name in self._formulas if name in reached] if reached else []

    def _error(self, expression: Expression) -> Node | None:
        match expression:
            case Name(id=name) if name in self._known:
                return self._known[name]
            case Name(id=name) if _is_measure(expression):
                return self._ledger().error(name)
            case Unary(operator="-", operand=operand):
                return self._error(operand)
            case Binary(operator="+" | "-", left=left, right=right):
                return self.graph.elementwise("add", self._bound(left), self._bound(right))
            case Binary(operator="*" | "/" as operator, left=left, right=right):
                return self._of_product(operator, left, right)
            case Call(function=function, arguments=arguments):
                return self._of_call(function, arguments)
        return None

    def _bound(self, expression: Expression) -> Node:
        error = self._error(expression)
        return tolerances.relative(self.graph, self._lowered(expression)) if error is None else error

    def _sum(self, *errors: Node | None) -> Node | None:
        known = [error for error in errors if error is not None]
        return reduce(lambda a, b: self.graph.elementwise("add", a, b), known) if known else None

    def _of_product(self, operator: str, left: Expression, right: Expression) -> Node | None:
        g = self.graph
        a, b = self._error(left), self._error(right)
        if (a is None and b is None) or self._is_busy(left, right):
            return None
        by = g.elementwise("absolute", self._lowered(right))
        if operator == "*":
            scaled = b and g.elementwise("multiply", g.elementwise("absolute", self._lowered(left)), b)
            return self._sum(a and g.elementwise("multiply", a, by), scaled)
        quotient = g.elementwise("absolute", g.elementwise("divide", self._lowered(left), self._lowered(right)))
        sum_of_both = self._sum(a, b and g.elementwise("multiply", quotient, b))
        return sum_of_both and g.elementwise("divide", sum_of_both, by)

    def _is_busy(self, left: Expression, right: Expression) -> bool:
        """Return whether a product would have its error worked out in each month of each trial."""
        kinds = {self._lowered(side).kind for side in (left, right)}
        measures = self._measures & (names(left) | names(right))
        return Kind.MONTHLY in kinds and Kind.CONSTANT not in kinds and not measures

    def _of_call(self, function: str, arguments: tuple[Expression, ...]) -> Node | None:
        g = self.graph
        if function in ("min", "max"):
            return self._sum(*map(self._error, arguments))
        if function in ("if", "pick"):
            return self._sum(*map(self._error, arguments[1:]))
        if function not in _CARRYING:
            return None
        error = self._error(arguments[0])
        if error is None or function == "abs":
            return error
        if function == "cumulative":
            return running(g, f"cumulative {id(error)}", error, g.constant(0))
        if function == "at":
            return at(g, error, self._lowered(arguments[1]))
        return total(g, error) if function in ("total", "present") else extreme(g, "maximum", error)


def of_process(name: str) -> bool:
    """Return whether a formula is one that a process adds: all that it compares is relative to the month."""
    return "." in name and not name.endswith(BASE)


def _is_measure(expression: Expression) -> bool:
    return isinstance(expression, Name) and expression.id in MEASURES


def _has_past(formula: Expression) -> bool:
    return any(isinstance(node, Call) and node.function == "previous" for node in walk(formula))
