"""Tables of symmetric distribution functions: one cubic for each cell of the score, relatively accurate in both tails.

The share below ``-w`` is tabled in ``s = offset + w``: each octave of `s` has 2^bits cells of equal width, found from
the exponent and the leading bits of `s`. With an offset near the scale on which the tail turns into a power of `w`,
the cells are even where the law is nearly normal, and widen with `w` where it is a power. The cubic is that of
`payback.distributions.inversion.cubic_table`. A share uses ``+ - *``, comparisons and look-ups alone, so that any
back end can give the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.reproducible_math import product
from payback.distributions.core.workspace import work
from payback.distributions.inversion.cubic_table import ONE, POINTS, TO_CUBIC, TOLERANCE, cubic

DEEPEST = 2.0**-53
"""The smallest share of a table; lower ones are raised to it."""

_MOST_BITS = 13


@dataclass(frozen=True, eq=False)
class ShareTable:
    """A table of the distribution function of a law that is symmetric about 0.

    Parameters
    ----------
    coefficients : ndarray of shape (4, 2 * cells)
        Of the powers 0 to 3 of the position, in shares of the octave's width; cells of numbers above 0 come first.
    bits : int
        log2 of the cells in an octave.
    offset : float
        A power of 2.
    last : float
        Largest `s` of the table; shares further out are those at `last`.
    """

    coefficients: FloatArray
    bits: int
    offset: float
    last: float

    @property
    def first(self) -> int:
        """The exponent and the leading bits of the least `s`."""
        return _index(self.offset, self.bits)

    def fill(self, x: FloatArray, out: FloatArray) -> None:
        """Write the shares below `x` to `out`, both of shape (draws,) and in separate memory."""
        s, cell, side = work(x.shape, 0), work(x.shape, 1, np.int64), work(x.shape, 2, np.int64)
        np.abs(x, out=s)
        np.add(s, self.offset, out=s)
        np.minimum(s, self.last, out=s)
        np.right_shift(s.view(np.int64), 52 - self.bits, out=cell)
        # all ones where x < 0, which the later half of the cells is for
        np.right_shift(x.view(np.int64), 63, out=side)
        np.bitwise_and(side, self.coefficients.shape[1] // 2, out=side)
        np.add(cell, side, out=cell)
        np.subtract(cell, self.first, out=cell)
        t = work(x.shape, 2)
        position = t.view(np.int64)
        np.bitwise_and(s.view(np.int64), (1 << (52 - self.bits)) - 1, out=position)
        np.bitwise_or(position, ONE, out=position)
        np.subtract(t, 1.0, out=t)
        cubic(self.coefficients, cell, t, s, out)


def build(below: Callable[[FloatArray], FloatArray], deepest: float, scale: float) -> ShareTable:
    """Return the table of a distribution function.

    Parameters
    ----------
    below : callable
        Maps numbers, none above 0, to the shares below them; analytic, symmetric about 0, with light or power tails.
    deepest : float
        The value above 0 with mass `DEEPEST` above it.
    scale : float
        Above 0; where the tail begins to be a power. Infinite if it is none.

    Notes
    -----
    The relative error of a share is at most half of `payback.distributions.inversion.cubic_table.TOLERANCE`, unless
    that would take more than 2^13 cells an octave.
    """
    offset = 2.0 ** round(math.log2(min(max(scale, 1.0), 16.0)))
    last = offset + deepest
    for bits in range(5, _MOST_BITS + 1):
        cells = np.arange(_index(last, bits) - _index(offset, bits) + 1)
        octave, cell = np.divmod(cells, 1 << bits)
        starts = offset * np.ldexp(1.0 + cell / (1 << bits), octave)
        widths = offset * np.ldexp(1.0, octave - bits)
        points = starts[:, None] + np.append(POINTS, 1.0) * widths[:, None]
        shares = below(offset - points)
        start = shares[:, 0]
        c = product(TO_CUBIC, np.stack([shares[:, k] - start for k in (1, 3, 4)]))
        middle = start + 0.5 * (c[0] + 0.5 * (c[1] + 0.5 * c[2]))
        if bits == _MOST_BITS or np.max(np.abs(middle / shares[:, 2] - 1.0)) <= 0.5 * TOLERANCE:
            break
    lower = np.concatenate([start[None], c * np.ldexp(1.0, bits * np.arange(1, 4))[:, None]])
    upper = np.concatenate([1.0 - start[None], -lower[1:]])
    return ShareTable(np.ascontiguousarray(np.concatenate([upper, lower], axis=1)), bits, offset, last)


def _index(s: float, bits: int) -> int:
    return int(np.float64(s).view(np.int64)) >> (52 - bits)
