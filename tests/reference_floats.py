"""Arithmetic of Python floats that answers as IEEE 754 does: no exception, but infinity and NaN."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

INFINITY, UNDEFINED = math.inf, math.nan


def total(values: Sequence[float]) -> float:
    return sum(values, 0.0) if any(math.isinf(v) or math.isnan(v) for v in values) else math.fsum(values)


def quotient(a: float, b: float) -> float:
    if b == 0:
        return UNDEFINED if a == 0 or math.isnan(a) else math.copysign(INFINITY, a) * math.copysign(1, b)
    return a / b


def power(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except OverflowError:
        return -INFINITY if a < 0 and b % 2 == 1 else INFINITY
    except ValueError:
        return INFINITY if a == 0 else UNDEFINED


def larger(*values: float) -> float:
    return UNDEFINED if any(map(math.isnan, values)) else max(values)


def smaller(*values: float) -> float:
    return UNDEFINED if any(map(math.isnan, values)) else min(values)


def rounded(x: float) -> float:
    """Return the nearest whole number, a half to the even one."""
    return float(round(x)) if math.isfinite(x) else x


def ceiling(x: float) -> float:
    return float(math.ceil(x)) if math.isfinite(x) else x


def floor(x: float) -> float:
    return float(math.floor(x)) if math.isfinite(x) else x


def equal(a: float, b: float, error: float) -> bool:
    """Return whether two numbers are the same or differ by no more than `error`."""
    return a == b or (math.isfinite(a) and math.isfinite(b) and abs(a - b) <= error)


def whole(function: Callable[[float], float], x: float, error: float) -> float:
    """Return the whole number that `x` equals, else ``function(x)``."""
    return rounded(x) if equal(x, rounded(x), error) else function(x)


def nearest(x: float, error: float) -> float:
    """Return the nearest whole number; of two that are equally near within `error`, the even one."""
    half = floor(x) + 0.5
    return rounded(half if equal(x, half, error) else x)


def exponential(x: float) -> float:
    return math.exp(x) if x < 709.782712893384 else x if math.isnan(x) else INFINITY


def logarithm(x: float) -> float:
    return math.log(x) if x > 0 else -INFINITY if x == 0 else UNDEFINED


def less(a: float, b: float, error: float) -> bool:
    """Return whether `a` is below `b` by more than `error`."""
    return a < b and not equal(a, b, error)


COMPARISONS: dict[str, Callable[[float, float, float], bool]] = {
    "<": less,
    ">": lambda a, b, error: less(b, a, error),
    "<=": lambda a, b, error: less(a, b, error) or equal(a, b, error),
    ">=": lambda a, b, error: less(b, a, error) or equal(a, b, error),
    "==": equal,
    "!=": lambda a, b, error: not equal(a, b, error),
}

WHOLE: dict[str, Callable[[float, float], float]] = {
    "ceil": lambda x, error: whole(ceiling, x, error),
    "floor": lambda x, error: whole(floor, x, error),
    "round": nearest,
}

ELEMENTWISE: dict[str, Callable[..., float]] = {
    "min": smaller,
    "max": larger,
    "abs": abs,
    "exp": exponential,
    "log": logarithm,
    "sqrt": lambda x: UNDEFINED if not x >= 0 else math.sqrt(x),
    "never": lambda x: float(x == INFINITY),
    "undefined": lambda x: float(math.isnan(x)),
}

OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": quotient,
    "**": power,
    "and": lambda a, b: float(bool(a) and bool(b)),
    "or": lambda a, b: float(bool(a) or bool(b)),
}
