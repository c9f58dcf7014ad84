"""REF-1 in hand-tuned numpy; usage: python -m benchmarks.peers.ref1_blocked TRIALS [BLOCK].

Uniforms, quantile tables, and the months as a loop over blocks that two threads share: about what numpy can do.
"""

from __future__ import annotations

import math
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.peers.quantiles import CELLS, FIRST, POISSON, SHIFT, Floats, tables
from benchmarks.peers.ref1 import DISCOUNT, MONTHS, THREADS, Clock, report, trials

TABLES = tables()
SMALLEST, LARGEST = 2.0**-54, np.nextafter(0.5, 0)


def triangular(u: Floats, low: float, mode: float, high: float) -> Floats:
    """Return quantiles of a triangular distribution."""
    rising, falling = (high - low) * (mode - low), (high - low) * (high - mode)
    lower = low + np.sqrt(rising * u)
    return np.where(u < (mode - low) / (high - low), lower, high - np.sqrt(falling * (1 - u)))


def quantile(table: Floats, u: Floats) -> Floats:
    """Return quantiles by a table."""
    v = np.clip(np.minimum(u, 1 - u), SMALLEST, LARGEST)
    bits = v.view(np.int64)
    cell = (bits >> SHIFT) - FIRST
    cell += CELLS * (u >= 0.5)
    position = (bits & ((1 << SHIFT) - 1)) * 2.0**-SHIFT
    values = table[3].take(cell)
    for row in table[2::-1]:
        values *= position
        values += row.take(cell)
    return values


def inputs(u: Floats) -> list[Floats]:
    """Return the inputs at coordinates of shape (12, trials)."""
    columns = {k: quantile(table, u[k]) for k, table in TABLES.items()}
    columns[5], columns[9] = triangular(u[5], 8.3, 10.4, 30), triangular(u[9], 60, 90, 160)
    columns[6], columns[7] = 0.9 + 1.6 * u[6], 1.0 + np.searchsorted(POISSON, u[7])
    return [columns[k] for k in range(12)]


def run(u: Floats, payback: Floats, npv: Floats, roi: Floats) -> None:
    """Write the measures at coordinates of shape (12, trials)."""
    volume, growth, price, decay, serving, hours, gpu, runs, eng_hours, eng_rate, teacher, upkeep = inputs(u)
    upfront = teacher + 1.2 * hours * gpu * runs + eng_hours * eng_rate
    income, cost, grow = volume * price, volume * serving, 1 + growth
    both = grow * (1 - decay) ** (1 / 12)
    cumulative, after, net, scaled = -upfront, np.empty_like(upfront), np.empty_like(upfront), np.empty_like(upfront)
    alive = np.ones(len(upfront), dtype=bool)
    npv[:] = cumulative
    payback[:] = np.inf
    for month in range(MONTHS):
        np.subtract(income, cost, out=net)
        np.subtract(net, upkeep, out=net)
        np.add(cumulative, net, out=after)
        hit = ((after >= 0) & alive).nonzero()[0]
        if hit.size:
            payback[hit] = month - cumulative[hit] / net[hit]
            alive[hit] = False
        cumulative, after = after, cumulative
        np.multiply(net, DISCOUNT[month], out=scaled)
        npv += scaled
        income *= both
        cost *= grow
    np.divide(cumulative, upfront, out=roi)


def main() -> None:
    """Run on two threads and report."""
    n, block = trials(), int(sys.argv[2]) if len(sys.argv) > 2 else 131_072
    clock = Clock()
    results = np.empty((3, n))
    seeds = np.random.SeedSequence(1).spawn(math.ceil(n / block))

    def work(index: int) -> None:
        chunk = results[:, index * block : (index + 1) * block]
        run(np.random.Generator(np.random.SFC64(seeds[index])).random((12, chunk.shape[1])), *chunk)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(len(seeds))))
    report("numpy by hand", clock, tuple(results))


if __name__ == "__main__":
    main()
