"""REF-1s with SALib; usage: python -m benchmarks.peers.ref1s_salib LOG2.

It knows no beta and no Poisson, so its points are those of the unit cube and the quantiles are tables and scipy's. Its
intervals are a bootstrap of 100.
"""

from __future__ import annotations

import numpy as np
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as design

from benchmarks.peers.ref1 import Clock, measures
from benchmarks.peers.ref1_blocked import inputs
from benchmarks.peers.ref1s import INPUTS, report_indices, size

SMALLEST = 1e-15

clock = Clock()
problem = {"num_vars": INPUTS, "names": [f"x{k}" for k in range(INPUTS)], "bounds": [[0, 1]] * INPUTS}
points = np.clip(design.sample(problem, size(), calc_second_order=False, seed=1), SMALLEST, 1 - SMALLEST)
values = measures(inputs(np.ascontiguousarray(points.T)))[1]
indices = analysis.analyze(problem, values, calc_second_order=False, num_resamples=100, seed=1)
report_indices("SALib", clock, indices["S1"], indices["ST"])
