"""Percentiles at shares that somebody stated in decimals, such as 90 %."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.distribution import Distribution

_ROUNDING = 64.0 * float(np.finfo(np.float64).eps)
_ULPS = 2.0 * float(np.finfo(np.float64).eps)
"""How far, in shares of the thinner tail and besides above 1/2, a share written in decimals may lie beside a `cdf`."""


def _slack(share: FloatArray) -> FloatArray:
    """Return how far a share in decimals may lie beside the `cdf` that it means."""
    slack = _ROUNDING * np.minimum(share, 1.0 - share) + np.where(share > 0.5, _ULPS, 0.0)
    return np.where((share > 0.0) & (share < 1.0), slack, 0.0)


def percentile(distribution: Distribution, share: ArrayLike, *, above: bool = False) -> FloatArray:
    """Return the quantile at a share that was stated in decimals.

    Where values have a probability, a share that differs from a `cdf` by rounding alone counts as equal to it: 90 %
    of the integers from 1 to 10 gives 9, although 1 - 0.9 < 0.1 in floats. `ppf` is exact at the given float.

    Parameters
    ----------
    distribution : Distribution
    share : array_like
        In [0, 1]; NaN outside.
    above : bool
        Whether the share lies above the value: then the largest value that at least so much lies at or above.

    Returns
    -------
    ndarray of the broadcast shape
    """
    u = np.asarray(share, dtype=np.float64)
    slack = 0.0 if distribution.continuous else _slack(u)
    if above:
        return distribution.isf(u - slack)
    up = u > 0.5
    return distribution.quantile(np.where(up, (1.0 - u) + slack, u - slack), up)
