"""Compiled counting of trials, and where it is used in place of numpy's.

It gives the counts of `Tally` and the bits of `leaf_sums` in `payback.simulator.statistics.samples`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.compiled.count_code import ADD_PARAMETERS, add_text
from payback.simulator.engine.compiled.llvm import code_cache
from payback.simulator.engine.compiled.packed_tally import PackedTally
from payback.simulator.statistics import AddLeaves, Grid, Tally, TrialCounter

PAYS = 2**21
"""Number of values from which on it pays to load the compiler: numpy counts so many in the time of compiling."""


@dataclass(frozen=True)
class Counter:
    """What counts trials by cell and adds up powers of their values: numpy, unless other functions are given.

    Parameters
    ----------
    make : callable
        Creates the counter of trials of a grid and a number of groups.
    add : AddLeaves, optional
    """

    make: Callable[[Grid, int], TrialCounter] = Tally
    add: AddLeaves | None = None


def counter(values: int) -> Counter:
    """Return what counts `values` numbers: numpy if llvmlite is missing or loading it would not pay."""
    if values < PAYS or find_spec("llvmlite") is None:
        return Counter()
    return compiled()


def compiled() -> Counter:
    """Return compiled counting, which needs llvmlite."""
    return Counter(PackedTally, add)


def add(values: NDArray[np.float64], centre: float, rate: float, sums: NDArray[np.float64]) -> None:
    """Write the sums of the powers of whole leaves; see `payback.simulator.statistics.samples.power_sums.AddLeaves`.

    The number of groups must be a multiple of 8.
    """
    leaves, _, groups = sums.shape
    contiguous = np.ascontiguousarray(values)
    _add_function()(leaves, groups, centre, rate, contiguous.ctypes.data, sums.ctypes.data)


@cache
def _add_function() -> ctypes._FuncPointer:
    return code_cache.function(add_text(), "add", ADD_PARAMETERS)
