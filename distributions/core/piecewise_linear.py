"""Straight lines: quantile functions that consist of them, and trapezoidal densities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from payback.distributions.core.array_types import FloatArray


@dataclass(frozen=True, eq=False)
class Line:
    """The corners of a quantile function that is made of straight lines.

    Parameters
    ----------
    values : ndarray of shape (corners,)
        In ascending order; a value that comes twice is an atom.
    masses : ndarray of shape (corners - 1,)
        Probability between neighbours, at least 0 and 1 in sum; 0 is a gap.
    """

    values: FloatArray
    masses: FloatArray

    @cached_property
    def _sums(self) -> tuple[FloatArray, FloatArray]:
        """The mass up to each corner and beyond it, each added up from its thin end."""
        below = np.concatenate([[0.0], np.cumsum(self.masses)])
        above = np.concatenate([np.cumsum(self.masses[::-1])[::-1], [0.0]])
        thin = below <= 0.5
        return np.where(thin, below, 1.0 - above), np.where(thin, 1.0 - below, above)

    @property
    def below(self) -> FloatArray:
        """The mass up to each corner."""
        return self._sums[0]

    @property
    def above(self) -> FloatArray:
        """The mass beyond each corner."""
        return self._sums[1]

    def between(self, low: float, high: float) -> Line:
        """Return the corners of the distribution truncated to [low, high]."""
        inside = (self.values > low) & (self.values < high)
        widths = np.diff(self.values)
        with np.errstate(all="ignore"):
            start = np.clip((low - self.values[:-1]) / widths, 0.0, 1.0)
            end = np.clip((high - self.values[:-1]) / widths, 0.0, 1.0)
        kept = np.where(widths > 0, end - start, (self.values[:-1] >= low) & (self.values[:-1] <= high))
        left, right = np.clip(self.values[:-1], low, high), np.clip(self.values[1:], low, high)
        use = (kept > 0) | (inside[:-1] & inside[1:])
        values = np.append(left[use], right[use][-1:])
        masses = (kept * self.masses)[use]
        return Line(values, masses / masses.sum())


def distance(v: FloatArray, near: Any, level: Any, far: Any) -> FloatArray:
    """Return the distance from an end of a trapezoidal density within which the mass `v` lies.

    Parameters
    ----------
    v : ndarray
        In [0, 1].
    near, level, far : float or ndarray
        Widths of the parts in which the density rises, stays level and falls, seen from that end. None of them is
        found as a difference here, so that a thin tail keeps its digits.
    """
    near, level, far = (np.asarray(width, np.float64) for width in (near, level, far))
    area = v * (near + 2.0 * level + far)
    rest = np.clip(area - near - 2.0 * level, 0.0, far)
    down = rest / (1.0 + np.sqrt(1.0 - rest / np.where(far > 0.0, far, 1.0)))
    flat = np.clip(0.5 * (area - near), 0.0, level)
    return np.asarray(np.where(area <= near, np.sqrt(area * near), near + flat + down))


def mass(reach: FloatArray, near: Any, level: Any, far: Any) -> FloatArray:
    """Return the mass of a trapezoidal density within the distance `reach` of an end: the inverse of `distance`."""
    near, level, far = (np.asarray(width, np.float64) for width in (near, level, far))
    down = np.clip(reach - near - level, 0.0, far)
    flat = np.clip(reach - near, 0.0, level)
    up = np.where(near > 0.0, np.minimum(reach, near) ** 2 / np.where(near > 0.0, near, 1.0), 0.0)
    fall = down * (2.0 - down / np.where(far > 0.0, far, 1.0))
    return np.asarray((up + 2.0 * flat + fall) / (near + 2.0 * level + far))
