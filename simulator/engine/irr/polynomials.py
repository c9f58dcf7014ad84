"""Many polynomials at once: one a column, coefficients of ascending powers down the rows.

Every operation works on each column alone and always in the same order, so a column has the same
bits whatever stands beside it.
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


def value(coefficients: Floats, x: Floats) -> Floats:
    """Return the value of each polynomial at its own `x`, shape (polynomials,), by Horner's rule."""
    result = np.zeros_like(x)
    for row in coefficients[::-1]:
        result *= x
        result += row
    return result


def value_and_slope(coefficients: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Return the value and the derivative of each polynomial at its own `x`."""
    result, slope = np.zeros_like(x), np.zeros_like(x)
    top = len(coefficients)
    while top and not coefficients[top - 1].any():
        top -= 1
    for row in coefficients[:top][::-1]:
        slope *= x
        slope += result
        result *= x
        result += row
    return result, slope


def sign_changes(coefficients: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return the number of changes of sign down each column, without zeros, and the last sign; shape (polynomials,)."""
    last = np.zeros(coefficients.shape[1])
    changes = np.zeros(coefficients.shape[1], dtype=np.int64)
    for row in coefficients:
        sign = np.sign(row)
        changes += sign * last < 0.0
        np.copyto(last, sign, where=sign != 0.0)
    return changes, last


def without_zero_roots(coefficients: Floats) -> Floats:
    """Return each polynomial divided by the highest power of x that divides it; the degree is kept."""
    leading = (np.cumsum(coefficients != 0.0, axis=0) == 0).sum(axis=0)
    places = np.arange(len(coefficients))[:, None] + leading
    padded = np.concatenate([coefficients, np.zeros_like(coefficients)])
    return np.take_along_axis(padded, places, axis=0)


def bernstein(coefficients: Floats) -> Floats:
    """Return the Bernstein coefficients of each polynomial on [0, 1], shape (degree + 1, polynomials)."""
    degree = len(coefficients) - 1
    result: Floats = coefficients / np.array([[float(comb(degree, k))] for k in range(degree + 1)])
    for first in range(1, degree + 1):
        result[first:] += result[first - 1 : -1].copy()
    return result


def halves(points: Floats) -> tuple[Floats, Floats]:
    """Return the Bernstein coefficients on the left and on the right half (de Casteljau)."""
    left, right = np.empty_like(points), points.copy()
    left[0] = points[0]
    for k in range(1, len(points)):
        right[:-k] = 0.5 * (right[:-k] + right[1 : len(points) - k + 1])
        left[k] = right[0]
    return left, right
