"""Quantile tables with patches: for distributions with kinks, jumps, gaps, or several modes.

Panels as in `payback.distributions.core.quadrature` are cut at the breaks of the quantile function and halved where
they do not converge. Cells that no panel resolves, or that hold a break, are left out of the table
(they give NaN) and answered by `payback.distributions.inversion.adaptive_cubics`: few draws fall there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.quadrature import NODES, panels, to_coefficients
from payback.distributions.core.workspace import work
from payback.distributions.inversion.adaptive_cubics import Pieces, refine
from payback.distributions.inversion.cubic_table import POINTS, TO_CUBIC, TOLERANCE, Table
from payback.distributions.inversion.tail_cells import OCTAVES, SLOTS, starts

_BITS = range(6, 9)
_FEW, _TOO_MANY = 1.0 / 128.0, 0.3
_CONVERGED = 0.005
_NARROWEST = 2.0**-8
_CROWD = 1_024  # panels at a time; where more do not converge, no table will


@dataclass(frozen=True, eq=False)
class Patched:
    """A quantile table with NaN in some cells, and the pieces that answer for these.

    Parameters
    ----------
    table : Table
        NaN in the cells that the pieces answer for.
    pieces : Pieces
        Cubics on those cells.
    """

    table: Table
    pieces: Pieces

    def affine(self, factor: float, shift: float) -> Patched:
        """Return the table of ``factor * x + shift`` for a positive factor."""
        return Patched(self.table.affine(factor, shift), self.pieces.affine(factor, shift))

    def fill(self, u: FloatArray, out: FloatArray) -> None:
        """Write the quantiles at `u` to `out`, both of shape (draws,)."""
        if np.may_share_memory(u, out):
            given = work(u.shape, SLOTS + 2)
            np.copyto(given, u)
        else:
            given = u
        missing = work(u.shape, SLOTS + 3, np.bool_)
        self.table.fill(given, out)
        np.isnan(out, out=missing)
        places = np.flatnonzero(missing)
        if places.size:
            out[places] = self.pieces(given[places])


@dataclass(frozen=True)
class _Panels:
    """Chebyshev panels of one side, by log2 of the tail mass; `good` tells which converged.

    The value is ``origin + sign * y``, `origin` being the end of the support on that side, if there is one.
    """

    origin: float
    sign: float
    edges: FloatArray
    coefficients: FloatArray
    good: BoolArray

    def index(self, log_v: FloatArray, side: str) -> FloatArray:
        """Return the panel of each point; `side` selects one of the two panels that meet at an edge."""
        panel = np.searchsorted(self.edges, log_v, side="right" if side == "right" else "left") - 1
        return np.clip(panel, 0, self.good.size - 1)

    def __call__(self, log_v: FloatArray, panel: FloatArray) -> FloatArray:
        """Return the values at points of the given panels, by Clenshaw's recurrence."""
        left, right = self.edges[panel], self.edges[panel + 1]
        t = np.clip((2.0 * log_v - left - right) / (right - left), -1.0, 1.0)
        c = self.coefficients[:, panel]
        before, last = np.zeros_like(t), np.zeros_like(t)
        for k in range(NODES - 1, 0, -1):
            before, last = last, c[k] + 2.0 * t * last - before
        return np.asarray(c[0] + t * last - before)


def build(distribution: Distribution) -> Patched | None:
    """Return the patched table of a distribution, or None if its quantiles do not fit one."""
    with np.errstate(all="ignore"):
        breaks = np.array([*distribution.breaks, 0.5])
        sides = []
        for up in (False, True):
            v = 1.0 - breaks if up else breaks
            side_panels = _resolve(distribution, up, v[(v > 2.0 ** -(OCTAVES + 1)) & (v < 0.5)])
            if side_panels is None:
                return None
            sides.append(side_panels)
        median = float(distribution.ppf(0.5))
        for bits in _BITS:
            cells = [_cells(side, bits, (1.0 - breaks if up else breaks)) for up, side in enumerate(sides)]
            _fill_atoms(distribution, bits, cells)
            width = np.diff(starts(bits))
            missing = sum(float(np.sum(width[np.isnan(c[0])])) for c in cells)
            if missing <= _FEW:
                break
        if missing > _TOO_MANY:
            return None
        at_median = np.array([[median], [0.0], [0.0], [0.0]])
        columns = [cells[0], at_median, cells[1], at_median]
        intervals = [_intervals(np.isnan(c[0]), bits, bool(up), breaks) for up, c in enumerate(cells)]
        pieces = refine(distribution, *(np.concatenate([side[i] for side in intervals]) for i in (0, 1)))
        if pieces is None:
            return None
        return Patched(Table(np.ascontiguousarray(np.concatenate(columns, axis=1)), bits), pieces)


