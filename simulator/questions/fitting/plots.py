"""The points that the figures of a fit draw: quantiles, densities and tails of the data and of leading families."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from payback.distributions import Distribution
from payback.distributions.fitting.fit import Fitted
from payback.distributions.fitting.observations import Observations
from payback.simulator.document.fit import Comparison, Plots

POINTS = 240
"""Points of a quantile plot: every one near the ends, fewer in between."""

GRID = 201
BINS = 60
SPREAD = 30.0
"""Positive data whose P95 is so many times their P5 are shown on a logarithmic axis."""

_EDGE = 20

FloatArray = NDArray[np.float64]


def plots(data: Observations, leading: Sequence[Fitted]) -> Plots:
    """Return the points that the figures of a fit draw.

    Parameters
    ----------
    data : Observations
    leading : sequence of Fitted
        The leading fits, best first.
    """
    discrete = data.kind == "counts" and bool(data.values[-1] - data.values[0] < GRID)
    share, observed, half = _positions(data)
    points = _thinned(share.size)
    share, observed, half = share[points], observed[points], half[points]
    low, high = _band(leading[0].distribution, share, data.size, discrete)
    p5, p95 = np.quantile(data.exact, [0.05, 0.95])
    positive = bool(data.values[0] > 0.0)
    logarithmic = positive and not discrete and bool(p95 > SPREAD * p5)
    edges, heights = _bars(data) if discrete else _histogram(data, logarithmic)
    grid = edges if discrete else _grid(edges[0], edges[-1], logarithmic)
    tail_grid = np.unique(data.exact) if discrete else _grid(observed[0], observed[-1], positive)
    return Plots(
        discrete=discrete,
        logarithmic=logarithmic,
        share=_numbers(share),
        observed=_numbers(observed),
        below=_numbers(share + half),
        above=_numbers(1.0 - share + half),
        low=_numbers(low),
        high=_numbers(high),
        edges=_numbers(edges),
        heights=_numbers(heights),
        grid=_numbers(grid),
        tail_grid=_numbers(tail_grid),
        families=tuple(_family(fitted, share, grid, tail_grid, logarithmic, discrete) for fitted in leading),
    )


def _family(
    fitted: Fitted, share: FloatArray, grid: FloatArray, tail_grid: FloatArray, logarithmic: bool, discrete: bool
) -> Comparison:
    d = fitted.distribution
    density = d.pdf(np.rint(grid) if d.discrete else grid) * (grid * np.log(10.0) if logarithmic else 1.0)
    return Comparison(
        family=fitted.family,
        expected=_numbers(_quantiles(d, share, discrete)),
        density=_numbers(np.where(np.isfinite(density), density, 0.0)),
        below=_numbers(d.cdf(tail_grid)),
        above=_numbers(d.sf(tail_grid) + (d.pdf(tail_grid) if discrete else 0.0)),
    )


def _quantiles(distribution: Distribution, share: FloatArray, discrete: bool) -> FloatArray:
    """Return the quantiles of a distribution; for counts those of the mid-distribution, between whole numbers.

    Ma, Genton & Parzen (2011), Asymptotic properties of sample quantiles of discrete distributions,
    Ann. Inst. Stat. Math. 63, doi:10.1007/s10463-008-0215-z
    """
    if not discrete:
        return distribution.ppf(share)
    first, last = distribution.ppf(np.array([1e-9, 1.0 - 1e-9]))
    k = np.arange(first, last + 1.0)
    return np.interp(share, distribution.cdf(k) - 0.5 * distribution.pdf(k), k)


def _positions(data: Observations) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the plotting position of each uncensored value, the values, and half the share of each count.

    By Kaplan & Meier (1958), doi:10.2307/2281868; (i - 1/2) / n where nothing is censored; equal counts
    share one middle position. Amounts count as half in either tail, so nothing is to be added.
    """
    at_risk = data.size - np.arange(data.size)
    exact = np.full(data.size, True) if data.censored is None else ~data.censored
    above = np.cumprod(np.where(exact, 1.0 - 1.0 / at_risk, 1.0))
    before = np.concatenate([[1.0], above[:-1]])
    share = np.asarray((1.0 - 0.5 * (before + above))[exact], dtype=np.float64)
    if data.kind != "counts":
        return share, data.exact, np.zeros(share.size)
    values, places, counts = np.unique(data.exact, return_inverse=True, return_counts=True)
    return np.bincount(places, share) / counts, values, 0.5 * counts / data.size


def _thinned(size: int) -> NDArray[np.intp]:
    """Return indices of at most `POINTS` points, all of the first and the last ones among them."""
    if size <= POINTS:
        return np.arange(size)
    middle = np.linspace(_EDGE, size - 1 - _EDGE, POINTS - 2 * _EDGE).round().astype(np.intp)
    return np.unique(np.concatenate([np.arange(_EDGE), middle, np.arange(size - _EDGE, size)]))


def _band(distribution: Distribution, share: FloatArray, size: int, discrete: bool) -> tuple[FloatArray, FloatArray]:
    """Return the values between which nineteen of twenty order statistics at `share` lie."""
    from scipy.special import betaincinv

    rank = np.clip(share * size + 0.5, 1.0, size)
    ends = (np.asarray(betaincinv(rank, size + 1.0 - rank, p), np.float64) for p in (0.025, 0.975))
    low, high = (_quantiles(distribution, end, discrete) for end in ends)
    return low, high


def _histogram(data: Observations, logarithmic: bool) -> tuple[FloatArray, FloatArray]:
    """Return edges and densities; bins by Freedman & Diaconis (1981), doi:10.1007/BF01025868, or Rice's more."""
    x = np.log10(data.exact) if logarithmic else data.exact
    first, last = np.quantile(x, [0.005, 0.995])
    first, last = (x[0], x[-1]) if last - first > 0.5 * (x[-1] - x[0]) else (first, last)
    p25, p75 = np.quantile(x, [0.25, 0.75])
    width = 2.0 * (p75 - p25) / data.size ** (1.0 / 3.0) or (last - first) / 10.0
    bins = int(np.clip(np.ceil(max((last - first) / width, 2.0 * data.size ** (1.0 / 3.0))), 5, BINS))
    counts, edges = np.histogram(x, bins=bins, range=(first, last))
    heights = counts / (data.size * np.diff(edges))
    return np.asarray(np.power(10.0, edges) if logarithmic else edges, dtype=np.float64), heights


def _bars(data: Observations) -> tuple[FloatArray, FloatArray]:
    values, counts = np.unique(data.exact, return_counts=True)
    every = np.arange(values[0], values[-1] + 1.0)
    heights = np.zeros(every.size)
    heights[np.searchsorted(every, values)] = counts / data.size
    return every, heights


def _grid(first: float, last: float, logarithmic: bool) -> FloatArray:
    return np.asarray(np.geomspace(first, last, GRID) if logarithmic else np.linspace(first, last, GRID))


def _numbers(x: FloatArray) -> tuple[float, ...]:
    return tuple(float(value) for value in x)
