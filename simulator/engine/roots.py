"""All positive real roots of many polynomials at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.isolation import isolate
from simulator.engine.polynomials import (
    Floats,
    Places,
    sign_changes,
    value,
    value_and_slope,
    without_zero_roots,
)

CHUNK = 2_048
"""Polynomials with one change of sign that are solved together; of the others a quarter of it."""

NEAR = 1e-6
"""A root of even order is known to the square root of rounding: touches closer than this are one root."""

SETTLED = 1e-9
"""A Newton step of this relative size is the last one: convergence is quadratic."""

STEPS = 200


def positive_roots(coefficients: Floats) -> tuple[Places, Floats]:
    """Return every distinct real root greater than 0.

    Parameters
    ----------
    coefficients : array, shape (degree + 1, polynomials)
        Of ascending powers, finite. A polynomial that is 0 everywhere is said to have no root.

    Returns
    -------
    columns : array of int, shape (roots,)
        Which polynomial each root belongs to.
    roots : array, shape (roots,)
        Sorted by polynomial, then by size. A root of even order is found where the polynomial comes
        within rounding error of 0, and is given once.

    Notes
    -----
    Descartes' rule of signs settles polynomials with at most one change of sign. The others are
    split at 1, roots above it being those of the reversed polynomial below it, and isolated.
    Roots are refined by Newton's method inside a bracket on ``log(P / N)`` over ``log x``, P and N being
    the sums of the positive and of the negative terms: where signs change once, its slope is at
    least 1 everywhere.
    """
    changes, last = sign_changes(coefficients)
    columns, roots = [np.zeros(0, dtype=np.intp)], [np.zeros(0)]
    # underflow of high powers, and 0 / 0 where P or N is gone, end in a bisection
    with np.errstate(all="ignore"):
        for part in _chunks(np.flatnonzero(changes == 1), CHUNK):
            columns.append(part)
            roots.append(_only_root(coefficients[:, part], last[part]))
        for part in _chunks(np.flatnonzero(changes > 1), CHUNK // 4):
            for place, found in _several_roots(coefficients[:, part]):
                columns.append(part[place])
                roots.append(found)
    column, root = np.concatenate(columns), np.concatenate(roots)
    order = np.lexsort((root, column))
    return column[order], root[order]


def _chunks(places: Places, size: int) -> Iterator[Places]:
    return (places[start : start + size] for start in range(0, places.size, size))


def _only_root(coefficients: Floats, last: Floats) -> Floats:
    """Return the root of each polynomial whose signs change once, to `last`."""
    ones = np.ones(last.size)
    below = np.sign(value(coefficients, ones)) == last
    turned = np.where(below, coefficients, coefficients[::-1])
    roots = _refined(turned, np.zeros_like(ones), ones, ones, np.where(below, -last, last))
    return np.where(below, roots, 1.0 / roots)


def _several_roots(coefficients: Floats) -> Iterator[tuple[Places, Floats]]:
    """Yield columns and roots of polynomials whose signs change more than once."""
    touching, starts, ends = [], [], []
    for reverse in (False, True):
        turned = without_zero_roots(coefficients[::-1] if reverse else coefficients)
        found = isolate(turned)
        middle = 0.5 * (found.low + found.high)
        roots = _refined(turned[:, found.columns], found.low, found.high, middle, found.sign)
        yield found.columns, 1.0 / roots if reverse else roots
        touching.append(found.touching)
        starts.append(1.0 / found.end if reverse else found.start)
        ends.append(1.0 / found.start if reverse else found.end)
    columns, start, end = np.concatenate(touching), np.concatenate(starts), np.concatenate(ends)
    order = np.lexsort((start, end, columns))
    columns, start, end = columns[order], start[order], end[order]
    apart = np.ones(columns.size, dtype=bool)
    apart[1:] = (columns[1:] != columns[:-1]) | (start[1:] > end[:-1] * (1.0 + NEAR))
    yield columns[apart], _polished(coefficients[:, columns[apart]], end[apart])


def _refined(coefficients: Floats, low: Floats, high: Floats, start: Floats, sign: Floats) -> Floats:
    """Return the one root of each polynomial between `low` and `high`; right above `low` it has the sign `sign`."""
    result, live, x = start.copy(), np.arange(start.size), start
    positive, negative = np.maximum(coefficients, 0.0), np.maximum(-coefficients, 0.0)
    log, excess, pace = (np.full(start.size, np.nan) for _ in range(3))
    done = np.zeros(start.size, dtype=bool)
    for _ in range(STEPS if start.size else 0):
        p, p_slope = value_and_slope(positive, x)
        n, n_slope = value_and_slope(negative, x)
        before = np.sign(p - n) == sign
        low, high = np.where(before, x, low), np.where(before, high, x)
        last, log = (log, excess, pace), np.log(x)
        excess, pace = np.log(p / n), 1.0 / (x * (p_slope / p - n_slope / n))
        step = _step((log, excess, pace), last)
        new = np.exp(log + step)
        settled = (np.abs(step) <= SETTLED) | (p == n)
        inside = (new > low) & (new < high)
        x = np.where(settled | inside, new, 0.5 * (low + high))
        # a root that is settled stays as it is, so that it does not depend on the others solved with it
        x = np.where(done | (p == n), result[live], x)
        result[live] = x
        done |= settled
        keep = ~done
        if not keep.any():
            break
        if 4 * np.count_nonzero(keep) < 3 * keep.size:
            live, x, low, high, sign = live[keep], x[keep], low[keep], high[keep], sign[keep]
            log, excess, pace, done = log[keep], excess[keep], pace[keep], done[keep]
            positive, negative = positive[:, keep], negative[:, keep]
    return result


def _step(here: tuple[Floats, Floats, Floats], last: tuple[Floats, Floats, Floats]) -> Floats:
    """Return how far the zero lies: Newton's step, made cubic by the point before (inverse Hermite interpolation)."""
    (x, y, pace), (x_last, y_last, pace_last) = here, last
    gap = y_last - y
    chord = (x_last - x) / gap
    bend = (chord - pace) / gap
    twist = ((pace_last - chord) / gap - bend) / gap
    newton = -y * pace
    cubic = newton + y * y * (bend - y_last * twist)
    return np.where(np.abs(cubic - newton) < 0.5 * np.abs(newton), cubic, newton)


def _polished(coefficients: Floats, roots: Floats) -> Floats:
    """Return touches moved by one Newton step, no further than they are known."""
    result, slope = value_and_slope(coefficients, roots)
    step = np.where(result == 0.0, 0.0, result / slope)
    return np.where(np.abs(step) <= NEAR * roots, roots - step, roots)
