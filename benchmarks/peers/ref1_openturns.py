"""REF-1 with OpenTURNS' joint distribution; usage: python -m benchmarks.peers.ref1_openturns TRIALS [ref1c].

Sampling is its own (threaded C++); the months are numpy's through its vectorised Python function.
"""

from __future__ import annotations

import numpy as np
import openturns as ot

from benchmarks.peers.marginals import marginals
from benchmarks.peers.ref1 import SPEARMAN, Clock, correlated, measures, report, trials


def ledger(points: object) -> np.ndarray:
    """Return the three measures, shape (trials, 3)."""
    inputs = np.asarray(points).T.copy()
    inputs[7] += 1
    return np.stack(measures(inputs), 1)


clock = Clock()
ot.RandomGenerator.SetSeed(1)
joint = ot.JointDistribution(marginals())
if correlated():
    ranks = ot.CorrelationMatrix(12)
    for (i, j), rank in SPEARMAN.items():
        ranks[i, j] = rank
    copula = ot.NormalCopula(ot.NormalCopula.GetCorrelationFromSpearmanCorrelation(ranks))
    joint = ot.JointDistribution(marginals(), copula)
sample = joint.getSample(trials())
results = np.asarray(ot.PythonFunction(12, 3, func_sample=ledger)(sample))
report("openturns", clock, np.ascontiguousarray(results.T))
