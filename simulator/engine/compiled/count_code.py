"""The code that counts trials: by cell, as truth values, and as sums of powers.

Vectors of trials find their keys; tables are read, and counts are written, trial by trial. That is as fast as gathering
and scattering where a processor has instructions for it, needs no such instructions, and two trials of a vector may
fall into the same cell. Counts are short, so that those of several measures stay in the cache.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce

from payback.simulator.engine.compiled.llvm.builder import DOUBLE, POINTER, WHOLE, Function, Module, Value
from payback.simulator.engine.compiled.llvm.target import NARROW
from payback.simulator.statistics.leaf_moments import LEAF
from payback.simulator.statistics.samples.cell_grid import FIRST, KEYS, PLACE, SHIFT
from payback.simulator.statistics.samples.power_sums import POWERS, ROW

Parameters = Sequence[tuple[str, str]]

COUNT = "i16"
"""The type of a count."""

MOST_COUNTED = 2**16 - 1
"""Most trials that a count can hold."""

STRIP = 256
"""Trials that are located before they are counted: their number for speed alone."""

UNROLLED = 4
"""Trials counted in a round."""

TRUTHS = 16
"""Trials in a vector of truth values."""

COUNT_PARAMETERS: Parameters = (
    *((WHOLE, name) for name in ("trials", "first", "cells")),
    *((DOUBLE, "centre"), (DOUBLE, "rate")),
    *((POINTER, name) for name in ("values", "groups", "table", "anchors", "counts", "places", "lows", "highs")),
)
TRUTH_PARAMETERS: Parameters = ((WHOLE, "trials"), *((POINTER, name) for name in ("values", "seen")))
ADD_PARAMETERS: Parameters = (
    *((WHOLE, "leaves"), (WHOLE, "groups")),
    *((DOUBLE, "centre"), (DOUBLE, "rate")),
    *((POINTER, "values"), (POINTER, "sums")),
)


def count_text(groups: int) -> str:
    """Return the code of ``count``, which adds trials to the counts of their cells and groups.

    It counts whole vectors of `NARROW` trials of the array ``values``, the first of which is of group ``first``. The
    array ``groups`` holds the groups in turn, ``table`` what `PackedTally` makes, and ``counts`` a row of `groups`
    counts for each cell, one for "never" and one for undefined. ``places`` has a sum for each cell, and `NARROW` more
    that mean nothing, for trials that are never, undefined or at an anchor. A tally has ``lows`` and ``highs``.
    """
    f = Module(NARROW).function("count", COUNT_PARAMETERS, public=True)
    p, wholes = f.parameters, f.module.wholes
    frame = p["centre"].splat(NARROW), p["rate"].splat(NARROW)
    group = f.local(wholes, f.load(f.at(p["groups"], p["first"]), wholes))
    counts, sums, addends = (f.array(WHOLE, STRIP) for _ in range(3))
    with f.loop(p["trials"], step=STRIP) as first:
        rest, values = p["trials"] - first, f.at(p["values"], first)
        strip = rest.compare("slt", STRIP).choose(rest, STRIP)
        with f.loop(strip, step=NARROW) as i:
            row, cell, addend = _located(f, f.load(f.at(values, i), f.module.floats), frame)
            f.store(row * groups + group.get(), f.at(counts, i))
            f.store(cell, f.at(sums, i))
            f.store(addend, f.at(addends, i))
            following = group.get() + NARROW % groups
            group.set(following.compare("slt", groups).choose(following, following - groups))
        with f.loop(strip, step=UNROLLED) as i:
            for j in range(UNROLLED):
                count, total, addend = (f.load(f.at(f.at(array, i), j), WHOLE) for array in (counts, sums, addends))
                address = f.at(p["counts"], count, COUNT)
                f.store(f.load(address, COUNT, align=2) + 1, address, align=2)
                address = f.at(p["places"], total, WHOLE)
                f.store(f.load(address, WHOLE) + addend, address)
    f.ret()
    return f.module.text()


def _located(f: Function, x: Value, frame: tuple[Value, Value]) -> tuple[Value, Value, Value]:
    """Return rows of counts, indices of sums of places, and places; extremes of tracked cells are kept."""
    p, wholes = f.parameters, f.module.wholes
    key, bits = _key(f, x, frame)
    index = key + KEYS
    entries = [
        f.load(f.at(p["table"], index.lane(lane), "i16"), "i16", align=2).cast("zext", WHOLE) for lane in range(NARROW)
    ]
    anchor = f.vector([f.load(f.at(p["anchors"], entry >> 1)) for entry in entries])
    entry = f.vector(entries)
    at, above = x.compare("oeq", anchor), x.compare("ogt", anchor).cast("zext", wholes)
    cell = (entry >> 1) * 3 + above + above + at.cast("zext", wholes)
    never, undefined = x.compare("oeq", math.inf), x.compare("uno", x)
    row = never.choose(p["cells"].splat(NARROW), cell)
    row = undefined.choose((p["cells"] + 1).splat(NARROW), row)
    without = never | undefined | at
    tracked = (entry & 1).compare("ne", 0) & (without ^ -1)
    with f.when(tracked.any()):
        _keep_extremes(f, tracked, cell, x + 0.0)  # of -0.0 and 0.0 neither is smaller
    beyond = p["cells"].splat(NARROW) + f.vector([f.constant(lane, WHOLE) for lane in range(NARROW)])
    return row, without.choose(beyond, cell), bits >> PLACE


def _key(f: Function, x: Value, frame: tuple[Value, Value]) -> tuple[Value, Value]:
    """Return the keys of values, and the bits of their distances."""
    centre, rate = frame
    y = (x - centre) * rate
    side = y.cast("bitcast", f.module.wholes).shift_signed(63)
    bits = (f.intrinsic("fabs", f.module.floats, y) + 1.0).cast("bitcast", f.module.wholes)
    key = (bits >> SHIFT) - FIRST
    return key.compare("slt", KEYS - 1).choose(key, KEYS - 1) ^ side, bits


def _keep_extremes(f: Function, tracked: Value, cell: Value, seen: Value) -> None:
    p = f.parameters
    lanes, cells, values = f.array_of(tracked.cast("zext", f.module.wholes)), f.array_of(cell), f.array_of(seen)
    with f.loop(NARROW) as lane, f.when(f.load(f.at(lanes, lane), WHOLE).compare("ne", 0)):
        value, of_cell = f.load(f.at(values, lane)), f.load(f.at(cells, lane), WHOLE)
        for name, relation in (("lows", "olt"), ("highs", "ogt")):
            address = f.at(p[name], of_cell)
            before = f.load(address)
            f.store(value.compare(relation, before).choose(value, before), address)


def truth_text() -> str:
    """Return the code of ``truths``, which counts ones in each lane of vectors of `TRUTHS` trials.

    It writes their numbers into the first row of ``seen``; the second is not 0 in a lane with another value than 0.0
    and 1.0.
    """
    module = Module(TRUTHS)
    f = module.function("truths", TRUTH_PARAMETERS, public=True)
    p = f.parameters
    ones, others = f.local(module.wholes, 0), f.local(module.wholes, 0)
    true = f.constant(1.0, DOUBLE).splat(TRUTHS).cast("bitcast", module.wholes)
    with f.loop(p["trials"], step=TRUTHS) as i:
        bits = f.load(f.at(p["values"], i), module.wholes)
        ones.set(ones.get() + bits.compare("eq", true).cast("zext", module.wholes))
        others.set(others.get() | bits.compare("eq", 0).choose(bits, bits ^ true))
    f.store(ones.get(), p["seen"])
    f.store(others.get(), f.at(p["seen"], TRUTHS))
    f.ret()
    return module.text()


def add_text() -> str:
    """Return the code of ``add``, which writes the sums of the powers of whole leaves."""
    module = Module(NARROW)
    f = module.function("add", ADD_PARAMETERS, public=True)
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
