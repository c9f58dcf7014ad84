"""The line on which a metalog distribution is a logistic one whose place and scale change with the share.

With u the share, L = log(u / (1 - u)) and w = u - 1/2, the quantile function is M = mu(w) + s(w) L for
two polynomials mu and s: equation 6 of Keelin (2016), doi:10.1287/deca.2016.0338. Bounded values are
exp(M), or a logistic function of M: its sections 4.1 and 4.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray

MOST_TERMS = 16
_FARTHEST = 745.0
_GRID = np.linspace(-40.0, 40.0, 801)


@dataclass(frozen=True, eq=False)
class Line:
    """M, by its coefficients a_1, a_2, ..., which may be arrays."""

    coefficients: tuple[Any, ...]

    @cached_property
    def _mu(self) -> list[Any]:
        """a_1 a_4 a_5 a_7 a_9 ..., by rising power of w."""
        a = self.coefficients
        return [*a[:1], *a[3:5], *a[6::2]]

    @cached_property
    def _s(self) -> list[Any]:
        """a_2 a_3 a_6 a_8 ..."""
        a = self.coefficients
        return [*a[1:3], *a[5::2]]

    @cached_property
    def steepness(self) -> tuple[Any, Any]:
        """The value of s at either end: the scale of the logistic distribution, or of its exponential, in that tail."""
        return _horner(self._s, np.asarray(-0.5)), _horner(self._s, np.asarray(0.5))

    @property
    def ends(self) -> tuple[FloatArray, FloatArray]:
        """The lowest and the highest value of M."""
        low, high = (np.asarray(steep) > 0.0 for steep in self.steepness)
        at_low, at_high = (_horner(self._mu, np.asarray(end)) for end in (-0.5, 0.5))
        return np.where(low, -np.inf, at_low), np.where(high, np.inf, at_high)

    def quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        """Return M where the mass `v` lies above it if `up`, else below it."""
        w, logit = 0.5 - v, np.log1p(-v) - np.log(v)
        w, logit = np.where(up, w, -w), np.where(up, logit, -logit)
        steep = _horner(self._s, w)
        return np.asarray(_horner(self._mu, w) + np.where(steep == 0.0, 0.0, steep * logit))

    def slope(self, logit: FloatArray) -> FloatArray:
        """Return the derivative of M by the logit; the density has its sign."""
        w = 0.5 * np.tanh(0.5 * logit)
        change = _horner(_derivative(self._mu), w) + _horner(_derivative(self._s), w) * logit
        return np.asarray(_horner(self._s, w) + spread(logit) * change)

    def logit(self, y: FloatArray) -> FloatArray:
        """Return the logit of the share at which M is `y`, by Newton's method held in a bracket."""
        low, high = np.full(y.shape, -_FARTHEST), np.full(y.shape, _FARTHEST)
        at, before, left = np.zeros(y.shape), np.full(y.shape, np.inf), np.full(y.shape, True)
        for _ in range(200):
            w = 0.5 * np.tanh(0.5 * at)
            gap = _horner(self._mu, w) + _horner(self._s, w) * at - y
            low, high = np.where(gap < 0.0, at, low), np.where(gap < 0.0, high, at)
            near = at - gap / self.slope(at)
            left &= np.abs(near - at) > 1e-15 * (1.0 + np.abs(at))
            safe = (near > low) & (near < high) & (np.abs(gap) <= 0.5 * before)
            left &= safe | (high - low > 1e-15 * (1.0 + np.abs(at)))
            if not np.any(left):
                break
            at = np.where(left, np.where(safe, near, 0.5 * (low + high)), at)
            before = np.where(safe, np.abs(gap), np.inf)
        return at

    @property
    def rises(self) -> BoolArray:
        """Whether M never falls, as seen on a grid of 161 shares."""
        lowest = np.minimum.reduce([self.slope(logit) for logit in _GRID[::5]])
        return np.asarray((lowest > 0.0) & (np.minimum(*self.steepness) >= 0.0))

    def negative(self) -> tuple[float, float] | None:
        """Return the first stretch of shares where the density is negative, None if it nowhere is."""
        slope = self.slope(_GRID)
        low = np.flatnonzero((slope[1:-1] <= slope[:-2]) & (slope[1:-1] <= slope[2:])) + 1
        fine = [np.linspace(_GRID[i - 1], _GRID[i + 1], 101) for i in low]
        logit = np.sort(np.concatenate([_GRID, *fine]))
        slack = -1e-12 * max(abs(a) for a in self.coefficients[1:])
        ends = [bool(steep < slack) for steep in self.steepness]
        below = np.concatenate([ends[:1], self.slope(logit) <= 0.0, ends[1:]])
        if not np.any(below):
            return None
        share = np.concatenate([[0.0], 1.0 / (1.0 + np.exp(-logit)), [1.0]])
        first = int(np.argmax(below))
        last = first + int(np.argmin(np.append(below[first:], False)))
        return float(share[max(first - 1, 0)]), float(share[min(last, share.size - 1)])


def spread(logit: FloatArray) -> FloatArray:
    """Return u (1 - u), right in both tails."""
    odds = np.exp(-np.abs(logit))
    return np.asarray(odds / (1.0 + odds) ** 2)


def to_line(x: Any, low: Any, high: Any) -> FloatArray:
    """Return what is metalog without bounds."""
    low, high = np.asarray(low), np.asarray(high)
    with np.errstate(all="ignore"):
        above, below = (
            np.log(np.where(np.isfinite(low), x - low, 1.0)),
            np.log(np.where(np.isfinite(high), high - x, 1.0)),
        )
    return np.where(np.isfinite(low) | np.isfinite(high), above - below, x)


def from_line(y: FloatArray, low: Any, high: Any) -> FloatArray:
    """Return the value whose place on the line is `y`."""
    low, high = np.asarray(low), np.asarray(high)
    with np.errstate(all="ignore"):
        bounded = low + (high - low) / (1.0 + np.exp(-y))
        one = np.where(np.isfinite(low), low + np.exp(y), np.where(np.isfinite(high), high - np.exp(-y), y))
    return np.where(np.isfinite(low) & np.isfinite(high), bounded, one)


def design(u: FloatArray, terms: int) -> FloatArray:
    """Return the matrix (points, terms) of what each coefficient is multiplied by."""
    w, logit = u - 0.5, np.log(u / (1.0 - u))
    columns = [w**0, logit, w * logit, w]
    columns += [w ** (k // 2) if k % 2 else w ** (k // 2 - 1) * logit for k in range(5, terms + 1)]
    return np.stack(columns[:terms], axis=1)


def _horner(coefficients: Sequence[Any], w: FloatArray) -> Any:
    total = np.zeros_like(w)
    for c in reversed(coefficients):
        total = total * w + c
    return total


def _derivative(coefficients: Sequence[Any]) -> list[Any]:
    return [k * c for k, c in enumerate(coefficients)][1:]
