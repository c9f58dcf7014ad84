"""Quantiles of whole numbers when the parameters vary by trial: a sum from zero, or a search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from distributions.arrays import BoolArray, FloatArray

MOST_TERMS = 200
_DOUBTFUL = 1e-12


def smallest(reached: Callable[[FloatArray], BoolArray], guess: FloatArray) -> FloatArray:
    """Return the smallest whole number that is `reached`, as all above it are, starting from `guess`."""
    top, bottom, step = guess, guess - 1.0, 1.0
    while np.any(missed := ~reached(top)):
        top, bottom, step = np.where(missed, top + step, top), np.where(missed, top, bottom), 2.0 * step
    step = 1.0
    while np.any(hit := reached(bottom)):
        top, bottom, step = np.where(hit, bottom, top), np.where(hit, bottom - step, bottom), 2.0 * step
    while np.any(wide := top - bottom > 1.0):
        middle = np.floor(0.5 * (top + bottom))
        hit = reached(middle)
        top, bottom = np.where(wide & hit, middle, top), np.where(wide & ~hit, middle, bottom)
    return top


def summed(
    first: FloatArray, ratio: Callable[[int, Any], FloatArray], share: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """Return where the running sum of probabilities reaches `share`, and whether that is sure.

    Parameters
    ----------
    first : ndarray of shape (trials,)
        P(X = 0).
    ratio : callable
        ``ratio(k, trials)`` is P(X = k) / P(X = k - 1) for an index of trials.
    share : ndarray of shape (trials,)

    Returns
    -------
    k : ndarray of shape (trials,)
    sure : ndarray of bool, shape (trials,)
        False where rounding of the sum might decide, or where it did not get there.
    """
    k, sure = np.zeros(share.shape), np.abs(first - share) > _DOUBTFUL
    left = np.flatnonzero(first < share)
    term = total = first[left]
    target, apart = share[left], sure[left]
    sure[left] = False
    for n in range(1, MOST_TERMS):
        if not left.size:
            break
        term = term * ratio(n, left)
        total = total + term
        clear = np.abs(total - target) > _DOUBTFUL
        done = total >= target
        k[left[done]], sure[left[done]] = n, (clear & apart)[done]
        more = ~done
        left, term, total, target, apart = left[more], term[more], total[more], target[more], clear[more]
    k[left] = MOST_TERMS
    return k, sure
