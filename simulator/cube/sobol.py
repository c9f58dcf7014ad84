"""Scrambled Sobol' points in 16 interleaved replicates.

Trial i is point i // 16 of replicate i % 16, so a block of any size holds all replicates evenly. Each
replicate scrambles the same sequence on its own: x_n = L (V g(n)) + s in binary digits, modulo 2, where V
holds the direction numbers of the axis, g(n) is the Gray code of n, L is a random lower triangular matrix
with unit diagonal, and s a random shift. L and s are keyed by (seed, name) and V by the position of the axis,
so no axis depends on which axes come after it.

An aligned block of 2^k points is the first such block XOR one constant, for each axis and replicate: the
first block is kept and any other costs two operations a coordinate.

References
----------
I. M. Sobol', USSR Comput. Math. Math. Phys. 7(4), 86-112 (1967), doi:10.1016/0041-5553(67)90144-9.
I. A. Antonov, V. M. Saleev, the same 19(1), 252-256 (1979), doi:10.1016/0041-5553(79)90085-5 (Gray code).
J. Matousek, "On the L2-discrepancy for anchored boxes", J. Complexity 14, 527-556 (1998),
doi:10.1006/jcom.1998.0489 (linear matrix scramble and digital shift).
S. Joe, F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci.
Comput. 30, 2635-2654 (2008), doi:10.1137/070709359 (direction numbers).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from payback.simulator.cube.streams import BITS, ONE, open_unit, words

REPLICATES = 16
DIMENSIONS = 1024

_BASE_BITS = 11  # 2,048 points x 16 replicates: 256 KiB an axis
_KEPT_BASES = 256
_FEW_DIGITS = 16  # direction numbers for a million trials

_TABLE = Path(__file__).with_name("joe_kuo.txt")


@lru_cache(maxsize=1)
def _table() -> list[str]:
    lines = _TABLE.read_text(encoding="ascii").splitlines()
    return [line for line in lines if not line.startswith("#")]


@lru_cache(maxsize=DIMENSIONS)
def directions(dimension: int) -> tuple[int, ...]:
    """Return the 52 direction numbers of an axis as fractions of 2^52, `dimension` counting from 0.

    Joe and Kuo (2008), equations (2) and (3). In dimension 0, the van der Corput sequence, all m_j are 1.
    """
    polynomial, *initial = map(int, _table()[dimension].split())
    degree = len(initial)
    numbers = [m << (BITS - 1 - j) for j, m in enumerate(initial or [1] * BITS)]
    while len(numbers) < BITS:
        number = numbers[-degree] ^ (numbers[-degree] >> degree)
        for k in range(1, degree):
            if polynomial >> (degree - k) & 1:
                number ^= numbers[-k]
        numbers.append(number)
    return tuple(numbers)


@lru_cache(maxsize=DIMENSIONS)
def scrambled(key: int, dimension: int, digits: int = BITS) -> NDArray[np.uint64]:
    """Return the random shifts (row 0) and the first scrambled direction numbers, shape (1 + digits, 16).

    `key` selects the scramble; columns are replicates. Number j has no binary digit after the first j, so it depends
    on as many rows of chance, and fewer numbers cost less.
    """
    chance = words(key, 0, (digits + 1) * REPLICATES).reshape(digits + 1, REPLICATES) >> np.uint64(64 - BITS)
    weight = np.uint64(1) << np.arange(BITS - 1, BITS - 1 - digits, -1, dtype=np.uint64)[:, None]
    columns = weight | (chance[1:] & (weight - np.uint64(1)))  # of L: 1 on the diagonal, chance below it
    numbers = np.array(directions(dimension)[:digits], dtype=np.uint64)
    present = (numbers[:, None] & weight[:, 0]) != 0
    rows = np.empty_like(chance)
    rows[0] = chance[0]
    np.bitwise_xor.reduce(np.where(present[:, :, None], columns, np.uint64(0)), axis=1, out=rows[1:])
    rows.setflags(write=False)
    return rows


def leading(key: int, dimension: int, digits: int) -> NDArray[np.uint64]:
    """Return `scrambled` with `digits` direction numbers or more."""
    return scrambled(key, dimension, _FEW_DIGITS if digits <= _FEW_DIGITS else BITS)


@lru_cache(maxsize=_KEPT_BASES)
def base(key: int, dimension: int, bits: int) -> NDArray[np.uint64]:
    """Return the first 2^bits points as the bits of floats in [1, 2), shape (2^bits, 16)."""
    rows = leading(key, dimension, bits)
    points = np.empty((1 << bits, REPLICATES), dtype=np.uint64)
    points[0] = rows[0] | ONE
    for j in range(bits):  # the Gray code is reflected: g(2^j + i) = g(2^j - 1 - i) + 2^j
        half = 1 << j
        np.bitwise_xor(points[:half][::-1], rows[1 + j], out=points[half : 2 * half])
    points.setflags(write=False)
    return points


def _constant(key: int, dimension: int, point: int) -> NDArray[np.uint64]:
    """Return the bits that, by XOR, turn the first block into the aligned block from `point` on, shape (16,)."""
    gray = point ^ (point >> 1)
    rows = leading(key, dimension, gray.bit_length())[1:]
    return np.asarray(np.bitwise_xor.reduce(rows[[j for j in range(gray.bit_length()) if gray >> j & 1]], axis=0))


def fill(key: int, dimension: int, start: int, out: NDArray[np.float64]) -> None:
    """Write an axis from trial `start` on into `out`, contiguous, shape (trials,).

    Parameters
    ----------
    key : int
        Selects the scramble.
    dimension : int
        Selects the direction numbers, below `DIMENSIONS`.
    """
    stop = start + len(out)
    first, last = start // REPLICATES, -(-stop // REPLICATES)
    whole = first * REPLICATES == start and last * REPLICATES == stop
    values = out if whole else np.empty((last - first) * REPLICATES)
    bits = values.view(np.uint64).reshape(-1, REPLICATES)
    depth = min(max(last - 1, 0).bit_length(), _BASE_BITS)
    known = base(key, dimension, depth)
    for aligned in range(first >> depth << depth, last, 1 << depth):
        low, high = max(first, aligned), min(last, aligned + (1 << depth))
        points = bits[low - first : high - first]
        np.bitwise_xor(known[low - aligned : high - aligned], _constant(key, dimension, aligned), out=points)
        open_unit(points, out=points.view(np.float64))
    if not whole:
        out[:] = values[start - first * REPLICATES : stop - first * REPLICATES]
