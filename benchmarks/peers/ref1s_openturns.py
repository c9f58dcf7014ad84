"""REF-1s with OpenTURNS; usage: python -m benchmarks.peers.ref1s_openturns LOG2.

Uniform sampling, as is its default.
"""

from __future__ import annotations

import numpy as np
import openturns as ot

from benchmarks.peers.marginals import marginals
from benchmarks.peers.ref1 import Clock, measures
from benchmarks.peers.ref1s import INPUTS, report_indices, size


def npv(points: object) -> np.ndarray:
    """Return npv, shape (trials, 1)."""
    inputs = np.asarray(points).T.copy()
    inputs[7] += 1
    return measures(inputs)[1][:, None]


clock = Clock()
ot.RandomGenerator.SetSeed(1)
design = ot.SobolIndicesExperiment(ot.JointDistribution(marginals()), size()).generate()
values = ot.PythonFunction(INPUTS, 1, func_sample=npv)(design)
analysis = ot.SaltelliSensitivityAlgorithm(design, values, size())
analysis.setUseAsymptoticDistribution(True)
analysis.getFirstOrderIndicesInterval()
report_indices("openturns", clock, list(analysis.getFirstOrderIndices()), list(analysis.getTotalOrderIndices()))
