"""Sums of a random number of draws, by discrete Fourier transform of the draw's probabilities on grids.

The characteristic function of the sum is the generating function of the number of draws, evaluated at the
characteristic function of one draw. A draw is shared out between its two neighbours on a grid so that its mean
is kept (Gerber 1982, doi:10.1016/0167-6687(82)90018-8); probabilities are tilted against those that come round
from beyond the grid (Grubel & Hermesmeier 1999, doi:10.2143/AST.29.2.504611). Of each grid the lower half is
used, and each is eight times as wide as the one before, so that a heavy tail is as well resolved as the middle.
Each is computed with its step and with half of it, and extrapolated (Richardson): the error is less than
the last change, which is stated together with what straight lines between the points miss.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.piecewise_linear import Line
from payback.distributions.core.quadrature import gauss

Generating: TypeAlias = Callable[[NDArray[np.complex128]], NDArray[np.complex128]]
"""The probability generating function of a number."""

WORST = 1e-4
"""The largest error of a distribution function that is accepted."""

_TILT = 24.0
_WIDER = 8.0
_REST = 1e-9
_ENOUGH, _STRAIGHT, _LESS = 6e-7, 2e-7, 0.6
_BITS = 14, 18
_LEVELS, _FINER = 40, 16
_END = 2.0**-60


@dataclass(frozen=True, eq=False)
class Grid:
    """The corners of the quantile function of a sum, and the largest error of its distribution function."""

    line: Line
    error: float


def transform(generating: Generating, expected: float, severity: Distribution) -> Grid:
    """Return the distribution of the sum.

    Parameters
    ----------
    generating : callable
        The probability generating function of the number of draws, of complex arrays.
    expected : float
        Mean number of draws.
    severity : Distribution
        Of each draw: at least 0, without atoms but for one at 0.
    """
    x, f, s, error = _levels(generating, expected, severity)
    kept, missed = _needed(x, f, s)
    error += missed + float(np.max(np.abs(f - np.interp(x, x[kept], f[kept]))))
    x, f, s = x[kept], f[kept], s[kept]
    tail_x, tail_s = _tail(severity, expected, x, s)
    corners = np.concatenate([[0.0], x, tail_x])
    inner = np.where(f[1:] < 0.5, np.diff(f), -np.diff(s))
    masses = np.maximum(np.concatenate([f[:1], inner, -np.diff(np.append(s[-1], tail_s))]), 0.0)
    return Grid(Line(corners, masses / np.sum(masses)), error + _REST)


def _levels(
    generating: Generating, expected: float, severity: Distribution
) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Return the values of all grids, the masses below and above them, and the largest error."""
    zeros = float(severity.cdf(0.0))
    zero = float(generating(np.array(zeros + 0j)).real)
    values: list[FloatArray] = [np.zeros(1)]
    below, above, error = [np.array([zero])], [np.array([1.0 - zero])], 0.0
    number = max(expected * (1.0 - zeros), 1.0)
    bits = int(np.clip(math.ceil(math.log2(64.0 * number)), *_BITS))
    width, start = 4.0 * number * float(severity.isf(0.5 * (1.0 - zeros))), 0.0
    for _ in range(_FINER):
        # How far the first cell is from a straight line, where the density of a draw has no bound.
        first = generating((severity.cdf(np.array([0.0, 0.5, 1.0]) * width / (1 << bits))).astype(np.complex128)).real
        error = abs(float(first[1] - 0.5 * (first[0] + first[2])))
        if error <= _ENOUGH:
            break
        width /= _WIDER
    for _ in range(_LEVELS):
        x, f, s, missed = _level(generating, severity, (start, width), bits, zero)
        values.append(x)
        below.append(f)
        above.append(s)
        error = max(error, missed)
        start, width = float(x[-1]), width * _WIDER
        if above[-1][-1] < _REST or error > WORST:
            break
    x, f, s = (np.concatenate(parts) for parts in (values, below, above))
    return x, np.maximum.accumulate(np.clip(f, 0.0, 1.0)), np.minimum.accumulate(np.clip(s, 0.0, 1.0)), error


