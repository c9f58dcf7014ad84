"""Rules by which functions that give one value per month are checked: ``series``, ``ramp``, ``lag`` and the like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from payback.simulator.case.expressions.decimals import equal
from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression, Name, Number
from payback.simulator.case.formulas.formula_checker import FormulaChecker, Rule
from payback.simulator.case.formulas.messages import shown, stated
from payback.simulator.case.formulas.scope import Typed, built, converted
from payback.simulator.case.language.units import DURATION, RATE, TIME, factor, times

_JUMP = 0.001
"""A smaller jump at the start of an S-curve is not worth a note."""

_LEVEL = 0.005
"""A season of plain numbers whose mean is further than this from 1 gets a note."""


def whole(tree: Expression, least: int, what: str) -> int:
    """Return the whole number that a plain tree of constants stands for.

    Raises
    ------
    ExpressionError
        When it is not a constant, no whole number, or below `least`.
    """
    value = fold(tree)
    if value is None or not equal(value, round(value)) or round(value) < least:
        raise ExpressionError(f"{what} is {shown(tree)}", f"a constant whole number, {least} or more", at=tree.at)
    return round(value)


def _step(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    return built(node, [checker.months(arguments[0], "`step` takes a month")], monthly=True)


def _pulse(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    parts = [checker.months(a, "`pulse` takes a month") for a in arguments]
    if len(parts) > 1:
        whole(parts[1].tree, 1, "`every`")
    return built(node, parts, RATE, monthly=True)


def _series(
    checker: FormulaChecker, node: Call, arguments: list[Expression], keywords: Mapping[str, Expression]
) -> Typed:
    parts = checker.together(
        [checker.scalar(a, "an element of `series`") for a in arguments], arguments, "and", node.at
    )
    first, every = (
        whole(checker.months(keywords[name], f"`{name}`").tree, 1, f"`{name}`") if name in keywords else 1
        for name in ("first", "every")
    )
    unit = parts[0].unit
    if (every > 1 or _lump(keywords)) and checker.scope.currency in unit.others and not unit.time:
        unit = times(unit, RATE)[1]
    series = built(node, parts, unit, monthly=True)
    keys = [("first", Number(float(first))), ("every", Number(float(every)))]
    keys += [("lump", Number(1.0))] if every > 1 or _lump(keywords) else []
    return replace(series, tree=Call("series", tuple(p.tree for p in parts), tuple(keys), node.at))


def _season(
    checker: FormulaChecker, node: Call, arguments: list[Expression], keywords: Mapping[str, Expression]
) -> Typed:
    parts = checker.together(
        [checker.scalar(a, "an element of `season`") for a in arguments], arguments, "and", node.at
    )
    every, first = (
        whole(checker.months(keywords[name], f"`{name}`").tree, 1, f"`{name}`") if name in keywords else 1
        for name in ("every", "first")
    )
    cycle = every * len(parts)
    if first > cycle:
        given = f"a cycle of {cycle} months that begins in its month {first}"
        raise ExpressionError(given, f"`first` from 1 to {cycle}", at=keywords["first"].at)
    values = [value for element in parts if (value := fold(element.tree)) is not None]
    average = sum(values) / len(parts)
    if parts[0].unit.plain and len(values) == len(parts) and abs(average - 1) > _LEVEL:
        checker.notes.append(f"the season averages {average:.4g}: it changes the level, not its course alone")
    elements = [parts[(month + first - 1) % cycle // every].tree for month in range(checker.scope.months)]
    keys = (("first", Number(1.0, node.at)), ("every", Number(1.0, node.at)))
    series = built(node, parts, parts[0].unit, monthly=True, free=parts[0].free)
    return replace(series, tree=Call("series", tuple(elements), keys, node.at))


def _lump(keywords: Mapping[str, Expression]) -> bool:
    given = keywords.get("lump")
    if given is None or (isinstance(given, Name) and given.id in ("yes", "no")):
        return isinstance(given, Name) and given.id == "yes"
    raise ExpressionError(f"`lump` is {shown(given)}", "`yes` or `no`", at=given.at)


def _ramp(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    parts = [checker.months(a, "`ramp` takes a month") for a in arguments]
    length = fold(parts[0].tree) if len(parts) == 1 else None
    if length is not None and length <= 0:
        raise ExpressionError(f"a ramp of {length:g} months", "more than 0: `step(k)` rises at once", at=node.at)
    ends = [fold(month.tree) for month in parts]
    if len(ends) > 1 and ends[0] is not None and ends[0] == ends[1]:
        given = f"a ramp from month {ends[0]:g} to month {ends[1]:g}"
        raise ExpressionError(given, "an end after the start: `step(k)` rises at once", at=node.at)
    return built(node, parts, monthly=True)


def _s_curve(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    age = checker.check(arguments[0])
    age = converted(age, DURATION) or age if age.unit.same_dimension(DURATION) else checker.number(arguments[0], "`x`")
    half, width = (checker.months(a, f"`{name}`") for a, name in zip(arguments[1:], ("half", "width"), strict=True))
    middle, span = fold(half.tree), fold(width.tree)
    if span is not None and span <= 0:
        raise ExpressionError(f"an S-curve of width {span:g}", "more than 0 months", at=arguments[2].at)
    if middle is not None and span is not None:
        start = 1 / (1 + 81 ** min(middle / span, 100.0))
        if start > _JUMP:
            checker.notes.append(f"the S-curve starts with a jump from 0 to {100 * start:.2g} %")
    return built(node, [age, half, width], monthly=True)


def _index(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    rate = checker.scalar(arguments[0], "the rate of `index`")
    if not rate.unit.same_dimension(RATE):
        raise ExpressionError(
            f"{shown(arguments[0])} is {stated(rate.unit)}",
            "a rate per time: `index(2 %/month)`, or an input with unit: 1/month or 1/year", at=arguments[0].at,
        )  # fmt: skip
    nouns = list(rate.unit.time)
    if len(nouns) > 1:
        rate, nouns = rate.scaled(factor(rate.unit, RATE), RATE), ["month"]
    months = Number(TIME[nouns[0]] / TIME["month"], node.at)
    return built(node, [rate, Typed(months)], monthly=True)


def _lag(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    x, late = checker.check(arguments[0]), checker.months(arguments[1], "`lag` takes a delay")
    delay = fold(late.tree)
    if delay is not None and delay < 0:
        raise ExpressionError(f"a lag of {delay:g} months", "0 or more: the future is not known", at=arguments[1].at)
    before = checker.scalar(arguments[2], "`before`") if len(arguments) > 2 else Typed(Number(0.0, node.at), zero=True)
    nodes = (arguments[0], arguments[2] if len(arguments) > 2 else arguments[0])
    x, before = checker.together([x, before], nodes, "before", node.at)
    return built(node, [x, late, before], x.unit, monthly=True, free=x.free)


def _cumulative(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    x = checker.check(arguments[0])
    by, unit = times(x.unit, DURATION)
    return built(node, [x], x.unit, monthly=True, free=x.free).scaled(by, unit)


def _previous(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    own, start_node = arguments
    if not isinstance(own, Name) or own.id != checker.owner:
        itself = (
            f"the calculation itself, `previous({checker.owner}, start)`"
            if checker.owner
            else "a calculation, in itself"
        )
        raise ExpressionError(f"`previous` of {shown(own)}", f"{itself}; lag(x, 1) for another", at=own.at)
    if checker.start is not None and checker.start != start_node:
        raise ExpressionError(
            "two different starts of `previous`", f"one start: {shown(checker.start)}", at=start_node.at
        )
    checker.start = start_node
    start = checker.scalar(start_node, "the start of `previous`")
    if checker.own_unit is None and not start.zero:
        checker.own_unit = start.unit
    if checker.own_unit is not None:
        start = checker.convert(start, checker.own_unit, start_node, "the start of `previous`")
    tree = Call("previous", (own, start.tree), (), node.at)
    return Typed(tree, start.unit, monthly=True, free=checker.own_unit is None, after=start.after)


RULES: Mapping[str, Rule] = {
    "step": _step, "pulse": _pulse, "series": _series, "season": _season, "ramp": _ramp, "s_curve": _s_curve,
    "index": _index, "lag": _lag, "cumulative": _cumulative, "previous": _previous,
}  # fmt: skip
