"""The measures of a ledger, as steps of the graph.

Conventions: upfront lines fall at t = 0 and are never discounted; month t's net falls at its end
and is discounted by (1 + r)^(-t/12), r effective per year. "Never" is +inf, "undefined" is NaN.
Sums of money that are a residue of rounding, see `tolerances`, are 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np

from payback.simulator.case.language.measures import CURRENCY, CURRENCY_PER_MONTH, MEASURES
from payback.simulator.engine.plan import tolerances
from payback.simulator.engine.plan.graph import Graph, Kind, Node

UNDEFINED = "undefined"
"""What marks a step as the origin of undefined values."""

MONTH_END = 1.0 - tolerances.MONTHS
"""The share of a month from which on a balance is back at its end."""


class Ledger:
    """The lines of a case as nodes, and every measure read from them.

    Parameters
    ----------
    graph : Graph
    upfront, monthly : sequence of Node
        The lines.
    investments : sequence of Node
        Those monthly lines that count as invested.
    rate : Node
        Discount rate per year.
    spread : callable
        Returns the monthly lines without their lumps, which fall at the end of a month.
    signs : callable
        Returns for each monthly line 1 where it is never negative, -1 where it is never positive, else 0.
    """

    def __init__(
        self,
        graph: Graph,
        upfront: Sequence[Node],
        monthly: Sequence[Node],
        investments: Sequence[Node],
        rate: Node,
        spread: Callable[[], Sequence[Node]],
        signs: Callable[[], Sequence[int]],
    ) -> None:
        self.graph = graph
        self.rate = rate
        self._upfront = upfront
        self._monthly = monthly
        self._investments = investments
        self._spread_lines = spread
        self._signs = signs

    def measure(self, name: str) -> Node:
        """Return the node of the measure `name`; see `payback.simulator.case.language.measures`."""
        node: Node = getattr(self, name)
        return node

    def error(self, name: str) -> Node | None:
        """Return the rounding error of the measure `name`, None if it is none."""
        g, unit = self.graph, MEASURES[name].unit
        match name:
            case "npv":
                return self._error_of_npv
            case "cumulative_net":
                return g.elementwise("negative", self._least)
            case "payback" | "discounted_payback":
                return g.constant(tolerances.MONTHS)
            case "irr":
                return g.constant(tolerances.RATE)
            case "roi" | "multiple":
                ratio = g.elementwise("divide", self._whole_error, self.invested)
                return g.elementwise("absolute", ratio)
        if unit == CURRENCY_PER_MONTH:
            return self._error
        return self._whole_error if unit == CURRENCY else None

    def total(self, series: Node, first: int = 1, last: int | None = None) -> Node:
        """Return the sum of months `first` to `last` of `series`."""
        return total(self.graph, series, first, last)

    def _sum(self, nodes: Sequence[Node]) -> Node:
        g = self.graph
        result = g.constant(0)
        for node in nodes:
            result = g.elementwise("add", result, node)
        return result

    def _positive(self, nodes: Sequence[Node]) -> Node:
        g = self.graph
        return self._sum([g.elementwise("maximum", n, g.constant(0)) for n in nodes])

    def _negative(self, nodes: Sequence[Node]) -> Node:
        g = self.graph
        return self._sum([g.elementwise("maximum", g.elementwise("negative", n), g.constant(0)) for n in nodes])

    def _ratio(self, numerator: Node) -> Node:
        g = self.graph
        nothing = g.elementwise("equal", self.invested, g.constant(0))
        return undefined_where(g, nothing, g.elementwise("divide", numerator, self.invested))

    @cached_property
    def upfront(self) -> Node:
        """Money out at t = 0, line by line."""
        return self._negative(self._upfront)

    @cached_property
    def net_0(self) -> Node:
        """Money in at t = 0, line by line."""
        return self._positive(self._upfront)

    @cached_property
    def _start(self) -> Node:
        return self._sum(self._upfront)

    @cached_property
    def _flow(self) -> Node:
        return self._sum(self._monthly)

    @cached_property
    def _spread(self) -> Node:
        return self._sum(self._spread_lines())

    @cached_property
    def _discount(self) -> Node:
        return discount(self.graph, self.rate)

    @cached_property
    def _gross(self) -> Node:
        """Amounts of a month without their signs: twice the money in less the net, or the net less twice that out."""
        g, lines = self.graph, list(zip(self._monthly, self._signs(), strict=True))
        zero = g.constant(0)
        money_in = [n if sign else g.elementwise("maximum", n, zero) for n, sign in lines if sign >= 0]
        money_out = [n if sign else g.elementwise("minimum", n, zero) for n, sign in lines if sign <= 0]
        fewer = min(money_in, money_out, key=len)
        unknown = len(money_in) + len(money_out) - len(lines)
        if unknown + len(fewer) + 2 > 2 * len(lines) - 1:
            return self._absolute(self._monthly)
        total = self._sum(fewer)
        twice = g.elementwise("add", total, total)
        return g.elementwise("subtract", *((twice, self._flow) if fewer is money_in else (self._flow, twice)))

    @cached_property
    def _error(self) -> Node:
        return tolerances.money(self.graph, self._gross)

    @cached_property
    def _error_at_start(self) -> Node:
        return tolerances.money(self.graph, self._absolute(self._upfront))

    @cached_property
    def _balance(self) -> Node:
        return running(self.graph, "cumulative net", self._flow, self._start)

    @cached_property
    def _least(self) -> Node:
        """The lowest balance that counts as 0, month by month: its rounding error, negative."""
        return self._lowest_zero("least", self._error)

    @cached_property
    def _whole_error(self) -> Node:
        return self.graph.elementwise("negative", self._last(self._least))

    def _lowest_zero(self, name: str, error: Node) -> Node:
        return running(self.graph, name, error, self.graph.elementwise("negative", self._error_at_start), "subtract")

    def _last(self, series: Node) -> Node:
        return at(self.graph, series, self.graph.constant(self.graph.months))

    @cached_property
    def end(self) -> Node:
        """Cumulative net at the horizon, rounding and all: it is finite where every line is."""
        return self._last(self._balance)

    @cached_property
    def _error_discounted(self) -> Node:
        """The rounding error of each month's discounted net."""
        g = self.graph
        return g.elementwise("multiply", self._gross, tolerances.money(g, self._discount))

    @cached_property
    def _error_of_npv(self) -> Node:
        return self.graph.elementwise("add", self._error_at_start, self.total(self._error_discounted))

    @cached_property
    def _exact_start(self) -> Node:
        return tolerances.exact(self.graph, self._start, self._error_at_start)

    def _absolute(self, nodes: Sequence[Node]) -> Node:
        return self._sum([self.graph.elementwise("absolute", n) for n in nodes])

    @cached_property
    def invested(self) -> Node:
        """Upfront, and the money out of the monthly lines that count as investment, line by line."""
        return self.graph.elementwise("add", self.upfront, self.total(self._negative(self._investments)))

    @cached_property
    def net(self) -> Node:
        """Sum of the monthly lines."""
        return tolerances.exact(self.graph, self._flow, self._error)

    @cached_property
    def inflow(self) -> Node:
        """Positive parts of the monthly lines."""
        return self._positive(self._monthly)

    @cached_property
    def outflow(self) -> Node:
        """Negative parts of the monthly lines, as a positive number."""
        return self._negative(self._monthly)

    @cached_property
    def cumulative_net(self) -> Node:
        """Net at t = 0 and of months 1 to t."""
        return tolerances.exact(self.graph, self._balance, self.graph.elementwise("negative", self._least))

    @cached_property
    def gain(self) -> Node:
        """Cumulative net at the horizon."""
        return tolerances.exact(self.graph, self.end, self._whole_error)

    @cached_property
    def npv(self) -> Node:
        """Net at t = 0 and the discounted months."""
        g = self.graph
        npv = g.elementwise("add", self._start, self.total(g.elementwise("multiply", self._flow, self._discount)))
        return tolerances.exact(g, npv, self._error_of_npv)

    @cached_property
    def roi(self) -> Node:
        """Gain over what was invested; undefined when nothing was."""
        return self._ratio(self.gain)

    @cached_property
    def multiple(self) -> Node:
        """What comes back over what was invested, running costs paid; undefined when nothing was invested."""
        return self._ratio(self.graph.elementwise("add", self.gain, self.invested))

    @cached_property
    def payback(self) -> Node:
        """Month in which cumulative net is back at 0 after it was below, interpolated in what is spread."""
        return crossing(self.graph, self._exact_start, self._flow, self._spread, self._balance, self._least)

    @cached_property
    def discounted_payback(self) -> Node:
        """The same of the discounted flows."""
        g = self.graph
        flow, spread = (g.elementwise("multiply", x, self._discount) for x in (self._flow, self._spread))
        balance = running(g, "cumulative discounted net", flow, self._start)
        least = self._lowest_zero("discounted least", self._error_discounted)
        return crossing(g, self._exact_start, flow, spread, balance, least)

    @cached_property
    def stays_paid_back(self) -> Node:
        """1 where cumulative net is >= 0 at the horizon."""
        return self.graph.as_float(self.graph.elementwise("greater_equal", self.gain, self.graph.constant(0)))

    @cached_property
    def irr(self) -> Node:
        """Rate per year at which NPV is 0; undefined unless there is exactly one, and NPV falls there."""
        g = self.graph
        rate = g.node("irr_rate", (self._exact_start, self.net), UNDEFINED, Kind.SCALAR, partial=True)
        defined = g.elementwise("logical_not", g.elementwise("isnan", rate))
        even = g.elementwise("logical_and", g.elementwise("equal", self.gain, g.constant(0)), defined)
        return g.where(even, g.constant(0), rate)

    @cached_property
    def irr_count(self) -> Node:
        """Number of rates above -100 % per year at which NPV is 0."""
        return self.graph.node("irr_count", (self._exact_start, self.net), kind=Kind.SCALAR)

    @cached_property
    def peak_funding(self) -> Node:
        """Largest cumulative amount out of pocket; 0 where payback is."""
        g = self.graph
        lowest = g.elementwise("minimum", self._exact_start, extreme(g, "minimum", self._balance))
        peak = g.elementwise("maximum", g.constant(0), g.elementwise("negative", lowest))
        never_below = g.elementwise("equal", self.payback, g.constant(0))
        return g.node("where", (never_below, g.constant(0), peak), kind=max(peak.kind, Kind.SCALAR), partial=False)

    @cached_property
    def total_cost(self) -> Node:
        """Money out, upfront included."""
        return self.graph.elementwise("add", self.upfront, self.total(self.outflow))

    @cached_property
    def annual_net_benefit(self) -> Node:
        """Average monthly net, times 12."""
        g = self.graph
        total = tolerances.exact(g, self.total(self._flow), self._whole_error)
        return g.elementwise("multiply", total, g.constant(12 / g.months))

    @cached_property
    def first_year_net(self) -> Node:
        """Cumulative net after 12 months, or at a shorter horizon."""
        return at(self.graph, self.cumulative_net, self.graph.constant(min(12, self.graph.months)))


