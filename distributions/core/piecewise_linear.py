"""Distributions whose quantile function is made of straight lines: densities in steps, with atoms and gaps."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution

_MOST_KNOTS = 1_000


@dataclass(frozen=True, eq=False)
class Line:
    """The corners of a quantile function.

    Parameters
    ----------
    values : ndarray of shape (corners,)
        Never falling; a value that comes twice is an atom.
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
        """Return the corners given that the value lies in [low, high]."""
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


class Polyline(Distribution):
    """A distribution with straight lines for its quantile function; a family gives `_corners`."""

    @abstractmethod
    def _corners(self) -> Line:
        """Return the corners of the quantile function."""

    @cached_property
    def line(self) -> Line:
        """The corners of the quantile function."""
        return self._corners()

    @cached_property
    def _atom_values(self) -> FloatArray:
        values = self.line.values
        return np.unique(values[:-1][(np.diff(values) == 0.0) & (self.line.masses > 0.0)])

    @property
    def allowed(self) -> bool:
        """Always: there are no parameters by trial."""
        return True

    @property
    def continuous(self) -> bool:
        """If no value comes twice."""
        return not self._atom_values.size

    @property
    def knots(self) -> tuple[float, ...]:
        """The corners, or the atoms alone if there are too many corners to matter."""
        found = self.line.values if self.line.values.size <= _MOST_KNOTS else self._atom_values
        return tuple(found.tolist())

    def _atoms(self) -> FloatArray | None:
        return self._atom_values

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        if self.continuous:
            return x, x, x
        atoms = self._atom_values
        nearest = atoms[np.clip(np.searchsorted(atoms, x), 0, atoms.size - 1)]
        previous = atoms[np.clip(np.searchsorted(atoms, x) - 1, 0, atoms.size - 1)]
        nearest = np.where(np.abs(previous - x) < np.abs(nearest - x), previous, nearest)
        hit = np.abs(x - nearest) <= 1e-12 * np.abs(self.line.values).max()
        return self.beside(np.where(hit, nearest, x), hit)

    def _support(self) -> tuple[float, float]:
        return float(self.line.values[0]), float(self.line.values[-1])

    def _moments(self) -> tuple[float, float]:
        left, right, masses = self.line.values[:-1], self.line.values[1:], self.line.masses
        mean = math.fsum(masses * (0.5 * left + 0.5 * right))
        square = masses * ((0.5 * left + 0.5 * right - mean) ** 2 + (right - left) ** 2 / 12.0)
        return mean, math.sqrt(math.fsum(square))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        reach = self._reach(v, up)
        return np.asarray(np.where(up, self.line.values[-1] - reach, self.line.values[0] + reach))

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        line, last = self.line, self.line.masses.size
        lower = np.clip(np.searchsorted(line.below, v), 1, last)
        upper = np.clip(last - np.searchsorted(line.above[::-1], v, side="right"), 0, last - 1)
        start, segment = np.where(up, line.above[upper + 1], line.below[lower - 1]), np.where(up, upper, lower - 1)
        share = np.clip((v - start) / line.masses[segment], 0.0, 1.0)
        share = np.where(line.masses[segment] > 0.0, share, 0.0)
        ends = line.values[segment], line.values[segment + 1]
        near = np.where(up, line.values[-1] - ends[1], ends[0] - line.values[0])
        return np.asarray(near + share * (ends[1] - ends[0]))

    def _segment(self, x: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
        """Return the segment of each value and the share of its width up to there."""
        values = self.line.values
        index = np.clip(np.searchsorted(values, x, side="right") - 1, 0, values.size - 2)
        width = values[index + 1] - values[index]
        share = np.where(width > 0.0, (x - values[index]) / np.where(width > 0.0, width, 1.0), 1.0)
        return index, np.clip(share, 0.0, 1.0)

    def _cdf(self, x: FloatArray) -> FloatArray:
        index, share = self._segment(x)
        return np.asarray(self.line.below[index] + share * self.line.masses[index])

    def _sf(self, x: FloatArray) -> FloatArray:
        index, share = self._segment(x)
        return np.asarray(self.line.above[index + 1] + (1.0 - share) * self.line.masses[index])

    def _pdf(self, x: FloatArray) -> FloatArray:
        index, _ = self._segment(x)
        width = self.line.values[index + 1] - self.line.values[index]
        return np.where(width > 0.0, self.line.masses[index] / np.where(width > 0.0, width, 1.0), 0.0)

    def _thin_mass(self, a: FloatArray, width: FloatArray) -> FloatArray:
        low, high = np.minimum(a, a + width), np.maximum(a, a + width)
        (first, start), (last, end) = self._segment(low), self._segment(high)
        whole = self.line.below[last] - self.line.below[np.minimum(first + 1, last)]
        parts = (1.0 - start) * self.line.masses[first] + whole + end * self.line.masses[last]
        density = self.line.masses[first] / np.maximum(np.diff(self.line.values)[first], 1e-300)
        return np.where(first == last, np.abs(width) * density, parts)
