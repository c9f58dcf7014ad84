"""A plan cut into stages of compiled code, with the few steps that numpy does between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from payback.simulator.engine.plan.schedule import FOLDS, SOLVERS, Instruction, Plan, Register, Row


@dataclass(frozen=True)
class Phase:
    """Consecutive instructions of a stage that run once, or in each month."""

    instructions: tuple[Instruction, ...]
    monthly: bool


@dataclass(frozen=True)
class CodeStage:
    """A stage of a plan that runs as compiled code without a step of numpy in between.

    Parameters
    ----------
    phases : tuple of Phase
    reads : tuple of Register
        Registers that earlier stages wrote.
    writes : tuple of Register
        Registers that later stages or outputs read.
    shared : frozenset of int
        Series that this stage writes for others, or reads from them.
    """

    phases: tuple[Phase, ...]
    reads: tuple[Register, ...]
    writes: tuple[Register, ...]
    shared: frozenset[int]

    @property
    def instructions(self) -> Iterator[Instruction]:
        """The instructions of all phases, in order."""
        return (i for phase in self.phases for i in phase.instructions)


@dataclass(frozen=True)
class NumpyStep:
    """A step that numpy does between stages, on rows of the block, or on a series for ``draw_each``."""

    instruction: Instruction


Stage: TypeAlias = CodeStage | NumpyStep


def stages(plan: Plan) -> tuple[Stage, ...] | None:
    """Return the stages of a plan, None if numpy would have to work within a month.

    A monthly input whose parameters differ by trial is drawn by numpy for all months before the loop that reads it,
    into a series behind those of the plan. Its parameters must not come from that loop: then there are no stages.
    """
    cut: list[list[Phase] | Instruction] = [[]]
    series = plan.series
    for region in plan.regions:
        body = (*region.body, *region.end)
        outside = [i for i in body if _is_outside(i)]
        made = {i.out for i in body}
        if any(a in made for i in outside for a in i.args):
            return None
        series_of = dict(zip(outside, range(series, series + len(outside)), strict=True))
        series += len(outside)
        for i in outside:
            cut += [Instruction("draw_each", (i.data[0], series_of[i]), i.args, None), []]
        body = tuple(Instruction("given", series_of[i], (), i.out) if i in series_of else i for i in body)
        _add(cut, tuple(region.begin), monthly=False)
        _add(cut, body, monthly=True)
        first = 0
        for last, instruction in enumerate(region.after):
            if _is_outside(instruction):
                _add(cut, tuple(region.after[first:last]), monthly=False)
                cut += [instruction, []]
                first = last + 1
        _add(cut, tuple(region.after[first:]), monthly=False)
    pieces = [piece for piece in cut if piece]
    return tuple(_linked(pieces, {o for o in plan.outputs.values() if isinstance(o, Register)}))


def _add(cut: list[list[Phase] | Instruction], instructions: tuple[Instruction, ...], *, monthly: bool) -> None:
    if instructions and isinstance(cut[-1], list):
        cut[-1].append(Phase(instructions, monthly))


def _is_outside(instruction: Instruction) -> bool:
    return instruction.op in SOLVERS or (instruction.op == "draw" and bool(instruction.args))


def _linked(pieces: Sequence[list[Phase] | Instruction], live: set[Register]) -> list[Stage]:
    """Return the pieces as stages, with the registers that each reads and writes; `live` are those of the outputs."""
    steps = [
        [piece] if isinstance(piece, Instruction) else [i for p in piece for i in p.instructions] for piece in pieces
    ]
    used = [_series(instructions) for instructions in steps]
    linked: list[Stage] = []
    for index in reversed(range(len(pieces))):
        piece, instructions = pieces[index], steps[index]
        written = {i.out for i in instructions if i.out is not None}
        reads = _first_reads(instructions)
        if isinstance(piece, Instruction):
            linked.append(NumpyStep(piece))
        else:
            elsewhere = frozenset().union(*(u for other, u in enumerate(used) if other != index))
            linked.append(CodeStage(tuple(piece), _sorted(reads), _sorted(written & live), used[index] & elsewhere))
        live = (live - written) | reads
    return linked[::-1]


def _sorted(registers: Iterable[Register]) -> tuple[Register, ...]:
    return tuple(sorted(registers, key=lambda r: (r.boolean, r.index)))


def _series(instructions: Iterable[Instruction]) -> frozenset[int]:
    used = {a.series for i in instructions for a in i.args if isinstance(a, Row)}
    used |= {i.data for i in instructions if i.op in ("keep", "lag", "given", *SOLVERS) and i.data is not None}
    used |= {i.data[1] for i in instructions if i.op == "draw_each"}
    return frozenset(used)


def _first_reads(instructions: Iterable[Instruction]) -> set[Register]:
    """Return the registers that are read before they are written."""
    known: set[Register] = set()
    early: set[Register] = set()
    for instruction in instructions:
        read = {a for a in _read(instruction) if isinstance(a, Register)}
        if instruction.op in FOLDS and instruction.out is not None:
            read.add(instruction.out)
        early |= read - known
        if instruction.out is not None:
            known.add(instruction.out)
    return early


def _read(instruction: Instruction) -> tuple[Any, ...]:
    """Return the operands that a step reads: of the steps that begin a fold, only a crossing reads, its start."""
    begun = instruction.op.removeprefix("begin_")
    if begun == instruction.op or begun not in FOLDS:
        return instruction.args
    return instruction.args[:1] if begun == "crossing" else ()