def discount(g: Graph, rate: Node) -> Node:
    """Return (1 + rate)^(-t/12), `rate` being effective per year."""
    exponent = g.elementwise("divide", g.elementwise("negative", g.t), g.constant(12))
    return g.elementwise("power", g.elementwise("add", g.constant(1), rate), exponent)


def total(g: Graph, series: Node, first: int = 1, last: int | None = None) -> Node:
    """Return the sum of `series` over months `first` to `last` (the horizon if not given)."""
    last = g.months if last is None else min(last, g.months)
    if series.kind <= Kind.CALENDAR:
        return g.constant(float(g.values(series)[max(first, 1) - 1 : last].sum()))
    if not _monthly(series):
        return g.elementwise("multiply", series, g.constant(max(0, last - max(first, 1) + 1)))
    return g.node("total", (series,), (max(first, 1), last), Kind.SCALAR)


def at(g: Graph, series: Node, month: Node) -> Node:
    """Return `series` in `month` (rounded); undefined outside 1..T."""
    if month.kind == Kind.CONSTANT:
        m = round(month.data)
        if not 1 <= m <= g.months:
            return g.constant(float("nan"))
        if series.kind <= Kind.CALENDAR:
            return g.constant(float(g.values(series)[m - 1]))
        return g.node("at", (series,), m, Kind.SCALAR) if _monthly(series) else series
    return g.node("at_own", (g.as_float(series), month), kind=Kind.SCALAR)


