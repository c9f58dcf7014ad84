"""The counting of trials as compiled code, where it pays."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from payback.simulator.statistics import AddLeaves, Count

PAYS = 2**23
"""Values from which on it pays to load the compiler for this."""


@dataclass(frozen=True)
class Counter:
    """What counts trials by cell, and what adds up their powers; None: numpy."""

    count: Count | None = None
    add: AddLeaves | None = None


def counter(values: int) -> Counter:
    """Return compiled counting for so many `values`; numpy's where llvmlite is not installed, or would not pay."""
    if values < PAYS or find_spec("llvmlite") is None:
        return Counter()
    return compiled()


def compiled() -> Counter:
    """Return compiled counting, which needs llvmlite."""
    from payback.simulator.engine.compiled.counts import count
    from payback.simulator.engine.compiled.leaves import add

    return Counter(count, add)
