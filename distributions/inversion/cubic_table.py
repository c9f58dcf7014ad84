"""Quantile tables: one cubic for each cell of tail mass, with relative accuracy in both tails.

The cells are those of `payback.distributions.inversion.tail_cells`; the position in a cell comes from the bits of the
tail mass that follow the cell's. The cubic passes through the ends of its cell and through the two points that
level the error between them (zeros of the Chebyshev polynomial T4, stretched to the ends), which is
h^4 / 2238 max |x''''|, a sixth of that of the Hermite cubic.

Tables are built from 600 exact quantiles: see `payback.distributions.core.quadrature`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.quadrature import NODES, nodes, panels, to_coefficients
from payback.distributions.core.reproducible_math import exp, log, product
from payback.distributions.core.workspace import work
from payback.distributions.inversion.tail_cells import OCTAVES, SLOTS, locate

TOLERANCE = 1e-9
"""Largest error of a table: ``|cdf(x) - u| / min(u, 1 - u)``, beside the rounding of `x`."""

_INNER = 0.5 - 0.5 * math.tan(math.pi / 8.0)
POINTS = np.array([0.0, _INNER, 0.5, 1.0 - _INNER])
_FINEST = 10
ONE = np.float64(1.0).view(np.int64)
"""The bits of the exponent of [1, 2)."""


@dataclass(frozen=True)
class Table:
    """A quantile table: the coefficients of one cubic for each cell of tail mass.

    Parameters
    ----------
    coefficients : ndarray of shape (4, 2 * (cells + 1))
        Of the powers 0 to 3 of the position, in shares of the octave's width.
    bits : int
        log2 of the cells in an octave.
    """

    coefficients: FloatArray
    bits: int

    def affine(self, factor: float, shift: float) -> Table:
        """Return the table of ``factor * x + shift``."""
        c = factor * self.coefficients
        c[0] += shift
        if factor < 0:
            c = np.concatenate(np.split(c, 2, axis=1)[::-1], axis=1)
        return Table(np.ascontiguousarray(c), self.bits)

    def fill(self, u: FloatArray, out: FloatArray) -> None:
        """Write the quantiles at `u` to `out`, both of shape (draws,)."""
        v, cell = locate(u, self.bits)
        t = work(u.shape, SLOTS)
        position = t.view(np.int64)
        np.bitwise_and(v.view(np.int64), (1 << (52 - self.bits)) - 1, out=position)
        np.bitwise_or(position, ONE, out=position)
        np.subtract(t, 1.0, out=t)
        cubic(self.coefficients, cell, t, v, out)


def cubic(coefficients: FloatArray, cell: NDArray[np.int64], t: FloatArray, spare: FloatArray, out: FloatArray) -> None:
    """Write the cubics of cells at the positions `t` to `out`, all of shape (draws,); `spare` is overwritten."""
    c0, c1, c2, c3 = coefficients
    v, term = spare, work(t.shape, SLOTS + 1)
    c3.take(cell, out=v, mode="clip")
    np.multiply(v, t, out=v)
    c2.take(cell, out=term, mode="clip")
    np.add(v, term, out=v)
    np.multiply(v, t, out=v)
    c1.take(cell, out=term, mode="clip")
    np.add(v, term, out=v)
    np.multiply(v, t, out=v)
    c0.take(cell, out=term, mode="clip")
    np.add(v, term, out=out)


@lru_cache(maxsize=16)
def _resample(width: int, bits: int) -> FloatArray:
    """Return the matrix (NODES, width * cells * 4) from the nodes of a panel to its cells."""
    from scipy.special import eval_chebyt

    cells = 1 << bits
    within = log(1.0 + (np.arange(cells)[:, None] + POINTS) / cells).ravel() / math.log(2.0)
    position = (np.arange(width)[:, None] + within).ravel() * (2.0 / width) - 1.0
    powers = np.asarray(eval_chebyt(np.arange(NODES)[:, None], position), np.float64)
    return product(to_coefficients(), powers)


def _fine(values: FloatArray, bits: int) -> FloatArray:
    """Return values at the points of every cell, shape (cells, 4), from those at the nodes."""
    _, widths = panels(OCTAVES)
    deep = int(np.count_nonzero(widths == widths[0]))
    fine = [product(values[:deep], _resample(int(widths[0]), bits))]
    near = zip(values[deep:], widths[deep:], strict=True)
    fine += [product(row[None], _resample(int(width), bits)) for row, width in near]
    return np.concatenate([panel.ravel() for panel in fine]).reshape(-1, len(POINTS))


def _to_cubic(points: tuple[float, float, float]) -> FloatArray:
    """Return the matrix (3, 3) from values at `points` to the coefficients of the cubic that is 0 at 0: Lagrange's."""
    rows = []
    for k, point in enumerate(points):
        p, q = points[:k] + points[k + 1 :]
        rows.append(np.array([p * q, -(p + q), 1.0]) / (point * (point - p) * (point - q)))
    return np.column_stack(rows)