def extreme(g: Graph, op: str, series: Node) -> Node:
    """Return the lowest ("minimum") or highest ("maximum") month of `series`."""
    if series.kind <= Kind.CALENDAR:
        months = g.values(series)
        return g.constant(float(months.min() if op == "minimum" else months.max()))
    return g.node("extreme", (series,), op, Kind.SCALAR) if _monthly(series) else series


def first_month(g: Graph, condition: Node) -> Node:
    """Return the first month in which `condition` holds, +inf if none."""
    condition = g.truth(condition)
    if condition.kind <= Kind.CALENDAR:
        months = g.values(condition).nonzero()[0]
        if months.size:
            return g.constant(float(months[0] + 1))
        condition = g.constant(0)
    if not _monthly(condition):
        return _partial(g, condition, g.constant(1), g.constant(float("inf")))
    return g.node("first_month", (condition,), kind=Kind.SCALAR, partial=True)


def running(g: Graph, name: str, series: Node, start: Node, op: str = "add") -> Node:
    """Return `start` and `series` to date added up, or subtracted, as the state `name`."""
    if series.kind <= Kind.CALENDAR and start.kind == Kind.CONSTANT:
        months = g.values(series) if op == "add" else -g.values(series)
        return g.calendar(np.cumsum([start.data, *months])[1:])
    value = g.elementwise(op, g.state(name), series)
    g.update(name, start, value)
    return value


