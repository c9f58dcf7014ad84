"""The choice between numpy and compiled code: the time that it saves against the time to compile it.

It is made for each run of a plan, or once for all runs of a report. It depends on the plans, the number of trials and
the number of cores, but not on code that was compiled before: so a repeated run gives the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.shared_draws import SharedDraws
from payback.simulator.engine.plan.schedule import SOLVERS, Plan
from payback.simulator.engine.workers.threads import cores
from payback.simulator.errors import UsageError
from payback.simulator.model import Draw

if TYPE_CHECKING:
    from payback.simulator.engine.compiled.backend import CompiledBackend
    from payback.simulator.engine.compiled.ledger.plan_code import PlanCode

STEP, DRAW, SOLVE = 0.6e-9, 8e-9, 0.4e-6
"""Seconds that numpy takes a trial, on one core, for a step of a formula, an input, and a month of a rate of return
(measured on a two-core cloud machine, 2026)."""

COUPLED = 50e-9
"""Seconds that numpy takes a trial, on one core, to couple an input to others."""

SAVED, SAVED_SOLVING = 0.5, 0.15
"""The share that compiled code saves of the seconds of steps and inputs, and of those of rates of return."""

START, CHARACTER = 0.08, 0.45e-6
"""Seconds that a run takes to load the compiler and the code of the inputs, which is compiled once on a machine, and to
compile a character of a plan's code."""

NEW = 0.3
"""The share of the code of a plan that a change of the case leaves to be compiled: about half of it differs, and half
of all runs find theirs on the disk."""


def compiled(
    plan: Plan, draws: Sequence[Draw], cube: CubeLike, shared: SharedDraws | None = None, *, always: bool
) -> CompiledBackend | None:
    """Return the compiled back end, None if numpy should do the work.

    Parameters
    ----------
    plan : Plan
    draws : sequence of Draw
        The inputs that the plan reads.
    cube : CubeLike
    shared : SharedDraws, optional
        Values that runs on the same trials share.
    always : bool
        See `code_if_it_pays`.

    Raises
    ------
    UsageError
        If `always` is true and llvmlite is not installed.
    """
    coupled = COUPLED * sum(len(group.axes) for group in cube.dependence)
    code = code_if_it_pays(plan, cube.trials, cube.trials, always=always, extra_seconds=coupled)
    if code is None:
        return None
    from payback.simulator.engine.compiled.backend import CompiledBackend

    return CompiledBackend(code, draws, cube, shared)


def code_if_it_pays(plan: Plan, trials: int, runs: int, *, always: bool, extra_seconds: float = 0.0) -> PlanCode | None:
    """Return the code of a plan, None if numpy should do the work.

    Parameters
    ----------
    plan : Plan
    trials : int
        Number of trials in which inputs are drawn.
    runs : int
        Number of trials in which the steps are run.
    always : bool
        Whether to compile whatever it costs; a plan that cannot be compiled is still numpy's.
    extra_seconds : float
        Seconds that numpy takes a trial, on one core, besides the steps of the plan.

    Raises
    ------
    UsageError
        If `always` is true and llvmlite is not installed.
    """
    if find_spec("llvmlite") is None:
        if always:
            raise UsageError("the compiled engine needs llvmlite -> `pip install 'payback[fast]'`, or --engine numpy")
        return None
    expected = saving(plan, trials, runs, extra_seconds)
    if not always and expected < START:
        return None
    from payback.simulator.engine.compiled.ledger.plan_code import plan_code

    code = plan_code(plan)
    return code if code and (always or expected > START + CHARACTER * code.length) else None


@dataclass(frozen=True)
class Work:
    """Runs of a plan, and of what changes of its case make of it.

    Parameters
    ----------
    plan : Plan
    changes : int
        How many changed cases are run besides the case as it is.
    coupled : int
        Inputs that depend on others.
    """

    plan: Plan
    changes: int
    coupled: int


def pays_for(work: Sequence[Work], trials: int) -> bool:
    """Return whether compiled code saves time over all of `work`, each run of `trials` trials; it is loaded once."""
    if find_spec("llvmlite") is None:
        return False
    saved = sum((1 + w.changes) * saving(w.plan, trials, trials, COUPLED * w.coupled) for w in work)
    if saved <= START:
        return False
    from payback.simulator.engine.compiled.ledger.plan_code import plan_code

    codes = [plan_code(w.plan) for w in work]
    written = [code.length * (1 + NEW * w.changes) for code, w in zip(codes, work, strict=True) if code is not None]
    return len(written) == len(work) and saved > START + CHARACTER * sum(written)


def saving(plan: Plan, trials: int, runs: int, extra_seconds: float = 0.0) -> float:
    """Return the seconds that compiled code is expected to save; see `code_if_it_pays`.

    Threads of numpy take turns at the interpreter, so that they gain less than the number of cores.
    """
    steps, solving = _seconds(plan, trials / runs)
    saved = SAVED * (steps + extra_seconds) + SAVED_SOLVING * solving
    return saved * runs / math.sqrt(cores())


def plan_cost(plan: Plan) -> float:
    """Return the seconds that numpy is expected to take a trial on one core, which depend on the plan only."""
    return sum(_seconds(plan, 1.0))


def _seconds(plan: Plan, drawn: float) -> tuple[float, float]:
    """Return the seconds of a trial for steps and inputs, and for rates of return.

    `drawn` is the share of the trials in which inputs are drawn.
    """
    steps = solving = 0.0
    for region in plan.regions:
        for instructions, times in ((region.begin + region.after, 1), (region.body + region.end, plan.months)):
            solving += times * sum(SOLVE * plan.months / len(SOLVERS) for i in instructions if i.op in SOLVERS)
            steps += times * sum(DRAW * drawn if i.op == "draw" else STEP for i in instructions if i.op not in SOLVERS)
    return steps, solving
