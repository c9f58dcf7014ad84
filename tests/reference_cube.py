"""Slow twins of the cube: one trial and one axis at a time, in Python numbers."""

from __future__ import annotations

import math
from statistics import NormalDist

from payback.simulator.cube.sobol import directions
from payback.simulator.cube.streams import Stream, words

BITS = 52
REPLICATES = 16


def coordinate(fraction: int) -> float:
    """(k + 1/2) 2^-52."""
    return (fraction + 0.5) * 2.0**-BITS


def keyed(seed: int, name: str, trial: int) -> float:
    """One coordinate of a keyed stream."""
    return coordinate(int(words(Stream(seed, name).key(), trial, trial + 1)[0]) >> 12)


def digits(fraction: int) -> list[int]:
    """Binary digits, the first after the point first."""
    return [fraction >> (BITS - 1 - i) & 1 for i in range(BITS)]


def sobol(seed: int, name: str, dimension: int, trial: int) -> float:
    """One scrambled Sobol' coordinate: L (V g(n)) + s, digit by digit."""
    point, replicate = divmod(trial, REPLICATES)
    gray = point ^ (point >> 1)
    plain = [0] * BITS
    for j, number in enumerate(directions(dimension)):
        if gray >> j & 1:
            plain = [a ^ b for a, b in zip(plain, digits(number), strict=True)]
    chance = words(Stream(seed, name).key("scramble"), 0, (BITS + 1) * REPLICATES).reshape(BITS + 1, REPLICATES)
    shift, *below = [digits(int(row) >> 12) for row in chance[:, replicate]]
    mixed = []
    for i in range(BITS):
        row = [below[j][i] for j in range(i)] + [1]
        mixed.append((sum(a & b for a, b in zip(row, plain, strict=False)) + shift[i]) % 2)
    return coordinate(sum(digit << (BITS - 1 - i) for i, digit in enumerate(mixed)))


def coupled(correlation: list[list[float]], u: list[float]) -> list[float]:
    """One trial through the Gaussian copula, by the textbook Cholesky recursion."""
    normal, size = NormalDist(), len(u)
    factor = [[0.0] * size for _ in range(size)]
    for j in range(size):
        for i in range(j + 1):
            rest = correlation[j][i] - sum(factor[j][k] * factor[i][k] for k in range(i))
            factor[j][i] = math.sqrt(rest) if i == j else rest / factor[i][i]
    innovations = [normal.inv_cdf(value) for value in u]
    return [normal.cdf(sum(factor[j][i] * innovations[i] for i in range(j + 1))) for j in range(size)]


def latin(seed: int, name: str, trials: int, trial: int) -> float:
    """One Latin hypercube coordinate: the stratum by Feistel rounds on whole numbers, then the place in it."""
    points, (point, replicate) = trials // REPLICATES, divmod(trial, REPLICATES)
    left = math.isqrt(points - 1) + 1
    right = -(-points // left)
    key, stratum = Stream(seed, name).key("strata"), points
    while stratum >= points:
        high, low = divmod(point, right)
        row = 0
        for round_ in range(16 if points < 1024 else 8):
            rows, modulus, other = (right, left, low) if round_ % 2 == 0 else (left, right, high)
            position = (row + other) * REPLICATES + replicate
            added = (int(words(key, position, position + 1)[0]) >> 32) * modulus >> 32
            high, low = ((high + added) % left, low) if round_ % 2 == 0 else (high, (low + added) % right)
            row += rows
        stratum = point = high * right + low
    kept = 50 - (points - 1).bit_length()
    position = int(words(Stream(seed, name).key(), trial, trial + 1)[0]) >> (64 - kept)
    return (stratum + (position + 0.5) * 2.0**-kept) / points
