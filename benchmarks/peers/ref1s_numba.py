"""REF-1s with the fused kernel; usage: python -m benchmarks.peers.ref1s_numba LOG2. No intervals.

Pick-freeze on scipy's scrambled Sobol' points: Saltelli et al. (2010) and Jansen (1999).
"""

from __future__ import annotations

import numba as nb
import numpy as np
from scipy.stats import qmc

from benchmarks.peers.quantiles import POISSON, Floats
from benchmarks.peers.ref1 import DISCOUNT, THREADS, Clock
from benchmarks.peers.ref1_numba import at_points, laws
from benchmarks.peers.ref1s import INPUTS, report_indices, size

nb.set_num_threads(min(THREADS, nb.config.NUMBA_NUM_THREADS))
TABLES = laws()


def npv(points: Floats) -> Floats:
    """Return npv at points of shape (trials, 12)."""
    results = np.empty((3, len(points)))
    at_points(points, TABLES, POISSON, DISCOUNT, results)
    return results[1]


npv(np.full((600, INPUTS), 0.5))
clock = Clock()
points = qmc.Sobol(2 * INPUTS, bits=52, rng=np.random.default_rng(1)).random(size())
first, second = points[:, :INPUTS].copy(), points[:, INPUTS:].copy()
a, b = npv(first), npv(second)
both = np.concatenate([a, b])
mean, variance = both.mean(), both.var()
alone, total = [], []
for column in range(INPUTS):
    kept = first[:, column].copy()
    first[:, column] = second[:, column]
    x = npv(first)
    alone.append(np.mean((b - mean) * (x - a)) / variance)
    total.append(np.mean((x - a) ** 2) / 2 / variance)
    first[:, column] = kept
report_indices("numba by hand", clock, alone, total)
