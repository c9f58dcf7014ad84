"""The interval of a mean whose terms may be skewed.

Student's t leaves out the truth on one side when replicate means are skewed, as they are where a long tail meets
points that are even everywhere else: 95 % intervals of the mean of a stepped ledger covered .90. Hall's
transformation takes the skewness out to second order and can be inverted in closed form [1]_. On the other side it
would shorten the interval by a skewness that 16 terms hardly know, so each end is the one of the two that reaches
further.

Replicates that are even everywhere else meet a tail in one or two trials each, and 16 of these hardly tell how far it
goes; the many trials behind them do. So an interval reaches at least as far on the side of a tail as the outermost
trials of all replicates fall short of their expectation, with probability 0.025, by the Pareto tail that they follow
[2]_. Coverage, and half-width in parts of 1.96 times the true error, of one input at 16 x 64 / 16 x 1,024 Sobol' points
(400 and 200 seeds):

=====================================  =========================  =========================  ========================
interval                               mean, lognormal, sigma 1   sd, lognormal, sigma 0.5   mean, normal
=====================================  =========================  =========================  ========================
t                                      .88 0.99 / .91 1.02        .88 0.95 / .84 0.95        .96 1.03 / .97 1.20
t, not shorter than the tail           .99 1.31 / .99 1.14        1.00 1.73 / .99 1.13       .97 1.15 / .98 1.23
Hall's or t, not shorter than the tail .99 1.90 / .99 1.85        1.00 2.21 / .99 1.76       .97 1.30 / .98 1.43
=====================================  =========================  =========================  ========================

The second serves differences of two cases on the same trials, whose skewness cancels for the most part; the third all
others.

References
----------
.. [1] Hall (1992), On the removal of skewness by transformation, Journal of the Royal Statistical Society B 54(1),
   221-228, doi:10.1111/j.2517-6161.1992.tb01876.x
.. [2] Hill (1975), A simple general approach to inference about the tail of a distribution, Annals of Statistics 3(5),
   1163-1174, doi:10.1214/aos/1176343247
"""

from __future__ import annotations

import math

import numpy as np

from payback.simulator.statistics.estimate import critical
from payback.simulator.statistics.leaf_moments import ROUNDING, Floats, replicate_means, standardized, total

OUTERMOST = 16
"""Trials whose mean `UNLUCKY` is about: one of each replicate."""

FURTHEST = 32
"""Trials that tell how a tail falls off: two of each replicate."""

ROW = 256
"""Trials whose largest is taken first, for speed alone."""

HEAVIEST = 0.7
"""Index of a tail, at most; from 1 on it has no mean."""

UNLUCKY = 0.571
GROWTH = 0.57
"""The mean of 16 excesses over the start of a Pareto tail, in units of their scale, is below ``UNLUCKY exp(GROWTH a)``
with probability 0.025, to 1 % for an index `a` from 0 to 0.7: by simulation, and for 0 the gamma distribution."""

TAIL = 1.2
"""Times that shortfall: for what strata next to the outermost ones add, and for an index that 32 trials tell."""

AGREE = 1e-6
"""Parts of what one trial adds to the mean of its replicate, up to which replicates agree."""

STRAIGHT = 1e-6
"""Below this skewness the transformation is the identity to the precision of floats."""


def offsets_of_mean(deviations: Floats, replicates: int | None, *, even: bool = False) -> tuple[float, float]:
    """Return how far the 95 % interval of a mean reaches below and above it.

    Parameters
    ----------
    deviations : array, shape (trials,)
        Value of each trial less the mean of all; or any influence function of mean 0.
    replicates : int or None
        None for independent trials; otherwise trial `i` belongs to replicate ``i % replicates``.
    even : bool
        Whether the skewness of the terms is left as it is.

    Returns
    -------
    tuple of float
        Both at least 0; infinite with fewer than two terms.

    Examples
    --------
    Without skewness both are 1.96 standard errors; with it, the side of the tail reaches further:

    >>> below, above = offsets_of_mean(np.tile([-1.0, 1.0], 50), None)
    >>> round(below, 4), round(above, 4)
    (0.197, 0.197)
    >>> below, above = offsets_of_mean(np.tile([-1.0, -1.0, -1.0, 3.0], 25), None)
    >>> round(below, 4), round(above, 4)
    (0.3412, 0.3747)
    """
    if replicates is None:
        return _offsets(deviations, None, even=even)
    tails = largest(-deviations), largest(deviations)
    return offsets_of_replicates(replicate_means(deviations, replicates), tails, deviations.size, even=even)


