"""Whether compiled code pays: what it saves against what it costs to have it.

The choice depends on the plan, on the number of trials and on the machine, not on what lies on the
disk or was loaded before: a run that is repeated gives the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from payback.simulator.engine.numpy_engine.input_values import Cube
from payback.simulator.engine.plan.schedule import SOLVERS, Plan
from payback.simulator.engine.workers.threads import cores
from payback.simulator.errors import UsageError
from payback.simulator.model import Draw

if TYPE_CHECKING:
    from payback.simulator.engine.compiled.backend import CompiledBackend
    from payback.simulator.engine.compiled.ledger.plan_code import Draft

STEP, DRAW, SOLVE = 0.6e-9, 8e-9, 0.4e-6
"""Seconds that a step of a formula, an input, and a month of a rate of return take numpy in a trial, on one core
(two-core cloud machine, 2026)."""

COUPLED = 50e-9
"""Seconds that it takes numpy to couple an input to others in a trial, on one core."""

SAVED = 0.8
"""The share of it all that compiled code saves."""

START, CHARACTER = 0.15, 2.5e-6
"""Seconds to load the compiler, and to compile a character of a plan's code, which a first run pays."""


def compiled(plan: Plan, draws: Sequence[Draw], cube: Cube, *, always: bool) -> CompiledBackend | None:
    """Return the compiled back end, None if numpy is to do the work.

    Parameters
    ----------
    plan : Plan
    draws : sequence of Draw
        The inputs that the plan reads.
    cube : Cube
    always : bool
        See `drafted`.

    Raises
    ------
    UsageError
        If it is always wanted and llvmlite is not installed.
    """
    coupled = COUPLED * sum(len(group.axes) for group in cube.dependence)
    code = drafted(plan, cube.trials, cube.trials, always=always, beside=coupled)
    if code is None:
        return None
    from payback.simulator.engine.compiled.backend import CompiledBackend

    return CompiledBackend(code, draws, cube)


def drafted(plan: Plan, trials: int, runs: int, *, always: bool, beside: float = 0.0) -> Draft | None:
    """Return the code of a plan, None if numpy is to do the work.

    Parameters
    ----------
    plan : Plan
    trials : int
        In how many trials inputs are drawn.
    runs : int
        In how many the steps are run.
    always : bool
        Whether it is wanted whatever it costs; a plan that has no code is numpy's all the same.
    beside : float
        Seconds that a trial takes numpy beside the steps of the plan, on one core.

    Raises
    ------
    UsageError
        If it is always wanted and llvmlite is not installed.
    """
    if find_spec("llvmlite") is None:
        if always:
            raise UsageError("the compiled engine needs llvmlite -> `pip install 'payback[fast]'`, or --engine numpy")
        return None
    expected = saving(plan, trials, runs, beside)
    if not always and expected < START:
        return None
    from payback.simulator.engine.compiled.ledger.plan_code import draft

    code = draft(plan)
    return code if code and (always or expected > START + CHARACTER * code.length) else None


def saving(plan: Plan, trials: int, runs: int, beside: float = 0.0) -> float:
    """Return the seconds that compiled code is expected to save; see `drafted`.

    Threads of numpy take turns at the interpreter, and so gain less than there are cores.
    """
    return SAVED * (cost(plan, trials / runs) + beside) * runs / math.sqrt(cores())


def cost(plan: Plan, drawn: float = 1.0) -> float:
    """Return the seconds that a trial is expected to take numpy, on one core: they follow from the plan alone.

    A share `drawn` of the trials draws its inputs.
    """
    seconds = {"draw": DRAW * drawn} | dict.fromkeys(SOLVERS, SOLVE * plan.months / len(SOLVERS))
    spent = 0.0
    for region in plan.regions:
        for instructions, times in ((region.begin + region.after, 1), (region.body + region.end, plan.months)):
            spent += times * sum(seconds.get(i.op, STEP) for i in instructions)
    return spent
