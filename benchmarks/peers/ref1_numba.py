"""REF-1 as one fused numba kernel by hand; usage: python -m benchmarks.peers.ref1_numba TRIALS [ref1c].

Counters through SplitMix64, quantile tables, months, in strips of 512 trials that the threads share: about what the
machine can do. Compiled code is kept between runs, and its loading is not counted inside.

References
----------
Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators, doi:10.1145/2660193.2660195.
"""

from __future__ import annotations

import math
from functools import partial

import numba as nb
import numpy as np

from benchmarks.peers.quantiles import CELLS, FIRST, POISSON, SHIFT, Floats, normal, tables
from benchmarks.peers.ref1 import DISCOUNT, THREADS, Clock, correlated, correlation, report, trials

STRIP = 512
CHUNK = 16
MASK, SCALE = (1 << SHIFT) - 1, 2.0**-SHIFT
TABLED = (0, 1, 2, 3, 4, 8, 10, 11)
GAMMA = np.uint64(0x9E3779B97F4A7C15)
M1, M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
njit = partial(nb.njit, cache=True, fastmath={"contract", "nsz", "arcp"})


@njit(inline="always")
def mixed(z):
    """Return the bits of a counter, mixed."""
    z = (z ^ (z >> np.uint64(30))) * M1
    z = (z ^ (z >> np.uint64(27))) * M2
    return z ^ (z >> np.uint64(31))


@njit
def draw(seed, first, axis, u):
    """Write the coordinates of an axis from trial `first` on."""
    for i in range(u.size):
        z = mixed(seed + (np.uint64(first + i) * np.uint64(16) + np.uint64(axis)) * GAMMA)
        u[i] = (np.float64(np.int64(z >> np.uint64(12))) + 0.5) * 2.0**-52


@njit
def quantile(table, u, v, x):
    """Write quantiles by a table of shape (2 CELLS, 4); `v` is for work."""
    for i in range(u.size):
        v[i] = min(u[i], 1.0 - u[i])
    bits = v.view(np.int64)
    for i in range(u.size):
        k = min((bits[i] >> SHIFT) - FIRST, CELLS - 1) + (CELLS if u[i] >= 0.5 else 0)
        t = np.float64(bits[i] & MASK) * SCALE
        x[i] = ((table[k, 3] * t + table[k, 2]) * t + table[k, 1]) * t + table[k, 0]


@njit
def triangular(u, x, low, mode, high):
    """Write quantiles of a triangular distribution."""
    split, rising, falling = (mode - low) / (high - low), (high - low) * (mode - low), (high - low) * (high - mode)
    for i in range(u.size):
        x[i] = low + math.sqrt(rising * u[i]) if u[i] < split else high - math.sqrt(falling * (1.0 - u[i]))


@njit
def invert(u, x, v, laws, poisson):
    """Write the twelve inputs at coordinates `u`, both of shape (12, trials)."""
    for k in range(len(TABLED)):
        quantile(laws[k], u[TABLED[k]], v, x[TABLED[k]])
    triangular(u[5], x[5], 8.3, 10.4, 30.0)
    triangular(u[9], x[9], 60.0, 90.0, 160.0)
    for i in range(u.shape[1]):
        x[6, i] = 0.9 + 1.6 * u[6, i]
        x[7, i] = 1.0
    for k in range(poisson.size):
        for i in range(u.shape[1]):
            x[7, i] += 1.0 if u[7, i] > poisson[k] else 0.0


@njit
def months(income, cost, upkeep, grow, both, upfront, discount, cumulative, npv, before, paid, hit):
    """Run the months; `hit` is the month of the first crossing, 0 for none."""
    for i in range(upfront.size):
        cumulative[i] = npv[i] = -upfront[i]
        hit[i] = before[i] = 0.0
        paid[i] = 1.0
    for month in range(discount.size):
        factor, number = discount[month], np.float64(month + 1)
        for i in range(upfront.size):
            net = income[i] - cost[i] - upkeep[i]
            income[i] *= both[i]
            cost[i] *= grow[i]
            start = cumulative[i]
            end = start + net
            cumulative[i] = end
            npv[i] += factor * net
            first = (end >= 0.0) & (hit[i] == 0.0)
            hit[i] = number if first else hit[i]
            before[i] = start if first else before[i]
            paid[i] = net if first else paid[i]


