"""The progress of several runs of the engine, reported as that of one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from payback.simulator.questions.trials.execution import Execution


class TotalProgress:
    """Progress over several runs of equal size.

    Parameters
    ----------
    progress : callable
        ``progress(done, trials)`` of the whole.
    runs : int
        How many runs there will be.
    """

    def __init__(self, progress: Callable[[int, int], None], runs: int) -> None:
        self._progress = progress
        self._runs = runs
        self._finished = 0
        self._lock = threading.Lock()

    def __call__(self, done: int, trials: int) -> None:
        """Report the progress of the current run."""
        with self._lock:
            total = max(self._runs, self._finished + 1) * trials
            self._progress(self._finished * trials + done, total)
            if done >= trials:
                self._finished += 1


def with_total_progress(execution: Execution, runs: int) -> Execution:
    """Return `execution` with the progress of `runs` runs of the engine reported as one.

    Runs inside such runs are counted already: an execution that reports a total is returned as it is.

    Parameters
    ----------
    execution : Execution
    runs : int
        Number of runs of the engine.
    """
    if execution.progress is None or isinstance(execution.progress, TotalProgress):
        return execution
    return replace(execution, progress=TotalProgress(execution.progress, runs))
