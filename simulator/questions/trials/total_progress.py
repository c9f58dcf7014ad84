"""The progress of several runs of the engine, reported as that of one that never goes back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from payback.simulator.questions.trials.execution import Execution

Report = Callable[[int, int], None]
"""``progress(done, trials)``."""


class Onward:
    """Progress of which neither number ever falls, whatever is reported to it, and from whatever thread.

    Parameters
    ----------
    progress : callable
        ``progress(done, trials)``; `trials` grows where a run finds that it takes more.
    """

    def __init__(self, progress: Report) -> None:
        self._progress = progress
        self._done = self._trials = 0
        self._lock = threading.Lock()

    def __call__(self, done: int, trials: int) -> None:
        """Report that `done` of `trials` trials are done."""
        with self._lock:
            self._trials = max(self._trials, trials)
            self._done = max(self._done, min(done, self._trials))
            self._progress(self._done, self._trials)

    def look(self, trials: int) -> Report:
        """Return the progress of a look at `trials` trials, reported in trials however many runs it takes."""
        return lambda done, of: self(trials * done // of, trials)


class TotalProgress:
    """Progress over several runs, each an equal part of the whole.

    Runs beyond those that were expected add nothing to it: the whole is reported as done.

    Parameters
    ----------
    progress : callable
        ``progress(done, trials)`` of the whole.
    runs : int
        How many runs there will be.
    """

    def __init__(self, progress: Report, runs: int) -> None:
        self._progress = Onward(progress)
        self._runs = runs
        self._finished = 0
        self._part = 0
        self._lock = threading.Lock()

    def __call__(self, done: int, trials: int) -> None:
        """Report the progress of the current run."""
        with self._lock:
            self._part = self._part or trials
            total = self._runs * self._part
            self._progress(min(self._finished * self._part + self._part * done // trials, total), total)
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
