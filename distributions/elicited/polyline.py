"""Distributions whose quantile function is made of straight lines: densities in steps, with atoms and gaps."""

from __future__ import annotations

import math
from abc import abstractmethod
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.piecewise_linear import Line
from payback.distributions.inversion.inverter import BySegments
from payback.distributions.inversion.linear_table import Segments

_MOST_KNOTS = 1_000


class Polyline(Distribution):
    """A distribution whose quantile function consists of straight lines; a family gives its `_corners`.

    Between the values x_i and x_(i+1) of two corners lies the mass m_i, and the density is m_i / (x_(i+1) - x_i);
    where the two are equal, the value has the probability m_i.
    """

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
        """True: there are no parameters that vary by trial."""
        return True

    @property
    def continuous(self) -> bool:
        """Whether no corner comes twice."""
        return not self._atom_values.size

    @property
    def knots(self) -> tuple[float, ...]:
        """The corners; only the atoms where there are more than 1,000 corners."""
        values = self.line.values if self.line.values.size <= _MOST_KNOTS else self._atom_values
        return tuple(values.tolist())

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

    def own_inverter(self) -> Inverter:
        """Return the straight lines themselves."""
        return BySegments(Segments.of(self.line))

    def truncated_inverter(self, whole: Distribution, low: float, high: float, mass: float) -> Inverter:
        """Return the straight lines between the new ends."""
        return BySegments(Segments.of(self.line.between(low, high)))
