"""The program steps for the coordinates of an axis, and for the quantile function of a distribution."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from payback.distributions import Inverter
from payback.distributions.copulas.conditioning import ENDS, Band
from payback.distributions.inversion.cubic_table import Table
from payback.distributions.inversion.inverter import (
    BySegments,
    BySteps,
    ByTable,
    Constant,
    Linear,
    ToWhole,
    TwoRoots,
)
from payback.distributions.inversion.linear_table import Segments
from payback.distributions.inversion.patched_table import Patched
from payback.distributions.inversion.step_table import COUNTED, Steps
from payback.simulator.cube import Cube, LatinHypercube, MonteCarlo, Sobol
from payback.simulator.cube.sobol import REPLICATES, base, leading
from payback.simulator.engine.compiled.sampling.philox_sobol import SOBOL_BITS
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike

Floats = NDArray[np.float64]
Words: TypeAlias = tuple[Any, ...]
"""The name of a step and its numbers; an array stands for its address."""

_ALIGNMENT = 64
_LOW_WORD = (1 << 64) - 1


def coordinates(cube: CubeLike, axis: str) -> list[Words] | None:
    """Return the steps of the coordinates of an axis before any coupling, None if the library has none."""
    if not isinstance(cube, Cube):
        return None
    stream = cube.stream(axis)
    match cube.sampler:
        case Sobol() if stream.dimension is not None:
            key = stream.key("scramble")
            digits = max(SOBOL_BITS, (cube.trials // REPLICATES).bit_length() + 1)
            parts = base(key, stream.dimension, SOBOL_BITS), leading(key, stream.dimension, digits)[1:]
            return [("sobol", np.concatenate(parts))]
        case LatinHypercube() if stream.dimension is not None:
            return None
        case MonteCarlo() | Sobol() | LatinHypercube():
            return [("keyed", stream.key() & _LOW_WORD, stream.key() >> 64)]
    return None


def squeezes(bands: Iterable[tuple[str, Band]], axis: str) -> list[Words]:
    """Return the steps that map an axis onto its bands."""
    return [
        ("squeeze", band.high - band.low, band.low, max(band.low, ENDS[0]), min(band.high, ENDS[1]))
        for name, band in bands
        if name == axis
    ]


def lookup(invert: Inverter) -> list[Words] | None:
    """Return the steps from coordinates to values, None if the library has none."""
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
            steps_of_inner = lookup(inner)
            return None if steps_of_inner is None else [*steps_of_inner, ("whole",)]
    return None


def aligned(columns: Iterable[Any]) -> Floats:
    """Return columns side by side, shape (rows, columns), with rows that no cache line cuts."""
    parts = np.column_stack(list(columns))
    room = np.empty(parts.size + _ALIGNMENT // 8)
    first = -(room.ctypes.data // 8) % (_ALIGNMENT // 8)
    rows = room[first : first + parts.size].reshape(parts.shape)
    rows[...] = parts
    return rows


def _roots(roots: TwoRoots) -> Floats:
    low, mode, high = roots.low, roots.mode, roots.high
    up, down = (high - low) * (mode - low), (high - low) * (high - mode)
    shares = up * roots.mass, up * roots.below, down * roots.mass, down * roots.above
    return np.array([low, mode, high, *shares, float(abs(low) <= abs(high))])


def _table(table: Table) -> Words:
    cells = table.coefficients.shape[1] // 2
    return aligned(table.coefficients), table.bits, cells


def _pieces(patched: Patched) -> Words:
    pieces = patched.pieces
    return pieces.starts, pieces.starts.size, aligned((pieces.starts, pieces.ends, *pieces.coefficients))


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
    lines = aligned(column[places] for column in (segments.begin, segments.end, segments.value, segments.slope))
    counts = np.array([segments.lower, last + 1], dtype=np.int64)
    return "straight", lines, bits, first.size // 2, np.ascontiguousarray(first, dtype=np.int64), inside, counts
