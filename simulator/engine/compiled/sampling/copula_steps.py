"""The steps of a copula in compiled code, with the bits of `payback.distributions.copulas.elliptical`.

A step also reads other rows: its words give their distances, in rows, from its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from payback.distributions.copulas.conditioning import ENDS
from payback.simulator.engine.compiled.llvm.builder import DOUBLE, POINTER, WHOLE, Function, Value
from payback.simulator.engine.compiled.sampling.quantile_steps import four, higher, lower, word

_ONE = 0x3FF0_0000_0000_0000
_SIZE = 0x7FFF_FFFF_FFFF_FFFF


def _row(f: Function, i: Value, distance: Value) -> Value:
    """Return the address of the current trials in the row that is `distance` rows further."""
    return f.at(f.parameters["row"], i + distance * f.parameters["stride"])


def again(f: Function, step: Value, i: Value) -> Value:
    """Return the values of another row; its word: the distance of that row."""
    return f.load(_row(f, i, word(f, step, 0, WHOLE)), f.module.floats)


def mirrored(f: Function, step: Value, i: Value) -> Value:
    """Return 1 minus the values of another row; its word: the distance of that row."""
    return 1.0 - again(f, step, i)


def spread(f: Function, step: Value, i: Value) -> Value:
    """Return the row times the spread of t scores, and add its square to another row.

    Its words: the distance of the row of squares, the degrees of freedom, and these plus the number of scores known.
    """
    others = _row(f, i, word(f, step, 0, WHOLE))
    degrees, known = (word(f, step, k, DOUBLE).splat(f.module.lanes) for k in (1, 2))
    squares = f.load(others, f.module.floats)
    score = f.load(f.at(f.parameters["row"], i), f.module.floats)
    score *= f.intrinsic("sqrt", score.kind, (squares + degrees) / known)
    f.store(squares + score * score, others)
    return score


def weighted(f: Function, step: Value, i: Value) -> Value:
    """Return a weighted sum of rows.

    Its words: the number of rows, the address of their distances, and the address of their weights.
    """
    count = word(f, step, 0, WHOLE)
    distances, factors = (word(f, step, number, POINTER) for number in (1, 2))
    total = f.local(f.module.floats, 0.0)
    with f.loop(count) as k:
        other = f.load(_row(f, i, f.load(f.at(distances, k, WHOLE), WHOLE)), f.module.floats)
        factor = f.load(f.at(factors, k)).splat(f.module.lanes)
        total.set(total.get() + factor * other)
    return total.get()


def share(f: Function, step: Value, i: Value) -> Value:
    """Return the distribution function at the values of the row, inside (0, 1).

    Its words: the address of (cells, 4) coefficients, log2 of the cells of an octave, cells of a side, offset,
    last, first; see `payback.distributions.inversion.cdf_table.ShareTable`.
    """
    wholes = f.module.wholes
    bits, half, first = (word(f, step, k, WHOLE).splat(f.module.lanes) for k in (1, 2, 5))
    offset, last = (word(f, step, k, DOUBLE).splat(f.module.lanes) for k in (3, 4))
    x = f.load(f.at(f.parameters["row"], i), f.module.floats).cast("bitcast", wholes)
    s = lower((x & _SIZE).cast("bitcast", f.module.floats) + offset, last)
    digits = s.cast("bitcast", wholes)
    cell = (digits >> (52 - bits)) + x.compare("slt", 0).choose(half, 0) - first
    t = ((digits & ((bits.like(1) << (52 - bits)) - 1)) | _ONE).cast("bitcast", f.module.floats) - 1.0
    c0, c1, c2, c3 = four(f, word(f, step, 0, POINTER), cell)
    coordinate = ((c3 * t + c2) * t + c1) * t + c0
    return lower(higher(coordinate, coordinate.like(ENDS[0])), coordinate.like(ENDS[1]))


COUPLINGS: Mapping[str, Callable[[Function, Value, Value], Value]] = {
    make.__name__: make for make in (again, mirrored, spread, weighted, share)
}
"""Steps that compute a row from others, by name; each returns the new values at trial `i` of the strip."""
