"""Numbers that are equal on paper and not in binary: 0.1 * 3 and 0.3, 100 * (1 + 10 %) and 110."""

from __future__ import annotations

import math

EQUAL = 2.0**-44
"""Relative difference below which two numbers count as equal: 512 roundings, 5.7e-14."""


def equal(a: float, b: float, relative: float = EQUAL) -> bool:
    """Return whether two numbers differ by rounding alone, by `relative` of the second at most.

    Examples
    --------
    >>> equal(0.1 * 3, 0.3), equal(1e12 + 1, 1e12)
    (True, False)
    """
    return a == b or abs(a - b) <= relative * abs(b) < math.inf


def ceil(x: float) -> float:
    """Return the next whole number upwards; `x` may exceed it by rounding.

    Examples
    --------
    >>> ceil(100 * (1 + 0.1)), ceil(110.001), math.ceil(100 * (1 + 0.1))
    (110.0, 111.0, 111)
    """
    return max(nearest(x), math.ceil(x - EQUAL * abs(x)) + 0.0)


def floor(x: float) -> float:
    """Return the next whole number downwards; `x` may fall short of it by rounding.

    Examples
    --------
    >>> floor(0.3 / 0.1), floor(2.999), math.floor(0.3 / 0.1)
    (3.0, 2.0, 2)
    """
    return -ceil(-x) + 0.0


def nearest(x: float) -> float:
    """Return the nearest whole number; of two that are equally near but for rounding, the even one.

    Examples
    --------
    >>> nearest(100 * 2.675), nearest(2.5), nearest(2.51)
    (268.0, 2.0, 3.0)
    """
    half = round(2 * x) / 2
    return float(round(half if equal(x, half) else x))
