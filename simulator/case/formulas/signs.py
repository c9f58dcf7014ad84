"""The sign of a formula, as far as it follows from the supports of its inputs: a bound, not an estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from payback.distributions import Distribution
from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.parser import COMPARISONS
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Unary
from payback.simulator.model import Draw, Model

Sign = int | None
"""1: never below 0; -1: never above 0; 0: always 0; None: may be either."""

SHAPES = frozenset("step pulse ramp s_curve first_month never undefined abs exp sqrt".split())
"""Functions that are never below 0."""

KEPT = frozenset("total at lowest highest average present cumulative ceil floor round".split())
"""Functions with the sign of their first argument."""

GATHERED = frozenset({"series", "season", "lag", "pick", "if"})
"""Functions that give one of several arguments, or 0."""


def signs(model: Model) -> dict[str, Sign]:
    """Return the sign of every input and calculation of `model`, by name."""
    known: dict[str, Sign] = {"t": 1}
    for definition in model.definitions:
        if isinstance(definition, Draw):
            known[definition.name] = None if definition.distribution is None else _support(definition.distribution)
            if definition.change is not None:
                known[definition.name] = sign(definition.change, known)
        else:
            known[definition.name] = sign(definition.expression, known)
    return known


def sign(tree: Expression, known: Mapping[str, Sign]) -> Sign:
    """Return the sign of a plain formula, `known` being the signs of the names that it reads.

    Examples
    --------
    >>> from payback.simulator.case.expressions.parser import parse
    >>> sign(parse("-cost * step(3)"), {"cost": 1}), sign(parse("price - cost"), {"cost": 1, "price": 1})
    (-1, None)
    """
    match tree:
        case Number(value=value):
            return (value > 0) - (value < 0)
        case Name(id=name):
            return known.get(name)
        case Unary(operator="-", operand=operand):
            inner = sign(operand, known)
            return None if inner is None else -inner
        case Unary():
            return 1
        case Binary(operator=operator, left=left, right=right):
            return _joined(operator, sign(left, known), sign(right, known))
        case Call(function="index", arguments=(rate, *_)):
            constant = fold(rate)
            return 1 if (sign(rate, known) in (0, 1) if constant is None else constant > -1.0) else None
        case Call(function=function, arguments=arguments):
            return _called(function, [sign(argument, known) for argument in arguments])
    return None


def _support(distribution: Distribution) -> Sign:
    low, high = distribution.support
    return 1 if low >= 0.0 and high > 0.0 else -1 if high <= 0.0 and low < 0.0 else 0 if low == high == 0.0 else None


def _joined(operator: str, left: Sign, right: Sign) -> Sign:
    if operator in COMPARISONS or operator in ("and", "or"):
        return 1
    if operator == "**":
        return 1 if left == 1 else None
    if operator in ("*", "/"):
        return None if left is None or right is None else left * right
    return _together([left, right if operator == "+" or right is None else -right])


def _called(function: str, arguments: Sequence[Sign]) -> Sign:
    if function in SHAPES:
        return 1
    if function in KEPT and arguments:
        return arguments[0]
    if function in GATHERED:
        chosen = {"lag": [*arguments[:1], *arguments[2:]], "pick": arguments[1:], "if": arguments[1:]}
        return _together(chosen.get(function, arguments))
    if function == "max" and 1 in arguments:
        return 1
    if function == "min" and -1 in arguments:
        return -1
    return _together(arguments) if function in ("min", "max") else None


def _together(parts: Sequence[Sign]) -> Sign:
    """Return the sign of a sum of `parts`, or of any of them."""
    held = set(parts) - {0}
    return 0 if not held else held.pop() if len(held) == 1 else None
