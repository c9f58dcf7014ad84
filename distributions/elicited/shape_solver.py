"""Solve for the shape of a family from three stated points: percentiles, a mode, or the start of the support.

Three points fix the three parameters of a family ``start + width * X(shape)``. The position of the
middle one, ``(middle - low) / (high - low)``, depends on the shape alone. The shape is searched for on a
grid and then by bisection; a position that no shape has, or several have, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.distribution import Distribution

Point: TypeAlias = float | str
"""The share of a percentile, or "mode", or "start"."""

_GRID = 49
_HALVINGS = 80
_ALIKE = 1e-7


@dataclass(frozen=True)
class Shapes:
    """A location-scale family with a shape.

    Where a mode is one of the points, the shape is the mode of the standard member; where the start of the support
    is, the support of the standard member starts at 0.

    Parameters
    ----------
    standard : callable
        ``standard(shape)``: the member that starts at 0 and has the width 1.
    make : callable
        ``make(shape, start, width)``.
    low, high : float
        Shapes that are searched.
    logarithmic : bool
        Whether they are searched on a scale of their logarithms.
    """

    standard: Callable[[float], Distribution]
    make: Callable[[float, float, float], Distribution]
    low: float
    high: float
    logarithmic: bool = True

    def shape(self, share: float) -> float:
        """Return the shape at a share of the range."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + (self.high - self.low) * share

    def point_values(self, share: float, points: tuple[Point, ...]) -> FloatArray:
        """Return the values of the points of the standard member whose shape is at a share of the range."""
        shape = self.shape(share)
        member = self.standard(shape)
        named = {"start": 0.0, "mode": shape}
        return np.array([named[point] if isinstance(point, str) else float(member.ppf(point)) for point in points])


class Unreachable(ValueError):
    """The stated middle point fits no member of the family: it must lie between `low` and `high`."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high
        super().__init__(f"must lie between {low:.4g} and {high:.4g}")


class Indistinct(ValueError):
    """The stated points fit several members of the family, or do not depend on the shape."""


@lru_cache(maxsize=64)
def _positions(shapes: Shapes, points: tuple[Point, ...]) -> tuple[FloatArray, FloatArray]:
    grid = np.linspace(0.0, 1.0, _GRID)
    positions = np.array([_position(shapes, share, points) for share in grid.tolist()])
    known = np.isfinite(positions)
    return grid[known], positions[known]


def _position(shapes: Shapes, share: float, points: tuple[Point, ...]) -> float:
    with np.errstate(all="ignore"):
        low, middle, high = shapes.point_values(share, points)
        return float((middle - low) / (high - low))


def solve(shapes: Shapes, points: tuple[Point, Point, Point], values: tuple[float, float, float]) -> Distribution:
    """Return the member of the family with these points.

    Parameters
    ----------
    shapes : Shapes
        The family.
    points : (low, middle, high)
        The kinds of the three stated points; a mode in the middle may lie outside the other two.
    values : (low, middle, high)
        In the unit of the input.

    Raises
    ------
    Unreachable
        When no member has these points; the error says which middle points would be possible.
    Indistinct
        When several members have them.
    """
    low, middle, high = values
    wanted = (middle - low) / (high - low)
    grid, positions = _positions(shapes, points)
    least, most = float(positions.min()), float(positions.max())
    if most - least < _ALIKE:
        raise Indistinct("say nothing of the shape: all members have such percentiles, or none")
    if not least <= wanted <= most:
        between = sorted((low + least * (high - low), low + most * (high - low)))
        raise Unreachable(*between)
    above = positions >= wanted
    turns = np.flatnonzero(above[1:] != above[:-1])
    if turns.size > 1:
        raise Indistinct("belong to several members: state other percentiles")
    if not turns.size:
        share = float(grid[np.argmin(np.abs(positions - wanted))])
    else:
        share = _halved(shapes, points, wanted, float(grid[turns[0]]), float(grid[turns[0] + 1]))
    start, end = shapes.point_values(share, points)[[0, 2]]
    width = (high - low) / (end - start)
    return shapes.make(shapes.shape(share), float(low - width * start), float(width))


def _halved(shapes: Shapes, points: tuple[Point, ...], wanted: float, left: float, right: float) -> float:
    rising = _position(shapes, right, points) > _position(shapes, left, points)
    for _ in range(_HALVINGS):
        middle = 0.5 * (left + right)
        if middle in (left, right):
            break
        if (_position(shapes, middle, points) >= wanted) == rising:
            right = middle
        else:
            left = middle
    return 0.5 * (left + right)


def beta_shapes(levels: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """Return the two shapes of the beta distribution on (0, 1) with two percentiles.

    There is exactly one for any two (van Dorp and Mazzuchi 2000, "Solving for the parameters of a
    beta distribution under two quantile constraints", doi:10.1080/00949650008812041).

    Parameters
    ----------
    levels, values : sequence of two floats
        Shares and values, both rising, inside (0, 1).

    Raises
    ------
    Unreachable
        When the sum of the shapes would lie outside [1e-4, 1e9].
    """
    from scipy.special import betainc

    (p, q), (x, y) = levels, values

    def shapes(total: float) -> tuple[float, float]:
        """Return the shapes with this sum that have the lower percentile."""
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            share = 0.5 * (low + high)
            if betainc(total * share, total * (1.0 - share), x) > p:
                low = share
            else:
                high = share
        return 0.5 * total * (low + high), total * (1.0 - 0.5 * (low + high))

    def reached(log_total: float) -> bool:
        return bool(betainc(*shapes(float(np.exp(log_total))), y) >= q)

    low, high = np.log(1e-4), np.log(1e9)
    if reached(low) or not reached(high):
        raise Unreachable(0.0, y)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if reached(middle) else (middle, high)
    return shapes(float(np.exp(high)))
