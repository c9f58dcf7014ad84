"""Keyed streams of random numbers, the only source of chance in the product.

A stream is a pure function of (seed, name, position). There is no state to pass on, to lose or to
share: any part of any stream can be asked for at any time, in any order, on any machine, and gives
the same bits. Everything is integer arithmetic up to the last, exact step.

References
----------
J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
SC'11 (2011), doi:10.1145/2063384.2063405 (Philox 4x64-10).
M.-J. Saarinen, J.-P. Aumasson, "The BLAKE2 Cryptographic Hash", RFC 7693 (2015).
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

BITS = 52
"""Binary digits of a coordinate: it is (k + 1/2) 2^-52 for a whole number k."""

LARGEST = 1.0 - 2.0**-53
"""The largest coordinate; the smallest is 2^-53, so ``ppf`` never sees 0 or 1."""

ONE = np.uint64(0x3FF0_0000_0000_0000)
"""The bits of 1.0: with a 52-bit number k in its fraction, the float is 1 + k 2^-52."""
_WORDS_PER_COUNT = 4


def require_seed(seed: object) -> int:
    """Return `seed` as a Python int.

    Raises
    ------
    TypeError
        If it is no whole number (a bool is none).
    ValueError
        If it is negative.
    """
    if isinstance(seed, bool):
        raise TypeError(f"the seed must be a whole number, got {seed}")
    try:
        number = operator.index(seed)  # type: ignore[arg-type]  # refusing other types is its purpose
    except TypeError:
        raise TypeError(f"the seed must be a whole number, got {seed!r} ({type(seed).__name__})") from None
    if number < 0:
        raise ValueError(f"the seed must be 0 or more, got {number}")
    return number


@dataclass(frozen=True)
class Stream:
    """The identity of the coordinates of one axis.

    Parameters
    ----------
    seed : int
        Any whole number from 0.
    name : str
        Streams of different names are independent.
    dimension : int or None
        Position of the axis in a sequence that fills the cube evenly; None asks for keyed draws.
    """

    seed: int
    name: str
    dimension: int | None = None

    def key(self, purpose: str = "draw") -> int:
        """Return 128 bits of BLAKE2b over (purpose, seed, name).

        The decimal seed ends at a zero byte, so no two pairs of seed and name share an encoding.
        """
        text = b"%d\0%s" % (self.seed, self.name.encode())
        return int.from_bytes(blake2b(text, digest_size=16, person=purpose.encode()).digest(), "little")


def words(key: int, start: int, stop: int) -> NDArray[np.uint64]:
    """Return words `start` to `stop` of the Philox 4x64-10 stream of `key`, shape (stop - start,)."""
    count, skipped = divmod(start, _WORDS_PER_COUNT)
    return np.asarray(Philox(key=key, counter=count).random_raw(skipped + stop - start)[skipped:], dtype=np.uint64)


def open_unit(bits: NDArray[np.uint64], out: NDArray[np.float64]) -> None:
    """Write (k + 1/2) 2^-52 into `out`, of the shape of `bits`, `bits` being words ``ONE | k``.

    The subtraction is exact, so the result has the same bits everywhere. `out` may share memory with `bits`.
    """
    np.subtract(bits.view(np.float64), LARGEST, out=out)


def fill(stream: Stream, start: int, out: NDArray[np.float64]) -> None:
    """Write the coordinates of `stream` from position `start` on into `out`, shape (n,)."""
    bits = words(stream.key(), start, start + len(out))
    bits >>= np.uint64(64 - BITS)
    bits |= ONE
    open_unit(bits, out=out)


def uniforms(seed: int, name: str, start: int, stop: int) -> NDArray[np.float64]:
    """Return coordinates `start` to `stop` of the stream `name`.

    Parameters
    ----------
    seed : int
        Any whole number from 0.
    name : str
        Streams of different names are independent.
    start, stop : int
        Trial indices, 0 <= start <= stop.

    Returns
    -------
    ndarray of float, shape (stop - start,)
        (k + 1/2) 2^-52 with k the upper 52 bits of the word: in the open interval, symmetric about 1/2.

    Examples
    --------
    >>> whole = uniforms(1, "traffic", 0, 1000)
    >>> part = uniforms(1, "traffic", 501, 503)
    >>> bool((part == whole[501:503]).all())
    True
    """
    out = np.empty(stop - start)
    fill(Stream(seed, name), start, out)
    return out
