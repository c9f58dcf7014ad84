"""A plan cut into stages: compiled code, and between it the few steps that numpy does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from simulator.engine.plan import FOLDS, SOLVERS, Instruction, Plan, Register, Row


@dataclass(frozen=True)
class Part:
    """Instructions that run once, or in each month."""

    instructions: tuple[Instruction, ...]
    monthly: bool


@dataclass(frozen=True)
class Native:
    """A stage of compiled code.

    Parameters
    ----------
    parts : tuple of Part
    reads : tuple of Register
        What earlier stages left.
    writes : tuple of Register
        What later stages, or who asked for the outputs, read.
    shared : frozenset of int
        Series of this stage that others read, or that it reads from others.
    """

    parts: tuple[Part, ...]
    reads: tuple[Register, ...]
    writes: tuple[Register, ...]
    shared: frozenset[int]

    @property
    def instructions(self) -> Iterator[Instruction]:
        """Every instruction."""
        return (i for part in self.parts for i in part.instructions)


@dataclass(frozen=True)
class Outside:
    """One step that numpy does: it reads and writes rows of the block."""

    instruction: Instruction


Stage: TypeAlias = Native | Outside


def stages(plan: Plan) -> tuple[Stage, ...] | None:
    """Return the stages of a plan, or None if one of its monthly steps is numpy's."""
    cut: list[list[Part] | Instruction] = [[]]
    for part in _parts(plan):
        first = 0
        for place, instruction in enumerate(part.instructions):
            if not _is_outside(instruction):
                continue
            if part.monthly:
                return None
            _add(cut, part, first, place)
            cut += [instruction, []]
            first = place + 1
        _add(cut, part, first, len(part.instructions))
    found = [piece for piece in cut if piece]
    return tuple(_linked(found, {o for o in plan.outputs.values() if isinstance(o, Register)}))


def _parts(plan: Plan) -> Iterator[Part]:
    for region in plan.regions:
        yield Part(tuple(region.begin), False)
        yield Part((*region.body, *region.end), True)
        yield Part(tuple(region.after), False)


def _add(cut: list[list[Part] | Instruction], part: Part, first: int, last: int) -> None:
    if first < last and isinstance(cut[-1], list):
        cut[-1].append(Part(part.instructions[first:last], part.monthly))


def _is_outside(instruction: Instruction) -> bool:
    return instruction.op in SOLVERS or (instruction.op == "draw" and bool(instruction.args))


def _linked(pieces: Sequence[list[Part] | Instruction], live: set[Register]) -> list[Stage]:
    """Return the pieces as stages, each with what it hands on; `live` are the registers of the outputs."""
    steps = [
        [piece] if isinstance(piece, Instruction) else [i for p in piece for i in p.instructions] for piece in pieces
    ]
    used = [_series(instructions) for instructions in steps]
    found: list[Stage] = []
    for place in reversed(range(len(pieces))):
        piece, instructions = pieces[place], steps[place]
        written = {i.out for i in instructions if i.out is not None}
        reads = _first_reads(instructions)
        if isinstance(piece, Instruction):
            found.append(Outside(piece))
        else:
            elsewhere = frozenset().union(*(u for other, u in enumerate(used) if other != place))
            found.append(Native(tuple(piece), _sorted(reads), _sorted(written & live), used[place] & elsewhere))
        live = (live - written) | reads
    return found[::-1]


def _sorted(registers: Iterable[Register]) -> tuple[Register, ...]:
    return tuple(sorted(registers, key=lambda r: (r.boolean, r.index)))


def _series(instructions: Iterable[Instruction]) -> frozenset[int]:
    found = {a.series for i in instructions for a in i.args if isinstance(a, Row)}
    found |= {i.data for i in instructions if i.op in ("keep", "lag", *SOLVERS) and i.data is not None}
    return frozenset(found)


def _first_reads(instructions: Iterable[Instruction]) -> set[Register]:
    """Return the registers that are read before they are written."""
    known: set[Register] = set()
    found: set[Register] = set()
    for instruction in instructions:
        read = {a for a in _read(instruction) if isinstance(a, Register)}
        if instruction.op in FOLDS and instruction.out is not None:
            read.add(instruction.out)
        found |= read - known
        if instruction.out is not None:
            known.add(instruction.out)
    return found


def _read(instruction: Instruction) -> tuple[Any, ...]:
    """Return the operands that a step looks at: where a fold begins, only a crossing looks, at its start."""
    begun = instruction.op.removeprefix("begin_")
    if begun == instruction.op or begun not in FOLDS:
        return instruction.args
    return instruction.args[:1] if begun == "crossing" else ()
