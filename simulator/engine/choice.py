"""Whether compiled code pays: what it saves against what it costs to have it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from simulator.case.model import Draw
from simulator.engine.executors import cores
from simulator.engine.plan import Plan
from simulator.engine.sources import Cube
from simulator.errors import UsageError

if TYPE_CHECKING:
    from simulator.engine.compiled import CompiledBackend

STEP, DRAW = 0.6e-9, 8e-9
"""Seconds a trial that a step of a formula, and an input, take numpy on one core (two-core cloud machine, 2026)."""

SAVED = 0.8
"""The share of it that compiled code saves."""

START = 0.15
"""Seconds to load the compiler."""


def compiled(plan: Plan, draws: Sequence[Draw], cube: Cube, *, always: bool) -> CompiledBackend | None:
    """Return the compiled back end, None if numpy is to do the work.

    Parameters
    ----------
    plan : Plan
    draws : sequence of Draw
        The inputs that the plan reads.
    cube : Cube
    always : bool
        Whether it is wanted whatever it costs; a plan that has no code is numpy's all the same.

    Raises
    ------
    UsageError
        If it is always wanted and llvmlite, which comes with numba, is not installed.
    """
    if find_spec("llvmlite") is None:
        if always:
            raise UsageError("the compiled engine needs numba -> `pip install 'payback[fast]'`, or --engine numpy")
        return None
    if not always and saving(plan, cube.trials) < (0.0 if "llvmlite.binding" in sys.modules else START):
        return None
    from simulator.engine.compiled import CompiledBackend
    from simulator.engine.kernel.build import cost
    from simulator.engine.kernel.draft import draft

    found = draft(plan)
    if found is None or not (always or saving(plan, cube.trials) > cost(found.texts)):
        return None
    return CompiledBackend(found, draws, cube)


def saving(plan: Plan, trials: int) -> float:
    """Return the seconds that compiled code is expected to save."""
    spent = 0.0
    for region in plan.regions:
        for instructions, times in ((region.begin + region.after, 1), (region.body + region.end, plan.months)):
            spent += times * sum(DRAW if i.op == "draw" else STEP for i in instructions)
    return SAVED * spent * trials / cores()
