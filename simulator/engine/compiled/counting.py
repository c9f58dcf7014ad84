"""Compiled counting of trials: the cells of a tally, and the sums of powers over leaves.

It gives the counts of `Tally.add` and the bits of `leaf_sums` in `payback.simulator.statistics.samples`.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.compiled.llvm import code_cache
from payback.simulator.engine.compiled.llvm.builder import DOUBLE, POINTER, WHOLE, Function, Module, Value
from payback.simulator.engine.compiled.llvm.target import NARROW
from payback.simulator.statistics import AddLeaves, Count
from payback.simulator.statistics.leaf_moments import LEAF
from payback.simulator.statistics.samples.cell_grid import FIRST, KEYS, PLACE, SHIFT
from payback.simulator.statistics.samples.power_sums import POWERS, ROW

PAYS = 2**23
"""Number of values from which on it pays to load the compiler."""

_ARRAYS = ("values", "table", "anchors", "tracked", "counts", "places", "lows", "highs", "never", "undefined")
_COUNT_PARAMETERS = (
    *((WHOLE, name) for name in ("trials", "group", "groups")),
    *((DOUBLE, name) for name in ("centre", "rate")),
    *((POINTER, name) for name in _ARRAYS),
)
_ADD_PARAMETERS = (
    *((WHOLE, "leaves"), (WHOLE, "groups")),
    *((DOUBLE, "centre"), (DOUBLE, "rate")),
    *((POINTER, "values"), (POINTER, "sums")),
)
_C_TYPES: dict[str, type[ctypes._SimpleCData[Any]]] = {
    WHOLE: ctypes.c_int64,
    DOUBLE: ctypes.c_double,
    POINTER: ctypes.c_void_p,
}


@dataclass(frozen=True)
class Counter:
    """The compiled functions that count trials by cell and add up powers of their values; None where numpy does."""

    count: Count | None = None
    add: AddLeaves | None = None


def counter(values: int) -> Counter:
    """Return the functions that count `values` numbers: numpy's if llvmlite is missing or loading it would not pay."""
    if values < PAYS or find_spec("llvmlite") is None:
        return Counter()
    return compiled()


def compiled() -> Counter:
    """Return compiled counting, which needs llvmlite."""
    return Counter(count, add)


def count(
    values: NDArray[np.float64],
    start: int,
    frame: tuple[float, float],
    table: NDArray[np.int16],
    anchors: NDArray[np.float64],
    tracked: NDArray[np.bool_],
    counts: NDArray[np.int64],
    places: NDArray[np.int64],
    lows: NDArray[np.float64],
    highs: NDArray[np.float64],
    never: NDArray[np.int64],
    undefined: NDArray[np.int64],
) -> None:
    """Count the trials from `start` on; see `payback.simulator.statistics.samples.tally.Count`."""
    arrays = np.ascontiguousarray(values), table, anchors, tracked, counts, places, lows, highs, never, undefined
    numbers = arrays[0].size, start % never.size, never.size
    _count_function()(*numbers, *frame, *(array.ctypes.data for array in arrays))


def add(values: NDArray[np.float64], centre: float, rate: float, sums: NDArray[np.float64]) -> None:
    """Write the sums of the powers of whole leaves; see `payback.simulator.statistics.samples.power_sums.AddLeaves`.

    The number of groups must be a multiple of 8.
    """
    leaves, _, groups = sums.shape
    contiguous = np.ascontiguousarray(values)
    _add_function()(leaves, groups, centre, rate, contiguous.ctypes.data, sums.ctypes.data)


@cache
def _count_function() -> ctypes._FuncPointer:
    return _loaded("count", _COUNT_PARAMETERS, _count_text())


@cache
def _add_function() -> ctypes._FuncPointer:
    return _loaded("add", _ADD_PARAMETERS, _add_text())


def _loaded(name: str, parameters: Sequence[tuple[str, str]], text: str) -> ctypes._FuncPointer:
    code = code_cache.code(text)
    function = ctypes.CFUNCTYPE(None, *(_C_TYPES[kind] for kind, _ in parameters))(code.address(name))
    function.code = code  # type: ignore[attr-defined]  # lives as long as the function
    return function


