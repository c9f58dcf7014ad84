"""Latin hypercube points in 16 interleaved replicates, block by block.

Trial i is point i // 16 of replicate i % 16, as with Sobol' points. Each replicate of n points is a Latin
hypercube of its own: on every axis, point j lies in stratum pi(j) of n equal strata, at a random place, and pi
is a random permutation of 0 .. n - 1. A permutation is never written down: it is a keyed bijection, a Feistel
network on pairs (left, right) of about sqrt(n) values each, whose rounds add random functions of the one to the
other; a pair beyond n - 1 is sent through again. The random functions are tables of keyed words, so that an axis
needs memory for 128 sqrt(n) numbers and any block costs the same.

References
----------
M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21(2), 239-245 (1979), doi:10.1080/00401706.1979.10489755.
A. B. Owen, "A central limit theorem for Latin hypercube sampling", J. R. Statist. Soc. B 54(2), 541-551 (1992),
doi:10.1111/j.2517-6161.1992.tb01895.x (only replicates tell the error of one such sample).
M. Luby, C. Rackoff, "How to construct pseudorandom permutations from pseudorandom functions", SIAM J. Comput.
17(2), 373-386 (1988), doi:10.1137/0217022.
J. Patarin, "Security of random Feistel schemes with 5 or more rounds", CRYPTO 2004, 106-122,
doi:10.1007/978-3-540-28628-8_7.
J. Black, P. Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002, 114-130, doi:10.1007/3-540-45760-7_9
(the network on pairs of unequal halves, and walking on until the result lies in the domain).
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from payback.simulator.cube.sobol import REPLICATES
from payback.simulator.cube.streams import words

MOST_TRIALS = 2**34

_ROUNDS = 8
_SMALL, _SMALL_ROUNDS = 1_024, 16  # two points whose one half is equal stay related as 1 / sqrt(n) to the rounds
_PLACE_BITS = 50  # of stratum and place together: their sum and its quotient by n keep the stratum when rounded
_STRIP = 8_192
_KEPT_AXES = 64

_LANE = REPLICATES - 1
_SHIFT = REPLICATES.bit_length() - 1


def rounds(points: int) -> int:
    """Return the number of rounds that mix `points` points a replicate."""
    return _SMALL_ROUNDS if points < _SMALL else _ROUNDS


@lru_cache(maxsize=_KEPT_AXES)
def _network(key: int, points: int) -> tuple[int, int, tuple[NDArray[np.int64], ...]]:
    """Return the sizes of the halves and the round functions, tables of 16 entries a value of the other half.

    Values are held as multiples of 16, so that a half carries its replicate in its low digits.
    """
    left = math.isqrt(points - 1) + 1
    right = -(-points // left)
    tables, start = [], 0
    for round_ in range(rounds(points)):
        rows, modulus = (right, left) if round_ % 2 == 0 else (left, right)
        chance = words(key, start, start + rows * REPLICATES) >> np.uint64(32)
        start += rows * REPLICATES
        values = (chance * np.uint64(modulus)) >> np.uint64(32) << np.uint64(_SHIFT)
        values.setflags(write=False)
        tables.append(values.view(np.int64))
    return left, right, tuple(tables)


def strata(key: int, points: int, trials: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the strata of trials, shape (n,): in each replicate a permutation of 0 .. `points` - 1.

    Parameters
    ----------
    key : int
        Selects the permutations.
    points : int
        Points of each replicate.
    trials : ndarray of int, shape (n,)
        Indices of trials.
    """
    left, right, tables = _network(key, points)
    lane = trials & _LANE
    stratum = _through(left, right, tables, trials >> _SHIFT, lane)
    outside = np.flatnonzero(stratum >= points)
    while outside.size:
        stratum[outside] = _through(left, right, tables, stratum[outside], lane[outside])
        outside = outside[stratum[outside] >= points]
    return stratum


def _through(
    left: int, right: int, tables: tuple[NDArray[np.int64], ...], value: NDArray[np.int64], lane: NDArray[np.int64]
) -> NDArray[np.int64]:
    high, low = np.divmod(value, right)
    high = high << _SHIFT | lane
    low = low << _SHIFT | lane
    added = np.empty_like(high)
    for round_, table in enumerate(tables):
        half, other, size = (high, low, left) if round_ % 2 == 0 else (low, high, right)
        np.take(table, other, out=added, mode="clip")
        half += added
        np.subtract(half, size << _SHIFT, out=added)
        # modulo: as whole numbers without sign, a negative difference is the larger of the two
        np.minimum(half.view(np.uint64), added.view(np.uint64), out=half.view(np.uint64))
    return np.asarray((high >> _SHIFT) * right + (low >> _SHIFT))


def fill(key: int, jitter_key: int, points: int, start: int, out: NDArray[np.float64]) -> None:
    """Write an axis from trial `start` on into `out`, contiguous, shape (trials,).

    Parameters
    ----------
    key, jitter_key : int
        The keys of the permutations, and of the positions within strata.
    points : int
        Of each replicate.
    """
    digits = _PLACE_BITS - (points - 1).bit_length()
    for first in range(start, start + len(out), _STRIP):
        stop = min(first + _STRIP, start + len(out))
        strip = out[first - start : stop - start]
        np.add(words(jitter_key, first, stop) >> np.uint64(64 - digits), 0.5, out=strip)
        strip *= 2.0**-digits
        strip += strata(key, points, np.arange(first, stop))
        strip /= points
