"""A plan written as code, with what tells the code's places from one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from payback.simulator.engine.compiled.ledger.stage_code import Writer, Written
from payback.simulator.engine.compiled.ledger.stages import Native, Outside, Stage, stages
from payback.simulator.engine.compiled.llvm.target import NARROW, WIDE, target
from payback.simulator.engine.compiled.sampling import library
from payback.simulator.engine.plan.schedule import Plan, Register

FEW_REGISTERS = 64
"""Registers of a plan up to which vectors of two registers of the processor pay."""


@dataclass(frozen=True)
class Draft:
    """A plan as code.

    Parameters
    ----------
    plan : Plan
    lanes : int
        Trials in a vector.
    rows : mapping of Register to int
        The row of the block for every register that lies there between stages, or at the end.
    stages : tuple
        Compiled ones with their code, and steps of numpy.
    """

    plan: Plan
    lanes: int
    rows: Mapping[Register, int]
    stages: tuple[tuple[Native, Written] | Outside, ...]

    @property
    def library(self) -> str:
        """The text of the code that fills rows."""
        return library.text(target().lanes)

    @property
    def length(self) -> int:
        """Characters of the code that is the plan's own."""
        return sum(len(s[1].text) for s in self.stages if not isinstance(s, Outside))

    @property
    def series(self) -> int:
        """How many series must lie in the block, because another stage reads them than makes them; 0 if none."""
        shared = [series for s in self.stages if not isinstance(s, Outside) for series in s[0].shared]
        return 1 + max(shared) if shared else 0


def draft(plan: Plan, lanes: int | None = None) -> Draft | None:
    """Return a plan as code, None if there is none for one of its steps; see `stages`.

    `lanes` is by default what suits the processor, and fewer where a plan has more registers than that has.
    """
    lanes = lanes or min(target().lanes, WIDE if plan.floats <= FEW_REGISTERS else NARROW)
    plan_stages = stages(plan)
    if plan_stages is None:
        return None
    rows = _rows(plan_stages, plan)
    return Draft(
        plan,
        lanes,
        rows,
        tuple(s if isinstance(s, Outside) else (s, Writer(s, plan.months, rows, lanes).write()) for s in plan_stages),
    )


def _rows(plan_stages: Sequence[Stage], plan: Plan) -> dict[Register, int]:
    rows: dict[Register, int] = {}
    used: list[Any] = []
    for stage in plan_stages:
        used += (*stage.instruction.args, stage.instruction.out) if isinstance(stage, Outside) else ()
        used += (*stage.reads, *stage.writes) if isinstance(stage, Native) else ()
    for register in (*used, *plan.outputs.values()):
        if isinstance(register, Register):
            rows.setdefault(register, len(rows))
    return rows