def _resolve(d: Distribution, up: bool, breaks: FloatArray) -> _Panels | None:
    """Return panels cut at `breaks` and halved where needed; None where a quantile is not finite."""
    end = float(d.support[up])
    origin, sign = (end, -1.0 if up else 1.0) if np.isfinite(end) else (0.0, 1.0)
    first, _ = panels(OCTAVES)
    edges = np.union1d(np.append(first, -1.0), np.log2(breaks))
    angle = np.pi * (np.arange(NODES) + 0.5) / NODES
    kept: list[tuple[FloatArray, FloatArray, FloatArray, BoolArray]] = []
    left, right = edges[:-1], edges[1:]
    while left.size:
        width = right - left
        log_v = left[:, None] + 0.5 * width[:, None] * (1.0 - np.cos(angle))
        value = d.reach if np.isfinite(end) else d.quantile
        y = value(np.exp2(log_v).ravel(), np.full(log_v.size, up)).reshape(log_v.shape)
        if not np.all(np.isfinite(y)):
            return None
        c = y @ to_coefficients()
        slope = np.abs(np.diff(y, axis=1) / (np.diff(log_v, axis=1) * np.log(2.0)))
        allowed = _CONVERGED * TOLERANCE * slope.min(axis=1) + _rounding(origin, np.abs(y).max(axis=1))
        good = np.abs(c[:, -2:]).max(axis=1) <= allowed
        done = good | (width <= _NARROWEST) | (np.count_nonzero(~good) > _CROWD)
        kept.append((left[done], right[done], c[done].T, good[done]))
        middle = 0.5 * (left + right)
        left, right = np.append(left[~done], middle[~done]), np.append(middle[~done], right[~done])
    order = np.argsort(np.concatenate([group[0] for group in kept]))
    ends = np.concatenate([group[1] for group in kept])[order]
    coefficients = np.concatenate([group[2] for group in kept], axis=1)[:, order]
    good = np.concatenate([group[3] for group in kept])[order]
    return _Panels(origin, sign, np.append(edges[0], ends), coefficients, good)


def _rounding(origin: float, y: FloatArray) -> FloatArray:
    """Return an error of `y` that is lost in the rounding of the value."""
    return np.maximum(np.spacing(abs(origin)), 4.0 * np.spacing(y))


def _cells(side: _Panels, bits: int, breaks: FloatArray) -> FloatArray:
    """Return the coefficients of every cell of a side, shape (4, cells); NaN where they will not do."""
    edges = starts(bits)
    left, width = edges[:-1, None], np.diff(edges)[:, None]
    inner = np.log2(left + width * POINTS[1:])
    ends = [(np.log2(edges[:-1]), "right"), (np.log2(edges[1:]), "left")]
    first, last = (side.index(v, which) for v, which in ends)
    start, end = (side(v, panel) for (v, _), panel in zip(ends, (first, last), strict=True))
    points = side(inner, side.index(inner, "left"))
    c = TO_CUBIC @ np.stack([points[:, 0] - start, points[:, 2] - start, end - start])
    error = np.abs(start + 0.5 * (c[0] + 0.5 * (c[1] + 0.5 * c[2])) - points[:, 1])
    share = np.log1p(width[:, 0] / edges[:-1])
    slope = np.minimum(np.abs(end - start), np.abs(c[0] + c[1] + 0.75 * c[2])) / share
    unresolved = np.concatenate([[0], np.cumsum(~side.good)])
    bad = (unresolved[last + 1] > unresolved[first]) | ~(
        error <= 0.5 * TOLERANCE * slope + _rounding(side.origin, np.abs(start))
    )
    breaks = breaks[(breaks > edges[0]) & (breaks < 0.5)]
    inside = np.searchsorted(edges, breaks, side="right") - 1
    # A coordinate that is a break belongs to what is below it: to no cell that begins there from below.
    bad[inside[(edges[inside] != breaks) | (side.sign > 0.0)]] = True
    scale = float(1 << bits) ** np.arange(1, 4)
    result = side.sign * np.concatenate([start[None], c * scale[:, None]])
    result[0] += side.origin
    result[:, bad] = np.nan
    return result


def _fill_atoms(d: Distribution, bits: int, cells: list[FloatArray]) -> None:
    """Make the cells inside an atom constant, to the bit."""
    values = None if d.continuous else d.atoms()
    if values is None or not values.size:
        return
    first, last = d.coordinates(d.around(values)[0]), d.coordinates(values)
    edges = starts(bits)
    for up, c in enumerate(cells):
        low, high = (1.0 - last, 1.0 - first) if up else (first, last)
        order = np.argsort(low)
        atom = np.searchsorted(low[order], edges[:-1]) - 1
        inside = (atom >= 0) & (edges[1:] <= high[order][np.maximum(atom, 0)])
        c[:, inside] = 0.0
        c[0, inside] = values[order][atom[inside]]


def _intervals(missing: BoolArray, bits: int, up: bool, breaks: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the coordinates (starts, ends) of runs of missing cells, cut at the breaks."""
    edges = starts(bits)
    cells = np.flatnonzero(missing)
    if not cells.size:
        return np.empty(0), np.empty(0)
    low, high = edges[cells], edges[cells + 1]
    if up:
        low, high = 1.0 - high, 1.0 - low
    else:
        # Cells begin at a coordinate, pieces above one.
        low = np.where(np.diff(cells, prepend=-2) > 1, np.nextafter(low, 0.0), low)
    points = np.unique(np.concatenate([low, high, breaks]))
    middles = 0.5 * (points[:-1] + points[1:])
    order = np.argsort(low)
    run = np.searchsorted(low[order], middles) - 1
    inside = (run >= 0) & (middles < high[order][np.maximum(run, 0)])
    return points[:-1][inside], points[1:][inside]
