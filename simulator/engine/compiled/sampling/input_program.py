"""The program that fills the rows of inputs: steps of the library, and rows that numpy fills where it has no step.

A row begins as coordinates and ends as values. Keyed draws, Sobol' points, groups, bands and all common quantile
functions are steps. Points of a Latin hypercube and conditions that other axes follow come from the cube, and values
by exact quantiles from `payback.simulator.engine.numpy_engine.input_values`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payback.distributions import Distribution, inverter
from payback.simulator.cube import Cube
from payback.simulator.engine.compiled.sampling.copula_encoding import Coupling
from payback.simulator.engine.compiled.sampling.library import CODES, WORDS
from payback.simulator.engine.compiled.sampling.step_encoding import Words, coordinates, lookup, squeezes
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.input_values import Sampled
from payback.simulator.model import Draw
from payback.simulator.stage_times import Stage

Floats = NDArray[np.float64]


@dataclass
class InputProgram:
    """The program of a stage, and the rows that numpy fills before it runs.

    Parameters
    ----------
    steps : list of tuple
        Name, row and words of each step; a word is a number, or an array that stands for its address.
    filled : list of (Draw, int, bool)
        The rows that numpy fills and steps copy: input, month (-1: drawn once), and whether numpy gives its values or
        only its coordinates.
    rows : int
        Number of rows that the steps fill.
    """

    steps: list[Words] = field(default_factory=list)
    filled: list[tuple[Draw, int, bool]] = field(default_factory=list)
    rows: int = 0

    def program(self, block: Floats) -> NDArray[np.int64]:
        """Return the steps as the library reads them, shape (steps, WORDS); `block` are the rows that `fill` fills."""
        words = np.zeros((max(1, len(self.steps)), WORDS), dtype=np.int64)
        for line, (name, row, *rest) in zip(words, self.steps, strict=False):
            own = [block[rest[0]]] if name == "copy" else rest
            line[: 2 + len(own)] = [CODES[name], row, *map(_word, own)]
        return words

    def fill(self, cube: CubeLike, source: Sampled, start: int, stop: int, block: Floats) -> None:
        """Write trials `start` to `stop` of every filled row into `block`, shape (rows, stop - start)."""
        draw = source.block(start, stop)
        months: dict[int, list[int]] = {}
        for row, (of, month, values) in enumerate(self.filled):
            if values:
                draw(of.name, month, (), block[row])
            else:
                months.setdefault(month, []).append(row)
        for month, rows in months.items():
            axes = [self.filled[row][0].axis + _suffix(month) for row in rows]
            block[rows] = cube.block(start, stop, axes).T

    def copy(self, draw: Draw, month: int, row: int, *, values: bool) -> None:
        """Add a row that numpy fills."""
        self.steps.append(("copy", row, len(self.filled)))
        self.filled.append((draw, month, values))


@Stage("tables")
def input_program(draws: Sequence[Draw], months: int, cube: CubeLike) -> InputProgram:
    """Return the program for `draws` in order, one row for each, or `months` rows for a monthly one."""
    program = InputProgram()
    rows = dict(enumerate((d, month) for d in draws for month in (range(months) if d.monthly else (-1,))))
    program.rows = len(rows)
    inverts = {id(d): None if d.distribution is None else _steps(d.distribution) for d in draws}
    wanted = {row: (d, month) for row, (d, month) in rows.items() if inverts[id(d)] and not _is_certain(inverts[id(d)])}
    coupled = _coupled(program, wanted, cube)
    for row, (draw, month) in rows.items():
        invert = inverts[id(draw)]
        if invert is None:
            program.copy(draw, month, row, values=True)
            continue
        if row in wanted and row not in coupled:
            points = _points(cube, draw.axis + _suffix(month))
            if points is None:
                program.copy(draw, month, row, values=False)
            program.steps += [(name, row, *words) for name, *words in points or ()]
        program.steps += [(name, row, *words) for name, *words in invert]
    return program


@lru_cache(maxsize=1024)
def _steps(distribution: Distribution) -> list[Words] | None:
    """Return the steps of the quantile function of a distribution, with tables that all runs of a process read."""
    return lookup(inverter(distribution))


def _is_certain(invert: list[Words] | None) -> bool:
    return invert is not None and invert[0][0] == "constant"


def _suffix(month: int) -> str:
    return f"[{month + 1}]" if month >= 0 else ""


def _points(cube: CubeLike, axis: str) -> list[Words] | None:
    """Return the steps of an axis that depends on no other, None if the library has none."""
    if any(axis.partition("[")[0] in group.axes for group in cube.dependence):
        return None
    steps = coordinates(cube, axis)
    if steps is None or not isinstance(cube, Cube):
        return None
    return [*steps, *squeezes((*cube.conditions, *cube.interventions), axis)]


def _coupled(program: InputProgram, wanted: dict[int, tuple[Draw, int]], cube: CubeLike) -> set[int]:
    """Add the steps of groups to the program, and return the rows that they fill."""
    made: set[int] = set()
    spare = 0
    for group, month, rows in _groups(wanted, cube):
        coupling = Coupling(cube, group, _suffix(month), rows, program.rows)
        steps = coupling.steps()
        if steps is not None:
            program.steps += steps
            made |= set(rows.values())
            spare = max(spare, coupling.spare)
    program.rows += spare
    return made


def _groups(wanted: dict[int, tuple[Draw, int]], cube: CubeLike) -> Iterator[tuple[int, int, dict[str, int]]]:
    """Yield each group in each month, with the rows of its axes that are wanted."""
    of = {axis: number for number, group in enumerate(cube.dependence) for axis in group.axes}
    rows_of_group: dict[tuple[int, int], dict[str, int]] = {}
    for row, (draw, month) in wanted.items():
        if draw.axis in of:
            rows_of_group.setdefault((of[draw.axis], month), {})[draw.axis] = row
    for (group, month), rows in rows_of_group.items():
        yield group, month, rows


def _word(value: Any) -> int:
    """Return the 64 bits of a word: those of a number, or the address of an array."""
    if isinstance(value, np.ndarray):
        return int(value.ctypes.data)
    if isinstance(value, float):
        return int(struct.unpack("<q", struct.pack("<d", value))[0])
    return value - (1 << 64) if value >> 63 == 1 else int(value)