def _level(
    generating: Generating, severity: Distribution, reach: tuple[float, float], bits: int, zero: float
) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Return the points of the lower half of a grid past its `start`, the masses below and above, and their error.

    The grid has 2^bits cells, or more where that is not enough.
    """
    start, width = reach
    cells = _means(severity, width / (2 << bits), 2 << bits)
    coarse, before = _distribution(generating, (0.5 * (means[::2] + means[1::2]) for means in cells), zero), math.inf
    while True:
        fine = _distribution(generating, cells, zero)
        half = (1 << bits) // 2
        x = np.arange(1.0, half + 1.0) * (width / (1 << bits))
        past = x > start
        here = [means[2 : 2 * half + 1 : 2][past] for means in fine]
        change = [b - a[1 : half + 1][past] for a, b in zip(coarse, here, strict=True)]
        missed = float(np.max(np.abs(change[0])))
        if missed <= _ENOUGH or missed > _LESS * before or bits >= _BITS[1]:
            return x[past], here[0] + change[0] / 3.0, here[1] + change[1] / 3.0, missed
        bits, coarse, before = bits + 1, fine, missed
        cells = _means(severity, width / (2 << bits), 2 << bits)


def _needed(x: FloatArray, f: FloatArray, s: FloatArray) -> tuple[BoolArray, float]:
    """Return the points to keep, so that straight lines between them stay near all points, nearer in thin tails.

    The second value is the largest error of straight lines between neighbours when all points are kept. Where a
    straight line over two cells misses the point between them by e, one over L cells misses by L^2 e / 4.
    """
    width = np.diff(x)
    slope = np.where(f[1:] < 0.5, np.diff(f), -np.diff(s)) / width
    missed = np.abs(np.diff(slope)) * width[1:] * width[:-1] / (width[1:] + width[:-1])
    near = _STRAIGHT * np.maximum(np.minimum(f, s)[1:-1], 1e-3)
    count = np.floor(np.cumsum(np.append(0.0, np.sqrt(missed / (4.0 * near)))))
    kept = np.append(np.append(True, np.diff(count) > 0.0), True)
    kept = np.append(kept, True)[: x.size] | (np.arange(x.size) <= 1)
    return kept, 0.25 * float(np.max(missed, initial=0.0))


def _distribution(generating: Generating, cells: Iterable[FloatArray], zero: float) -> tuple[FloatArray, FloatArray]:
    """Return the masses below and above the points of a grid, but for those past its middle.

    `cells` are the means of the distribution function of a draw, and of its complement, over each cell:
    their differences share a draw out between the points beside it so that its mean is kept.
    """
    cdf, sf = cells
    size = cdf.size
    shared = np.append(cdf[0], np.where(cdf[1:] < 0.5, np.diff(cdf), -np.diff(sf)))
    tilt = np.exp(-_TILT * np.arange(size) / size)
    g = np.maximum(np.fft.irfft(generating(np.fft.rfft(shared * tilt)), size) / tilt, 0.0)
    g[0] = max(g[0] - zero, 0.0)
    below = zero + g[0] + np.cumsum(np.append(0.0, g[1:])) - 0.5 * np.append(0.0, g[1:])
    below[0] = zero
    return below, 1.0 - below


def _means(severity: Distribution, step: float, size: int) -> tuple[FloatArray, FloatArray]:
    """Return the means of the distribution function of a draw, and of its complement, over each of `size` cells."""
    x = step * np.arange(size)
    split = min(int(np.searchsorted(x, severity.ppf(0.5))), size)
    cdf, sf = np.zeros(size), np.zeros(size)
    for point, weight in zip(*gauss(3), strict=True):
        at = x + step * point
        cdf[:split] += weight * severity.cdf(at[:split])
        sf[split:] += weight * severity.sf(at[split:])
    sf[:split], cdf[split:] = 1.0 - cdf[:split], 1.0 - sf[split:]
    return cdf, sf


def _tail(severity: Distribution, expected: float, x: FloatArray, s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return values and masses beyond the grids, down to 2^-60.

    As one large draw and a mean number of others, where that falls slower than the end of the grid;
    else as an exponential distribution that goes on as the grid ends.
    """
    if s[-1] <= _END:
        return np.empty(0), np.empty(0)
    reached = int(np.argmax(s <= max(2.0 * s[-1], _END)))
    near = int(np.argmax(s <= 8.0 * max(s[reached], _END)))
    rate = math.log(s[near] / s[reached]) / (x[reached] - x[near]) if near < reached and s[reached] > 0 else math.inf
    end, mass = float(x[-1]), float(s[-1])
    masses = mass * np.exp2(-0.25 * np.arange(1.0, max(4.0 * math.log2(max(mass, _END) / _END), 0.0) + 1.0))
    others = expected * severity.mean
    alone = float(severity.sf(end - others)) if math.isfinite(others) and others < end else 0.0
    if alone > 0.0 and float(severity.pdf(end - others)) <= 1.2 * rate * alone:
        values = others + severity.isf(masses * (alone / mass))
    else:
        values = end - np.log(masses / mass) / rate
    return np.append(values, values[-1:]), np.append(masses, np.zeros(min(1, masses.size)))
