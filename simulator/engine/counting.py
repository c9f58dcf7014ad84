"""Runs a model on a cube of any length in bounded memory: trials are counted, not kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from simulator.case.model import Model
from simulator.case.nodes import Expression
from simulator.engine.checks import blame
from simulator.engine.executors import Pause, Threads
from simulator.engine.parts import Counted, Work, empty_tallies
from simulator.engine.run import Progress, keep, prepared
from simulator.engine.sources import Cube
from simulator.errors import NumericalError
from simulator.statistics import LEAF, Grid, Streamed

if TYPE_CHECKING:
    from simulator.engine.cluster import Cluster

PILOT = 2**17
"""First trials, which the grids of the measures are made from."""


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
    cluster: Cluster | None = None,
) -> dict[str, Streamed]:
    """Return every output over the trials of `cube`, counted by cell; see `simulate` for the parameters.

    Parameters
    ----------
    store : Store, optional
        Where the state is saved now and then, and where a run that was killed is taken up again.
    cluster : Cluster, optional
        Who does the work; the threads of this process if none is given.

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
    counted = counted or Counted(empty_tallies(grids, cube))
    size = -(-(block or backend.block) // LEAF) * LEAF
    work = Work(backend, grids, cube)
    job = None if cluster is None else cluster.job(model, cube, outputs, grids, backend.name)

    def interrupted() -> bool:
        return pause is not None and pause()

    with Threads(work.task, threads) as pool:
        while counted.done < cube.trials:
            wait = interrupted if store is None else (lambda: interrupted() or store.due)
            if cluster is None or job is None:
                parts = pool.map(counted.done, cube.trials, size, wait)
            else:
                parts = cluster.map(job, counted.done, cube.trials, wait)
            for part in parts:
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
