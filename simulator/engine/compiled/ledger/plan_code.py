"""A plan as code: the text of its stages, and the rows of the block in which they leave values for one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from payback.simulator.engine.compiled.ledger.stage_code import StageCode, StageWriter
from payback.simulator.engine.compiled.ledger.stages import CodeStage, NumpyStep, Stage, stages
from payback.simulator.engine.compiled.llvm.target import NARROW, WIDE, target
from payback.simulator.engine.compiled.sampling import library
from payback.simulator.engine.plan.schedule import Plan, Register

FEW_REGISTERS = 64
"""Registers of a plan up to which vectors of two registers of the processor pay."""


@dataclass(frozen=True)
class PlanCode:
    """The code of a plan, and the rows of the block that its stages share.

    Parameters
    ----------
    plan : Plan
    lanes : int
        Trials in a vector.
    rows : mapping of Register to int
        The row of the block for every register that stages or outputs read from there.
    stages : tuple
        Compiled stages, each with its code, and the steps of numpy between them.
    """

    plan: Plan
    lanes: int
    rows: Mapping[Register, int]
    stages: tuple[tuple[CodeStage, StageCode] | NumpyStep, ...]

    @property
    def library(self) -> str:
        """The text of the code that fills rows of inputs."""
        return library.text(target().lanes)

    @property
    def length(self) -> int:
        """Characters of the plan's own code."""
        return sum(len(s[1].text) for s in self.stages if not isinstance(s, NumpyStep))

    @property
    def series(self) -> int:
        """Number of series in the block, up to the last one that is written in one stage and read in another."""
        shared = [series for s in self.stages if not isinstance(s, NumpyStep) for series in s[0].shared]
        return 1 + max(shared) if shared else 0


def plan_code(plan: Plan, lanes: int | None = None) -> PlanCode | None:
    """Return the code of a plan, None if `stages` cannot cut it.

    By default `lanes` is what suits the processor, and `NARROW` for plans of more than `FEW_REGISTERS` registers.
    """
    lanes = lanes or min(target().lanes, WIDE if plan.floats <= FEW_REGISTERS else NARROW)
    plan_stages = stages(plan)
    if plan_stages is None:
        return None
    rows = _rows(plan_stages, plan)
    return PlanCode(
        plan,
        lanes,
        rows,
        tuple(
            s if isinstance(s, NumpyStep) else (s, StageWriter(s, plan.months, rows, lanes).write())
            for s in plan_stages
        ),
    )


def _rows(plan_stages: Sequence[Stage], plan: Plan) -> dict[Register, int]:
    rows: dict[Register, int] = {}
    used: list[Any] = []
    for stage in plan_stages:
        used += (*stage.instruction.args, stage.instruction.out) if isinstance(stage, NumpyStep) else ()
        used += (*stage.reads, *stage.writes) if isinstance(stage, CodeStage) else ()
    for register in (*used, *plan.outputs.values()):
        if isinstance(register, Register):
            rows.setdefault(register, len(rows))
    return rows
