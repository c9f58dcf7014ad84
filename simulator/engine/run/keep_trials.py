"""Runs that keep every output in every trial."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.shared_draws import SharedDraws
from payback.simulator.engine.numpy_engine.shared_inputs import SharedInputs
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.run.backends import Backend, choose
from payback.simulator.engine.run.engine_choice import Work, pays_for, plan_cost
from payback.simulator.engine.run.finite_checks import blame, checked_plan, drawn, not_finite
from payback.simulator.engine.workers.dask_cluster import Cluster
from payback.simulator.engine.workers.dask_executor import DaskExecutor
from payback.simulator.engine.workers.threads import Executor, Pause, Task, Threads
from payback.simulator.errors import NumericalError
from payback.simulator.model import Model
from payback.simulator.stage_times import Stage

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
Done = tuple[int, NDArray[np.intp] | None]

SENT = 2**21
"""Most values that a task of a cluster sends back."""


@dataclass(frozen=True)
class Trials:
    """The trials of a run.

    Parameters
    ----------
    values : mapping of str to ndarray of shape (trials,)
        By output: +inf is "never within the horizon", NaN is "undefined in this trial".
    replicates : int or None
        Trial `i` belongs to replicate ``i % replicates``; None if all trials are independent.
    weights : ndarray of shape (trials,) or None
        The weight of each trial; None if all weigh the same.
    engine : str
        The back end that computed them, see `payback.simulator.engine.run.backends`.
    """

    values: Mapping[str, Floats]
    replicates: int | None
    weights: Floats | None = None
    engine: str = ""

    def __getitem__(self, name: str) -> Floats:
        return self.values[name]


@dataclass(frozen=True, eq=False)
class Kept:
    """The outputs of a range of trials.

    Parameters
    ----------
    start, stop : int
    values : mapping of str to ndarray of shape (stop - start,)
        By output.
    wrong : ndarray of int or None
        The trials in which a check fails; None if there are none.
    """

    start: int
    stop: int
    values: Mapping[str, Floats]
    wrong: NDArray[np.intp] | None


@dataclass(frozen=True, eq=False)
class Keeping:
    """The recipe of a run that keeps every output in every trial; see `Recipe` of `workers.dask_executor`."""

    model: Model
    cube: CubeLike
    outputs: Mapping[str, Expression]
    engine: str

    @property
    def most(self) -> int:
        """See `Recipe.most`."""
        return max(1, SENT // len(self.outputs))

    def tasks(self) -> Callable[[], Task[Kept]]:
        """See `Recipe.tasks`."""
        backend = prepared(self.model, self.cube, self.outputs, self.engine)

        def make() -> Task[Kept]:
            work = backend.worker()

            def task(start: int, stop: int) -> Kept:
                values = {name: np.empty(stop - start) for name in self.outputs}
                wrong: list[NDArray[np.intp]] = []
                for first in range(start, stop, backend.block):
                    last = min(first + backend.block, stop)
                    outputs = work(first, last)
                    for name, column in values.items():
                        column[first - start : last - start] = outputs[name]
                    bad = not_finite(outputs, first)
                    if bad is not None:
                        wrong.append(bad)
                return Kept(start, stop, values, np.concatenate(wrong) if wrong else None)

            return task

        return make


@Stage("simulate")
def simulate(
    model: Model,
    cube: CubeLike,
    outputs: Mapping[str, Expression],
    *,
    threads: int | None = None,
    block: int | None = None,
    progress: Progress | None = None,
    engine: str = "auto",
    pause: Pause | None = None,
    shared: SharedInputs | None = None,
    cluster: Cluster | None = None,
    before: Trials | None = None,
) -> Trials:
    """Return every output in every trial of `cube`.

    Parameters
    ----------
    model : Model
    cube : payback.simulator.cube.Cube
    outputs : mapping of str to Expression
        Plain scalar expressions, as `Case.formula` gives them.
    threads : int, optional
        Default: the cores that this process may use. The result does not depend on it.
    block : int, optional
        Trials a block. The result does not depend on it.
    progress : callable, optional
        ``progress(done, trials)`` after each block, in order.
    engine : str
        See `payback.simulator.engine.run.backends.choose`.
    pause : callable, optional
        Whether to stop; then only the first trials are returned.
    shared : SharedInputs, optional
        Given to several runs, inputs that are the same on the same trials are drawn only by the first of them.
    cluster : Cluster, optional
        Where the work is done, by default in threads of this process. A cluster has its own blocks and shares no
        inputs.
    before : Trials, optional
        The trials of the same outputs on a shorter cube, equal otherwise. If they are the first trials of this one, by
        the same back end, they are not run again. The result does not depend on it.

    Raises
    ------
    NumericalError
        When a formula gives NaN or infinity in any trial.
    ClusterError
        When the cluster cannot do the work.
    """
    backend = prepared(model, cube, outputs, engine, shared if cluster is None else None)
    weights = np.empty(cube.trials) if cube.weighted else None

    def weigh(start: int, stop: int) -> None:
        if weights is not None:
            weights[start:stop] = cube.weights(start, stop)

    continued = before is not None and before.engine == backend.name and cube.sampler.nested and not cube.weighted
    remote = None if cluster is None else partial(DaskExecutor, cluster, Keeping(model, cube, outputs, backend.name))
    values, wrong = keep(
        backend,
        outputs,
        cube.trials,
        threads=threads,
        block=block,
        progress=progress,
        pause=pause,
        also=weigh,
        remote=remote,
        known=before.values if before is not None and continued else {},
    )
    backend.release()
    if wrong.size:
        raise NumericalError(blame(model, outputs, cube, int(wrong[0]), wrong.size))
    done = min(map(len, values.values()), default=cube.trials)
    return Trials(values, cube.replicates, None if weights is None else weights[:done], backend.name)


def keep(
    backend: Backend,
    names: Iterable[str],
    trials: int,
    *,
    threads: int | None,
    block: int | None = None,
    progress: Progress | None = None,
    pause: Pause | None = None,
    also: Callable[[int, int], None] | None = None,
    remote: Callable[[Callable[[Kept], Done]], Executor[Done]] | None = None,
    known: Mapping[str, Floats] = MappingProxyType({}),
) -> tuple[dict[str, Floats], NDArray[np.intp]]:
    """Return the outputs `names` in each of the first `trials`, and the trials in which a check fails.

    Parameters
    ----------
    backend : Backend
        Computes the outputs and their checks.
    names : iterable of str
        The outputs.
    trials : int
        Number of trials.
    threads, block, progress, pause
        As in `simulate`.
    also : callable, optional
        ``also(start, stop)`` is called with each range of trials, in its thread.
    remote : callable, optional
        Creates the executor of other processes, from the function that stores the outputs of a range.
    known : mapping of str to ndarray of shape (first trials,)
        Outputs of the first trials, which are not run.
    """
    values = {name: np.empty(trials) for name in names}
    first = min(map(len, known.values()), default=0)
    for name, column in known.items():
        values[name][:first] = column[:first]

    def store(kept: Kept) -> Done:
        for name, column in values.items():
            column[kept.start : kept.stop] = kept.values[name]
        if also is not None:
            also(kept.start, kept.stop)
        return kept.stop, kept.wrong

    def make() -> Task[Done]:
        work = backend.worker()

        def task(start: int, stop: int) -> Done:
            outputs = work(start, stop)
            return store(Kept(start, stop, outputs, not_finite(outputs, start)))

        return task

    wrong: list[NDArray[np.intp]] = []
    done = first
    with Threads(make, threads) if remote is None else remote(store) as pool:
        for stop, bad in pool.map(first, trials, min(block or backend.block, trials), pause):
            done = stop
            if bad is not None:
                wrong.append(bad)
            if progress is not None:
                progress(done, trials)
    return {name: column[:done] for name, column in values.items()}, np.concatenate([np.empty(0, np.intp), *wrong])


def cost(model: Model, outputs: Mapping[str, Expression]) -> float:
    """Return the seconds that a trial is expected to take one core, estimated with the figures of one machine."""
    return plan_cost(checked_plan(lower(model, outputs)))


def engine_for(work: Iterable[tuple[Model, Mapping[str, Expression], int]], trials: int) -> str:
    """Return the name of the engine that does all of `work` sooner; see `pays_for`.

    Parameters
    ----------
    work : iterable of (Model, mapping of str to Expression, int)
        A model, its outputs, and how many changed models are run for them besides.
    trials : int
        Trials of each run.
    """
    runs = [
        Work(checked_plan(lower(model, outputs)), changes, sum(len(group.axes) for group in model.dependence))
        for model, outputs, changes in work
    ]
    return "compiled" if pays_for(runs, trials) else "numpy"


@Stage("plan")
def prepared(
    model: Model, cube: CubeLike, outputs: Mapping[str, Expression], engine: str, shared: SharedInputs | None = None
) -> Backend:
    """Return the back end that computes `outputs` and their checks on `cube`."""
    plan = checked_plan(lower(model, outputs))
    return choose(engine, plan, drawn(model, plan), cube, None if shared is None else SharedDraws(shared, model))
