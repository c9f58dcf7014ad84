"""All positive real roots of many polynomials at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.irr.bernstein_isolation import NOISE, isolate
from payback.simulator.engine.irr.polynomials import (
    Floats,
    Places,
    sign_changes,
    value,
    value_and_slope,
    without_zero_roots,
)

Truths: TypeAlias = NDArray[np.bool_]

CHUNK = 2_048
"""Number of polynomials with one change of sign that are solved together; of others, a quarter of it."""

NEAR = 1e-6
"""A root of even order is known to the square root of rounding: touches closer than this are one root."""

SETTLED = 1e-9
"""A Newton step of this relative size is the last one: convergence is quadratic."""

STEPS = 200

PATIENCE = 12
"""Steps after which every other one halves the bracket: where signs change often, Newton's may go round in a ring."""

CLEAR = 1e-9
"""An extreme whose share of the sum of the sizes of its terms is above it is not 0."""


def positive_roots(coefficients: Floats, *, only: bool = False) -> tuple[Places, Floats]:
    """Return every distinct real root greater than 0.

    Parameters
    ----------
    coefficients : array, shape (degree + 1, polynomials)
        Of ascending powers, finite. A polynomial that is 0 everywhere counts as one without a root.
    only : bool
        Whether only the roots of polynomials with a single root are wanted; others may be NaN.

    Returns
    -------
    columns : array of int, shape (roots,)
        The column of the polynomial of each root.
    roots : array, shape (roots,)
        Sorted by polynomial, then by size. A root of even order is found where the polynomial comes
        within rounding error of 0, and is given once.

    Notes
    -----
    Descartes' rule of signs settles polynomials with at most one change of sign. The sums of their
    coefficients to date settle most others: as coefficients of P(x) / (1 - x) their changes of sign bound
    the number of roots below 1 [1]_; roots above it are those of the reversed polynomial below it. The rest
    are split at 1 and isolated.
    Roots are refined by Newton's method inside a bracket on ``log(P / N)`` over ``log x``, P and N being
    the sums of the positive and of the negative terms: where signs change once, its slope is at
    least 1 everywhere.

    References
    ----------
    .. [1] Norstrøm (1972), A sufficient condition for a unique nonnegative internal rate of return, Journal of
       Financial and Quantitative Analysis 7(3), doi:10.2307/2329806
    """
    changes, last = sign_changes(coefficients)
    columns, roots, hard = [np.zeros(0, dtype=np.intp)], [np.zeros(0)], [np.zeros(0, dtype=np.intp)]
    # underflow of high powers, and 0 / 0 where P or N is gone, end in a bisection
    with np.errstate(all="ignore"):
        for chunk in _chunks(np.flatnonzero(changes == 1), CHUNK):
            columns.append(chunk)
            roots.append(_only_root(coefficients[:, chunk], last[chunk]))
        for chunk in _chunks(np.flatnonzero(changes > 1), CHUNK):
            settled, position, root_values = _by_sums(coefficients[:, chunk], only)
            columns.append(chunk[position])
            roots.append(root_values)
            hard.append(chunk[~settled])
        for chunk in _chunks(np.concatenate(hard), CHUNK // 4):
            for position, root_values in _several_roots(coefficients[:, chunk]):
                columns.append(chunk[position])
                roots.append(root_values)
    column, root = np.concatenate(columns), np.concatenate(roots)
    order = np.lexsort((root, column))
    return column[order], root[order]


def _chunks(places: Places, size: int) -> Iterator[Places]:
    return (places[start : start + size] for start in range(0, places.size, size))


def _only_root(coefficients: Floats, last: Floats) -> Floats:
    """Return the one root of each polynomial whose signs change once; `last` is its sign after the change."""
    ones = np.ones(last.size)
    below = np.sign(value(coefficients, ones)) == last
    turned = np.where(below, coefficients, coefficients[::-1])
    roots = _refined(turned, np.zeros_like(ones), ones, ones, np.where(below, -last, last))
    return np.where(below, roots, 1.0 / roots)


def _by_sums(coefficients: Floats, only: bool) -> tuple[Truths, Places, Floats]:
    """Return whether sums of coefficients settle each polynomial, and the columns and roots of those settled."""
    sides = [(turned, *_below_1(turned)) for turned in (coefficients, coefficients[::-1])]
    settled = sides[0][1] & sides[1][1]
    counts = sum(
        (np.bincount(side_brackets.columns, minlength=settled.size) for *_, side_brackets in sides),
        np.zeros(1, dtype=np.int64),
    )
    places: list[Places] = []
    roots: list[Floats] = []
    for turned, _, brackets in sides:
        kept = settled[brackets.columns]
        columns = brackets.columns[kept]
        low, high, start, sign = (array[kept] for array in (brackets.low, brackets.high, brackets.start, brackets.sign))
        wanted = np.flatnonzero((counts[columns] == 1) | (not only))
        root = np.full(columns.size, np.nan)
        root[wanted] = _refined(turned[:, columns[wanted]], low[wanted], high[wanted], start[wanted], sign[wanted])
        places.append(columns)
        roots.append(1.0 / root if roots else root)
    return settled, np.concatenate(places), np.concatenate(roots)


class _Brackets(NamedTuple):
    """Intervals with one root each, the start of the search in each, and the sign right above `low`; shape (roots,)."""

    columns: Places
    low: Floats
    high: Floats
    start: Floats
    sign: Floats


def _below_1(coefficients: Floats) -> tuple[Truths, _Brackets]:
    """Return whether each polynomial clearly has none, one or two roots in (0, 1], and the brackets of these.

    Signs of the sums that change twice are of two roots or of none. With m the first power after the first change,
    ``P(x) / (1 - x) / x^m`` has one extreme, since the coefficients of its derivative change sign once. The sign there
    tells, and it lies between the roots.
    """
    sums, sizes = np.cumsum(coefficients, axis=0), np.cumsum(np.abs(coefficients), axis=0)
    hidden = ((np.abs(sums) <= NOISE * len(sums) * sizes) & (sizes > 0.0)).any(axis=0)
    changes = np.where(hidden, 3, sign_changes(sums)[0])
    single, double = np.flatnonzero(changes == 1), np.flatnonzero(changes == 2)
    lowest, bound = _lowest(coefficients)

    c, outer, ones = coefficients[:, double], np.sign(lowest[double]), np.ones(coefficients.shape[1])
    turn = np.argmax(np.sign(sums[:, double]) == -outer, axis=0)
    steep = (np.arange(len(c))[:, None] - turn) * c  # x P'(x) - m P(x)
    zero = np.zeros((1, double.size))
    slope = np.concatenate([steep, zero]) + np.concatenate([zero, c - steep])  # times 1 - x, and x P(x) beside it
    extreme = _refined(slope, _lowest(slope)[1], ones[double], ones[double], -outer)
    there = value(c, extreme)
    clear = np.abs(there) > CLEAR * value(np.abs(c), extreme)

    settled = changes < 2
    settled[double[clear]] = True
    two = np.flatnonzero(clear & (np.sign(there) != outer))
    between, double = extreme[two], double[two]
    low = np.concatenate([bound[single], bound[double], between])
    high = np.concatenate([ones[single], between, ones[double]])
    start = np.where(np.arange(low.size) < single.size, high, 0.5 * (low + high))
    sign = np.concatenate([np.sign(lowest[single]), outer[two], -outer[two]])
    return settled, _Brackets(np.concatenate([single, double, double]), low, high, start, sign)


def _lowest(coefficients: Floats) -> tuple[Floats, Floats]:
    """Return the first coefficient of each polynomial that is not 0, and half of Cauchy's bound below its roots."""
    first = np.argmax(coefficients != 0.0, axis=0)
    lowest: Floats = np.take_along_axis(coefficients, first[None], axis=0)[0]
    size = np.abs(lowest)
    return lowest, 0.5 * size / (size + np.abs(coefficients).max(axis=0))


def _several_roots(coefficients: Floats) -> Iterator[tuple[Places, Floats]]:
    """Yield columns and roots of polynomials whose signs change more than once."""
    touching, starts, ends = [], [], []
    for reverse in (False, True):
        turned = without_zero_roots(coefficients[::-1] if reverse else coefficients)
        isolated = isolate(turned)
        middle = 0.5 * (isolated.low + isolated.high)
        roots = _refined(turned[:, isolated.columns], isolated.low, isolated.high, middle, isolated.sign)
        yield isolated.columns, 1.0 / roots if reverse else roots
        touching.append(isolated.touching)
        starts.append(1.0 / isolated.end if reverse else isolated.start)
        ends.append(1.0 / isolated.start if reverse else isolated.end)
    columns, start, end = np.concatenate(touching), np.concatenate(starts), np.concatenate(ends)
    order = np.lexsort((start, end, columns))
    columns, start, end = columns[order], start[order], end[order]
    apart = np.ones(columns.size, dtype=bool)
    apart[1:] = (columns[1:] != columns[:-1]) | (start[1:] > end[:-1] * (1.0 + NEAR))
    yield columns[apart], _polished(coefficients[:, columns[apart]], end[apart])


def _refined(coefficients: Floats, low: Floats, high: Floats, start: Floats, sign: Floats) -> Floats:
    """Return the one root of each polynomial between `low` and `high`; `sign` is its sign right above `low`."""
    result, live, x = start.copy(), np.arange(start.size), start
    positive, negative = np.maximum(coefficients, 0.0), np.maximum(-coefficients, 0.0)
    log, excess, pace = (np.full(start.size, np.nan) for _ in range(3))
    done = np.zeros(start.size, dtype=bool)
    for turn in range(STEPS if start.size else 0):
        p, p_slope = value_and_slope(positive, x)
        n, n_slope = value_and_slope(negative, x)
        before = np.sign(p - n) == sign
        low, high = np.where(before, x, low), np.where(before, high, x)
        last, log = (log, excess, pace), np.log(x)
        excess, pace = np.log(p / n), 1.0 / (x * (p_slope / p - n_slope / n))
        step = _step((log, excess, pace), last)
        new = np.exp(log + step)
        settled = (np.abs(step) <= SETTLED) | (p == n)
        inside = (new > low) & (new < high) & (turn < PATIENCE or turn % 2 == 0)
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
    """Return the step to the zero: Newton's, made cubic by the previous point (inverse Hermite interpolation)."""
    (x, y, pace), (x_last, y_last, pace_last) = here, last
    gap = y_last - y
    chord = (x_last - x) / gap
    bend = (chord - pace) / gap
    twist = ((pace_last - chord) / gap - bend) / gap
    newton = -y * pace
    cubic = newton + y * y * (bend - y_last * twist)
    return np.where(np.abs(cubic - newton) < 0.5 * np.abs(newton), cubic, newton)


def _polished(coefficients: Floats, roots: Floats) -> Floats:
    """Return roots of even order after one Newton step, which may not exceed their accuracy."""
    result, slope = value_and_slope(coefficients, roots)
    step = np.where(result == 0.0, 0.0, result / slope)
    return np.where(np.abs(step) <= NEAR * roots, roots - step, roots)
