"""The graph of a plan: steps shared, constants folded, powers in `t` turned into recurrences.

Every node has a kind:

========= ============================== =====================
kind      depends on                     held as
========= ============================== =====================
CONSTANT  nothing                        a float
CALENDAR  the month                      a vector, one a month
SCALAR    the trial                      a block vector
MONTHLY   both                           a block vector, redone each month
========= ============================== =====================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

CONSTANT_STEP = 1e-12
"""Largest relative spread of the steps of an exponent that counts as affine in `t`."""


class Kind(IntEnum):
    """The kinds of nodes, by what they depend on."""

    CONSTANT = 0
    CALENDAR = 1
    SCALAR = 2
    MONTHLY = 3


@dataclass(frozen=True, eq=False)
class Node:
    """A node of the graph: one step; `boolean` ones hold truth values, `partial` ones may be never or undefined."""

    op: str
    args: tuple[Node, ...]
    data: Any
    kind: Kind
    boolean: bool = False
    partial: bool = False


ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.power,
    "negative": np.negative,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "absolute": np.absolute,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "ceil": np.ceil,
    "floor": np.floor,
    "rint": np.rint,
}
COMPARISONS: dict[str, Callable[..., Any]] = {
    "less": np.less,
    "less_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "isnan": np.isnan,
    "isinf": np.isinf,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_not": np.logical_not,
}
RIGHT_NEUTRAL = {"add": 0, "subtract": 0, "multiply": 1, "divide": 1, "power": 1}
LEFT_NEUTRAL = {"add": 0, "multiply": 1}
LOGICAL = ("logical_and", "logical_or", "logical_not")


class Graph:
    """A graph under construction, over a horizon of `months`; equal steps become one node."""

    def __init__(self, months: int) -> None:
        self.months = months
        self.updates: dict[str, tuple[Node, Node]] = {}
        self._known: dict[tuple[Any, ...], Node] = {}
        self.t = self.calendar(np.arange(1.0, months + 1))

    def node(
        self,
        op: str,
        args: tuple[Node, ...] = (),
        data: Any = None,
        kind: Kind | None = None,
        *,
        boolean: bool = False,
        partial: bool | None = None,
    ) -> Node:
        """Return the one node of this step."""
        if kind is None:
            kinds = {a.kind for a in args}
            kind = Kind.MONTHLY if kinds >= {Kind.CALENDAR, Kind.SCALAR} else max(kinds)
        if partial is None:
            partial = any(a.partial for a in args)
        key = (op, tuple(map(id, args)), data, kind, boolean)
        if key not in self._known:
            self._known[key] = Node(op, args, data, kind, boolean, partial)
        return self._known[key]

    def constant(self, value: float) -> Node:
        """Return the node of a number."""
        return self.node("constant", data=float(value), kind=Kind.CONSTANT)

    def calendar(self, values: NDArray[np.float64]) -> Node:
        """Return the node of one number a month, `values` of shape (months,)."""
        if values.size and (values == values[0]).all():
            return self.constant(values[0])
        return self.node("calendar", data=tuple(values.tolist()), kind=Kind.CALENDAR)

    def elementwise(self, op: str, *args: Node) -> Node:
        """Return ``op(*args)``, folded, simplified and turned into a recurrence where that is exact."""
        if op in COMPARISONS:
            return self._comparison(op, args)
        args = tuple(map(self.as_float, args))
        if all(a.kind <= Kind.CALENDAR for a in args):
            return self._folded(ELEMENTWISE[op], args)
        for rule in (self._neutral, self._recurrence):
            node = rule(op, args)
            if node is not None:
                return node
        return self.node(op, args)

    def where(self, condition: Node, yes: Node, no: Node) -> Node:
        """Return `yes` where `condition` holds, else `no`; a NaN of the other branch is ignored."""
        condition, yes, no = self.truth(condition), self.as_float(yes), self.as_float(no)
        if condition.kind == Kind.CONSTANT:
            return yes if condition.data else no
        if yes is no:
            return yes
        if all(a.kind <= Kind.CALENDAR for a in (condition, yes, no)):
            return self._folded(np.where, (condition, yes, no))
        return self.node("where", (condition, yes, no))

    def truth(self, node: Node) -> Node:
        """Return `node` as a truth value: not zero."""
        return (
            node
            if node.boolean or node.kind <= Kind.CALENDAR
            else self.elementwise("not_equal", node, self.constant(0))
        )

    def as_float(self, node: Node) -> Node:
        """Return `node` as a number: 1 where it holds, else 0."""
        return self.node("as_float", (node,)) if node.boolean else node

    def state(self, name: str) -> Node:
        """Return the value that the series `name` had in the month before; see `update`."""
        return self.node("state", data=name, kind=Kind.MONTHLY)

    def update(self, name: str, start: Node, value: Node) -> None:
        """Declare that the state `name` begins at `start` and is `value` after each month."""
        self.updates[name] = (self.as_float(start), self.as_float(value))

    def recurrence(self, start: Node, ratio: Node) -> Node:
        """Return start * ratio^(t-1) as a running product."""
        return self.node("recurrence", (start, ratio), kind=Kind.MONTHLY)

    def values(self, node: Node) -> NDArray[np.float64]:
        """Return the months of a constant or calendar node, shape (months,)."""
        return np.broadcast_to(np.asarray(node.data, dtype=float), (self.months,))

    def _folded(self, function: Callable[..., Any], args: tuple[Node, ...]) -> Node:
        with np.errstate(all="ignore"):
            if all(a.kind == Kind.CONSTANT for a in args):
                return self.constant(float(function(*(np.float64(a.data) for a in args))))
            return self.calendar(np.asarray(function(*map(self.values, args)), dtype=float))

    def _comparison(self, op: str, args: tuple[Node, ...]) -> Node:
        if op in LOGICAL:
            args = tuple(map(self.truth, args))
        elif op not in ("isnan", "isinf"):
            args = tuple(map(self.as_float, args))
        if all(a.kind <= Kind.CALENDAR for a in args):
            return self._folded(COMPARISONS[op], args)
        return self.node(op, args, boolean=True, partial=False if op in ("isnan", "isinf") else None)

    def _neutral(self, op: str, args: tuple[Node, ...]) -> Node | None:
        if op == "negative" and args[0].op == "negative":
            return args[0].args[0]
        if len(args) != 2:
            return None
        left, right = args
        if right.kind == Kind.CONSTANT and right.data == RIGHT_NEUTRAL.get(op):
            return left
        if left.kind == Kind.CONSTANT and left.data == LEFT_NEUTRAL.get(op):
            return right
        if op == "power" and right.kind == Kind.CONSTANT and right.data == 0:
            return self.constant(1)
        return None

    def _recurrence(self, op: str, args: tuple[Node, ...]) -> Node | None:
        if op == "power":
            return self._power(*args)
        if op == "negative" and args[0].op == "recurrence":
            return self._scaled(args[0], "multiply", self.constant(-1))
        if op == "multiply":
            for a, b in (args, args[::-1]):
                if a.op != "recurrence":
                    continue
                if b.op == "recurrence":
                    start = self.elementwise("multiply", a.args[0], b.args[0])
                    return self.recurrence(start, self.elementwise("multiply", a.args[1], b.args[1]))
                if _steady(b):
                    return self._scaled(a, "multiply", b)
                if b.op in ("add", "subtract") and all(_steady(x) or x.op == "recurrence" for x in b.args):
                    return self.elementwise(b.op, *(self.elementwise("multiply", a, x) for x in b.args))
        if op == "divide" and args[0].op == "recurrence" and _steady(args[1]):
            return self._scaled(args[0], "divide", args[1])
        return None

    def _scaled(self, series: Node, op: str, by: Node) -> Node:
        return self.recurrence(self.elementwise(op, series.args[0], by), series.args[1])

    def _power(self, base: Node, exponent: Node) -> Node | None:
        if base.kind != Kind.SCALAR or exponent.kind != Kind.CALENDAR:
            return None
        months = self.values(exponent)
        steps = np.diff(months)
        if np.ptp(steps) > CONSTANT_STEP * np.abs(steps).max():
            return None
        step = self.constant((months[-1] - months[0]) / (self.months - 1))
        start = self.elementwise("power", base, self.constant(months[0]))
        return self.recurrence(start, self.elementwise("power", base, step))


def _steady(node: Node) -> bool:
    return node.kind in (Kind.CONSTANT, Kind.SCALAR)
