"""Keys of values by their distance from a centre: even near it, and relative to the distance further out.

A key is a whole number, made of the leading bits of ``1 + abs(x - centre) * rate`` and of the side of the centre that
the value lies on: it grows with the value, and each doubling of that sum has as many keys.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from payback.simulator.statistics.leaf_moments import Floats

Whole = NDArray[np.int64]


def magnitudes(values: Floats, centre: float, rate: float, work: Floats) -> tuple[Whole, Whole]:
    """Return the bits of ``1 + abs(values - centre) * rate``, and -1 for values below the centre, 0 for others.

    Parameters
    ----------
    values : array, shape (trials,)
        Without NaN.
    centre, rate : float
    work : array, shape (2, trials) or longer
        Memory of both results, of shape (trials,).
    """
    distances, sizes = work[:, : values.size]
    with np.errstate(over="ignore"):
        np.subtract(values, centre, out=distances)
        distances *= rate
    np.abs(distances, out=sizes)
    sizes += 1.0
    side = distances.view(np.int64)
    side >>= 63
    return sizes.view(np.int64), side


def leading(bits: Whole, side: Whole, mantissa: int, last: int) -> Whole:
    """Return the keys of what `magnitudes` gave, in place of `bits`: from ``-1 - last`` to `last`.

    The first `mantissa` bits of the mantissa count; what lies further out shares the last key.

    Examples
    --------
    With one bit of the mantissa, keys begin at distances 0, 0.5, 1, 2, 3, 5, 7, ...:

    >>> values = np.array([-0.1, 0.0, 0.49, 0.5, 1.0, 2.5, 1e9])
    >>> leading(*magnitudes(values, 0.0, 1.0, np.empty((2, 7))), mantissa=1, last=5).tolist()
    [-1, 0, 0, 1, 2, 3, 5]
    """
    bits >>= 52 - mantissa
    bits -= 1023 << mantissa  # the leading bits of 1.0
    np.minimum(bits, last, out=bits)
    bits ^= side
    return bits
