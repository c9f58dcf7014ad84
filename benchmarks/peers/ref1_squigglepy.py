"""REF-1 with squigglepy's samplers; usage: python -m benchmarks.peers.ref1_squigglepy TRIALS [ref1c].

Its clips are not truncations, so growth outside its bounds is redrawn (clipped where that would lose the ranks); months
are numpy's. `correlate` reorders ranks, acts on normal scores, and refuses a Poisson for its ties: iterations are then
a uniform and the quantiles of one.
"""

from __future__ import annotations

import numpy as np
import squigglepy as sq
from scipy.special import pdtr

from benchmarks.peers.ref1 import SIGMA_VOLUME, Clock, correlated, correlation, measures, report, trials

clock = Clock()
n = trials()
sq.set_seed(1)
distributions = [
    sq.lognorm(norm_mean=np.log(1e5), norm_sd=SIGMA_VOLUME),
    sq.norm(mean=0.02, sd=0.03),
    sq.pert(0.001, 0.005, 0.010),
    0.8 * sq.beta(2, 5),
    sq.lognorm(norm_mean=np.log(0.0012), norm_sd=0.5),
    sq.triangular(8.3, 10.4, 30),
    sq.uniform(0.9, 2.5),
    1 + sq.poisson(1.2),
    sq.lognorm(norm_mean=np.log(40), norm_sd=0.6),
    sq.triangular(60, 90, 160),
    sq.pert(80, 100, 250),
    sq.pert(20, 60, 200),
]
if correlated():
    distributions[7] = sq.uniform(0, 1)
    matrix = correlation()
    distributions[:3] = sq.correlate(tuple(distributions[:3]), matrix[:3, :3])
    distributions[5], distributions[7] = sq.correlate((distributions[5], distributions[7]), matrix[5, 7])
inputs = [np.asarray(sq.sample(d, n=n), dtype=float) for d in distributions]
if correlated():
    inputs[1] = np.clip(inputs[1], -0.10, 0.15)
    inputs[7] = 1 + np.searchsorted(pdtr(np.arange(25), 1.2), inputs[7])
while (outside := np.flatnonzero((inputs[1] < -0.10) | (inputs[1] > 0.15))).size:
    inputs[1][outside] = sq.sample(distributions[1], n=outside.size)
report("squigglepy", clock, measures(inputs))
