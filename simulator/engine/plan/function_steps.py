"""The functions of the case language as steps of the graph, one per name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

import numpy as np

from payback.simulator.engine.plan import tolerances
from payback.simulator.engine.plan.graph import Graph, Kind, Node
from payback.simulator.engine.plan.ledger_measures import at, running, total

WHOLE = 1e-9
"""How far from a whole number the rounding of a formula may leave one."""


def _if(g: Graph, condition: Node, yes: Node, no: Node) -> Node:
    """Return `yes` where `condition` holds, else `no`; NaN where a condition that is a number is."""
    chosen = g.where(condition, yes, no)
    if condition.boolean:
        return chosen
    return g.where(g.elementwise("isnan", condition), g.constant(float("nan")), chosen)


def _pick(g: Graph, k: Node, *choices: Node) -> Node:
    """Return the k-th of `choices`, counted from 1; undefined where `k` is none of their numbers."""
    index = g.elementwise("rint", k)
    away = g.elementwise("absolute", g.elementwise("subtract", k, index))
    index = g.where(g.elementwise("less_equal", away, g.constant(WHOLE)), index, g.constant(0))
    result = g.constant(float("nan"))
    for number, choice in reversed(list(enumerate(choices, 1))):
        result = g.where(g.elementwise("equal", index, g.constant(number)), choice, result)
    return result


def _fold(op: str) -> Callable[..., Node]:
    return lambda g, *nodes: reduce(lambda a, b: g.elementwise(op, a, b), nodes)


def _cumulative(g: Graph, x: Node) -> Node:
    """Return the sum of `x` to date."""
    return running(g, f"cumulative {id(x)}", x, g.constant(0))


def _lag(g: Graph, x: Node, k: Node, before: Node | None = None) -> Node:
    """Return `x` at t - round(k), `before` for t <= k."""
    before = before or g.constant(0)
    if x.kind <= Kind.CALENDAR and k.kind == Kind.CONSTANT and before.kind == Kind.CONSTANT and k.data >= 0:
        late = round(k.data)
        shifted = np.full(g.months, before.data)
        shifted[late:] = g.values(x)[: max(0, g.months - late)]
        return g.calendar(shifted)
    return g.node("lag", (g.as_float(x), k, g.as_float(before)), kind=Kind.MONTHLY)


def _at(g: Graph, x: Node, k: Node) -> Node:
    """Return `x` in month `k`."""
    return at(g, g.as_float(x), k)


def _total(g: Graph, x: Node, first: Node, last: Node) -> Node:
    """Return the sum of `x` over months `first` to `last`."""
    x = g.as_float(x)
    if first.kind == last.kind == Kind.CONSTANT:
        return total(g, x, int(tolerances.ceil(g, first).data), int(tolerances.floor(g, last).data))
    inside = g.elementwise(
        "logical_and",
        tolerances.compare(g, "greater_equal", g.t, first),
        tolerances.compare(g, "less_equal", g.t, last),
    )
    return total(g, g.where(inside, x, g.constant(0)))


def _step(g: Graph, k: Node) -> Node:
    """Return 1 from month `k` on, 0 before."""
    return g.as_float(tolerances.compare(g, "greater_equal", g.t, k))


def _pulse(g: Graph, k: Node, every: Node | None = None) -> Node:
    """Return 1 in month ceil(k), then each `every` months."""
    age = g.elementwise("subtract", g.t, tolerances.ceil(g, k))
    if every is None:
        return g.as_float(g.elementwise("equal", age, g.constant(0)))
    turns = g.elementwise("divide", age, every)
    whole = g.elementwise("equal", turns, g.elementwise("rint", turns))
    return g.as_float(g.elementwise("logical_and", whole, g.elementwise("greater_equal", age, g.constant(0))))


def _series(g: Graph, *values: Node, first: Node | None = None, every: Node | None = None, **_: Node) -> Node:
    """Return `values` in months `first`, first + every, ...; 0 elsewhere."""
    begin, gap = (round(n.data) if n else 1 for n in (first, every))
    months = {begin + i * gap: i for i in range(len(values))}
    chosen = tuple(months.get(m, -1) for m in range(1, g.months + 1))
    if all(v.kind == Kind.CONSTANT for v in values):
        return g.calendar(np.array([values[i].data if i >= 0 else 0.0 for i in chosen]))
    return g.node("by_month", tuple(map(g.as_float, values)), chosen, Kind.MONTHLY)


def _ramp(g: Graph, start: Node, end: Node | None = None) -> Node:
    """Return t / start up to 1, or the share of the way from `start` to `end`."""
    if end is None:
        share = g.elementwise("divide", g.t, start)
        return g.elementwise("minimum", g.constant(1), share)
    share = g.elementwise("divide", g.elementwise("subtract", g.t, start), g.elementwise("subtract", end, start))
    return g.elementwise("minimum", g.constant(1), g.elementwise("maximum", g.constant(0), share))


def _s_curve(g: Graph, x: Node, half: Node, width: Node) -> Node:
    """Return 1 / (1 + 81^((half - x) / width)), 0 for x <= 0."""
    away = g.elementwise("divide", g.elementwise("subtract", half, x), width)
    odds = g.elementwise("exp", g.elementwise("multiply", away, g.constant(float(np.log(81)))))
    share = g.elementwise("divide", g.constant(1), g.elementwise("add", g.constant(1), odds))
    return g.where(g.elementwise("less_equal", x, g.constant(0)), g.constant(0), share)


def _index(g: Graph, rate: Node, months: Node) -> Node:
    """Return (1 + rate)^((t - 1) / months)."""
    exponent = g.elementwise("divide", g.elementwise("subtract", g.t, g.constant(1)), months)
    return g.elementwise("power", g.elementwise("add", g.constant(1), rate), exponent)


FUNCTIONS: Mapping[str, Callable[..., Node]] = {
    "if": _if,
    "min": _fold("minimum"),
    "max": _fold("maximum"),
    "pick": _pick,
    "cumulative": _cumulative,
    "lag": _lag,
    "at": _at,
    "total": _total,
    "step": _step,
    "pulse": _pulse,
    "series": _series,
    "ramp": _ramp,
    "s_curve": _s_curve,
    "index": _index,
}
"""Every function that needs the graph alone."""
