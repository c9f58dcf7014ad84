"""REF-1 with squigglepy's samplers; usage: python -m benchmarks.peers.ref1_squigglepy TRIALS.

Its clips are not truncations, so growth outside its bounds is redrawn; months are numpy's.
"""

from __future__ import annotations

import time

import numpy as np
import squigglepy as sq

from benchmarks.peers.ref1 import SIGMA_VOLUME, measures, report, trials

started = time.perf_counter()
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
inputs = [np.asarray(sq.sample(d, n=n), dtype=float) for d in distributions]
while (outside := np.flatnonzero((inputs[1] < -0.10) | (inputs[1] > 0.15))).size:
    inputs[1][outside] = sq.sample(distributions[1], n=outside.size)
report("squigglepy", started, measures(inputs))
