"""A distribution through a table of stated quantiles, joined by a smooth curve that never falls."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import number, refuse

_STEPS = 60
_CLOSE = 1e-9


@dataclass(frozen=True)
class Quantiles(Distribution):
    """A curve through stated quantiles, with the lowest and the highest value if they are stated.

    With z the standard normal score of the share, z_i those of the stated shares and y_i the stated values on the
    scale below, the quantile function on that scale is the cubic Hermite interpolant between (z_i, y_i) and
    (z_(i+1), y_(i+1)) whose slopes keep it rising [1]_, and a straight line before the first and after the last::

        y = x                              without low and high
        y = log(x - low)                   with low
        y = -log(high - x)                 with high
        y = log((x - low) / (high - x))    with both

    F(x) = Phi(z) where the curve is at y; the density is phi(z) dy/dx / (dy/dz). Quantiles of a normal distribution
    give that distribution, and with ``low=0`` those of a lognormal distribution give that one.

    Parameters
    ----------
    shares : sequence of float
        At least 2, rising, inside (0, 1).
    values : sequence of float
        As many, rising, in the unit of the input.
    low, high : float
        The lowest and the highest value, in the same unit; infinite where there is none.

    Raises
    ------
    ValueError
        If the numbers do not match, shares or values do not rise, or values lie outside the ends.

    References
    ----------
    .. [1] Fritsch and Butland (1984), "A method for constructing local monotone piecewise cubic interpolants", SIAM
       Journal on Scientific and Statistical Computing 5(2), doi:10.1137/0905021.

    Examples
    --------
    >>> float(Quantiles((0.05, 0.5, 0.95), (10, 20, 60)).ppf(0.95))
    60.0
    """

    shares: tuple[float, ...]
    values: tuple[float, ...]
    low: float = -math.inf
    high: float = math.inf

    name: ClassVar[str] = "quantiles"
    may_be_infinite: ClassVar[tuple[str, ...]] = ("low", "high")

    def __post_init__(self, checked: bool) -> None:
        super().__post_init__(checked)
        shares = tuple(number("Quantiles", f"shares[{i}]", x) for i, x in enumerate(self.shares))
        values = tuple(number("Quantiles", f"values[{i}]", x) for i, x in enumerate(self.values))
        if len(shares) != len(values) or len(shares) < 2:
            raise ValueError(
                f"`Quantiles(...)` needs at least 2 shares and as many values, got {len(shares)} and {len(values)}"
            )
        for share in shares:
            if not 0.0 < share < 1.0:
                raise ValueError(f"`Quantiles(...)` needs shares between 0 % and 100 %, got {100 * share:g} %")
        for (p, x), (q, y) in pairwise(zip(shares, values, strict=True)):
            if not (p < q and x < y):
                raise ValueError(
                    f"`Quantiles(...)` must rise from one to the next, got {x:g} at {100 * p:g} % "
                    f"and {y:g} at {100 * q:g} %"
                )
        if not self.low < values[0]:
            raise refuse("Quantiles", "low", f"must be less than the first value, {values[0]:g}", self.low)
        if not values[-1] < self.high:
            raise refuse("Quantiles", "high", f"must be greater than the last value, {values[-1]:g}", self.high)
        object.__setattr__(self, "shares", shares)
        object.__setattr__(self, "values", values)

    @cached_property
    def _scores(self) -> FloatArray:
        from scipy.special import ndtri

        shares = np.array(self.shares)
        return np.asarray(np.where(shares > 0.5, -ndtri(1.0 - shares), ndtri(shares)))

    @cached_property
    def _heights(self) -> FloatArray:
        return self._to_line(np.array(self.values))

    @cached_property
    def _slopes(self) -> FloatArray:
        width, rise = np.diff(self._scores), np.diff(self._heights)
        secant = rise / width
        inner = (width[:-1] + 2.0 * width[1:]) / (3.0 * (width[:-1] + width[1:]))
        # Harmonic means: no slope exceeds three times a secant beside it.
        middle = secant[:-1] * secant[1:] / (inner * secant[1:] + (1.0 - inner) * secant[:-1])
        return np.concatenate([secant[:1], middle, secant[-1:]])

    def _to_line(self, x: FloatArray) -> FloatArray:
        """Return values on the unbounded scale: logarithms or log odds where there are ends."""
        above = np.log(x - self.low) if math.isfinite(self.low) else None
        below = np.log(self.high - x) if math.isfinite(self.high) else None
        if above is None:
            return np.asarray(x if below is None else -below)
        return np.asarray(above if below is None else above - below)

    @property
    def knots(self) -> tuple[float, ...]:
        """The stated values, where the curvature jumps."""
        return self.values

    def _support(self) -> tuple[float, float]:
        return self.low, self.high

    def _line(self, z: FloatArray) -> FloatArray:
        """Return the values of the curve, on the unbounded scale, at normal scores."""
        index = np.clip(np.searchsorted(self._scores, z) - 1, 0, self._scores.size - 2)
        start, width = self._scores[index], np.diff(self._scores)[index]
        y, rise = self._heights[index], np.diff(self._heights)[index]
        left, right = width * self._slopes[index], width * self._slopes[index + 1]
        t = np.clip((z - start) / width, 0.0, 1.0)
        inside = y + t * (left + t * ((3.0 * rise - 2.0 * left - right) + t * (left + right - 2.0 * rise)))
        before = self._heights[0] + self._slopes[0] * (z - self._scores[0])
        after = self._heights[-1] + self._slopes[-1] * (z - self._scores[-1])
        return np.where(z < self._scores[0], before, np.where(z > self._scores[-1], after, inside))

    def _slope(self, z: FloatArray) -> FloatArray:
        index = np.clip(np.searchsorted(self._scores, z) - 1, 0, self._scores.size - 2)
        start, width = self._scores[index], np.diff(self._scores)[index]
        rise = np.diff(self._heights)[index]
        left, right = width * self._slopes[index], width * self._slopes[index + 1]
        t = np.clip((z - start) / width, 0.0, 1.0)
        inside = (left + t * (2.0 * (3.0 * rise - 2.0 * left - right) + 3.0 * t * (left + right - 2.0 * rise))) / width
        beyond = np.where(z < self._scores[0], self._slopes[0], self._slopes[-1])
        return np.where((z < self._scores[0]) | (z > self._scores[-1]), beyond, inside)

    def _score(self, x: FloatArray) -> FloatArray:
        """Return the normal score of values: Newton's method in a bracket that halves where a step leaves it."""
        y = self._to_line(x)
        index = np.clip(np.searchsorted(self._heights, y) - 1, 0, self._heights.size - 2)
        low, high = self._scores[index], self._scores[index + 1]
        z = 0.5 * (low + high)
        inside = (y > self._heights[0]) & (y < self._heights[-1])
        for _ in range(_STEPS):
            gap = self._line(z) - y
            low, high = np.where(gap <= 0.0, z, low), np.where(gap >= 0.0, z, high)
            near = z - gap / self._slope(z)
            newton = (near > low) & (near < high)
            near = np.where(newton, near, 0.5 * (low + high))
            # The error of a step is the square of the step, or the width of the bracket.
            left = np.abs(near - z) > np.where(newton, _CLOSE, 1e-15) * np.maximum(np.abs(z), 1e-3)
            z = near
            if not np.any(left & inside):
                break
        before = self._scores[0] + (y - self._heights[0]) / self._slopes[0]
        after = self._scores[-1] + (y - self._heights[-1]) / self._slopes[-1]
        return np.where(y <= self._heights[0], before, np.where(y >= self._heights[-1], after, z))

    def _height(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import ndtri

        return self._line(np.where(up, -ndtri(v), ndtri(v)))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        y = self._height(v, up)
        if not math.isfinite(self.low):
            return y if not math.isfinite(self.high) else self.high - np.exp(-y)
        if not math.isfinite(self.high):
            return self.low + np.exp(y)
        near = (self.high - self.low) / (1.0 + np.exp(np.abs(y)))
        return np.where(y > 0.0, self.high - near, self.low + near)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        y = self._height(v, up)
        if not math.isfinite(self.low):
            return np.where(up, np.exp(-y), math.inf) if math.isfinite(self.high) else np.full(y.shape, math.inf)
        if not math.isfinite(self.high):
            return np.where(up, math.inf, np.exp(y))
        return (self.high - self.low) / (1.0 + np.exp(np.where(up, y, -y)))

    def _cdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        return ndtr(self._score(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        return ndtr(-self._score(x))

    def _pdf(self, x: FloatArray) -> FloatArray:
        z = self._score(x)
        stretch = 1.0 if not math.isfinite(self.low) else 1.0 / (x - self.low)
        if math.isfinite(self.high):
            stretch = 1.0 / (self.high - x) + (stretch if math.isfinite(self.low) else 0.0)
        density = np.exp(-0.5 * z * z) / (math.sqrt(2.0 * math.pi) * self._slope(z)) * stretch
        return np.where(np.isfinite(z), density, 0.0)
