"""The counting of trials as compiled code: the cells of `Tally.add`, trial by trial, to the same counts.

Every float operation is the one of `simulator.statistics.grid`, in the same order and without contraction.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.statistics import Count

PAYS = 2**26
"""Values from which on it pays to load the compiler for this."""

STRIP = 4096


def counter(values: int) -> Count | None:
    """Return compiled counting for so many `values`; None where numba is not installed, or would not pay."""
    if values < PAYS or find_spec("numba") is None:
        return None
    return compiled()


@cache
def compiled() -> Count:
    """Return compiled counting, which needs numba."""
    numba: Any = import_module("numba")
    found: Callable[..., None] = numba.njit(nogil=True, cache=True)(_count)
    return found


def _count(
    values: NDArray[np.float64],
    start: int,
    frame: tuple[float, float],
    layout: tuple[int, int, int],
    table: NDArray[np.int16],
    anchors: NDArray[np.float64],
    tracked: NDArray[np.bool_],
    counts: NDArray[np.int64],
    lows: NDArray[np.float64],
    highs: NDArray[np.float64],
    never: NDArray[np.int64],
    undefined: NDArray[np.int64],
) -> None:
    centre, rate = frame
    keys, shift, first = layout
    groups = never.size
    group = (start - 1) % groups
    y = np.empty(STRIP)
    bits = y.view(np.int64)
    side = np.empty(STRIP, np.int64)
    for begin in range(0, values.size, STRIP):
        size = min(STRIP, values.size - begin)
        for i in range(size):
            y[i] = (values[begin + i] - centre) * rate
        for i in range(size):
            side[i] = bits[i] >> 63
        for i in range(size):
            y[i] = abs(y[i]) + 1.0
        for i in range(size):
            side[i] ^= min((bits[i] >> shift) - first, keys - 1)
        for i in range(size):
            x = values[begin + i]
            group += 1
            if group == groups:
                group = 0
            if x != x:  # noqa: PLR0124 - NaN
                undefined[group] += 1
            elif x == np.inf:
                never[group] += 1
            else:
                key = side[i]
                triple = np.int64(table[key if key >= 0 else key + 2 * keys])
                anchor = anchors[triple]
                cell = 3 * triple + (x >= anchor) + (x > anchor)
                counts[cell, group] += 1
                if tracked[cell]:
                    lows[cell] = min(lows[cell], x + 0.0)
                    highs[cell] = max(highs[cell], x + 0.0)
