"""Quantile tables for hand-tuned code: a cubic Hermite polynomial for each cell of tail mass.

With v = min(u, 1 - u), each octave of v has 32 cells of equal width, on either side, so both tails keep their relative
accuracy. A cell is found from the bits of v.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from benchmarks.peers.ref1 import SIGMA_VOLUME, pert_shapes

Floats = NDArray[np.float64]

BITS, OCTAVES = 5, 54
CELLS = OCTAVES << BITS
FIRST = (1022 - OCTAVES) << BITS
SHIFT = 52 - BITS

POISSON = special.pdtr(np.arange(25), 1.2)
POISSON = POISSON[POISSON < 1.0]
"""Distribution function of the number of further runs."""


def edges() -> Floats:
    """Return the tail masses at the ends of the cells, shape (CELLS + 1,)."""
    octave, cell = np.divmod(np.arange(CELLS + 1), 1 << BITS)
    return np.asarray(np.ldexp(1 + cell / (1 << BITS), octave - OCTAVES - 1))


def hermite(values: Floats, slopes: Floats) -> Floats:
    """Return the coefficients (4, CELLS) of cubics in the position in a cell; slopes are by tail mass."""
    width = np.diff(edges())
    left, right, start, end = values[:-1], values[1:], slopes[:-1] * width, slopes[1:] * width
    step = right - left
    return np.stack([left, start, 3 * step - 2 * start - end, start + end - 2 * step])


def normal() -> Floats:
    """Return the table of a standard normal distribution, shape (4, 2 CELLS)."""
    x = special.ndtri(edges())
    lower = hermite(x, np.sqrt(2 * np.pi) * np.exp(0.5 * x * x))
    return np.concatenate([lower, -lower], axis=1)


def lognormal(median: float, sigma: float) -> Floats:
    """Return the table of a lognormal distribution."""
    z = special.ndtri(edges())
    slope = sigma * np.sqrt(2 * np.pi) * np.exp(0.5 * z * z)
    sides = [(median * np.exp(sign * sigma * z), sign * slope) for sign in (1, -1)]
    return np.concatenate([hermite(x, x * s) for x, s in sides], axis=1)


def truncated_normal(mean: float, sd: float, low: float, high: float) -> Floats:
    """Return the table of a normal distribution between `low` and `high`."""
    below, above = special.ndtr((low - mean) / sd), special.ndtr((mean - high) / sd)
    mass = 1 - below - above
    sides = []
    for beside, sign in ((below, 1), (above, -1)):
        z = special.ndtri(beside + mass * edges())
        sides.append(hermite(mean + sign * sd * z, sign * sd * mass * np.sqrt(2 * np.pi) * np.exp(0.5 * z * z)))
    return np.concatenate(sides, axis=1)


def beta(a: float, b: float, low: float, high: float) -> Floats:
    """Return the table of a beta distribution on [low, high]."""
    sides = []
    for p, q, start, width in ((a, b, low, high - low), (b, a, high, low - high)):
        y = special.betaincinv(p, q, edges())
        slope = np.exp(special.betaln(a, b) - special.xlogy(p - 1, y) - special.xlog1py(q - 1, -y))
        sides.append(hermite(start + width * y, width * slope))
    return np.concatenate(sides, axis=1)


def tables() -> dict[int, Floats]:
    """Return the tables of the inputs of REF-1 by position; triangular, uniform and Poisson ones need none."""
    return {
        0: lognormal(1e5, SIGMA_VOLUME),
        1: truncated_normal(0.02, 0.03, -0.10, 0.15),
        2: beta(*pert_shapes(0.001, 0.005, 0.010), 0.001, 0.010),
        3: beta(2, 5, 0, 0.8),
        4: lognormal(0.0012, 0.5),
        8: lognormal(40, 0.6),
        10: beta(*pert_shapes(80, 100, 250), 80, 250),
        11: beta(*pert_shapes(20, 60, 200), 20, 200),
    }
