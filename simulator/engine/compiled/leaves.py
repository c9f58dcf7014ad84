"""Compiled sums over leaves: those of `payback.simulator.statistics.samples.power_sums.leaf_sums`, to the same bits."""

from __future__ import annotations

import ctypes
from functools import cache, reduce

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.compiled.llvm import code_builds
from payback.simulator.engine.compiled.llvm.builder import Module
from payback.simulator.engine.compiled.llvm.target import NARROW
from payback.simulator.engine.compiled.llvm.values import DOUBLE, POINTER, WHOLE, Value
from payback.simulator.statistics.leaf_moments import LEAF
from payback.simulator.statistics.samples.power_sums import POWERS, ROW

_PARAMETERS = (
    *((WHOLE, "leaves"), (WHOLE, "groups")),
    *((DOUBLE, "centre"), (DOUBLE, "rate")),
    *((POINTER, "values"), (POINTER, "sums")),
)


def add(values: NDArray[np.float64], centre: float, rate: float, sums: NDArray[np.float64]) -> None:
    """Write the sums of the powers of whole leaves; see `payback.simulator.statistics.samples.power_sums.AddLeaves`.

    Groups are a multiple of 8.
    """
    leaves, _, groups = sums.shape
    held = np.ascontiguousarray(values)
    _function()(leaves, groups, centre, rate, held.ctypes.data, sums.ctypes.data)


@cache
def _function() -> ctypes._FuncPointer:
    whole, real, pointer = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
    code = code_builds.code(_text())
    found = ctypes.CFUNCTYPE(None, whole, whole, real, real, pointer, pointer)(code.address("add"))
    found.code = code  # type: ignore[attr-defined]  # lives as long as the function
    return found


def _text() -> str:
    module = Module(NARROW)
    f = module.function("add", _PARAMETERS, public=True)
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
    f.give()
    return module.text()