def _count_text() -> str:
    f = Module(NARROW).function("count", _COUNT_PARAMETERS, public=True)
    p = f.parameters
    group = f.local(WHOLE, p["group"])
    with f.loop(p["trials"]) as i:
        x, current = f.load(f.at(p["values"], i)), group.get()
        following = current + 1
        group.set(following.compare("eq", p["groups"]).choose(f.constant(0, WHOLE), following))
        _count_trial(f, x, current)
    f.ret()
    return f.module.text()


def _count_trial(f: Function, x: Value, group: Value) -> None:
    """Write the code that counts a trial and keeps the extremes of rare cells, without unpredictable branches."""
    p = f.parameters
    undefined = x.compare("uno", x)
    special = undefined | x.compare("oeq", math.inf)
    key, bits = _key(f, x)
    triple = f.load(f.at(p["table"], key, "i16"), "i16", align=2).cast("sext", WHOLE)
    anchor = f.load(f.at(p["anchors"], triple))
    at, beyond = (x.compare(relation, anchor).cast("zext", WHOLE) for relation in ("oge", "ogt"))
    cell = triple * 3 + at + beyond
    special_count = f.at(undefined.choose(p["undefined"], p["never"]), group, WHOLE)
    address = special.choose(special_count, f.at(p["counts"], cell * p["groups"] + group, WHOLE))
    f.store(f.load(address, WHOLE) + 1, address)
    # special trials add nothing, and to several cells in turn: with a single one each trial would wait for the last
    address = f.at(p["places"], special.choose(group, cell), WHOLE)
    f.store(f.load(address, WHOLE) + special.choose(f.constant(0, WHOLE), bits >> PLACE), address)
    with f.when(f.load(f.at(p["tracked"], cell, "i8"), "i8", align=1).compare("ne", 0) & (special ^ 1)):
        seen = x + 0.0
        for name, relation in (("lows", "olt"), ("highs", "ogt")):
            address = f.at(p[name], cell)
            before = f.load(address)
            f.store(seen.compare(relation, before).choose(seen, before), address)


def _key(f: Function, x: Value) -> tuple[Value, Value]:
    """Return the index of a value in the table, from the end below the centre, and the bits of its distance."""
    p = f.parameters
    y = (x - p["centre"]) * p["rate"]
    side = y.cast("bitcast", WHOLE).shift_signed(63)
    size = f.intrinsic("fabs", DOUBLE, y) + 1.0
    bits = size.cast("bitcast", WHOLE)
    key = (bits >> SHIFT) - FIRST
    key = key.compare("slt", KEYS - 1).choose(key, KEYS - 1) ^ side
    return key.compare("slt", 0).choose(key + 2 * KEYS, key), bits


def _add_text() -> str:
    module = Module(NARROW)
    f = module.function("add", _ADD_PARAMETERS, public=True)
    p = f.parameters
    centre, rate = p["centre"].splat(NARROW), p["rate"].splat(NARROW)
    with f.loop(p["leaves"]) as leaf, f.loop(p["groups"], step=NARROW) as group:
        # minus 0 leaves every number as it is, 0 too
        totals = [f.local(module.floats, -0.0) for _ in range(POWERS)]
        with f.loop(ROW, step=p["groups"]) as column:
            first = f.at(p["values"], leaf * LEAF + column + group)
            rows = []
            for row in range(LEAF // ROW):
                y = (f.load(f.at(first, row * ROW), module.floats) - centre) * rate
                square = y * y
                rows.append((y, square, y * square, square * square))
            for total, (power, *others) in zip(totals, zip(*rows, strict=True), strict=True):
                total.set(total.get() + reduce(Value.__add__, others, power))
        for power, total in enumerate(totals):
            f.store(total.get(), f.at(p["sums"], (leaf * POWERS + power) * p["groups"] + group))
    f.ret()
    return module.text()