def crossing(g: Graph, start: Node, flow: Node, spread: Node, balance: Node, least: Node) -> Node:
    """Return the month in which `balance` is no longer below `least` after `start` or a month was; 0 if none was.

    What is `spread` over the month, of its whole `flow`, is interpolated; the rest falls at its end.
    """
    args = tuple(map(g.as_float, (start, flow, spread, balance, least)))
    return g.node("crossing", args, kind=Kind.SCALAR, partial=True)


def undefined_where(g: Graph, condition: Node, value: Node) -> Node:
    """Return `value`, undefined where `condition` holds."""
    if condition.kind == Kind.CONSTANT and not condition.data:
        return value
    return _partial(g, condition, g.constant(float("nan")), g.as_float(value), UNDEFINED)


def _partial(g: Graph, condition: Node, yes: Node, no: Node, data: str | None = None) -> Node:
    """Return `yes` where `condition` holds, else `no`, one of them never or undefined; it is not folded."""
    kind = max(Kind.SCALAR, condition.kind, yes.kind, no.kind)
    return g.node("where", (condition, yes, no), data, kind, partial=True)


def _monthly(node: Node) -> bool:
    return node.kind == Kind.MONTHLY


REDUCTIONS: Mapping[str, Callable[[Graph, Node], Node]] = {
    "lowest": lambda g, x: extreme(g, "minimum", x),
    "highest": lambda g, x: extreme(g, "maximum", x),
    "average": lambda g, x: g.elementwise("divide", total(g, x), g.constant(g.months)),
    "first_month": first_month,
}
