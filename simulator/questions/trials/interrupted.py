"""What an interrupted run still tells."""

from __future__ import annotations

from collections.abc import Mapping

from payback.simulator.document.results import MeasureResult
from payback.simulator.errors import PaybackError


class Interrupted(PaybackError):
    """A run that was stopped: the measures over the trials that were done.

    Parameters
    ----------
    measures : mapping of str to MeasureResult
        Empty when it was stopped before the first trials were done.
    done, trials : int
        Trials that were done, of how many.
    """

    def __init__(self, measures: Mapping[str, MeasureResult], done: int, trials: int) -> None:
        super().__init__(f"interrupted after {done:,} of {trials:,} trials")
        self.measures = measures
        self.done = done
        self.trials = trials
