"""Isolation of the roots of polynomials in (0, 1] by subdivision of their Bernstein form.

References
----------
.. [1] Lane and Riesenfeld (1981), Bounds on a polynomial, BIT 21(1), doi:10.1007/BF01934076
.. [2] Rouillier and Zimmermann (2004), Efficient isolation of polynomial's real roots, Journal of
   Computational and Applied Mathematics 162(1), doi:10.1016/j.cam.2003.08.015
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.irr.polynomials import Floats, Places, bernstein, halves, value

NOISE = 4.0 * float(np.finfo(np.float64).eps)
"""Per degree: below this share of the sum of the sizes of its terms, a value is rounding error."""

DEPTH = 64


@dataclass(frozen=True)
class Isolated:
    """Isolated roots, one in each row of the arrays.

    Parameters
    ----------
    columns, low, high, sign : array, shape (brackets,)
        Polynomial, interval with exactly one root in it, and sign of the polynomial right above `low`.
    touching, start, end : array, shape (touches,)
        Polynomial, and the interval, often a point, in which it is 0 within rounding error. Neighbours
        may be one root.
    """

    columns: Places
    low: Floats
    high: Floats
    sign: Floats
    touching: Places
    start: Floats
    end: Floats


@dataclass(frozen=True)
class _Signs:
    """The signs of the Bernstein coefficients of each interval, all of shape (intervals,).

    `first` is the first sign that is not 0, `changes` the number of changes; `returns` tells whether a sign comes back
    after a 0, and `end` whether the last coefficient is 0.
    """

    first: Floats
    changes: NDArray[np.int64]
    returns: NDArray[np.bool_]
    end: NDArray[np.bool_]


def isolate(coefficients: Floats) -> Isolated:
    """Return the roots in (0, 1] of polynomials that are not 0 at 0.

    Parameters
    ----------
    coefficients : array, shape (degree + 1, polynomials)
        Of ascending powers.
    """
    points = bernstein(coefficients)
    sizes = np.abs(coefficients)
    columns = np.arange(coefficients.shape[1])
    low = np.zeros(columns.size)
    brackets: list[tuple[Places, Floats, Floats, Floats]] = []
    touches: list[tuple[Places, Floats, Floats]] = []
    for level in range(DEPTH + 1):
        high = low + 0.5**level
        signs = _signs(points, NOISE * len(points) * value(sizes[:, columns], high), low == 0.0)
        single = (signs.changes == 1) & ~signs.returns
        brackets.append((columns[single], low[single], high[single], signs.first[single]))
        split = (signs.changes > 1) | signs.returns
        ends = signs.end | (split & (level == DEPTH))
        touches.append((columns[ends], np.where(signs.first, high, low)[ends], high[ends]))
        if level == DEPTH or not split.any():
            break
        left, right = halves(points[:, split])
        points = np.concatenate([left, right], axis=1)
        columns = np.tile(columns[split], 2)
        low = np.concatenate([low[split], 0.5 * (low[split] + high[split])])
    return Isolated(
        *(np.concatenate([record[k] for record in brackets]) for k in range(4)),
        *(np.concatenate([record[k] for record in touches]) for k in range(3)),
    )


def _signs(points: Floats, noise: Floats, at_zero: NDArray[np.bool_]) -> _Signs:
    """Return the signs of `points`, 0 where within `noise`; a value at 0 is a coefficient and has no noise."""
    sign = np.where(at_zero, np.sign(points[0]), _sign(points[0], noise))
    first, last = sign, sign
    changes = np.zeros(sign.size, dtype=np.int64)
    returns, gap = np.zeros(sign.size, dtype=bool), np.zeros(sign.size, dtype=bool)
    for row in points[1:]:
        sign = _sign(row, noise)
        changes += sign * last < 0.0
        returns |= (sign * last > 0.0) & gap
        gap = (sign == 0.0) & (last != 0.0)
        first = np.where(first, first, sign)
        last = np.where(sign, sign, last)
    return _Signs(first, changes, returns, sign == 0.0)


def _sign(row: Floats, noise: Floats) -> Floats:
    return np.where(np.abs(row) <= noise, 0.0, np.sign(row))
