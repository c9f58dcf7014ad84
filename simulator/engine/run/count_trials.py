"""Runs that count trials instead of keeping them, in bounded memory for any number of trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.run.backends import Backend
from payback.simulator.engine.run.finite_checks import blame
from payback.simulator.engine.run.keep_trials import Progress, keep, prepared
from payback.simulator.engine.run.partial_counts import Counted, CountingTasks, PartialCounts, empty_tallies
from payback.simulator.engine.workers.dask_cluster import Cluster, ClusterError
from payback.simulator.engine.workers.dask_executor import DaskExecutor
from payback.simulator.engine.workers.threads import Executor, Pause, Task, Threads, cores
from payback.simulator.errors import NumericalError
from payback.simulator.model import Model
from payback.simulator.stage_times import Stage
from payback.simulator.statistics import LEAF, CountedSample, Grid

PILOT = 2**17
"""Number of first trials, from which the grids of the outputs are built."""

MOST = 2**24
"""Most trials of a task of a cluster."""

BLOCKS = 8
"""Fewest blocks for each thread, so that all end at about the same time, where blocks are longer than usual."""


class Store(Protocol):
    """The saved state of a run, from which it continues if it was killed."""

    def load(self, grids: Mapping[str, Grid]) -> Counted | None:
        """Return the saved state of the run with these grids, None if there is none."""

    @property
    def due(self) -> bool:
        """Whether it is time to save."""

    def save(self, counted: Counted) -> None:
        """Save the state of the run."""


@dataclass(frozen=True, eq=False)
class Counting:
    """The recipe of a run that counts trials; see `payback.simulator.engine.workers.dask_executor.Recipe`."""

    model: Model
    cube: CubeLike
    outputs: Mapping[str, Expression]
    grids: Mapping[str, Grid]
    engine: str

    @property
    def most(self) -> int:
        """See `Recipe.most`."""
        return MOST

    def tasks(self) -> Callable[[], Task[PartialCounts]]:
        """See `Recipe.tasks`."""
        backend = prepared(self.model, self.cube, self.outputs, self.engine)
        size = _whole_leaves(backend.long_block)

        def make() -> Task[PartialCounts]:
            work = CountingTasks(backend, self.grids, self.cube)
            return lambda start, stop: work.chunk(start, stop, size)

        return make


@Stage("simulate")
def accumulate(
    model: Model,
    cube: CubeLike,
    outputs: Mapping[str, Expression],
    *,
    threads: int | None = None,
    block: int | None = None,
    progress: Progress | None = None,
    engine: str = "auto",
    pause: Pause | None = None,
    store: Store | None = None,
    cluster: Cluster | None = None,
) -> dict[str, CountedSample]:
    """Return every output over the trials of `cube`, counted by cell; see `simulate` for the parameters.

    Parameters
    ----------
    store : Store, optional
        Where the state is saved now and then, and from where a killed run continues.
    cluster : Cluster, optional
        Where the work is done; by default in threads of this process.

    Returns
    -------
    dict of str to CountedSample
        The bits depend on neither threads nor blocks, nor on whether the run was continued. With `pause`, only the
        first trials.

    Raises
    ------
    NumericalError
        When a formula gives NaN or infinity in any trial.
    ClusterError
        When the cluster cannot do the work; the counted trials are in `store`.
    """
    backend, first = prepared(model, cube, outputs, engine), min(PILOT, cube.trials)
    pilot, _ = keep(backend, outputs, first, threads=threads)
    grids = {name: Grid.of(values) for name, values in pilot.items()}
    counted = store.load(grids) if store is not None else None
    counted = counted or Counted(empty_tallies(grids, cube))
    size = _whole_leaves(block or _size(backend, cube.trials, threads or cores()))
    work = CountingTasks(backend, grids, cube)
    pool: Executor[PartialCounts] = (
        Threads(work.task, threads)
        if cluster is None
        else DaskExecutor(cluster, Counting(model, cube, outputs, grids, backend.name), lambda counts: counts)
    )

    def interrupted() -> bool:
        return pause is not None and pause()

    with pool:
        while counted.done < cube.trials:
            wait = interrupted if store is None else (lambda: interrupted() or store.due)
            try:
                for counts in pool.map(counted.done, cube.trials, size, wait):
                    counted.take(counts)
                    if progress is not None:
                        progress(counted.done, cube.trials)
            except ClusterError:
                if store is not None:
                    store.save(counted)
                raise
            work.hand_over(counted)
            if store is not None:
                store.save(counted)
            if interrupted():
                break
    backend.release()
    if counted.wrong:
        raise NumericalError(blame(model, outputs, cube, counted.first_wrong, counted.wrong))
    return counted.streamed(cube.replicates)


def _size(backend: Backend, trials: int, threads: int) -> int:
    """Return the trials of a block: many, but of a run that has `BLOCKS` blocks for each thread."""
    return max(backend.block, min(backend.long_block, trials // (BLOCKS * threads)))


def _whole_leaves(trials: int) -> int:
    return -(-trials // LEAF) * LEAF
