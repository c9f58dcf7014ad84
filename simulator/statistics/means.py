"""Means and what is made of means: sd, skewness, tail means, the share of the top trials.

Each statistic is a pair: its value, and the influence of each trial on it (mean 0). The standard
error is that of the mean of the influences, whatever the sampler.

References
----------
.. [1] Hampel (1974), The influence curve and its role in robust estimation, Journal of the American
   Statistical Association 69, doi:10.1080/01621459.1974.10482962
.. [2] Efron (1982), The Jackknife, the Bootstrap and Other Resampling Plans, chapter 6 (the
   infinitesimal jackknife), doi:10.1137/1.9781611970319
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from simulator.statistics.estimate import Estimate, critical
from simulator.statistics.moments import Moments, error_of_mean
from simulator.statistics.sample import Sample


def mean(x: ArrayLike | Sample, replicates: int | None = None) -> Estimate:
    """Return the mean of the trials with its simulation error."""
    sample = Sample.of(x, replicates)
    if sample.never or sample.undefined:
        return sample.estimate(None, None, None, warning="no mean: never or undefined in some trials")
    value = Moments().add(sample.values).mean
    if sample.too_few:
        return sample.estimate(value, None, None, "too few trials", "too few trials for an interval")
    half = critical(sample.replicates) * error_of_mean(sample.values - value, sample.replicates)
    return sample.estimate(value, value - half, value + half)
