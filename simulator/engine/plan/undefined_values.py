"""Steps that may have no value, such as a quotient by 0, and trials in which a number has none."""

from __future__ import annotations

from collections.abc import Container, Iterator

from payback.simulator.engine.plan.graph import Graph, Kind, Node

_NEVER = ("crossing", "first_month")
"""Steps of months that may never come, which is held as an infinity."""

_LOGICAL = ("logical_and", "logical_or", "logical_not")


def without_value(g: Graph, x: Node) -> Node:
    """Return the condition that `x` has no value: it is no finite number, and not "never" where it may be that."""
    if x.boolean or may_be_never(x):
        return g.elementwise("isnan", x)
    return g.elementwise("isnan", g.elementwise("subtract", x, x))


def may_be_never(x: Node) -> bool:
    """Return whether `x` is a month that may never come, or computed from one."""
    return x.partial and any(node.op in _NEVER for node in _below(x, ()))


def may_lack_value(x: Node, settled: Container[int]) -> bool:
    """Return whether a quotient, power, root, logarithm or choice above the ledger may leave `x` without a value.

    Parameters
    ----------
    x : Node
    settled : container of int
        The ids of steps that are not looked into: the measures, whose money must be finite in every trial.
    """
    return not may_be_never(x) and any(map(_may_fail, _below(x, settled)))


def compared(condition: Node) -> Iterator[Node]:
    """Yield the numbers that a condition compares, at any depth of ``and``, ``or`` and ``not``."""
    if condition.op in _LOGICAL or condition.op == "as_float":
        for inner in condition.args:
            yield from compared(inner)
    elif condition.boolean and condition.op not in ("isnan", "isinf"):
        yield from (number for number in condition.args if number.kind > Kind.CALENDAR)


def _may_fail(node: Node) -> bool:
    match node.op:
        case "divide":
            below = node.args[1]
            return below.kind != Kind.CONSTANT or below.data == 0.0
        case "power":
            base = node.args[0]
            return base.kind != Kind.CONSTANT or base.data <= 0.0
        case "where":
            return any(branch.kind == Kind.CONSTANT and branch.data != branch.data for branch in node.args[1:])
    return node.op in ("log", "sqrt")


def _below(x: Node, settled: Container[int]) -> Iterator[Node]:
    """Yield `x` and the steps that it is computed from, each once; `settled` ones are left out."""
    stack, seen = [x], set()
    while stack:
        node = stack.pop()
        if id(node) not in seen and id(node) not in settled:
            seen.add(id(node))
            yield node
            stack.extend(node.args)
