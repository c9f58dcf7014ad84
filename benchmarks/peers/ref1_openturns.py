"""REF-1 with OpenTURNS' joint distribution; usage: python -m benchmarks.peers.ref1_openturns TRIALS.

Sampling is its own (threaded C++); the months are numpy's through its vectorised Python function.
"""

from __future__ import annotations

import time

import numpy as np
import openturns as ot

from benchmarks.peers.ref1 import SIGMA_VOLUME, measures, pert_shapes, report, trials


def pert(low: float, mode: float, high: float) -> ot.Distribution:
    """Return a PERT as the beta that it is."""
    return ot.Beta(*pert_shapes(low, mode, high), low, high)


def ledger(points: object) -> np.ndarray:
    """Return the three measures, shape (trials, 3)."""
    inputs = np.asarray(points).T.copy()
    inputs[7] += 1
    return np.stack(measures(inputs), 1)


started = time.perf_counter()
n = trials()
ot.RandomGenerator.SetSeed(1)
joint = ot.JointDistribution(
    [
        ot.LogNormal(np.log(1e5), SIGMA_VOLUME, 0),
        ot.TruncatedDistribution(ot.Normal(0.02, 0.03), -0.10, 0.15),
        pert(0.001, 0.005, 0.010),
        ot.Beta(2, 5, 0, 0.8),
        ot.LogNormal(np.log(0.0012), 0.5, 0),
        ot.Triangular(8.3, 10.4, 30),
        ot.Uniform(0.9, 2.5),
        ot.Poisson(1.2),
        ot.LogNormal(np.log(40), 0.6, 0),
        ot.Triangular(60, 90, 160),
        pert(80, 100, 250),
        pert(20, 60, 200),
    ]
)
sample = joint.getSample(n)
found = np.asarray(ot.PythonFunction(12, 3, func_sample=ledger)(sample))
report("openturns", started, np.ascontiguousarray(found.T))
