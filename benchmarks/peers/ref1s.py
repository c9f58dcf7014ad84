"""REF-1s, Sobol' indices of npv: what its scripts share. Their argument is the base 2 logarithm of the base sample."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import numpy as np

from benchmarks.peers.ref1 import Clock

INPUTS = 12


def size() -> int:
    """Return the size of the base sample."""
    return 1 << int(sys.argv[1])


def report_indices(system: str, clock: Clock, first: Sequence[float], total: Sequence[float]) -> None:
    """Print the indices and the seconds on `clock`."""
    indices = {"first": np.round(first, 5).tolist(), "total": np.round(total, 5).tolist()}
    print(json.dumps({"system": system, "trials": (INPUTS + 2) * size(), **clock(), "found": indices}))
