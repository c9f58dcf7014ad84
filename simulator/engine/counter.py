"""The counting of trials as compiled code, where it pays."""

from __future__ import annotations

from importlib.util import find_spec

from simulator.statistics import Count

PAYS = 2**23
"""Values from which on it pays to load the compiler for this."""


def counter(values: int) -> Count | None:
    """Return compiled counting for so many `values`; None where llvmlite is not installed, or would not pay."""
    if values < PAYS or find_spec("llvmlite") is None:
        return None
    return compiled()


def compiled() -> Count:
    """Return compiled counting, which needs llvmlite."""
    from simulator.engine.kernel.counts import count

    return count
