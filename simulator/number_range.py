"""The sizes of numbers that are computed with.

Statistics take powers up to the fourth, and sum them over trials: beyond these sizes they would overflow, or vanish,
and so would the error that stands beside each number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SMALLEST, LARGEST = 1e-60, 1e60
"""A number that is given is 0 or lies between these in size; one that is computed is not larger."""

SIZES = "0, or a size from 1e-60 to 1e60"
"""What is allowed, in words."""


def computable(value: float) -> bool:
    """Return whether a number that is given may be computed with.

    Examples
    --------
    >>> computable(0.0), computable(-2.5e6), computable(1e150), computable(1e-110), computable(float("nan"))
    (True, True, False, False, False)
    """
    return value == 0 or SMALLEST <= abs(value) <= LARGEST


def beyond(values: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    """Return which of the values of trials, shape (trials,), are NaN, infinite or too large; None if none is.

    Examples
    --------
    >>> beyond(np.array([1.0, -2.0]))
    >>> beyond(np.array([1.0, np.nan, -1e70])).tolist()
    [False, True, True]
    """
    if not values.size or (values.max() <= LARGEST and values.min() >= -LARGEST):
        return None
    return ~(np.abs(values) <= LARGEST)
