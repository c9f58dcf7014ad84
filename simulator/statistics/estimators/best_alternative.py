"""The best of several alternatives on the same trials: how often each is best, and what choosing it costs.

The alternative that is most often best need not have the best mean, nor the least regret [1]_: the three are stated
side by side. The least expected regret [2]_ is what it would be worth to know every input before choosing.

References
----------
.. [1] Fenwick, Claxton and Sculpher (2001), Representing uncertainty: the role of cost-effectiveness acceptability
   curves, Health Economics 10(8), doi:10.1002/hec.635
.. [2] Savage (1951), The theory of statistical decision, Journal of the American Statistical Association 46(253),
   doi:10.1080/01621459.1951.10500768
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from payback.simulator.statistics.estimate import Estimate, critical
from payback.simulator.statistics.estimators.means import mean
from payback.simulator.statistics.estimators.probabilities import probability, wilson
from payback.simulator.statistics.leaf_moments import ROUNDING, Floats, error_of_mean
from payback.simulator.statistics.samples.kept import KeptSample
from payback.simulator.statistics.samples.replicates import TOO_FEW

SAME = 1e-9
"""Values that differ by less than this part of the largest value of a trial are tied: money is computed to 1e-10."""


@dataclass(frozen=True)
class BestAlternative:
    """How alternatives compare in each trial.

    Parameters
    ----------
    probability : tuple of Estimate
        For each alternative the share of the trials in which it is best. Alternatives that tie for the best of a trial
        share it equally, so that the probabilities add up to 1.
    regret : tuple of Estimate
        For each alternative the mean distance to the best of the trial, in the unit of the values.
    tied : Estimate
        The share of the trials in which several alternatives are best.
    """

    probability: tuple[Estimate, ...]
    regret: tuple[Estimate, ...]
    tied: Estimate


def best_alternative(values: Floats, replicates: int | None = None) -> BestAlternative:
    """Return how often each alternative is the best of a trial, and its expected regret.

    Parameters
    ----------
    values : array, shape (alternatives, trials)
        Finite; the largest of a trial is its best.
    replicates : int or None
        See `Sample`.

    Returns
    -------
    BestAlternative
        Probabilities have Wilson's interval, with the effective number of trials ``p (1 - p) / s**2`` where trials are
        shared or lie in replicates; regrets that of a mean.

    Examples
    --------
    The second is best in three of four trials, and ties in one of these:

    >>> best = best_alternative(np.tile([[3.0, 1.0, 2.0, 5.0], [1.0, 2.0, 4.0, 5.0]], 25))
    >>> [estimate.value for estimate in best.probability], best.tied.value
    ([0.375, 0.625], 0.25)
    >>> [estimate.value for estimate in best.regret]
    [0.75, 0.5]
    """
    top = values.max(axis=0)
    best = values >= top - SAME * np.abs(values).max(axis=0)
    number = np.count_nonzero(best, axis=0)
    regrets = (mean(np.maximum(top - alternative, 0.0), replicates) for alternative in values)
    return BestAlternative(
        tuple(_shared_probability(holds, number, replicates) for holds in best),
        tuple(replace(regret, low=None if regret.low is None else max(regret.low, 0.0)) for regret in regrets),
        probability(number > 1, replicates),
    )


def _shared_probability(holds: NDArray[np.bool_], number: NDArray[np.int64], replicates: int | None) -> Estimate:
    """Return the mean of `holds`, each trial divided by the `number` of alternatives that share it."""
    hits = probability(holds, replicates)
    if hits.low is None or not np.any(number[holds] > 1):
        return hits
    scores = holds / number
    sample = KeptSample(scores, replicates)
    if sample.too_few:
        return sample.estimate(sample.average(scores), None, None, warning=TOO_FEW)
    share, trials = sample.average(scores), float(scores.size)
    if error := error_of_mean(scores - share, replicates):
        trials = share * (1.0 - share) / (error**2 + ROUNDING * (replicates or 0) / trials**2)
    (low,), (high,) = wilson(np.array([share]), np.array([trials]), critical(replicates))
    return sample.estimate(share, float(low), float(high), "Wilson, ties shared")
