"""The engine of a whole run, chosen once by all its work: so the case and its changes are computed alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from payback.simulator.engine import engine_for
from payback.simulator.questions.size.cost_budget import Job
from payback.simulator.questions.trials.execution import Execution


def with_engine(execution: Execution, jobs: Sequence[Job], trials: int) -> Execution:
    """Return `execution` with the engine that does `jobs` soonest, if it leaves the choice.

    Parameters
    ----------
    execution : Execution
    jobs : sequence of Job
        All the work that is known to come.
    trials : int
        Trials of each run, or the fewest that it may have.
    """
    if execution.engine != "auto":
        return execution
    work = ((job.model, {str(i): formula for i, formula in enumerate(job.formulas)}, job.runs - 1) for job in jobs)
    return replace(execution, engine=engine_for(work, trials))
