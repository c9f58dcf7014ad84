"""Runs a model on a cube of any length in bounded memory: trials are counted, not kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.case.model import Model
from simulator.case.nodes import Expression
from simulator.engine.backends import Backend
from simulator.engine.checks import blame, not_finite
from simulator.engine.executors import Pause, Task, Threads
from simulator.engine.run import Progress, keep, prepared
from simulator.engine.sources import Cube
from simulator.errors import NumericalError
from simulator.statistics import GROUPS, LEAF, Grid, Streamed, Sums, Tally, leaf_sums

PILOT = 2**17
"""First trials, which the grids of the measures are made from."""


@dataclass(frozen=True, eq=False)
class Part:
    """What one range of trials gave.

    Parameters
    ----------
    stop : int
        The trial after its last one.
    sums : mapping of str to array of shape (leaves, POWERS)
        By output, see `simulator.statistics.leaf_sums`.
    wrong : tuple of int
        First trial in which a check fails (or -1), and in how many one does.
    tallies : mapping of str to mapping of str to array, or None
        State of the tallies of these trials; None if they were added to tallies of the thread.
    """

    stop: int
    sums: Mapping[str, NDArray[np.float64]]
    wrong: tuple[int, int]
    tallies: Mapping[str, Mapping[str, np.ndarray]] | None = None


@dataclass(eq=False)
class Counted:
    """What the first `done` trials of a run gave.

    Parameters
    ----------
    tallies : mapping of str to Tally
        By output.
    sums : mapping of str to Sums
    done : int
    first_wrong : int
        First trial in which a check fails, -1 if there is none.
    wrong : int
        In how many trials one does.
    """

    tallies: dict[str, Tally]
    sums: dict[str, Sums] = field(default_factory=dict)
    done: int = 0
    first_wrong: int = -1
    wrong: int = 0

    def take(self, part: Part) -> None:
        """Take in the next range of trials."""
        self.sums = {name: self.sums.get(name, Sums()).add(leaves) for name, leaves in part.sums.items()}
        for name, state in (part.tallies or {}).items():
            self.tallies[name].merge(Tally.restore(self.tallies[name].grid, state))
        first, wrong = part.wrong
        self.first_wrong = first if self.first_wrong < 0 else self.first_wrong
        self.wrong += wrong
        self.done = part.stop

    def streamed(self, replicates: int | None) -> dict[str, Streamed]:
        """Return what was counted as samples."""
        return {name: Streamed.of_tally(tally, replicates, self.sums[name]) for name, tally in self.tallies.items()}


class Store(Protocol):
    """Where the state of a run is kept for the case that it is killed."""

    def load(self, grids: Mapping[str, Grid]) -> Counted | None:
        """Return what was saved of the run with these grids, None if nothing was."""

    @property
    def due(self) -> bool:
        """Whether it is time to save."""

    def save(self, counted: Counted) -> None:
        """Save the state of the run."""


def accumulate(
    model: Model,
    cube: Cube,
    outputs: Mapping[str, Expression],
    *,
    threads: int | None = None,
    block: int | None = None,
    progress: Progress | None = None,
    engine: str = "auto",
    pause: Pause | None = None,
    store: Store | None = None,
) -> dict[str, Streamed]:
    """Return every output over the trials of `cube`, counted by cell; see `simulate` for the parameters.

    Parameters
    ----------
    store : Store, optional
        Where the state is saved now and then, and where a run that was killed is taken up again.

    Returns
    -------
    dict of str to Streamed
        Its bits depend on neither threads nor blocks, nor on whether the run was taken up again. With `pause`
        of the first trials alone.

    Raises
    ------
    NumericalError
        When a formula gives NaN or infinity in any trial.
    """
    backend, first = prepared(model, cube, outputs, engine), min(PILOT, cube.trials)
    pilot, _ = keep(backend, outputs, first, threads=threads)
    grids = {name: Grid.of(values) for name, values in pilot.items()}
    counted = store.load(grids) if store is not None else None
    counted = counted or Counted(_empty(grids, cube))
    size = -(-(block or backend.block) // LEAF) * LEAF
    work = _Work(backend, grids, cube)

    def interrupted() -> bool:
        return pause is not None and pause()

    with Threads(work.task, threads) as pool:
        while counted.done < cube.trials:
            wait = interrupted if store is None else (lambda: interrupted() or store.due)
            for part in pool.map(counted.done, cube.trials, size, wait):
                counted.take(part)
                if progress is not None:
                    progress(counted.done, cube.trials)
            work.hand_over(counted)
            if store is not None:
                store.save(counted)
            if interrupted():
                break
    backend.release()
    if counted.wrong:
        raise NumericalError(blame(model, outputs, cube, counted.first_wrong, counted.wrong))
    return counted.streamed(cube.replicates)


class _Work:
    """Tasks that count, each in tallies of its own."""

    def __init__(self, backend: Backend, grids: Mapping[str, Grid], cube: Cube) -> None:
        self._backend = backend
        self._grids = grids
        self._cube = cube
        self._made: list[dict[str, Tally]] = []

    def task(self) -> Task[Part]:
        """Return the task of one thread."""
        work, tallies = self._backend.worker(), _empty(self._grids, self._cube)
        self._made.append(tallies)

        def count(start: int, stop: int) -> Part:
            found = work(start, stop)
            for name, tally in tallies.items():
                tally.add(start, found[name])
            sums = {name: leaf_sums(grid, found[name]) for name, grid in self._grids.items()}
            bad = not_finite(found, start)
            return Part(stop, sums, (-1, 0) if bad is None else (int(bad[0]), bad.size))

        return count

    def hand_over(self, counted: Counted) -> None:
        """Add the counts of all tasks to `counted`; none may be at work."""
        for tallies in self._made:
            for name, tally in tallies.items():
                counted.tallies[name].merge(tally)
                tally.clear()


def _empty(grids: Mapping[str, Grid], cube: Cube) -> dict[str, Tally]:
    return {name: Tally(grid, cube.replicates or GROUPS) for name, grid in grids.items()}