TO_CUBIC = _to_cubic((_INNER, 1.0 - _INNER, 1.0))


def _cubics(points: FloatArray, last: float, bits: int) -> tuple[FloatArray, float]:
    """Return the coefficients (4, cells) through `points`, and the largest relative error in `v`."""
    start, end = points[:, 0], np.append(points[1:, 0], last)
    c = product(TO_CUBIC, np.stack([points[:, 1] - start, points[:, 3] - start, end - start]))
    half = 0.5 * (c[0] + 0.5 * (c[1] + 0.5 * c[2]))
    cells = np.arange(len(start)) % (1 << bits) + (1 << bits)
    slope = (end - start) / np.log1p(1.0 / cells)
    error = float(np.max(np.abs((points[:, 2] - start) - half) / np.abs(slope)))
    scale = np.ldexp(1.0, bits * np.arange(1, 4))
    return np.concatenate([start[None], c * scale[:, None]]), error


def _side(d: Distribution, up: bool) -> tuple[FloatArray, float, float, bool]:
    """Return the scale on which the quantiles of one tail are interpolated, and how to return from it.

    The logarithm of the distance from an end of the support, if there is one: from the near end,
    or else from the other. ``x = origin + sign * exp(y)``, or ``origin + y``.
    """
    from scipy.special import exp2

    v = exp2(nodes(OCTAVES))
    high = np.full(v.shape, up)
    low_end, high_end = d.support
    near, far = (high_end, low_end) if up else (low_end, high_end)
    if np.isfinite(near):
        return log(d.reach(v, high)), near, -1.0 if up else 1.0, True
    x = d.quantile(v, high)
    if np.isfinite(far):
        return log(np.abs(x - far)), far, 1.0 if up else -1.0, True
    median = float(d.ppf(0.5))
    return x - median, median, 1.0, False


def build(distribution: Distribution) -> Table | None:
    """Return the table of a continuous distribution, or None if its quantiles do not fit one."""
    with np.errstate(all="ignore"):
        sides = [_side(distribution, up) for up in (False, True)]
        if not all(np.all(np.isfinite(y)) and _converged(y) for y, *_ in sides):
            return None
        median, bits = float(distribution.ppf(0.5)), 6
        while bits <= _FINEST:
            halves, worst = [], 0.0
            for y, origin, sign, logarithm in sides:
                points = _fine(y, bits)
                c, error = _cubics(exp(points) if logarithm else points, (median - origin) * sign, bits)
                c *= sign
                c[0] += origin
                halves += [c, np.array([[median], [0.0], [0.0], [0.0]])]
                worst = max(worst, error)
            if worst <= 0.5 * TOLERANCE:
                return Table(np.ascontiguousarray(np.concatenate(halves, axis=1)), bits)
            # The error falls by 16 with each bit.
            bits += max(1, int(np.ceil(0.25 * np.log2(worst / (0.4 * TOLERANCE)))))
    return None


def _converged(y: FloatArray) -> bool:
    """Tell whether the panels resolve `y`, shape (panels, NODES), to a tenth of the tolerance."""
    tail = np.abs(y @ to_coefficients()[:, -2:]).max(axis=1)
    _, widths = panels(OCTAVES)
    slope = np.abs(y[:, -1] - y[:, 0]) / (widths * np.log(2.0))
    return bool(np.all(tail <= 0.1 * TOLERANCE * slope))
