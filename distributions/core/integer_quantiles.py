"""Quantiles of distributions on whole numbers whose parameters may vary by trial: by sums, by steps and by search.

All arrays have shape (trials,). The sums and steps are fast and say where they are sure: elsewhere
rounding might decide, and the search decides by exact probabilities.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray

MOST_TERMS = 120
_LOOK = 8
_DOUBTFUL = 1e-12


def smallest(reached: Callable[[FloatArray], BoolArray], guess: FloatArray) -> FloatArray:
    """Return the smallest whole number for which `reached` is true, searched from `guess`; it stays true above."""
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


def summed(first: FloatArray, ratio: Callable[[float], FloatArray], share: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return the whole number at which the sum of probabilities from 0 reaches `share`, and whether it is certain.

    Parameters
    ----------
    first : ndarray
        P(X = 0).
    ratio : callable
        ``ratio(k)`` is P(X = k) / P(X = k - 1).
    share : ndarray
    """
    term, total, closest = first.copy(), first.copy(), np.abs(first - share)
    count, below, gap = np.zeros(share.shape, np.int8), total < share, np.empty(share.shape)
    for k in range(1, MOST_TERMS):
        if k % _LOOK == 1 and not np.any(below):
            break
        np.add(count, below.view(np.int8), out=count)
        np.multiply(term, ratio(float(k)), out=term)
        np.add(total, term, out=total)
        np.less(total, share, out=below)
        np.subtract(total, share, out=gap)
        np.minimum(closest, np.abs(gap, out=gap), out=closest)
    return count.astype(np.float64), (closest > _DOUBTFUL) & ~below


def stepped(
    k: FloatArray, excess: FloatArray, mass: FloatArray, ratio: Callable[[FloatArray, Any], FloatArray]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Walk from `k`, one at a time, to the smallest value at which `excess` is not negative.

    Parameters
    ----------
    k : ndarray
        Where to start.
    excess : ndarray
        By how much the cumulative probability at `k` exceeds the wanted one.
    mass : ndarray
        P(X = k).
    ratio : callable
        ``ratio(k, trials)`` is P(X = k) / P(X = k - 1) for an index of trials.

    Returns
    -------
    k, excess, mass : ndarray
        At the end of the walk, which is cut short after some steps.
    """
    k, excess, mass = k.copy(), excess.copy(), mass.copy()
    for _ in range(MOST_TERMS):
        up = np.flatnonzero(excess < 0.0)
        down = np.flatnonzero(excess >= mass)
        if not up.size and not down.size:
            break
        k[up] += 1.0
        mass[up] *= ratio(k[up], up)
        excess[up] += mass[up]
        excess[down] -= mass[down]
        mass[down] /= ratio(k[down], down)
        k[down] -= 1.0
    return k, excess, mass
