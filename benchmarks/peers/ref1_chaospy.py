"""REF-1 with chaospy's joint distribution; usage: python -m benchmarks.peers.ref1_chaospy TRIALS [ref1c].

It ships no Poisson, so iterations are a uniform and the quantiles of one; its copula is Nataf's.
"""

from __future__ import annotations

import math

import chaospy as cp
import numpy as np

from benchmarks.peers.ref1 import SIGMA_VOLUME, Clock, correlated, correlation, measures, pert_shapes, report, trials

clock = Clock()
POISSON = np.exp(-1.2) * np.cumsum([1.2**k / math.factorial(k) for k in range(25)])


def pert(low: float, mode: float, high: float) -> cp.Distribution:
    """Return a PERT as the beta that it is."""
    return cp.Beta(*pert_shapes(low, mode, high), low, high)


joint = cp.J(
    cp.LogNormal(np.log(1e5), SIGMA_VOLUME),
    cp.TruncNormal(-0.10, 0.15, 0.02, 0.03),
    pert(0.001, 0.005, 0.010),
    cp.Beta(2, 5, 0, 0.8),
    cp.LogNormal(np.log(0.0012), 0.5),
    cp.Triangle(8.3, 10.4, 30),
    cp.Uniform(0.9, 2.5),
    cp.Uniform(0, 1),
    cp.LogNormal(np.log(40), 0.6),
    cp.Triangle(60, 90, 160),
    pert(80, 100, 250),
    pert(20, 60, 200),
)
if correlated():
    joint = cp.Nataf(joint, correlation())
inputs = list(joint.sample(trials(), seed=1))
inputs[7] = 1 + np.searchsorted(POISSON, np.clip(inputs[7], 0, 1 - 1e-16))
report("chaospy", clock, measures(inputs))
