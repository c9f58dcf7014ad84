"""Rounding errors of amounts and of formulas: what counts as 0, as equal, and as a whole number.

Decimals such as 0.1 have no exact binary value, so that amounts which cancel on paper leave a residue. Two bounds
say how large a residue can be; what lies within them counts as none.

`MONEY` bounds that of a sum of money, relative to the gross flows, the sum of the amounts without their signs. A
running sum of n terms, added in order, is off by at most (n - 1) u times that, u = 2^-53 [1]_, section 4.2. A ledger
adds at most 1,200 months, and a power in `t` is a running product of as many steps of two roundings; with the lines
of a month and the few steps of each this stays below 4,096 u = 2^-41 = 4.5e-13. A cent in ten billion, 1e-12, is kept.

`EQUAL` bounds that of a number that a few steps of a formula lead to, relative to the number, or to the terms
of which it is the sum or the difference: 512 u = 2^-44 = 5.7e-14.

References
----------
.. [1] Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd edition, SIAM, chapter 4,
   doi:10.1137/1.9780898718027.
"""

from __future__ import annotations

from math import inf

from payback.simulator.case.expressions.decimals import EQUAL
from payback.simulator.engine.plan.graph import Graph, Kind, Node

MONEY = 2.0**-41
"""Error of a sum of money, relative to its gross flows."""

MONTHS = 2.0**-27
"""Error of a payback, in months: 20 milliseconds."""

RATE = 2.0**-33
"""Error of a rate of return, a year: roots are solved to 1e-12, and a year is their twelfth power."""

_TURNED = {"less": "greater", "less_equal": "greater_equal", "greater": "less", "greater_equal": "less_equal"}


def exact(g: Graph, amount: Node, error: Node) -> Node:
    """Return `amount`, 0 where it is smaller than its error."""
    residue = g.elementwise("less", g.elementwise("absolute", amount), error)
    return g.where(residue, g.constant(0), amount)


def money(g: Graph, gross: Node) -> Node:
    """Return the error of a sum of money whose amounts, without signs, sum to `gross`."""
    return g.elementwise("multiply", gross, g.constant(MONEY))


def relative(g: Graph, value: Node) -> Node:
    """Return the error of a number that is no sum."""
    return _product(g, g.elementwise("absolute", value), g.constant(EQUAL))


def compare(g: Graph, op: str, a: Node, b: Node, error: Node | None = None) -> Node:
    """Return whether `a` and `b` compare as `op` says, numbers within their error being equal.

    Parameters
    ----------
    g : Graph
    op : str
        A comparison of `graph.COMPARISONS`.
    a, b : Node
    error : Node, optional
        Error of their difference; if not given that of either, `EQUAL`.
    """
    if a.kind < b.kind:
        op, a, b = _TURNED.get(op, op), b, a
    lowest, highest = (b, b) if a.boolean and b.boolean else (_edge(g, b, -1, error), _edge(g, b, 1, error))
    if lowest is highest:
        return g.elementwise(op, a, b)
    if op in ("equal", "not_equal"):
        inside = (g.elementwise("greater_equal", a, lowest), g.elementwise("less_equal", a, highest))
        same = g.elementwise("logical_and", *inside)
        return same if op == "equal" else g.elementwise("logical_not", same)
    return g.elementwise(op, a, lowest if op in ("less", "greater_equal") else highest)


def ceil(g: Graph, x: Node, error: Node | None = None) -> Node:
    """Return the next whole number upwards; one that `x` equals within its error is `x`."""
    return g.elementwise("ceil", g.elementwise("subtract", x, _shift(g, x, error)))


def floor(g: Graph, x: Node, error: Node | None = None) -> Node:
    """Return the next whole number downwards; one that `x` equals within its error is `x`."""
    return g.elementwise("floor", g.elementwise("add", x, _shift(g, x, error)))


def nearest(g: Graph, x: Node, error: Node | None = None) -> Node:
    """Return the nearest whole number; of two that are equally near within the error of `x`, the even one."""
    half = _product(g, g.elementwise("rint", _product(g, x, g.constant(2))), g.constant(0.5))
    tie = compare(g, "equal", x, half, error)
    return g.elementwise("rint", g.where(tie, half, x))


def _edge(g: Graph, x: Node, side: int, error: Node | None) -> Node:
    """Return the lowest (-1) or highest (1) number that counts as `x`; infinity is its own."""
    if error is None:
        lowest, highest = (_product(g, x, g.constant(1 + sign * EQUAL)) for sign in (-1, 1))
        return g.elementwise("minimum" if side < 0 else "maximum", lowest, highest)
    return g.elementwise("subtract" if side < 0 else "add", x, _finite(g, error))


def _shift(g: Graph, x: Node, error: Node | None) -> Node:
    """Return the error of `x`, less than the half that would move a whole number."""
    return g.elementwise("minimum", relative(g, x) if error is None else _finite(g, error), g.constant(0.25))


def _finite(g: Graph, error: Node) -> Node:
    """Return `error`, 0 where it is that of a value which is never or undefined."""
    if error.kind > Kind.CONSTANT and not error.partial:
        return error
    return g.where(g.elementwise("less", error, g.constant(inf)), error, g.constant(0))


def _product(g: Graph, x: Node, by: Node) -> Node:
    """Return x * by as one step, which no recurrence takes up: its months must be those of `x`."""
    x = g.as_float(x)
    return g.elementwise("multiply", x, by) if x.kind <= Kind.CALENDAR else g.node("multiply", (x, by))
