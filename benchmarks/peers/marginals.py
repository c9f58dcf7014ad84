"""The twelve inputs as OpenTURNS' distributions; iterations are less 1."""

from __future__ import annotations

import numpy as np
import openturns as ot

from benchmarks.peers.ref1 import SIGMA_VOLUME, pert_shapes


def pert(low: float, mode: float, high: float) -> ot.Distribution:
    """Return a PERT as the beta that it is."""
    return ot.Beta(*pert_shapes(low, mode, high), low, high)


def marginals() -> list[ot.Distribution]:
    """Return the inputs in the order of the case file."""
    return [
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
