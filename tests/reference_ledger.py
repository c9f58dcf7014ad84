"""The slow twin of the measures: one trial, by their definitions in the language page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from payback.simulator.case.language.measures import MEASURES
from payback.simulator.model import Line
from tests.reference_floats import INFINITY, UNDEFINED, larger, power, smaller, total

if TYPE_CHECKING:
    from tests.reference_language import Trial


MONEY = 2.0**-41
"""Error of a sum of money, relative to the sum of the amounts without their signs."""

MONTH_ERROR = 2.0**-27
"""Error of a payback in months."""


class Ledger:
    """The measures of one trial, by their definitions."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial

    def measure(self, name: str) -> float | list[float]:
        if name not in MEASURES:
            raise KeyError(name)
        value: float | list[float] = getattr(self, name)
        return value

    def lines(self, section: str) -> list[Line]:
        return [line for line in self.trial.model.lines if line.section == section]

    @cached_property
    def at_start(self) -> list[float]:
        return [self.trial.scalar(line.expression) for line in self.lines("upfront")]

    @cached_property
    def monthly(self) -> list[list[float]]:
        return [self.trial.each_month(line.expression) for line in self.lines("monthly")]

    @cached_property
    def spread(self) -> list[float]:
        """Net of each month without what falls at its end."""
        from tests.reference_language import Trial

        trial = Trial(self.trial.model, self.trial.inputs, self.trial.coordinates, whole=self.trial)
        lines = [trial.each_month(line.expression) for line in self.lines("monthly")]
        return [total(list(month)) for month in zip(*lines, strict=True)] or [0.0] * self.trial.months

    @cached_property
    def gross(self) -> list[float]:
        """Amounts of each month, without their signs."""
        return [total([abs(x) for x in month]) for month in zip(*self.monthly, strict=True)] or [0.0] * len(self.net)

    @cached_property
    def gross_at_start(self) -> float:
        return total([abs(x) for x in self.at_start])

    @cached_property
    def start(self) -> float:
        return settled(total(self.at_start), self.gross_at_start)

    @cached_property
    def discounts(self) -> list[float]:
        rate = self.trial.scalar(self.trial.model.discount_rate)
        return [power(1 + rate, -m / 12) for m in range(1, self.trial.months + 1)]

    @cached_property
    def upfront(self) -> float:
        return total([larger(0.0, -x) for x in self.at_start])

    @cached_property
    def net_0(self) -> float:
        return total([larger(0.0, x) for x in self.at_start])

    @cached_property
    def net(self) -> list[float]:
        return [
            settled(total(list(month)), total([abs(x) for x in month])) for month in zip(*self.monthly, strict=True)
        ] or [0.0] * self.trial.months

    @cached_property
    def inflow(self) -> list[float]:
        return [total([larger(0.0, x) for x in month]) for month in zip(*self.monthly, strict=True)]

    @cached_property
    def outflow(self) -> list[float]:
        return [total([larger(0.0, -x) for x in month]) for month in zip(*self.monthly, strict=True)]

    @cached_property
    def cumulative_net(self) -> list[float]:
        return balances(self.start, self.net, self.gross_at_start, self.gross)

    @cached_property
    def invested(self) -> float:
        spent = self.upfront
        for line, amounts in zip(self.lines("monthly"), self.monthly, strict=True):
            for amount in amounts if line.investment else ():
                spent += -amount if amount < 0 else 0.0
        return spent

    @cached_property
    def gain(self) -> float:
        return self.cumulative_net[-1]

    @cached_property
    def npv(self) -> float:
        return balances(self.start, self.flows, self.gross_at_start, self.discounted_gross)[-1]

    @cached_property
    def flows(self) -> list[float]:
        return [x * d for x, d in zip(self.net, self.discounts, strict=True)]

    @cached_property
    def discounted_gross(self) -> list[float]:
        return [x * d for x, d in zip(self.gross, self.discounts, strict=True)]

    @cached_property
    def roi(self) -> float:
        return self.gain / self.invested if self.invested else UNDEFINED

    @cached_property
    def multiple(self) -> float:
        if not self.invested:
            return UNDEFINED
        running = self.upfront + total(self.outflow) - self.invested
        return (self.net_0 + total(self.inflow) - running) / self.invested

    @cached_property
    def payback(self) -> float:
        return crossing([self.start, *self.cumulative_net], self.net, self.spread)

    @cached_property
    def discounted_payback(self) -> float:
        spread = [x * d for x, d in zip(self.spread, self.discounts, strict=True)]
        after = balances(self.start, self.flows, self.gross_at_start, self.discounted_gross)
        return crossing([self.start, *after], self.flows, spread)

    @cached_property
    def stays_paid_back(self) -> float:
        return float(self.gain >= 0)

    @cached_property
    def roots(self) -> list[float]:
        return rates_of_return([self.start, *self.net])

    @cached_property
    def irr_count(self) -> float:
        return float(len(self.roots))

    @cached_property
    def irr(self) -> float:
        if len(self.roots) != 1:
            return UNDEFINED
        rate = 0.0 if self.gain == 0 else self.roots[0]
        return rate if worth_falls_at(self.roots[0], [self.start, *self.net]) else UNDEFINED

    @cached_property
    def peak_funding(self) -> float:
        return larger(0.0, -smaller(self.start, *self.cumulative_net))

    @cached_property
    def total_cost(self) -> float:
        return self.upfront + total(self.outflow)

    @cached_property
    def annual_net_benefit(self) -> float:
        whole = self.gross_at_start + total(self.gross)
        return settled(total(self.net), whole) / self.trial.months * 12

    @cached_property
    def first_year_net(self) -> float:
        return settled(self.net_0 - self.upfront + total(self.net[:12]), self.gross_at_start + total(self.gross[:12]))

    def error(self, name: str, month: int) -> float:
        """Return by how much a measure may differ from its value on paper."""
        whole = MONEY * (self.gross_at_start + total(self.gross))
        match name:
            case "npv":
                return MONEY * (self.gross_at_start + total(self.discounted_gross))
            case "net" | "inflow" | "outflow":
                return MONEY * self.gross[month - 1]
            case "cumulative_net":
                return MONEY * (self.gross_at_start + total(self.gross[:month]))
            case "roi" | "multiple":
                return abs(whole / self.invested) if self.invested else 0.0
            case "payback" | "discounted_payback":
                return MONTH_ERROR
            case "irr":
                return 2.0**-33
        return whole if MEASURES[name].unit == "currency" else 0.0


