"""Cubics on intervals of any width, for the few coordinates where the cells of a quantile table are too wide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.inversion.cubic_table import POINTS, TO_CUBIC, TOLERANCE

_ROUNDS, _MOST = 32, 5_000
_CHECKS = (0.06, 0.3, 0.5, 0.7, 0.94)


@dataclass(frozen=True, eq=False)
class Pieces:
    """A quantile function on some intervals of coordinates.

    Parameters
    ----------
    starts, ends : ndarray of shape (pieces,)
        A piece answers for coordinates above its start, up to its end; in order, and disjoint.
    coefficients : ndarray of shape (4, pieces)
        Of the powers 0 to 3 of the position in the piece, from 0 to 1.
    """

    starts: FloatArray
    ends: FloatArray
    coefficients: FloatArray

    def affine(self, factor: float, shift: float) -> Pieces:
        """Return the pieces of ``factor * x + shift`` for a positive factor."""
        c = factor * self.coefficients
        c[0] += shift
        return Pieces(self.starts, self.ends, c)

    def __call__(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at coordinates; those before the first piece are answered by the first."""
        piece = np.maximum(np.searchsorted(self.starts, u) - 1, 0)
        start = self.starts[piece]
        t = (u - start) / (self.ends[piece] - start)
        c0, c1, c2, c3 = self.coefficients[:, piece]
        return np.asarray(((c3 * t + c2) * t + c1) * t + c0)


def refine(distribution: Distribution, starts: FloatArray, ends: FloatArray) -> Pieces | None:
    """Return cubic pieces of the quantile function on intervals, each cut in four until it is accurate enough.

    A piece is accepted when its cubic does not fall and its error, measured by the distribution function, is within
    the tolerance of tables. One that is too narrow for an error to matter, or that does not rise, becomes a straight
    line.

    Parameters
    ----------
    distribution : Distribution
        With constant parameters.
    starts, ends : ndarray of shape (intervals,)
        Coordinates in (0, 1); the intervals are disjoint.

    Returns
    -------
    Pieces or None
        None if too many would be needed, or a quantile is not finite.
    """
    kept: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    count = 0
    with np.errstate(all="ignore"):
        for _ in range(_ROUNDS):
            c = _cubics(distribution, starts, ends)
            if not np.all(np.isfinite(c)) or count + starts.size > _MOST:
                return None
            good = _accepted(distribution, starts, ends, c)
            rise = c[1] + c[2] + c[3]
            narrow = (np.abs(rise) <= np.spacing(np.abs(c[0]))) | (~good & (ends - starts <= _least(ends)))
            c[1, narrow] = rise[narrow]
            c[2:, narrow] = 0.0
            done = good | narrow
            kept.append((starts[done], ends[done], c[:, done]))
            count += int(np.count_nonzero(done))
            if np.all(done):
                break
            a, b = starts[~done], ends[~done]
            edges = np.stack([a, *(a + share * (b - a) for share in (0.25, 0.5, 0.75)), b])
            starts, ends = edges[:-1].ravel(), edges[1:].ravel()
    order = np.argsort(np.concatenate([a for a, _, _ in kept]))
    a, b = (np.concatenate([pieces[i] for pieces in kept])[order] for i in (0, 1))
    return Pieces(a, b, np.ascontiguousarray(np.concatenate([c for _, _, c in kept], axis=1)[:, order]))


def _least(u: FloatArray) -> FloatArray:
    """Return the width below which a whole piece is within the tolerance, or within rounding."""
    return np.maximum(0.25 * TOLERANCE * np.minimum(u, 1.0 - u), 4.0 * np.spacing(u))


def _cubics(d: Distribution, starts: FloatArray, ends: FloatArray) -> FloatArray:
    width = ends - starts
    places = [np.nextafter(starts, 1.0), *(starts + share * width for share in POINTS[[1, 3]]), ends]
    first, *rest = d.ppf(np.concatenate(places)).reshape(len(places), -1)
    return np.concatenate([first[None], TO_CUBIC @ np.stack([x - first for x in rest])])


def _accepted(d: Distribution, starts: FloatArray, ends: FloatArray, c: FloatArray) -> BoolArray:
    c0, c1, c2, c3 = c
    lowest = c1 - c2 * c2 / (3.0 * c3)
    turns = (c3 > 0.0) & (c2 < 0.0) & (-c2 < 3.0 * c3)
    good = (c1 >= 0.0) & (c1 + 2.0 * c2 + 3.0 * c3 >= 0.0) & (~turns | (lowest >= 0.0))
    t = np.array(_CHECKS)[:, None]
    u, x = starts + t * (ends - starts), ((c3 * t + c2) * t + c1) * t + c0
    error = np.where(u > 0.5, np.abs(d.sf(x) - (1.0 - u)), np.abs(d.cdf(x) - u))
    rounding = d.cdf(np.nextafter(x, np.inf)) - d.cdf(np.nextafter(x, -np.inf))
    good &= np.all(error <= 0.5 * TOLERANCE * np.minimum(u, 1.0 - u) + rounding, axis=0)
    return np.asarray(good)
