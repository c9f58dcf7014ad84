"""What fills the rows of inputs: steps of the library where it has them, numpy where it has not.

A row begins as coordinates and ends as values. Keyed draws, Sobol' points, bands and all common
quantile functions are steps; points of a Latin hypercube and coordinates of axes that depend on
one another come from the cube, and values by exact quantiles from `simulator.engine.sources`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from distributions import inverter
from distributions.conditions import ENDS, Band
from distributions.inverters import BySegments, BySteps, ByTable, Constant, Inverter, Linear, ToWhole, TwoRoots
from distributions.patches import Patched
from distributions.segments import Segments
from distributions.steps import COUNTED, Steps
from distributions.tables import Table
from simulator.case.model import Draw
from simulator.cube import Cube, LatinHypercube, MonteCarlo, Sobol
from simulator.cube.sobol import REPLICATES, base, leading
from simulator.engine.kernel.coordinates import SOBOL_BITS
from simulator.engine.kernel.library import CODES, WORDS
from simulator.engine.sources import Cube as AnyCube
from simulator.engine.sources import Sampled

Floats = NDArray[np.float64]
Words: TypeAlias = tuple[Any, ...]

_ALIGNMENT = 64
_LOW_WORD = (1 << 64) - 1


@dataclass
class Feeds:
    """The program of a stage, and what numpy fills before it runs.

    Parameters
    ----------
    steps : list of tuple
        Name, row and words; a word is a number, or an array of which the address is meant.
    filled : list of (Draw, int, bool)
        What stands in each row of the block that steps copy: of which input, in which month (-1: drawn once), and
        whether its values, not its coordinates alone.
    rows : int
        How many rows the steps fill.
    """

    steps: list[tuple[Any, ...]] = field(default_factory=list)
    filled: list[tuple[Draw, int, bool]] = field(default_factory=list)
    rows: int = 0

    def program(self, block: Floats) -> NDArray[np.int64]:
        """Return the steps as the library reads them, `block` being what `fill` filled; shape (steps, WORDS)."""
        words = np.zeros((max(1, len(self.steps)), WORDS), dtype=np.int64)
        for line, (name, row, *rest) in zip(words, self.steps, strict=False):
            own = [block[rest[0]]] if name == "copy" else rest
            line[: 2 + len(own)] = [CODES[name], row, *map(_word, own)]
        return words

    def fill(self, cube: AnyCube, source: Sampled, start: int, stop: int, block: Floats) -> None:
        """Write trials `start` to `stop` of every filled row into `block`, shape (rows, stop - start)."""
        draw = source.block(start, stop)
        months: dict[int, list[int]] = {}
        for row, (of, month, values) in enumerate(self.filled):
            if values:
                draw(of.name, month, (), block[row])
            else:
                months.setdefault(month, []).append(row)
        for month, rows in months.items():
            axes = [_axis(self.filled[row][0], month) for row in rows]
            block[rows] = cube.block(start, stop, axes).T


def feeds(draws: Sequence[Draw], months: int, cube: AnyCube) -> Feeds:
    """Return what fills one row for each of `draws`, or `months` rows for a monthly one, in order."""
    found = Feeds()
    for draw in draws:
        if draw.distribution is None:
            raise TypeError(f"input {draw.name} has no distribution of its own")
        invert = _lookup(inverter(draw.distribution))
        for month in range(months) if draw.monthly else (-1,):
            row, found.rows = found.rows, found.rows + 1
            if invert is None:
                found.steps.append(("copy", row, len(found.filled)))
                found.filled.append((draw, month, True))
                continue
            points = [] if invert[0][0] == "constant" else _coordinates(cube, _axis(draw, month))
            if points is None:
                found.steps.append(("copy", row, len(found.filled)))
                found.filled.append((draw, month, False))
            found.steps += [(name, row, *words) for name, *words in (*(points or ()), *invert)]
    return found


def _axis(draw: Draw, month: int) -> str:
    return f"{draw.axis}[{month + 1}]" if draw.monthly else draw.axis


def _word(value: Any) -> int:
    """Return a number as the 64 bits of a word, an array as its address."""
    if isinstance(value, np.ndarray):
        return int(value.ctypes.data)
    if isinstance(value, float):
        return int(struct.unpack("<q", struct.pack("<d", value))[0])
    return value - (1 << 64) if value >> 63 else int(value)


def _coordinates(cube: AnyCube, axis: str) -> list[Words] | None:
    """Return the steps that make the coordinates of an axis, None if there are none."""
    if not isinstance(cube, Cube) or any(axis.partition("[")[0] in group.axes for group in cube.dependence):
        return None
    stream = cube.stream(axis)
    match cube.sampler:
        case Sobol() if stream.dimension is not None:
            key = stream.key("scramble")
            digits = max(SOBOL_BITS, (cube.trials // REPLICATES).bit_length() + 1)
            parts = base(key, stream.dimension, SOBOL_BITS), leading(key, stream.dimension, digits)[1:]
            steps: list[Words] = [("sobol", np.concatenate(parts))]
        case LatinHypercube() if stream.dimension is not None:
            return None
        case MonteCarlo() | Sobol() | LatinHypercube():
            steps = [("keyed", stream.key() & _LOW_WORD, stream.key() >> 64)]
        case _:
            return None
    bands = [band for name, band in (*cube.conditions, *cube.interventions) if name == axis]
    return [*steps, *map(_squeeze, bands)]


def _squeeze(band: Band) -> Words:
    return "squeeze", band.high - band.low, band.low, max(band.low, ENDS[0]), min(band.high, ENDS[1])


def _lookup(invert: Inverter) -> list[Words] | None:
    """Return the steps from coordinates to values, None if there are none."""
    match invert:
        case Constant(value=value):
            return [("constant", float(value))]
        case Linear(start=start, end=end):
            near = abs(start) <= abs(end)
            return [("rising", end - start, start) if near else ("falling", start - end, end)]
        case TwoRoots():
            return [("roots", _roots(invert))]
        case ByTable(table=Table() as table):
            return [("cubic", *_table(table))]
        case ByTable(table=Patched() as patched):
            return [("patched", *_table(patched.table), *_pieces(patched))]
        case BySteps(steps=steps):
            return [_steps(steps)]
        case BySegments(segments=segments):
            return [_segments(segments)]
        case ToWhole(inner=inner):
            found = _lookup(inner)
            return None if found is None else [*found, ("whole",)]
    return None


def _aligned(columns: Iterable[Any]) -> Floats:
    """Return columns side by side in rows that no cache line cuts."""
    parts = np.column_stack(list(columns))
    room = np.empty(parts.size + _ALIGNMENT // 8)
    first = -(room.ctypes.data // 8) % (_ALIGNMENT // 8)
    found = room[first : first + parts.size].reshape(parts.shape)
    found[...] = parts
    return found


def _roots(roots: TwoRoots) -> Floats:
    low, mode, high = roots.low, roots.mode, roots.high
    up, down = (high - low) * (mode - low), (high - low) * (high - mode)
    shares = up * roots.mass, up * roots.below, down * roots.mass, down * roots.above
    return np.array([low, mode, high, *shares, float(abs(low) <= abs(high))])


def _table(table: Table) -> Words:
    cells = table.coefficients.shape[1] // 2
    return _aligned(table.coefficients), table.bits, cells


def _pieces(patched: Patched) -> Words:
    pieces = patched.pieces
    return pieces.starts, pieces.starts.size, _aligned((pieces.starts, pieces.ends, *pieces.coefficients))


def _steps(steps: Steps) -> Words:
    first, spacing = steps.lattice or (0.0, 1.0)
    valued = np.array([float(steps.lattice is None), first, spacing, *steps.values])
    if steps.thresholds.size <= COUNTED:
        return "counted", np.ascontiguousarray(steps.thresholds), steps.thresholds.size, valued
    bits, below, inside = steps.guide
    padded = np.append(steps.thresholds, np.full(inside, 1.0))
    return "guided", padded, bits, below.size // 2, np.ascontiguousarray(below), inside, valued


def _segments(segments: Segments) -> Words:
    bits, first, inside = segments.guide
    last = segments.begin.size - 1
    places = [*range(last + 1), *([last] * (inside + 1))]
    lines = _aligned(part[places] for part in (segments.begin, segments.end, segments.value, segments.slope))
    counts = np.array([segments.lower, last + 1], dtype=np.int64)
    return "straight", lines, bits, first.size // 2, np.ascontiguousarray(first, dtype=np.int64), inside, counts
