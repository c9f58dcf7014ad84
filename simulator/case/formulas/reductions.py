"""Rules by which functions of all months (``total``, ``present``) and of an input (``expected``) are checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from payback.distributions.inversion.stated_percentiles import percentile
from payback.simulator.case.expressions.decimals import equal
from payback.simulator.case.expressions.folding import constant, fold, straight
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Quantity, walk
from payback.simulator.case.formulas.formula_checker import FormulaChecker, Rule
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.formulas.scope import AlreadyReported, Typed, built
from payback.simulator.case.language.units import DURATION, PLAIN, YEARLY, Unit, factor, times
from payback.simulator.case.source.spelling import nearest
from payback.simulator.number_range import LARGEST


def _reduced(checker: FormulaChecker, node: Call, argument: Expression) -> Typed:
    if any(isinstance(inner, Call) and inner.function == "previous" for inner in walk(argument)):
        raise ExpressionError(
            f"`{node.function}` needs all months of what `previous` is still working out",
            "`previous` in a calculation of its own", at=node.at,
        )  # fmt: skip
    return checker.check(argument)


def _month(checker: FormulaChecker, node: Expression, what: str) -> Typed:
    month = checker.months(node, what)
    value = fold(month.tree)
    if value is not None and (not equal(value, round(value)) or not 1 <= round(value) <= checker.scope.months):
        raise ExpressionError(
            f"{what} {value:g}", f"a whole month from 1 to {checker.scope.months}, the horizon", at=node.at
        )
    return month


def _total(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    x = _reduced(checker, node, arguments[0])
    bounds = [_month(checker, a, "`total` from or to month") for a in arguments[1:]]
    bounds += [Typed(Number(float(n), node.at)) for n in (1, checker.scope.months)[len(bounds) :]]
    first, last = (fold(bound.tree) for bound in bounds)
    if first is not None and last is not None and first > last:
        raise ExpressionError(f"`total` from month {first:g} to {last:g}", "first <= last", at=node.at)
    by, unit = times(x.unit, DURATION)
    return built(node, [x, *bounds], x.unit, monthly=False, free=x.free).scaled(by, unit)


def _at(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    x = _reduced(checker, node, arguments[0])
    return built(node, [x, _month(checker, arguments[1], "month")], x.unit, monthly=False)


def _extreme(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    x = _reduced(checker, node, arguments[0])
    return built(node, [x], x.unit, monthly=False)


def _first_month(
    checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]
) -> Typed:
    condition = _reduced(checker, node, arguments[0])
    holds = checker.convert(condition, PLAIN, arguments[0], "`first_month` takes a condition")
    return built(node, [holds], DURATION, monthly=False)


def _present(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    x = _reduced(checker, node, arguments[0])
    by, unit = times(x.unit, DURATION)
    present = built(node, [x], x.unit, monthly=False)
    if len(arguments) > 1:
        rate = yearly(checker, arguments[1])
        tree = Call("present", (x.tree,), (("rate", rate.tree),), node.at)
        present = replace(present, tree=tree, after=x.after or rate.after)
    return present.scaled(by, unit)


def yearly(checker: FormulaChecker, node: Expression) -> Typed:
    """Check a discount rate: a share a year, or a rate per time, compounded to a year.

    Raises
    ------
    ExpressionError
        When it varies by month, is not a rate, or is a number above 1 without a percent: 8 is likely meant as 8 %.
    """
    literal = constant(node)
    if literal is not None and literal[0] > 1 and not (isinstance(node, Quantity) and node.unit.startswith("%")):
        meant = f"`{literal[0]:g} %/year`"
        given = f"{shown(node)} is a rate of {100 * literal[0]:,.10g} % a year"
        raise ExpressionError(given, f"{meant}; `{100 * literal[0]:_.10g} %/year` where that is meant", at=node.at)
    rate = checker.scalar(node, "a discount rate")
    if rate.unit.same_dimension(YEARLY):
        by, nouns = factor(rate.unit, YEARLY), list(rate.unit.time)
        tree = _compounded(rate.tree, by) if len(nouns) == 1 and by != 1 else rate.scaled(by, YEARLY).tree
        return Typed(tree, PLAIN, after=rate.after)
    return checker.convert(rate, PLAIN, node, "a discount rate is a share a year: `10 %/year`")


def _compounded(rate: Expression, periods: float) -> Expression:
    value = fold(rate)
    if value is not None:
        try:
            whole_year = (1 + value) ** periods - 1
        except OverflowError:
            whole_year = math.inf
        if abs(whole_year) > LARGEST:
            raise ExpressionError(
                f"{value:.3g} compounds {periods:,g} times to more than {LARGEST:g} a year",
                "a rate a year: `10 %/year`",
                at=rate.at,
            )
        return Number(whole_year, rate.at)
    whole = Number(1.0, rate.at)
    growth = Binary("**", Binary("+", whole, rate, rate.at), Number(periods, rate.at), rate.at)
    return Binary("-", growth, whole, rate.at)


def _constant(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    name = arguments[0]
    if isinstance(name, Name) and name.id in checker.scope.broken:
        raise AlreadyReported
    entry = checker.scope.names.get(name.id) if isinstance(name, Name) else None
    if not isinstance(name, Name) or entry is None or not entry.is_input:
        inputs = [word for word, known in checker.scope.names.items() if known.is_input]
        near = nearest(name.id, inputs) if isinstance(name, Name) else ""
        raise ExpressionError(f"`{node.function}` of {shown(name)}", "the name of an input", near, name.at)
    if entry.distribution is None:
        raise ExpressionError(
            f"`{node.function}` of `{name.id}`, whose distribution differs by trial",
            "an input with constant parameters",
            at=name.at,
        )  # fmt: skip
    slope, shift = 1.0, 0.0
    if entry.change is not None:
        line = straight(entry.change, name.id)
        if line is None:
            raise ExpressionError(
                f"`{node.function}` of `{name.id}`, which is changed here", "a change by a constant factor or amount",
                at=name.at,
            )  # fmt: skip
        slope, shift = line
    law = entry.distribution
    if node.function == "expected":
        return _number(slope * law.mean + shift, entry.unit, node)
    if node.function == "sd_of":
        return _number(abs(slope) * law.sd, entry.unit, node)
    share = fold(checker.number(arguments[1], "a share").tree)
    if share is None or not 0 < share < 1:
        raise ExpressionError(
            f"a share of {shown(arguments[1])}", "a constant above 0 % and below 100 %", at=arguments[1].at
        )
    value = percentile(law, share, above=slope < 0)
    return _number(slope * float(value) + shift, entry.unit, node)


def _number(value: float, unit: Unit, node: Call) -> Typed:
    return Typed(Number(float(value), node.at), unit)


RULES: Mapping[str, Rule] = {
    "total": _total, "at": _at, "lowest": _extreme, "highest": _extreme, "average": _extreme,
    "first_month": _first_month, "present": _present,
    "expected": _constant, "quantile": _constant, "sd_of": _constant,
}  # fmt: skip
