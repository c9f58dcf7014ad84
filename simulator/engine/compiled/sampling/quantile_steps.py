"""Quantile functions in compiled code, with the bits of `payback.distributions.inversion.inverter`.

Each function returns the code that maps a vector of coordinates to values, or to other coordinates. Its docstring lists
the words of its step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from payback.distributions.inversion.tail_cells import OCTAVES
from payback.simulator.engine.compiled.llvm.builder import DOUBLE, POINTER, WHOLE, Function, Value

FIRST = 2
"""Index of the first word of a step after its code and its row."""

_BOTTOM = 2.0 ** -(OCTAVES + 1)
_ONE = 0x3FF0_0000_0000_0000
_HALVINGS = 32  # of as many pieces or lines as there can be


def word(f: Function, step: Value, position: int, kind: str) -> Value:
    """Return a word of a step as a number of type `kind`."""
    return f.load(f.at(step, FIRST + position), kind, fixed=True)


def _number(f: Function, step: Value, position: int) -> Value:
    return word(f, step, position, DOUBLE).splat(f.module.lanes)


def _whole(f: Function, step: Value, position: int) -> Value:
    return word(f, step, position, WHOLE).splat(f.module.lanes)


def lower(a: Value, b: Value) -> Value:
    """Return the lower of two numbers."""
    return a.compare("olt", b).choose(a, b)


def higher(a: Value, b: Value) -> Value:
    """Return the higher of two numbers."""
    return a.compare("ogt", b).choose(a, b)


def squeeze(f: Function, step: Value, u: Value) -> Value:
    """Return coordinates mapped onto a band; words: its width, its low end, the least and the most coordinate."""
    width, low, least, most = (_number(f, step, k) for k in range(4))
    return lower(higher(u * width + low, least), most)


def constant(f: Function, step: Value, u: Value) -> Value:
    """Return the same value in all trials; its word: the value."""
    return _number(f, step, 0)


def rising(f: Function, step: Value, u: Value) -> Value:
    """Return ``u a + b``; words: a, b."""
    return u * _number(f, step, 0) + _number(f, step, 1)


def falling(f: Function, step: Value, u: Value) -> Value:
    """Return ``(1 - u) a + b``; words: a, b."""
    return (1.0 - u) * _number(f, step, 0) + _number(f, step, 1)


def roots(f: Function, step: Value, u: Value) -> Value:
    """Return the value of a `payback.distributions.inversion.inverter.TwoRoots`; its word: the address of 8 numbers."""
    numbers = word(f, step, 0, POINTER)
    low, mode, high, below, below_more, above, above_more, keep = (
        f.load(f.at(numbers, k), fixed=True).splat(f.module.lanes) for k in range(8)
    )
    up = lower(f.intrinsic("sqrt", u.kind, u * below + below_more) + low, mode)
    down = higher(high - f.intrinsic("sqrt", u.kind, (1.0 - u) * above + above_more), mode)
    kept = keep.compare("une", 0.0)
    return kept.choose(up, down) + (kept.choose(down, up) - mode)


def whole(f: Function, step: Value, x: Value) -> Value:
    """Return `x` rounded to whole numbers, halves up."""
    return f.intrinsic("floor", x.kind, x + 0.5)


def _locate(f: Function, step: Value, first: int, u: Value) -> tuple[Value, Value]:
    """Return the tail mass and its cell; words from `first` on: log2 of the cells of an octave, cells of a side."""
    bits, size = (_whole(f, step, first + k) for k in range(2))
    v = higher(lower(u, 1.0 - u), u.like(_BOTTOM))
    digits = v.cast("bitcast", f.module.wholes)
    side = u.compare("ogt", 0.5).choose(size, 0)
    return v, (digits >> (52 - bits)) + side - (bits.like(1022 - OCTAVES) << bits)


def cubic(f: Function, step: Value, u: Value) -> Value:
    """Return the value of a table of cubics; words: the address of (cells, 4) coefficients, those of `_locate`."""
    bits = _whole(f, step, 1)
    v, cell = _locate(f, step, 1, u)
    digits = v.cast("bitcast", f.module.wholes)
    mask = (bits.like(1) << (52 - bits)) - 1
    t = ((digits & mask) | _ONE).cast("bitcast", f.module.floats) - 1.0
    c0, c1, c2, c3 = four(f, word(f, step, 0, POINTER), cell)
    return ((c3 * t + c2) * t + c1) * t + c0


def four(f: Function, base: Value, index: Value) -> list[Value]:
    """Return the four numbers of each row `index` of a table, as four vectors: an 8 by 4 transposition."""
    groups = []
    for first in range(0, f.module.lanes, 8):
        rows = [
            f.load(f.at(base, index.lane(first + lane), "<4 x double>"), "<4 x double>", align=32) for lane in range(8)
        ]
        pairs = [rows[lane].shuffle(rows[lane + 4], range(8)) for lane in range(4)]
        even, odd = [0, 8, 2, 10, 4, 12, 6, 14], [1, 9, 3, 11, 5, 13, 7, 15]
        low, high = [0, 1, 8, 9, 4, 5, 12, 13], [2, 3, 10, 11, 6, 7, 14, 15]
        mixed = [(pairs[0].shuffle(pairs[1], order), pairs[2].shuffle(pairs[3], order)) for order in (even, odd)]
        groups.append([a.shuffle(b, order) for order in (low, high) for a, b in mixed])
    return groups[0] if len(groups) == 1 else [a.shuffle(b, range(16)) for a, b in zip(*groups, strict=True)]


def _gather(f: Function, base: Value, index: Value, kind: str = DOUBLE) -> Value:
    """Return element `index` of an array, lane by lane."""
    vector = f"<{f.module.lanes} x {kind}>"
    result = Value(f, "poison", vector)
    for lane in range(f.module.lanes):
        element = f.load(f.at(base, index.lane(lane), kind), kind)
        result = f.value(f"insertelement {vector} {result.text}, {kind} {element.text}, i64 {lane}", vector)
    return result


def counted(f: Function, step: Value, u: Value) -> Value:
    """Return the value for the number of thresholds below `u`; words: their address and number, that of `_valued`."""
    thresholds = word(f, step, 0, POINTER)
    count = f.local(f.module.wholes, 0)
    with f.loop(word(f, step, 1, WHOLE)) as k:
        above = u.compare("ogt", f.load(f.at(thresholds, k)).splat(f.module.lanes))
        count.set(count.get() + above.cast("zext", f.module.wholes))
    return _valued(f, word(f, step, 2, POINTER), count.get())


def _valued(f: Function, numbers: Value, count: Value) -> Value:
    """Return value number `count`; `numbers` are: whether values are listed, the first, the spacing, the values."""
    listed = f.load(numbers, fixed=True).compare("une", 0.0)
    first, spacing = (f.load(f.at(numbers, k), fixed=True).splat(f.module.lanes) for k in (1, 2))
    value = f.local(f.module.floats, count.cast("sitofp", f.module.floats) * spacing + first)
    with f.when(listed):
        value.set(_gather(f, f.at(numbers, 3), count))
    return value.get()


def guided(f: Function, step: Value, u: Value) -> Value:
    """Return the value for the number of thresholds below `u`, where there are many.

    Words: the address of thresholds, the words of `_locate`, the address of the thresholds below each cell, the most
    inside a cell, the word of `_valued`.
    """
    thresholds = word(f, step, 0, POINTER)
    _, cell = _locate(f, step, 1, u)
    at = _gather(f, word(f, step, 3, POINTER), cell, WHOLE)
    count = f.local(f.module.wholes, at)
    with f.loop(word(f, step, 4, WHOLE)) as k:
        above = u.compare("ogt", _gather(f, thresholds, at + k.splat(f.module.lanes)))
        count.set(count.get() + above.cast("zext", f.module.wholes))
    return _valued(f, word(f, step, 5, POINTER), count.get())


def straight(f: Function, step: Value, u: Value) -> Value:
    """Return the value on a polyline.

    Words: the address of (begin, end, value, slope) of each line, the words of `_locate`, the address of the first
    line of each cell or -1, the most lines to step over, and the address of two numbers: lines of the lower side, and
    of both.
    """
    lines = word(f, step, 0, POINTER)
    v, cell = _locate(f, step, 1, u)
    at = f.local(f.module.wholes, _gather(f, word(f, step, 3, POINTER), cell, WHOLE))
    crowded = at.get().compare("slt", 0)
    with f.when(crowded.any()):
        first_lines, masses, coordinates = f.array_of(at.get()), f.array_of(v), f.array_of(u)
        with f.loop(f.module.lanes) as lane:
            line = f.at(first_lines, lane, WHOLE)
            with f.when(f.load(line, WHOLE).compare("slt", 0)):
                mass, upper = f.load(f.at(masses, lane)), f.load(f.at(coordinates, lane)).compare("ogt", 0.5)
                f.store(_line(f, lines, word(f, step, 5, POINTER), mass, upper), line)
        at.set(f.load(first_lines, f.module.wholes))
    with f.loop(word(f, step, 4, WHOLE)):
        beyond = v.compare("ogt", four(f, lines, at.get())[1])
        at.set(at.get() + beyond.cast("zext", f.module.wholes))
    begin, _, value, slope = four(f, lines, at.get())
    return (v - begin) * slope + value


def _line(f: Function, lines: Value, counts: Value, v: Value, upper: Value) -> Value:
    """Return the first line of a side that does not end below a tail mass."""
    lower, both = (f.load(f.at(counts, k, WHOLE), WHOLE) for k in range(2))
    low = f.local(WHOLE, upper.choose(lower, 0))
    size = f.local(WHOLE, upper.choose(both - lower, lower))
    with f.loop(_HALVINGS):
        half = size.get() >> 1
        middle = low.get() + half
        end = f.load(f.at(lines, middle * 4 + 1))
        below = end.compare("olt", v) & size.get().compare("sgt", 0)
        low.set(below.choose(middle + 1, low.get()))
        size.set(below.choose(size.get() - half - 1, half))
    return low.get()


def patched(f: Function, step: Value, u: Value) -> Value:
    """Return the value of a table, or of a cubic piece where the table is NaN.

    Words: the words of `cubic`, the address of the starts of pieces, their number, the address of the pieces.
    """
    table = cubic(f, step, u)
    missing = table.compare("uno", table)
    result = f.array_of(table)
    with f.when(missing.any()):
        coordinates = f.array_of(u)
        mask = f.array_of(missing.cast("zext", f.module.wholes))
        with f.loop(f.module.lanes) as lane, f.when(f.load(f.at(mask, lane, WHOLE), WHOLE).compare("ne", 0)):
            f.store(_piece(f, step, f.load(f.at(coordinates, lane))), f.at(result, lane))
    return f.load(result, table.kind)


def _piece(f: Function, step: Value, u: Value) -> Value:
    """Return the value of the last piece that starts below `u`, or of the first."""
    starts, most = word(f, step, 3, POINTER), word(f, step, 4, WHOLE)
    low, size = f.local(WHOLE, 0), f.local(WHOLE, most)
    with f.loop(_HALVINGS):
        half = size.get() >> 1
        middle = low.get() + half
        below = f.load(f.at(starts, middle)).compare("olt", u)
        low.set(below.choose(middle, low.get()))
        size.set(size.get() - half)
    piece = f.at(word(f, step, 5, POINTER), low.get() * 6)
    start, end, c0, c1, c2, c3 = (f.load(f.at(piece, k)) for k in range(6))
    t = (u - start) / (end - start)
    return ((c3 * t + c2) * t + c1) * t + c0


LOOKUPS: Mapping[str, Callable[..., Value]] = {
    look.__name__: look
    for look in (squeeze, constant, rising, falling, roots, whole, cubic, patched, counted, guided, straight)
}
"""Steps that map a row of coordinates, by name."""
