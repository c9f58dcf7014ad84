"""Coordinates of trials in compiled code: keyed draws and Sobol' points, with the bits of `payback.simulator.cube`."""

from __future__ import annotations

from payback.simulator.cube.sobol import REPLICATES
from payback.simulator.cube.streams import BITS, LARGEST, ONE
from payback.simulator.engine.compiled.llvm.builder import WHOLE, Function, Value

SOBOL_BITS = 6
"""log2 of the number of points that a Sobol' axis holds; every other block of points is these XOR one constant."""

_ROUNDS = 10
_MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
_WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_WORDS = 4


def keyed(f: Function) -> None:
    """Write keyed draws: Philox 4x64-10, the key in words 2 and 3 of `step`."""
    step, start, trials, row = (f.parameters[name] for name in ("step", "start", "trials", "row"))
    key = [f.load(f.at(step, position, WHOLE), WHOLE) for position in (2, 3)]
    with f.loop(trials, step=_WORDS) as first:
        count = ((start + first) >> 2) + 1  # numpy counts up before it draws
        zero = f.constant(0, WHOLE)
        x = [count, zero, zero, zero]
        keys = list(key)
        for turn in range(_ROUNDS):
            if turn:
                keys = [k + _signed(w) for k, w in zip(keys, _WEYL, strict=True)]
            (high0, low0), (high1, low1) = (_product(x[2 * i], _MULTIPLIERS[i]) for i in range(2))
            x = [high1 ^ x[1] ^ keys[0], low1, high0 ^ x[3] ^ keys[1], low0]
        for position, word in enumerate(x):
            value = ((word >> (64 - BITS)) | int(ONE)).cast("bitcast", "double") - LARGEST
            f.store(value, f.at(row, first + position))


def _product(x: Value, by: int) -> tuple[Value, Value]:
    """Return the high and the low word of a product."""
    whole = x.cast("zext", "i128") * by
    return (whole >> 64).cast("trunc", WHOLE), whole.cast("trunc", WHOLE)


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


def sobol(f: Function) -> None:
    """Write Sobol' points.

    Word 2 of `step` is the address of an axis: the first ``2^SOBOL_BITS`` points as bits of floats in [1, 2), each
    for `REPLICATES` replicates, then their direction numbers.
    """
    step, start, trials, row = (f.parameters[name] for name in ("step", "start", "trials", "row"))
    f.module.declare("declare i64 @llvm.ctlz.i64(i64, i1)")
    kind = f"<{REPLICATES} x i64>"
    axis = f.load(f.at(step, 2, WHOLE), "ptr")
    first, last = start >> 4, (start + trials) >> 4
    size = 1 << SOBOL_BITS
    directions = f.at(axis, size * REPLICATES)
    with f.loop(last, start=first & -size, step=size) as aligned:
        gray = f.local(WHOLE, aligned ^ (aligned >> 1))
        constant = f.local(kind, 0)
        digits = f.value(f"call i64 @llvm.ctlz.i64(i64 {gray.get().text}, i1 false)", WHOLE)
        with f.loop(64 - digits) as digit:
            numbers = f.load(f.at(directions, digit * REPLICATES), kind)
            odd = (gray.get() & 1).compare("ne", 0)
            constant.set(constant.get() ^ odd.choose(numbers, 0))
            gray.set(gray.get() >> 1)
        changed = constant.get()
        begin = first.compare("sgt", aligned).choose(first, aligned)
        following = aligned + size
        end = last.compare("slt", following).choose(last, following)
        with f.loop(end, start=begin) as point:
            known = f.load(f.at(axis, (point - aligned) * REPLICATES), kind)
            value = (known ^ changed).cast("bitcast", f"<{REPLICATES} x double>") - LARGEST
            f.store(value, f.at(row, (point - first) * REPLICATES))