def offsets_of_replicates(
    means: Floats, tails: tuple[Floats, Floats], trials: int, *, even: bool = False
) -> tuple[float, float]:
    """Return how far the 95 % interval of a mean reaches below and above it, from the means of its replicates.

    Replicates that are even everywhere else meet a tail in a few trials each, and the mean of the next run may lie
    further out than these show. So an interval reaches at least as far on the side of a tail as the outermost trials
    may fall short of their expectation: those of a Pareto tail with Hill's index [2]_, fitted to the `FURTHEST` trials.

    Parameters
    ----------
    means : array, shape (replicates,)
        Less the mean of all.
    tails : tuple of array
        The deviations furthest below the mean, turned, and above it, see `largest`; empty if they are not known.
    trials : int

    Notes
    -----
    An even net puts one of two neighbouring numbers of trials on an atom. Where all replicates show the same one, their
    spread is 0 and tells nothing: then the variance of rounding counts, for a step between the outermost trials.
    """
    lower, upper = tails
    step = float(lower[-1] + upper[-1]) * means.size / trials if lower.size and upper.size else 0.0
    if np.abs(means).max() <= AGREE * step:
        reach = critical(means.size) * step * math.sqrt(ROUNDING / means.size)
        return reach, reach
    below, above = _offsets(means, means.size, even=even)
    return max(below, _reach_of_tail(lower, means.size, trials)), max(above, _reach_of_tail(upper, means.size, trials))


def largest(deviations: Floats) -> Floats:
    """Return the `FURTHEST` largest of `deviations`, shape (trials,), the largest last; all if they are fewer.

    Examples
    --------
    >>> largest(np.arange(10_000.0))[-2:]
    array([9998., 9999.])
    """
    rows = deviations.size // ROW
    if rows > FURTHEST:
        whole = deviations[: rows * ROW].reshape(rows, ROW)
        outer = np.argpartition(whole.max(axis=1), -FURTHEST)[-FURTHEST:]
        deviations = np.append(whole[outer].ravel(), deviations[rows * ROW :])
    return np.sort(deviations)[-FURTHEST:]


def _reach_of_tail(furthest: Floats, replicates: int, trials: int) -> float:
    """Return how far the mean reaches for the outermost trial of each replicate."""
    if furthest.size < FURTHEST or furthest[0] <= 0.0:
        return 0.0
    index = min(float(np.mean(np.log(furthest / furthest[0]))), HEAVIEST)
    scale = index * float(furthest[-replicates])
    shortfall = 1.0 / (1.0 - index) - UNLUCKY * math.exp(GROWTH * index)
    return TAIL * scale * shortfall * math.sqrt(replicates * OUTERMOST) / trials


def _offsets(terms: Floats, replicates: int | None, *, even: bool) -> tuple[float, float]:
    if terms.size < 2:
        return math.inf, math.inf
    squares = terms * terms
    if even:
        half = critical(replicates) * math.sqrt(total(squares) / (terms.size - 1.0) / terms.size)
        return half, half
    return offsets_of_moments(terms.size, total(squares) / terms.size, total(squares * terms) / terms.size, replicates)


def offsets_of_moments(count: int, second: float, third: float, replicates: int | None) -> tuple[float, float]:
    """Return how far the 95 % interval of a mean of `count` terms reaches below and above it.

    Parameters
    ----------
    count : int
        Number of terms: trials, or replicates.
    second, third : float
        Mean of the squares and of the cubes of the terms, whose mean is 0.
    replicates : int or None
        None for the normal point, otherwise Student's t.
    """
    if second == 0.0:
        return 0.0, 0.0
    skewness = standardized(second, third)
    spread = math.sqrt(second * count / (count - 1.0))
    reach = critical(replicates) / math.sqrt(count)
    below, above = (side * _untransformed(side * reach, skewness, count) for side in (1.0, -1.0))
    return spread * max(reach, below), spread * max(reach, above)


def source_of_error(replicates: int | None) -> str:
    """Return the name of the method of the interval of a mean: from the trials, or from the replicates."""
    return "normal" if replicates is None else f"t of {replicates} replicates"


def _untransformed(y: float, skewness: float, count: int) -> float:
    """Return the studentised mean that Hall's transformation maps to `y`, equation (2.2)."""
    if abs(skewness) < STRAIGHT:
        return y
    inside = 1.0 + skewness * (y - skewness / (6.0 * count))
    return 3.0 / skewness * (float(np.cbrt(inside)) - 1.0)
