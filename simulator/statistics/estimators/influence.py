"""Statistics as a value and the influence of a trial on it, as a function of the trial's value.

The influence of a trial has mean 0, and the error of the statistic is, to first order, that of the
mean of the influences [1]_, [2]_: over trials, or over replicates. With weights the influence is that on
the weighted distribution, times the weight: `Sample.weigh`. What is a polynomial is one by name: of trials that were
counted its mean is known exactly.

References
----------
.. [1] Hampel (1974), The influence curve and its role in robust estimation, Journal of the American
   Statistical Association 69, doi:10.1080/01621459.1974.10482962
.. [2] Efron (1982), The Jackknife, the Bootstrap and Other Resampling Plans, chapter 6,
   doi:10.1137/1.9781611970319
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from payback.simulator.statistics.leaf_moments import Floats
from payback.simulator.statistics.polynomial import Influence, Polynomial
from payback.simulator.statistics.samples.sample_protocol import Sample

Influenced: TypeAlias = tuple[float, Influence]
"""The value of a statistic, and the influence of a trial on it."""

Statistic: TypeAlias = Callable[[Sample], Influenced | None]
"""Maps a sample to the statistic; None where it has no value."""

TOP = 0.01
"""Share of the trials that are called the top."""


def mean_of(sample: Sample) -> Influenced | None:
    """Return the mean."""
    moments = sample.moments
    return (moments.mean, Polynomial(moments.mean, 1.0, (0.0, 1.0))) if moments else None


def sd_of(sample: Sample) -> Influenced | None:
    """Return the standard deviation; its influence is that of the variance by the delta method."""
    moments = sample.moments
    if moments is None:
        return None
    if moments.second == 0.0:
        return 0.0, np.zeros_like
    twice = 2.0 * moments.sd
    return moments.sd, Polynomial(moments.mean, 1.0, (-moments.second / moments.count / twice, 0.0, 1.0 / twice))


def skew_of(sample: Sample) -> Influenced | None:
    """Return the skewness, third central moment over sd**3; none where nothing varies."""
    moments = sample.moments
    if moments is None or moments.second == 0.0:
        return None
    g, scale = moments.skewness, math.sqrt(moments.second / moments.count)
    return g, Polynomial(moments.mean, scale, (0.5 * g, -3.0, -1.5 * g, 1.0))


def top_share_of(sample: Sample) -> Influenced | None:
    """Return the share that the top trials make of the mean of ``abs(x)``; none where all are 0."""
    sizes = np.abs(sample.values)
    whole = sample.average(sizes)
    if not 0.0 < whole < math.inf:
        return None
    edge = sample.quantile_among(sizes, 1.0 - TOP)
    share = _top(sample, sizes, edge) / whole

    def influence(values: Floats) -> Floats:
        size = np.abs(values)
        return (np.maximum(size - edge, 0.0) + TOP * edge - share * size) / whole

    return share, influence


def cvar_of(q: float) -> Statistic:
    """Return the tail mean `q` as a statistic; the percentile in it adds no error of first order (see `cvar`)."""
    tail = min(q, 100.0 - q) / 100.0
    sign = 1.0 if q > 50.0 else -1.0

    def tail_mean(sample: Sample) -> Influenced | None:
        edge = math.nan if sample.undefined else sample.quantile(q / 100.0)
        if not math.isfinite(edge) or (sign > 0.0 and sample.never):
            return None
        average = sample.excess(edge, sign)
        if not math.isfinite(average):
            return None
        return edge + sign * average / tail, lambda x: (np.maximum(sign * (x - edge), 0.0) - average) * (sign / tail)

    return tail_mean


def heaviness(sample: Sample, statistic: Statistic) -> float:
    """Return the share of the top trials in the spread: of distances from the median, for sd and skewness squared.

    It does not change when a constant is added or all trials are scaled. 0 where a trial is infinite.
    """
    if not np.isfinite(sample.values).all():
        return 0.0
    sizes = sample.values - sample.near(sample.values, 0.5)
    np.abs(sizes, out=sizes)
    if statistic in {sd_of, skew_of}:
        sizes *= sizes
    whole = sample.average(sizes)
    return _top(sample, sizes, sample.near(sizes, 1.0 - TOP)) / whole if whole > 0.0 else 0.0


def _top(sample: Sample, sizes: Floats, edge: float) -> float:
    """Return what the top trials add to the mean of `sizes`, which are overwritten; `edge` is the smallest of them.

    At the true edge it is least, so that an edge nearby costs an error of second order alone (Rockafellar and Uryasev
    2000, doi:10.21314/JOR.2000.038).
    """
    sizes -= edge
    np.maximum(sizes, 0.0, out=sizes)
    return sample.average(sizes) + TOP * edge
