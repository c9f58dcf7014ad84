"""The loop that finds the size of a run: compute the numbers, double the trials, compute them again.

A rule decides when to stop. Where a run may stop as soon as an interval happens to be short, intervals cover less than
they say [1]_: so few looks are taken, and a look counts only when its intervals are a tenth shorter than they must be
(`MARGIN`).

References
----------
.. [1] Glynn and Whitt (1992), The asymptotic validity of sequential stopping rules for stochastic simulations, Annals
   of Applied Probability 2(1), doi:10.1214/aoap/1177005777
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeAlias, TypeVar

from payback.simulator.case import Case
from payback.simulator.document.precision import Precision
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.run_cache import RunCache
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.questions.trials.total_progress import Onward

MARGIN = 1.1
"""A half-width times this must be as small as it is to be."""

Result = TypeVar("Result")

Compute: TypeAlias = Callable[[Frame, Execution, RunCache], Result]
"""Computes the numbers of a look on the trials of a frame."""


@dataclass(frozen=True)
class Look(Generic[Result]):
    """A look: one pass of the loop, the numbers of a run on a number of trials.

    Parameters
    ----------
    sampling : Sampling
    trials : int
        Of its cube.
    result : object
        The result of the computation.
    looks : int
        Number of looks so far, this one included.
    seconds : float
        Since the first look began.
    stopped : bool
        Whether an interrupt stopped the run.
    """

    sampling: Sampling
    trials: int
    result: Result
    looks: int
    seconds: float
    stopped: bool


class StoppingRule(Protocol[Result]):
    """The rule that decides when to stop doubling the trials."""

    def enough(self, look: Look[Result]) -> bool:
        """Return whether the numbers are known well enough, or never will be."""

    def affordable(self, look: Look[Result]) -> bool:
        """Return whether a look at twice as many trials may follow."""


def doubled(
    case: Case,
    sampling: Sampling,
    execution: Execution,
    compute: Compute[Result],
    rule: StoppingRule[Result],
    cache: RunCache,
) -> Look[Result]:
    """Return the last look at the numbers of a run, its trials doubled until `rule` stops.

    Parameters
    ----------
    case : Case
    sampling : Sampling
        Of the first look.
    execution : Execution
        Its progress is told in trials: how many are done, and how many it takes as far as is known.
    compute : callable
        ``compute(frame, execution, cache)``.
    rule : StoppingRule
    cache : RunCache
        Its samples let a look run only the trials that the look before it did not.
    """
    begun, looks = time.monotonic(), 0
    onward = None if execution.progress is None else Onward(execution.progress)
    while True:
        frame = Frame(case, sampling.cube(case))
        progress = None if onward is None else onward.look(frame.cube.trials)
        result = compute(frame, replace(execution, progress=progress), cache)
        looks += 1
        seconds = time.monotonic() - begun
        look = Look(sampling, frame.cube.trials, result, looks, seconds, execution.stopped)
        if look.stopped or rule.enough(look) or not rule.affordable(look):
            return look
        sampling = replace(sampling, trials=2 * sampling.trials)


def count_text(trials: int, looks: int) -> str:
    """Return the numbers of trials and looks in words."""
    return f"{trials:,} trials, {looks} look{'' if looks == 1 else 's'}"


def precision_record(
    target: str, stated: float, width: float, look: Look[Result], reached: bool, text: str
) -> Precision:
    """Return the record of the precision of `target`: half-widths stated and reached; an infinite `width` is None.

    Parameters
    ----------
    target : str
        The statistic, as written.
    stated, width : float
        Half-widths of its 95 % interval, in its unit: the one needed and the one reached.
    look : Look
        The last look of the run.
    reached : bool
        Whether the statistic is known well enough.
    text : str
        The result in words.
    """
    return Precision(
        target=target,
        asked=stated,
        half_width=width if math.isfinite(width) else None,
        reached=reached,
        trials=look.trials,
        looks=look.looks,
        text=text,
    )
