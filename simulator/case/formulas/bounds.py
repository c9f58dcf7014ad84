"""Bounds of a formula, as far as they follow from the supports of its inputs: never too narrow, often too wide.

References
----------
.. [1] Moore, Kearfott and Cloud (2009), Introduction to interval analysis, doi:10.1137/1.9780898717716
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from payback.simulator.case.expressions.parser import COMPARISONS
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Unary
from payback.simulator.model import Draw, Model

Bounds = tuple[float, float]
"""The lowest and the highest value in any trial and month."""

ANY: Bounds = (-math.inf, math.inf)
POSITIVE: Bounds = (0.0, math.inf)
SHARE: Bounds = (0.0, 1.0)

FIXED: Mapping[str, Bounds] = {
    "step": SHARE, "ramp": SHARE, "s_curve": SHARE, "pulse": SHARE, "never": SHARE, "undefined": SHARE,
    "exp": POSITIVE, "sqrt": POSITIVE, "first_month": POSITIVE,
}  # fmt: skip
"""Bounds of functions whatever their arguments are."""


def model_bounds(model: Model) -> dict[str, Bounds]:
    """Return the bounds of every input and calculation of `model`, by name, and those of the month ``t``."""
    known: dict[str, Bounds] = {"t": (1.0, float(model.horizon))}
    for definition in model.definitions:
        if isinstance(definition, Draw):
            known[definition.name] = ANY if definition.distribution is None else definition.distribution.support
            if definition.change is not None:
                known[definition.name] = bounds(definition.change, known)
        else:
            known[definition.name] = bounds(definition.expression, known)
    return known


def bounds(tree: Expression, known: Mapping[str, Bounds]) -> Bounds:
    """Return the bounds of a plain formula, `known` being those of the names that it reads.

    Examples
    --------
    >>> from payback.simulator.case.expressions.parser import parse
    >>> bounds(parse("-cost * (1 - share)"), {"cost": (2.0, 5.0), "share": (0.0, 1.0)})
    (-5.0, 0.0)
    """
    match tree:
        case Number(value=value):
            return value, value
        case Name(id=name):
            return known.get(name, ANY)
        case Unary(operator="-", operand=operand):
            low, high = bounds(operand, known)
            return 0.0 - high, 0.0 - low
        case Unary():
            return SHARE
        case Binary(operator=operator, left=left, right=right):
            return _joined(operator, bounds(left, known), bounds(right, known))
        case Call(function=function, arguments=arguments):
            return _called(function, [bounds(argument, known) for argument in arguments])
    return ANY


def _joined(operator: str, left: Bounds, right: Bounds) -> Bounds:
    if operator in COMPARISONS or operator in ("and", "or"):
        return SHARE
    if operator == "+":
        return _sum(left[0], right[0], -math.inf), _sum(left[1], right[1], math.inf)
    if operator == "-":
        return _joined("+", left, (0.0 - right[1], 0.0 - right[0]))
    if operator == "*":
        return _hull(_product(a, b) for a in left for b in right)
    if operator == "/" and (right[0] > 0.0 or right[1] < 0.0):
        return _joined("*", left, (1.0 / right[1], 1.0 / right[0]))
    if operator == "/" and right[0] == 0.0:
        return _spread(left)
    return POSITIVE if operator == "**" and left[0] >= 0.0 else ANY


def _called(function: str, arguments: Sequence[Bounds]) -> Bounds:
    if function in FIXED:
        return FIXED[function]
    if function in ("min", "max"):
        of: Callable[[Iterable[float]], float] = min if function == "min" else max
        return of(low for low, _ in arguments), of(high for _, high in arguments)
    if function in ("at", "lowest", "highest", "average"):
        return arguments[0]
    if function in ("total", "present", "cumulative"):
        return _spread(arguments[0])
    if function in ("ceil", "floor", "round"):
        return float(np.floor(arguments[0][0])), float(np.ceil(arguments[0][1]))
    if function == "index":
        return POSITIVE if arguments[0][0] > -1.0 else ANY
    if function == "abs":
        low, high = arguments[0]
        return (0.0 if low <= 0.0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))
    chosen = {"if": arguments[1:], "pick": arguments[1:], "lag": [*arguments[:1], *arguments[2:]]}.get(function)
    if function in ("series", "season"):
        chosen = [*arguments, (0.0, 0.0)]
    return _hull(end for pair in chosen for end in pair) if chosen else ANY


def _hull(ends: Iterable[float]) -> Bounds:
    values = list(ends)
    return (min(values), max(values)) if not any(map(math.isnan, values)) else ANY


def _sum(a: float, b: float, unknown: float) -> float:
    total = a + b
    return unknown if math.isnan(total) else total


def _product(a: float, b: float) -> float:
    return 0.0 if 0.0 in (a, b) else a * b


def _spread(pair: Bounds) -> Bounds:
    """Return the bounds of a positive multiple of what lies in `pair`."""
    return (0.0 if pair[0] >= 0.0 else -math.inf), (0.0 if pair[1] <= 0.0 else math.inf)
