"""REF-1 with scipy's frozen distributions and pandas; usage: python -m benchmarks.peers.ref1_scipy TRIALS."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.peers.frozen import inputs
from benchmarks.peers.ref1 import Clock, measures, report, trials

clock = Clock()
rng = np.random.default_rng(1)
frame = pd.DataFrame({name: law.rvs(trials(), random_state=rng) for name, law in inputs().items()})
results = measures([frame[name].to_numpy(dtype=float) for name in frame])
report("scipy and pandas", clock, results)
