"""Rules by which functions that work value by value are checked: ``min``, ``exp``, ``ceil``, ``if`` and the like."""

from __future__ import annotations

from collections.abc import Mapping

from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression
from payback.simulator.case.formulas.formula_checker import FormulaChecker, Rule
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.formulas.scope import Typed, built, converted
from payback.simulator.case.language.units import PLAIN, Unit


def _same(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    inner = checker.check(arguments[0])
    return built(node, [inner], inner.unit, free=inner.free)


def _widest(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    parts = checker.together([checker.check(a) for a in arguments], arguments, "and", node.at)
    return built(node, parts, parts[0].unit, free=all(typed.free for typed in parts))


def _number(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    return built(node, [checker.number(arguments[0], f"`{node.function}` takes")])


def _root(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    inner = checker.check(arguments[0])
    inner = (converted(inner, PLAIN) if not inner.free else None) or inner
    return built(node, [inner], inner.unit**0.5, free=inner.free)


def _whole(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    inner = checker.check(arguments[0])
    counted = Unit(tuple(inner.unit.others.items()))
    if not inner.free and not inner.unit.same_dimension(counted) and checker.scope.united:
        noun, power = next(iter(inner.unit.time.items()))
        advice = f"a number or a count: `{node.function}({to_text(arguments[0])} {'/' if power > 0 else '*'} 1 {noun})`"
        raise ExpressionError(f"{shown(arguments[0])} is in {inner.unit}", advice, at=arguments[0].at)
    if not inner.free:
        inner = checker.convert(inner, counted, arguments[0], f"`{node.function}`")
    return built(node, [inner], inner.unit, free=inner.free)


def _chosen(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    chooser = checker.number(arguments[0], f"`{node.function}` chooses by")
    parts = checker.together([checker.check(a) for a in arguments[1:]], arguments[1:], "or", node.at)
    return built(node, [chooser, *parts], parts[0].unit, free=all(typed.free for typed in parts))


def _known(checker: FormulaChecker, node: Call, arguments: list[Expression], _: Mapping[str, Expression]) -> Typed:
    return built(node, [checker.scalar(arguments[0], f"`{node.function}`")])


RULES: Mapping[str, Rule] = {
    "abs": _same, "min": _widest, "max": _widest, "exp": _number, "log": _number, "sqrt": _root,
    "ceil": _whole, "floor": _whole, "round": _whole, "pick": _chosen, "if": _chosen,
    "never": _known, "undefined": _known,
}  # fmt: skip
