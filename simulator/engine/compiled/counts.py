"""Compiled counting of trials: the cells of `Tally.add` of `statistics.samples`, to the same counts."""

from __future__ import annotations

import ctypes
import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.compiled.llvm import code_builds
from payback.simulator.engine.compiled.llvm.builder import Function, Module
from payback.simulator.engine.compiled.llvm.target import NARROW
from payback.simulator.engine.compiled.llvm.values import DOUBLE, POINTER, WHOLE, Value
from payback.simulator.statistics.samples.cell_grid import FIRST, KEYS, PLACE, SHIFT

_NUMBERS = ("trials", "group", "groups")
_FLOATS = ("centre", "rate")
_ARRAYS = ("values", "table", "anchors", "tracked", "counts", "places", "lows", "highs", "never", "undefined")


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
    """Take in the trials from `start` on; see `payback.simulator.statistics.samples.tally.Count`."""
    held = np.ascontiguousarray(values), table, anchors, tracked, counts, places, lows, highs, never, undefined
    numbers = held[0].size, start % never.size, never.size
    _function()(*numbers, *frame, *(array.ctypes.data for array in held))


@cache
def _function() -> ctypes._FuncPointer:
    whole, real, pointer = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
    kinds = [whole] * len(_NUMBERS) + [real] * len(_FLOATS) + [pointer] * len(_ARRAYS)
    code = code_builds.code(_text())
    found = ctypes.CFUNCTYPE(None, *kinds)(code.address("count"))
    found.code = code  # type: ignore[attr-defined]  # lives as long as the function
    return found


def _text() -> str:
    kinds = [*((WHOLE, n) for n in _NUMBERS), *((DOUBLE, n) for n in _FLOATS), *((POINTER, n) for n in _ARRAYS)]
    f = Module(NARROW).function("count", kinds, public=True)
    p = f.parameters
    group = f.local(WHOLE, p["group"])
    with f.loop(p["trials"]) as i:
        x, here = f.load(f.at(p["values"], i)), group.get()
        following = here + 1
        group.set(following.compare("eq", p["groups"]).choose(f.constant(0, WHOLE), following))
        _take(f, x, here)
    f.give()
    return f.module.text()


def _take(f: Function, x: Value, group: Value) -> None:
    """Count a trial, and note the smallest and largest value of rare cells; without a branch that is hard to guess."""
    p = f.parameters
    undefined = x.compare("uno", x)
    special = undefined | x.compare("oeq", math.inf)
    key, bits = _key(f, x)
    triple = f.load(f.at(p["table"], key, "i16"), "i16", align=2).cast("sext", WHOLE)
    anchor = f.load(f.at(p["anchors"], triple))
    at, beyond = (x.compare(relation, anchor).cast("zext", WHOLE) for relation in ("oge", "ogt"))
    cell = triple * 3 + at + beyond
    aside = f.at(undefined.choose(p["undefined"], p["never"]), group, WHOLE)
    place = special.choose(aside, f.at(p["counts"], cell * p["groups"] + group, WHOLE))
    f.store(f.load(place, WHOLE) + 1, place)
    # nothing is added for the others, and in turn to several cells: one alone would have each trial wait for the last
    place = f.at(p["places"], special.choose(group, cell), WHOLE)
    f.store(f.load(place, WHOLE) + special.choose(f.constant(0, WHOLE), bits >> PLACE), place)
    with f.when(f.load(f.at(p["tracked"], cell, "i8"), "i8", align=1).compare("ne", 0) & (special ^ 1)):
        seen = x + 0.0
        for name, relation in (("lows", "olt"), ("highs", "ogt")):
            place = f.at(p[name], cell)
            before = f.load(place)
            f.store(seen.compare(relation, before).choose(seen, before), place)


def _key(f: Function, x: Value) -> tuple[Value, Value]:
    """Return where the table holds a value, keys below the centre count from the end; and the bits of its distance."""
    p = f.parameters
    y = (x - p["centre"]) * p["rate"]
    side = y.cast("bitcast", WHOLE).shift_signed(63)
    size = f.intrinsic("fabs", DOUBLE, y) + 1.0
    bits = size.cast("bitcast", WHOLE)
    key = (bits >> SHIFT) - FIRST
    key = key.compare("slt", KEYS - 1).choose(key, KEYS - 1) ^ side
    return key.compare("slt", 0).choose(key + 2 * KEYS, key), bits
