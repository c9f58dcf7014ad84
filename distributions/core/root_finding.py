"""Quantiles without a closed form: Newton's method on the logarithm of a tail, held in a bracket.

The logarithm of a tail is close to a straight line, against the value or against its logarithm, so
that a few steps reach full relative accuracy however small the tail is. Where a step would leave
the bracket, or does not halve the error, the bracket is halved instead: a jump or a gap of the
distribution function ends on the doubles beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray

_MOST = 400
_DONE = 1e-15
_NOISE = 1e-12  # an error that stops falling below this is the rounding of the tail


def crossing(
    tail: Callable[[FloatArray, bool], FloatArray],
    density: Callable[[FloatArray], FloatArray],
    v: FloatArray,
    up: BoolArray,
    bracket: tuple[FloatArray, FloatArray],
    *,
    one_by_one: bool = True,
) -> FloatArray:
    """Return the smallest values whose tail masses are `v`: the quantiles of a distribution function.

    Parameters
    ----------
    tail : callable
        ``tail(x, up)``: the mass above `x` if `up`, else up to `x`.
    density : callable
        Of `x`.
    v : ndarray of shape (n,)
        Tail masses in [0, 1].
    up : ndarray of bool, shape (n,)
        Which tail: the upper one where True.
    bracket : (ndarray, ndarray), each of shape (n,)
        Values at or below, and at or above, the answers.
    one_by_one : bool
        Whether `tail` and `density` accept any number of values; if not, they are called with n values each time.

    Returns
    -------
    ndarray of shape (n,)
        NaN where an end of the bracket is NaN.
    """
    roots = np.full(v.shape, np.nan)
    low, high = (np.broadcast_to(end, v.shape) for end in bracket)
    for side in (False, True):
        here = (up == side) & (low <= high)
        if not np.any(here):
            continue

        def at(
            x: FloatArray, index: BoolArray, side: bool = side, here: BoolArray = here
        ) -> tuple[FloatArray, FloatArray]:
            if one_by_one:
                return tail(x, side), density(x)
            whole = np.where(here, low, 0.0)
            whole[index] = x
            return tail(whole, side)[index], density(whole)[index]

        roots[here] = _one_side(at, here, v[here], side, low[here], high[here])
    return roots


_At: TypeAlias = Callable[[FloatArray, BoolArray], tuple[FloatArray, FloatArray]]


def _one_side(
    at: _At,
    here: BoolArray,
    v: FloatArray,
    up: bool,
    low: FloatArray,
    high: FloatArray,
) -> FloatArray:
    answer, sign = high.copy(), -1.0 if up else 1.0
    positions = np.flatnonzero(here)
    todo = np.arange(v.size)
    x, before = _middle(low, high), np.full(v.size, np.inf)
    with np.errstate(all="ignore"):
        for _ in range(_MOST):
            index = np.zeros(here.shape, bool)
            index[positions[todo]] = True
            mass, slope = at(x, index)
            wanted = v[todo]
            gap = np.log(mass / wanted)
            reached = mass >= wanted if sign > 0 else mass <= wanted
            low, high = np.where(reached, low, x), np.where(reached, x, high)
            step = -sign * gap * mass / slope
            # On the scale of the logarithm where the bracket spans more than a factor of two.
            wide = (low > 0.0) & (high > 2.0 * low)
            near = np.where(wide, x * np.exp(step / x), x + step)
            slow = np.abs(gap) > 0.5 * before
            done = (np.abs(gap) <= _DONE) | (np.abs(near - x) <= np.spacing(np.abs(x))) | (slow & (before < _NOISE))
            answer[todo] = np.where(done, x, high)
            lost = ~((near > low) & (near < high)) | slow
            near = np.where(lost, _middle(low, high), near)
            left = ~done & (near > low) & (near < high)
            if not np.any(left):
                break
            todo, x, low, high = todo[left], near[left], low[left], high[left]
            before = np.where(lost[left], np.inf, np.abs(gap[left]))
    return answer


def _middle(low: FloatArray, high: FloatArray) -> FloatArray:
    """Return the geometric mean of ends far apart on one side of 0, else the arithmetic one."""
    wide = (low > 0.0) & (high > 4.0 * low)
    return np.where(wide, np.sqrt(low) * np.sqrt(high), 0.5 * low + 0.5 * high)
