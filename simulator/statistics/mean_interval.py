"""The interval of a mean whose terms may be skewed.

Student's t leaves out the truth on one side when replicate means are skewed, as they are where a long tail meets
points that are even everywhere else: 95 % intervals of the mean of a stepped ledger covered .90. Hall's
transformation takes the skewness out to second order and can be inverted in closed form [1]_. On the other side it
would shorten the interval by a skewness that 16 terms hardly know, so each end is the one of the two that reaches
further.

References
----------
.. [1] Hall (1992), On the removal of skewness by transformation, Journal of the Royal Statistical Society B 54(1),
   221-228, doi:10.1111/j.2517-6161.1992.tb01876.x
"""

from __future__ import annotations

import math

import numpy as np

from payback.simulator.statistics.estimate import critical
from payback.simulator.statistics.leaf_moments import Floats, replicate_means, standardized, total

STRAIGHT = 1e-6
"""Below this skewness the transformation is the identity to the precision of floats."""


def offsets_of_mean(deviations: Floats, replicates: int | None) -> tuple[float, float]:
    """Return how far the 95 % interval of a mean reaches below and above it.

    Parameters
    ----------
    deviations : array, shape (trials,)
        Value of each trial less the mean of all; or any influence function of mean 0.
    replicates : int or None
        None for independent trials; otherwise trial `i` belongs to replicate ``i % replicates``.

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
    terms = deviations if replicates is None else replicate_means(deviations, replicates)
    if terms.size < 2:
        return math.inf, math.inf
    squares = terms * terms
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
