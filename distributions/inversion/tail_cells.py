"""Cells of coordinates, by octaves of tail mass, in which quantile tables look up a draw.

With ``v = min(u, 1 - u)``, each octave of `v` down to 2^-53 has 2^bits cells of equal width, on
either side. A cell is found from the exponent and the leading bits of `v`; cells of the lower tail
come first, each side in rising order of `v`, with one more for ``v = 1/2``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.workspace import work

OCTAVES = 52
SLOTS = 3
"""Work arrays that `locate` uses; a caller takes later slots."""

_BOTTOM = 2.0 ** -(OCTAVES + 1)
_HALF = np.float64(0.5).view(np.int64)


def size(bits: int) -> int:
    """Return the number of cells of one side."""
    return (OCTAVES << bits) + 1


def starts(bits: int) -> FloatArray:
    """Return the least tail mass of each cell of one side, shape (size,)."""
    octave, cell = np.divmod(np.arange(size(bits)), 1 << bits)
    return np.asarray(np.ldexp(1.0 + cell / (1 << bits), octave - OCTAVES - 1))


def locate(u: FloatArray, bits: int) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return the tail mass of each coordinate and the index of its cell, as work arrays.

    Parameters
    ----------
    u : ndarray of shape (draws,)
        In (0, 1); tail masses below 2^-53 count as 2^-53.
    bits : int
        log2 of the cells in an octave.
    """
    v, cell, side = work(u.shape, 0), work(u.shape, 1, np.int64), work(u.shape, 2, np.int64)
    np.subtract(1.0, u, out=v)
    np.minimum(u, v, out=v)
    if v.size and v.min() < _BOTTOM:
        np.maximum(v, _BOTTOM, out=v)
    # -1 where u > 1/2, else 0: the sign of the difference of two positive doubles, taken as integers
    np.subtract(_HALF, u.view(np.int64), out=side)
    np.right_shift(side, 63, out=side)
    np.bitwise_and(side, size(bits), out=side)
    np.right_shift(v.view(np.int64), 52 - bits, out=cell)
    np.add(cell, side, out=cell)
    np.subtract(cell, (1022 - OCTAVES) << bits, out=cell)
    return v, cell
