"""Trees of constants: their value, and trees that are literals or straight lines in one name."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from payback.simulator.case.expressions import decimals
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Quantity, Range, Unary, walk

_OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": math.pow,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "min": min, "max": max, "abs": abs, "exp": math.exp, "log": math.log, "sqrt": math.sqrt,
    "ceil": decimals.ceil, "floor": decimals.floor, "round": decimals.nearest,
}  # fmt: skip


def fold(tree: Expression) -> float | None:
    """Return the value of a plain tree of constants; None where it has none, or no finite one."""
    try:
        value = _fold(tree)
    except (ArithmeticError, ValueError):
        return None
    return value if value is not None and math.isfinite(value) else None


def _fold(tree: Expression) -> float | None:
    match tree:
        case Number(value=value):
            return value
        case Unary(operator="-", operand=operand):
            positive = _fold(operand)
            return None if positive is None else -positive
        case Binary(operator=operator, left=left, right=right) if operator in _OPERATORS:
            return _apply(_OPERATORS[operator], (left, right))
        case Call(function=function, arguments=arguments) if function in _FUNCTIONS:
            return _apply(_FUNCTIONS[function], arguments)
    return None


def _apply(function: Callable[..., float], arguments: Sequence[Expression]) -> float | None:
    values = [_fold(argument) for argument in arguments]
    return None if None in values else float(function(*values))


def straight(tree: Expression, name: str) -> tuple[float, float] | None:
    """Return (slope, shift) of a plain tree that is a straight line in `name`; None if it is not one."""
    value = fold(tree)
    if value is not None:
        return 0.0, value
    match tree:
        case Name(id=word) if word == name:
            return 1.0, 0.0
        case Unary(operator="-", operand=operand):
            line = straight(operand, name)
            return None if line is None else (-line[0], -line[1])
        case Binary(operator=operator, left=left, right=right) if operator in ("+", "-", "*", "/"):
            a, b = straight(left, name), straight(right, name)
            return None if a is None or b is None else _line(operator, a, b)
    return None


def _line(operator: str, a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float] | None:
    if operator in ("+", "-"):
        sign = 1.0 if operator == "+" else -1.0
        return a[0] + sign * b[0], a[1] + sign * b[1]
    if operator == "*" and not (a[0] and b[0]):
        return a[0] * b[1] + b[0] * a[1], a[1] * b[1]
    return (a[0] / b[1], a[1] / b[1]) if operator == "/" and not b[0] and b[1] else None


def constant(expression: Expression) -> tuple[float, str] | None:
    """Return (value, unit) of a literal, None when `expression` is not a literal."""
    match expression:
        case Number(value=value):
            return value, ""
        case Quantity(value=inner, unit=unit):
            literal = constant(inner)
            if not literal or literal[1]:
                return None
            return (literal[0] / 100, f"1{unit[1:]}") if unit.startswith("%") else (literal[0], unit)
        case Unary(operator="-", operand=inner):
            literal = constant(inner)
            return (-literal[0], literal[1]) if literal else None
    return None


def is_certain(expression: Expression) -> bool:
    """Return whether the distribution line `expression` holds a certain value."""
    return not any(isinstance(node, Call | Range | Name) for node in walk(expression))
