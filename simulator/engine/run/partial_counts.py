"""Counts of ranges of trials, and the state of the run that they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.run.backends import Backend
from payback.simulator.engine.run.finite_checks import not_finite
from payback.simulator.engine.workers.threads import Task
from payback.simulator.statistics import GROUPS, CountedSample, Grid, Sums, Tally, TrialCounter, leaf_sums


@dataclass(frozen=True, eq=False)
class PartialCounts:
    """The counts of one range of trials.

    Parameters
    ----------
    stop : int
        The trial after its last one.
    sums : mapping of str to Sums
        By output.
    wrong : tuple of int
        The first trial in which a check fails (or -1), and the number of such trials.
    tallies : mapping of str to mapping of str to array, or None
        States of the tallies of these trials; None if they were counted in the tallies of the thread.
    """

    stop: int
    sums: Mapping[str, Sums]
    wrong: tuple[int, int]
    tallies: Mapping[str, Mapping[str, np.ndarray]] | None = None


@dataclass(eq=False)
class Counted:
    """The state of a counting run: the counts of its first `done` trials.

    Parameters
    ----------
    tallies : mapping of str to Tally
        By output.
    sums : mapping of str to Sums
    done : int
    first_wrong : int
        First trial in which a check fails, -1 if there is none.
    wrong : int
        The number of trials in which a check fails.
    """

    tallies: dict[str, Tally]
    sums: dict[str, Sums] = field(default_factory=dict)
    done: int = 0
    first_wrong: int = -1
    wrong: int = 0

    def take(self, counts: PartialCounts) -> None:
        """Add the counts of the next range of trials."""
        self.sums = {name: self.sums.get(name, Sums()).add(sums) for name, sums in counts.sums.items()}
        for name, state in (counts.tallies or {}).items():
            self.tallies[name].merge(Tally.restore(self.tallies[name].grid, state))
        first, wrong = counts.wrong
        self.first_wrong = first if self.first_wrong < 0 else self.first_wrong
        self.wrong += wrong
        self.done = counts.stop

    def streamed(self, replicates: int | None) -> dict[str, CountedSample]:
        """Return the sample of each output."""
        return {
            name: CountedSample.of_tally(tally, replicates, self.sums[name]) for name, tally in self.tallies.items()
        }


class CountingTasks:
    """Tasks that count trials, each in tallies of its own."""

    def __init__(self, backend: Backend, grids: Mapping[str, Grid], cube: CubeLike) -> None:
        self._backend = backend
        self._grids = grids
        self._cube = cube
        self._made: list[dict[str, TrialCounter]] = []
        self._task: Task[PartialCounts] | None = None

    def task(self) -> Task[PartialCounts]:
        """Return the task of one thread."""
        # loads the builder of code, which runs that keep trials do without
        from payback.simulator.engine.compiled.counting import counter

        work, fast = self._backend.worker(), counter(len(self._grids) * self._cube.trials)
        groups = self._cube.replicates or GROUPS
        counters = {name: fast.make(grid, groups) for name, grid in self._grids.items()}
        self._made.append(counters)

        def count(start: int, stop: int) -> PartialCounts:
            outputs = work(start, stop)
            for name, trials in counters.items():
                trials.add(start, outputs[name])
            sums = {
                name: Sums.of(start, leaf_sums(grid, outputs[name], groups, fast.add))
                for name, grid in self._grids.items()
            }
            bad = not_finite(outputs, start)
            return PartialCounts(stop, sums, (-1, 0) if bad is None else (int(bad[0]), bad.size))

        return count

    def chunk(self, start: int, stop: int, size: int) -> PartialCounts:
        """Return the counts of trials `start` to `stop`, `size` at a time, on this thread, the only one."""
        if self._task is None:
            self._task = self.task()
        blocks = [self._task(begin, min(begin + size, stop)) for begin in range(start, stop, size)]
        (counters,) = self._made
        states = {name: trials.take().state() for name, trials in counters.items()}
        sums = {name: reduce(Sums.add, (counts.sums[name] for counts in blocks)) for name in counters}
        firsts = [counts.wrong[0] for counts in blocks if counts.wrong[1]]
        return PartialCounts(
            stop, sums, (firsts[0] if firsts else -1, sum(counts.wrong[1] for counts in blocks)), states
        )

    def hand_over(self, counted: Counted) -> None:
        """Move the counts of all tasks to `counted`; no task may be running."""
        for counters in self._made:
            for name, trials in counters.items():
                counted.tallies[name].merge(trials.take())


def empty_tallies(grids: Mapping[str, Grid], cube: CubeLike) -> dict[str, Tally]:
    """Return an empty tally over each of `grids`."""
    return {name: Tally(grid, cube.replicates or GROUPS) for name, grid in grids.items()}
