"""Slow scalar twins of the fast quantile functions: one draw, Python floats, same operations."""

from __future__ import annotations

import math

from payback.distributions.inversion.cubic_table import Table
from payback.distributions.inversion.step_table import Steps
from payback.distributions.inversion.tail_cells import OCTAVES, size


def by_table(table: Table, u: float) -> float:
    """Return the quantile at `u`, with the cell found by arithmetic on the octave."""
    v = max(min(u, 1.0 - u), 2.0 ** -(OCTAVES + 1))
    mantissa, exponent = math.frexp(v)
    cells = 1 << table.bits
    within = (2.0 * mantissa - 1.0) * cells
    cell = math.floor(within)
    index = (exponent + OCTAVES) * cells + cell + (size(table.bits) if u > 0.5 else 0)
    t = (within - cell) / cells
    c0, c1, c2, c3 = (float(power[index]) for power in table.coefficients)
    return ((c3 * t + c2) * t + c1) * t + c0


def by_steps(steps: Steps, u: float) -> float:
    """Return the quantile at `u` by counting thresholds."""
    return float(steps.values[sum(u > threshold for threshold in steps.thresholds)])