@njit
def ledger(x, w, discount, results, offset):
    """Write payback, npv and roi of inputs `x`, shape (12, trials); `w` is for work."""
    income, cost, grow, both, upfront, cumulative, npv, before, paid, hit = (
        w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9],
    )  # fmt: skip
    for i in range(x.shape[1]):
        both[i] = math.exp(math.log(1.0 - x[3, i]) * (1.0 / 12.0))
    for i in range(x.shape[1]):
        upfront[i] = x[10, i] + 1.2 * x[5, i] * x[6, i] * x[7, i] + x[8, i] * x[9, i]
        income[i], cost[i] = x[0, i] * x[2, i], x[0, i] * x[4, i]
        grow[i] = 1.0 + x[1, i]
        both[i] *= grow[i]
    months(income, cost, x[11], grow, both, upfront, discount, cumulative, npv, before, paid, hit)
    for i in range(min(x.shape[1], results.shape[1] - offset)):
        results[0, offset + i] = (hit[i] - 1.0) - before[i] / paid[i] if hit[i] > 0.0 else np.inf
        results[1, offset + i] = npv[i]
        results[2, offset + i] = cumulative[i] / upfront[i]


@njit
def couple(u, v, z, scores, factor):
    """Couple the axes of REF-1c, in place."""
    for k in range(3):
        quantile(scores, u[k], v, z[k])
    quantile(scores, u[5], v, z[3])
    quantile(scores, u[7], v, z[4])
    half = 0.7071067811865476
    for i in range(u.shape[1]):
        a, b, c, d, e = z[0, i], z[1, i], z[2, i], z[3, i], z[4, i]
        u[1, i] = 0.5 * math.erfc(-half * (factor[1, 0] * a + factor[1, 1] * b))
        u[2, i] = 0.5 * math.erfc(-half * (factor[2, 0] * a + factor[2, 1] * b + factor[2, 2] * c))
        u[7, i] = 0.5 * math.erfc(-half * (factor[7, 5] * d + factor[7, 7] * e))


@njit(parallel=True)
def simulate(seed, laws, poisson, discount, scores, factor, coupled, results):
    """Write the measures of independent trials, shape (3, trials)."""
    n, chunk = results.shape[1], CHUNK * STRIP
    for c in nb.prange((n + chunk - 1) // chunk):
        u, x, w = np.empty((12, STRIP)), np.empty((12, STRIP)), np.empty((11, STRIP))
        z = np.empty((5, STRIP))
        for first in range(c * chunk, min(n, (c + 1) * chunk), STRIP):
            for axis in range(12):
                draw(seed, first, axis, u[axis])
            if coupled:
                couple(u, w[10], z, scores, factor)
            invert(u, x, w[10], laws, poisson)
            ledger(x, w, discount, results, first)


@njit(parallel=True)
def at_points(points, laws, poisson, discount, results):
    """Write the measures at points of the unit cube, shape (trials, 12)."""
    n, chunk = results.shape[1], CHUNK * STRIP
    for c in nb.prange((n + chunk - 1) // chunk):
        u, x, w = np.full((12, STRIP), 0.5), np.empty((12, STRIP)), np.empty((11, STRIP))
        for first in range(c * chunk, min(n, (c + 1) * chunk), STRIP):
            m = min(STRIP, n - first)
            for i in range(m):
                for axis in range(12):
                    u[axis, i] = min(max(points[first + i, axis], 1.2e-16), 1.0 - 1.2e-16)
            invert(u, x, w[10], laws, poisson)
            ledger(x, w, discount, results, first)


def laws() -> Floats:
    """Return the tables in the order of `TABLED`, shape (8, 2 CELLS, 4)."""
    of_input = tables()
    return np.stack([np.ascontiguousarray(of_input[k].T) for k in TABLED])


def main() -> None:
    """Load or compile, run, and report."""
    n = trials()
    nb.set_num_threads(min(THREADS, nb.config.NUMBA_NUM_THREADS))
    scores, factor = np.ascontiguousarray(normal().T), np.linalg.cholesky(correlation())
    fixed = laws(), POISSON, DISCOUNT, scores, factor, correlated()
    simulate(np.uint64(7), *fixed, np.empty((3, 2_000)))
    clock = Clock()
    results = np.empty((3, n))
    simulate(np.uint64(1), *fixed, results)
    report("numba by hand", clock, tuple(results))


if __name__ == "__main__":
    main()
