"""Statistics as a value and an influence function, which gives what a trial of some value adds to the statistic.

The influence has mean 0 over the trials, and the error of the statistic is, to first order, that of the
mean of the influences [1]_, [2]_: over trials, or over replicates. With weights the influence is that on
the weighted distribution, times the weight: `Sample.weigh`. An influence that is a
polynomial of the value is given as a `Polynomial`: its mean is then known exactly for counted trials too.

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
    """Return the mean and its influence, ``x - mean``.

    Examples
    --------
    >>> from payback.simulator.statistics import KeptSample
    >>> value, influence = mean_of(KeptSample(np.array([1.0, 2.0, 6.0])))
    >>> value, influence(np.array([1.0, 2.0, 6.0]))
    (3.0, array([-2., -1.,  3.]))
    """
    moments = sample.moments
    return (moments.mean, Polynomial(moments.mean, 1.0, (0.0, 1.0))) if moments else None


def sd_of(sample: Sample) -> Influenced | None:
    """Return the standard deviation and its influence, ``((x - mean)**2 - m2) / (2 sd)`` by the delta method."""
    moments = sample.moments
    if moments is None:
        return None
    if moments.second == 0.0:
        return 0.0, np.zeros_like
    twice = 2.0 * moments.sd
    return moments.sd, Polynomial(moments.mean, 1.0, (-moments.second / moments.count / twice, 0.0, 1.0 / twice))


def skew_of(sample: Sample) -> Influenced | None:
    """Return the skewness `g`, ``m3 / m2**1.5``, and its influence; no value where nothing varies.

    With ``z = (x - mean) / sqrt(m2)`` the influence is ``z**3 - g - 3 z - 3 g (z**2 - 1) / 2``.
    """
    moments = sample.moments
    if moments is None or moments.second == 0.0:
        return None
    g, scale = moments.skewness, math.sqrt(moments.second / moments.count)
    return g, Polynomial(moments.mean, scale, (0.5 * g, -3.0, -1.5 * g, 1.0))


def top_share_of(sample: Sample) -> Influenced | None:
    """Return the share of the top trials in the mean of ``abs(x)``, and its influence; no value where all are 0.

    With `e` the smallest size of the top trials, `s` the share and `m` the mean size, the influence is
    ``(max(abs(x) - e, 0) + TOP e - s abs(x)) / m``.
    """
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
    """Return the tail mean `q` as a statistic; the percentile in it adds no error of first order (see `cvar`).

    With `e` the percentile, the influence is ``max(x - e, 0) / tail`` less its mean for the upper tail, and
    ``-max(e - x, 0) / tail`` less its mean for the lower one.
    """
    upper = q > 50.0

    def tail_mean(sample: Sample) -> Influenced | None:
        edge = math.nan if sample.undefined else sample.quantile(q / 100.0)
        if not math.isfinite(edge) or (upper and sample.never):
            return None
        value, influence = tail_mean_at(sample, q, edge)
        return (value, influence) if math.isfinite(value) else None

    return tail_mean


def tail_mean_at(sample: Sample, q: float, edge: float) -> Influenced:
    """Return the tail mean `q` from a given `edge` in place of the percentile, see `cvar_of`."""
    tail = min(q, 100.0 - q) / 100.0
    sign = 1.0 if q > 50.0 else -1.0
    average = sample.excess(edge, sign)
    return edge + sign * average / tail, lambda x: (np.maximum(sign * (x - edge), 0.0) - average) * (sign / tail)


def heaviness(sample: Sample, statistic: Statistic) -> float:
    """Return the share of the 1 % of the trials furthest from the median in the mean distance from it.

    For the standard deviation and the skewness, distances are squared. The share does not change when a constant is
    added to all trials or all are scaled. It is 0 where a trial is infinite.
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
    """Return the contribution of the top trials to the mean of `sizes`; `edge` is the smallest of them.

    The sizes are overwritten. The contribution is least at the true edge, so that an edge near it costs an error of
    second order only (Rockafellar and Uryasev 2000, doi:10.21314/JOR.2000.038).
    """
    sizes -= edge
    np.maximum(sizes, 0.0, out=sizes)
    return sample.average(sizes) + TOP * edge
