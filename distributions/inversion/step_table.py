"""Discrete quantile functions as thresholds: the number of them below the coordinate is the index of the value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.workspace import work
from payback.distributions.inversion.tail_cells import SLOTS, locate, starts

COUNTED = 24
"""Up to this number, a coordinate is compared with every threshold."""


@dataclass(frozen=True)
class Steps:
    """A discrete quantile function.

    Parameters
    ----------
    thresholds : ndarray of shape (values - 1,)
        A draw at `u` has the index ``sum(u > thresholds)``.
    values : ndarray of shape (values,)
        In order.
    """

    thresholds: FloatArray
    values: FloatArray

    @cached_property
    def lattice(self) -> tuple[float, float] | None:
        """The first value and the spacing, if the values are evenly spaced."""
        first, spacing = self.values[0], np.diff(self.values[:2]).sum()
        return (first, spacing) if np.array_equal(self.values, first + spacing * np.arange(self.values.size)) else None

    @cached_property
    def guide(self) -> tuple[int, NDArray[np.int64], int]:
        """Cells per octave (log2), thresholds below each cell, and the most thresholds inside one."""
        for bits in range(6, 13):
            v = starts(bits)
            ends = np.append(v[1:], 0.5)
            # Coordinates of a cell above one half lie above this, up to 1 - v.
            low = 1.0 - ends
            low = np.where(1.0 - low < ends, np.nextafter(low, 0.0), low)
            lower, upper = np.searchsorted(self.thresholds, v), np.searchsorted(self.thresholds, low, "right")
            below = np.concatenate([lower, upper])
            inside = int(np.max(np.searchsorted(self.thresholds, np.concatenate([ends, 1.0 - v])) - below))
            if inside <= 2:
                break
        return bits, below, inside

    def fill(self, u: FloatArray, out: FloatArray) -> None:
        """Write the quantiles at `u` to `out`, both of shape (draws,)."""
        if self.thresholds.size <= COUNTED:
            count, above = work(u.shape, 0, np.int8), work(u.shape, 1, np.bool_)
            count.fill(0)
            for threshold in self.thresholds:
                np.greater(u, threshold, out=above)
                np.add(count, above.view(np.int8), out=count)
        else:
            count = self._guided(u)
        if self.lattice is None:
            np.take(self.values, count, out=out, mode="clip")
            return
        first, spacing = self.lattice
        np.copyto(out, count)
        if spacing != 1.0:
            np.multiply(out, spacing, out=out)
        if first != 0.0:
            np.add(out, first, out=out)

    def _guided(self, u: FloatArray) -> NDArray[np.int64]:
        bits, below, inside = self.guide
        padded = np.append(self.thresholds, np.full(inside, 1.0))
        _, cell = locate(u, bits)
        count, at = work(u.shape, SLOTS, np.int64), work(u.shape, SLOTS + 1, np.int64)
        threshold, above = work(u.shape, SLOTS + 2), work(u.shape, SLOTS + 3, np.bool_)
        np.take(below, cell, out=at, mode="clip")
        np.copyto(count, at)
        for _ in range(inside):
            np.take(padded, at, out=threshold, mode="clip")
            np.greater(u, threshold, out=above)
            np.add(count, above, out=count)
            np.add(at, 1, out=at)
        return count


def steps(distribution: Distribution) -> Steps | None:
    """Return the steps of a discrete distribution with constant parameters, or None if too many."""
    values = distribution.atoms()
    if values is None:
        return None
    thresholds = distribution.coordinates(values[:-1])
    # No coordinate lies below 2^-53 or above 1 - 2^-53.
    first, last = np.searchsorted(thresholds, [2.0**-53, 1.0 - 2.0**-53])
    return Steps(thresholds[first:last], values[first : last + 1])