def settled(amount: float, gross: float) -> float:
    """Return `amount`, 0 where it is a residue of `gross`."""
    return 0.0 if abs(amount) < MONEY * gross else amount


def balances(start: float, flows: Sequence[float], gross_at_start: float, gross: Sequence[float]) -> list[float]:
    """Return start + the sum of the flows to date, 0 where that is a residue of the gross flows to date."""
    return [
        settled(start + total(flows[:months]), gross_at_start + total(gross[:months]))
        for months in range(1, len(flows) + 1)
    ]


def crossing(balance: Sequence[float], flows: Sequence[float], spread: Sequence[float]) -> float:
    """Return the month in which a balance that was below 0 is back; `balance` begins at t = 0."""
    was_below = False
    for month, now in enumerate(balance):
        if was_below and now >= 0:
            missing = flows[month - 1] - now
            inside = missing < spread[month - 1] * (1 - MONTH_ERROR)
            return month - 1 + missing / spread[month - 1] if inside else float(month)
        was_below = was_below or now < 0
    return INFINITY if was_below else 0.0


def rates_of_return(flows: Sequence[float]) -> list[float]:
    """Return every distinct rate above -100 % at which the flows are worth 0, by all roots of the polynomial."""
    import mpmath

    trimmed = list(flows)
    while trimmed and trimmed[-1] == 0:
        trimmed.pop()
    if len(trimmed) < 2:
        return []
    with mpmath.workdps(60):
        roots = mpmath.polyroots(trimmed, maxsteps=500, extraprec=400, asc=True)
        positive = [r.real for r in roots if abs(mpmath.im(r)) < 1e-20 and mpmath.re(r) > 0]
        return sorted({float(v**-12 - 1) for v in positive})


def worth_falls_at(rate: float, flows: Sequence[float]) -> bool:
    """Return whether the flows are worth something just below the only `rate`, and cost something just above it."""
    import mpmath

    with mpmath.workdps(60):
        per_month = mpmath.root(1 + mpmath.mpf(rate), 12)
        below, above = (
            mpmath.fsum(flow / (per_month * side) ** month for month, flow in enumerate(flows))
            for side in (1 - mpmath.mpf(10) ** -6, 1 + mpmath.mpf(10) ** -6)
        )
        return bool(below > 0 > above)
