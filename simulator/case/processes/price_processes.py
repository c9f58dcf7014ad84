"""Price and event processes: geometric Brownian motion, AR(1), random walk, jumps, events.

Each is written out as hidden draws, one axis per month, and formulas of them.

References
----------
.. [1] Glasserman (2003), Monte Carlo Methods in Financial Engineering, Springer,
   doi:10.1007/978-0-387-21617-1, sections 3.2 (geometric Brownian motion), 3.3 (mean reversion) and 3.5 (jumps).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression
from payback.simulator.case.formulas.formula_checker import FormulaChecker, Rule
from payback.simulator.case.formulas.messages import shown, stated
from payback.simulator.case.formulas.scope import Typed
from payback.simulator.case.language.units import PLAIN, RATE, YEARLY, times
from payback.simulator.case.processes.process import Process, read_law


def _refuse(typed: Typed, node: Expression, what: str, holds: Callable[[float], bool], allowed: str) -> None:
    """Refuse a constant for which `holds` is false."""
    value = fold(typed.tree)
    if value is not None and not holds(value):
        raise ExpressionError(f"{what} is {shown(node)}", allowed, at=node.at)


def _gbm(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    start, drift = checker.scalar(arguments[0], "the start of `gbm`"), checker.check(arguments[1])
    drift = checker.convert(
        drift, YEARLY if drift.unit.same_dimension(YEARLY) else PLAIN, arguments[1], "a drift a year"
    )
    volatility = checker.check(arguments[2])
    if volatility.unit not in (PLAIN, YEARLY):
        raise ExpressionError(
            f"a volatility {stated(volatility.unit)}",
            "that of a year, `20 %` or `20 %/year`: that of a month times sqrt(12)", at=arguments[2].at,
        )  # fmt: skip
    _refuse(start, arguments[0], "the start of `gbm`", lambda x: x > 0, "more than 0: it moves by factors")
    _refuse(volatility, arguments[2], "the volatility", lambda x: x >= 0, "0 or more")
    process = Process(checker, node)
    parts = {"start": start, "drift": drift, "volatility": volatility, "z": process.shock()}
    text = "previous(own, start) * exp((drift - volatility ** 2 / 2) / 12 + volatility * sqrt(1 / 12) * z)"
    return process.formula(text, parts, start.unit)


def _ar1(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    levels = [
        checker.scalar(arguments[0], "the start of `ar1`"),
        checker.check(arguments[1]),
        checker.check(arguments[3]),
    ]
    start, mean, sd = checker.together(levels, (arguments[0], arguments[1], arguments[3]), "and", node.at)
    phi = checker.number(arguments[2], "`phi`, the share kept from month to month")
    inside = "above -1 and below 1; `random_walk` does not return to a mean"
    _refuse(phi, arguments[2], "`phi`", lambda x: -1 < x < 1, inside)
    _refuse(sd, arguments[3], "`sd`", lambda x: x >= 0, "0 or more")
    process = Process(checker, node)
    parts = {"start": start, "mean": mean, "sd": sd, "phi": phi, "z": process.shock()}
    return process.formula("mean + phi * (previous(own, start) - mean) + sd * z", parts, start.unit)


def _random_walk(
    checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]
) -> Typed:
    levels = [checker.scalar(arguments[0], "the start of `random_walk`"), checker.check(arguments[2])]
    start, sd = checker.together(levels, (arguments[0], arguments[2]), "and", node.at)
    drift, a_month = checker.check(arguments[1]), times(start.unit, RATE)[1]
    if drift.unit.same_dimension(a_month):
        drift = checker.convert(drift, a_month, arguments[1], "a drift")
    else:
        drift = checker.convert(drift, start.unit, arguments[1], "a drift, what each month adds,")
    _refuse(sd, arguments[2], "`sd`", lambda x: x >= 0, "0 or more")
    process = Process(checker, node)
    parts = {"start": start, "drift": drift, "sd": sd, "z": process.shock()}
    return process.formula("previous(own, start) + drift + sd * z", parts, start.unit)


def _jumps(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    start = checker.scalar(arguments[0], "the start of `jumps`")
    rate = checker.convert(checker.check(arguments[1]), RATE, arguments[1], "`jumps` takes a rate")
    _refuse(rate, arguments[1], "the rate of `jumps`", lambda x: x >= 0, "0 or more")
    law, _marginals = read_law(checker, arguments[2], PLAIN)
    process = Process(checker, node)
    count = process.count(rate)
    sizes = process.total(law, PLAIN, arguments[2], count)
    return process.formula("previous(own, start) * exp(sizes)", {"start": start, "sizes": sizes}, start.unit)


def _events(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    rate = checker.convert(checker.check(arguments[0]), RATE, arguments[0], "`events` takes a rate")
    _refuse(rate, arguments[0], "the rate of `events`", lambda x: x >= 0, "0 or more")
    if len(arguments) == 1:
        return Process(checker, node).count(rate)
    law, marginals = read_law(checker, arguments[1])
    process = Process(checker, node)
    total = process.total(law, marginals.unit, arguments[1], process.count(rate))
    return total.scaled(*times(marginals.unit, RATE))


RULES: Mapping[str, Rule] = {
    "gbm": _gbm, "ar1": _ar1, "random_walk": _random_walk, "jumps": _jumps, "events": _events,
}  # fmt: skip
