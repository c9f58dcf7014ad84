"""Discrete distributions as thresholds: the value is the number of thresholds below the coordinate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from distributions.base import Distribution, FloatArray
from distributions.workspace import work

MOST_STEPS = 65_536
_COUNTED = 24


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

    def fill(self, u: FloatArray, out: FloatArray) -> None:
        """Write the quantiles at `u` to `out`, both of shape (draws,)."""
        first, spacing = self.values[0], self.values[1] - self.values[0] if self.values.size > 1 else 0.0
        if self.thresholds.size <= _COUNTED:
            count, above = work(u.shape, 0, np.int8), work(u.shape, 1, np.bool_)
            count.fill(0)
            for threshold in self.thresholds:
                np.greater(u, threshold, out=above)
                np.add(count, above.view(np.int8), out=count)
        else:
            count = np.searchsorted(self.thresholds, u)
        if np.array_equal(self.values, first + spacing * np.arange(self.values.size)):
            np.copyto(out, count)
            if spacing != 1.0:
                np.multiply(out, spacing, out=out)
            if first != 0.0:
                np.add(out, first, out=out)
        else:
            np.take(self.values, count, out=out, mode="clip")


def steps(distribution: Distribution) -> Steps | None:
    """Return the steps of a discrete distribution with constant parameters, or None if too many.

    Above one half, a threshold is the largest double `u` with ``1 - u >= sf(value)``: this is as
    sharp as the survival probability, where the cumulative one has no digits left.
    """
    values = distribution.atoms()
    if values.size > MOST_STEPS:
        return None
    below, above = distribution.cdf(values[:-1]), distribution.sf(values[:-1])
    from_top = 1.0 - above
    from_top = np.where(1.0 - from_top < above, np.nextafter(from_top, 0.0), from_top)
    return Steps(np.where(above < 0.5, from_top, below), values)
