"""Stochastic dominance of one alternative over another: whether everybody, or everybody who shuns risk, prefers it.

An alternative A dominates B to the first order if at no value more of its outcomes lie below, ``F_A(x) <= F_B(x)``:
then whoever prefers more to less prefers A. It dominates to the second order if its shortfall below no value is larger
on average, ``E max(x - A, 0) <= E max(x - B, 0)``: then whoever also shuns risk prefers A [1]_. Both are about the
curve ``E max(x - A, 0)**(s - 1)`` of order s, at every value x [2]_.

The largest violation, ``max over x of D(x)`` with the difference D of both curves, decides. Each end of its interval
holds with probability 0.975. For the upper end it is enough that D at the one value where it is largest lies below its
own bound, so the bounds of single values serve: this is the intersection-union test of [3]_. For the lower end all
values are looked at together, and Bonferroni's bounds serve. Errors of D come from the same groups of trials for both
alternatives, so what moves both alike cancels.

References
----------
.. [1] Levy (2016), Stochastic Dominance: Investment Decision Making under Uncertainty, 3rd edition, chapter 3,
   doi:10.1007/978-3-319-21708-6
.. [2] Davidson and Duclos (2000), Statistical inference for stochastic dominance and for the measurement of poverty and
   inequality, Econometrica 68(6), doi:10.1111/1468-0262.00225
.. [3] Davidson and Duclos (2013), Testing for restricted stochastic dominance, Econometric Reviews 32(1),
   doi:10.1080/07474938.2012.690332
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from payback.simulator.statistics.estimate import LEVEL, Estimate
from payback.simulator.statistics.leaf_moments import Floats
from payback.simulator.statistics.samples.replicates import TOO_FEW, groups_of, too_short

QUANTILES = 1_000
"""Values at which curves are compared: so many quantiles of each alternative."""

SLIGHT = 0.001
"""A violation up to this is none: as a share of the trials, or as a part of the range from P5 to P95."""

Dominates: TypeAlias = Literal["yes", "no", "not known"]


@dataclass(frozen=True)
class Curves:
    """The curves of several alternatives at the same values, for each group of trials.

    Parameters
    ----------
    below : array, shape (alternatives, groups, points)
        Share of the trials at or below each value.
    shortfall : array, shape (alternatives, groups, points)
        Mean shortfall below each value.
    spread : float
        From the 5 % to the 95 % quantile of all alternatives together.
    trials : int
    enough : bool
        Whether groups hold enough trials for an interval.
    """

    below: Floats
    shortfall: Floats
    spread: float
    trials: int
    enough: bool


def curves(values: Floats, replicates: int | None = None) -> Curves:
    """Return the curves of alternatives, at quantiles of all of them.

    Parameters
    ----------
    values : array, shape (alternatives, trials)
        Finite; large values are good.
    replicates : int or None
        See `Sample`.
    """
    trials = values.shape[1]
    groups = groups_of(trials, replicates)
    ranks = np.unique(np.ceil(np.linspace(0.0, trials, QUANTILES + 1)).astype(np.int64).clip(1)) - 1
    quantiles = np.sort(values, axis=1)[:, ranks]
    points = np.unique(quantiles)
    spread = float(np.subtract(*np.quantile(quantiles, [0.95, 0.05])))
    below = np.empty((len(values), groups, points.size))
    shortfall = np.empty_like(below)
    for k, alternative in enumerate(values):
        for group in range(groups):
            ordered = np.sort(alternative[group::groups])
            counts = np.searchsorted(ordered, points, side="right")
            below[k, group] = counts / ordered.size
            sums = np.concatenate([[0.0], np.cumsum(ordered - points[0])])[counts]
            shortfall[k, group] = (counts * (points - points[0]) - sums) / ordered.size
    return Curves(below, shortfall, spread, trials, groups > 1 and not too_short(trials, replicates))


def largest_violation(known: Curves, a: int, b: int, order: Literal[1, 2]) -> Estimate:
    """Return by how much alternative `a` fails to dominate `b`, at most, over all values.

    Parameters
    ----------
    known : Curves
    a, b : int
        Positions of the alternatives.
    order : {1, 2}

    Returns
    -------
    Estimate
        The largest ``F_a(x) - F_b(x)``, a share of the trials, to the first order; to the second the largest excess of
        the mean shortfall of `a` below a value over that of `b`. 0 where there is none.

    Examples
    --------
    Two of ten outcomes of the first lie below all of the second, whose other eight are smaller:

    >>> values = np.tile([[0.0, 0, 9, 9, 9, 9, 9, 9, 9, 9], [1.0, 1, 2, 2, 2, 2, 2, 2, 2, 2]], 160)
    >>> violation = largest_violation(curves(values), 0, 1, order=1)
    >>> violation.value, violation.low > 0.1
    (0.2, True)
    """
    if order == 2:
        return _largest(known.shortfall[a] - known.shortfall[b], known, unseen=0.0)
    # two trials, one each way, that no trial shows: as in the adjusted interval of paired shares
    return _largest(known.below[a] - known.below[b], known, unseen=2.0 / known.trials**2)


def dominates(violation: Estimate, slight: float) -> Dominates:
    """Return whether an alternative dominates, from its largest violation.

    Parameters
    ----------
    violation : Estimate
    slight : float
        Up to this a violation is none: `SLIGHT` to the first order, ``SLIGHT * spread`` to the second.

    Returns
    -------
    {"yes", "no", "not known"}
        "no" if the violation is certainly above 0, "yes" if it is certainly slight at most.

    Examples
    --------
    >>> dominates(Estimate(0.0, 0.0, 0.0002), SLIGHT), dominates(Estimate(0.2, 0.1, 0.3), SLIGHT)
    ('yes', 'no')
    """
    if violation.low is None or violation.high is None:
        return "not known"
    if violation.low > 0.0:
        return "no"
    return "yes" if violation.high <= slight else "not known"


def _largest(difference: Floats, known: Curves, unseen: float) -> Estimate:
    """Return the largest value of a curve, shape (groups, points), with its interval; `unseen` adds to its variance."""
    pooled = difference.mean(axis=0)
    value = max(float(pooled.max()), 0.0)
    if not known.enough:
        return Estimate(value, None, None, warning=TOO_FEW, trials=known.trials)
    from scipy.special import stdtrit

    groups, points = difference.shape
    error = np.sqrt(difference.var(axis=0, ddof=1) / groups + unseen)
    outside = (1.0 - LEVEL) / 2.0
    alone, together = (float(stdtrit(groups - 1, 1.0 - share)) for share in (outside, outside / points))
    low, high = (max(float(bound.max()), 0.0) for bound in (pooled - together * error, pooled + alone * error))
    return Estimate(value, low if math.isfinite(low) else None, high, method="largest of a curve", trials=known.trials)
