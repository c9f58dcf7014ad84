"""Runs a model on a cube, block by block, and keeps every output in every trial."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.case.model import Model
from simulator.case.nodes import Expression
from simulator.engine.backends import Backend, choose
from simulator.engine.checks import blame, checked_plan, drawn, not_finite
from simulator.engine.drawn import Drawn
from simulator.engine.executors import Pause, Task, Threads
from simulator.engine.lower import lower
from simulator.engine.sources import Cube
from simulator.errors import NumericalError

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trials:
    """What a run gave.

    Parameters
    ----------
    values : mapping of str to ndarray of shape (trials,)
        By output: +inf is "never within the horizon", NaN is "undefined in this trial".
    replicates : int or None
        Trial `i` belongs to replicate ``i % replicates``; None if all trials are independent.
    weights : ndarray of shape (trials,) or None
        How often each trial counts; None if all count alike.
    """

    values: Mapping[str, Floats]
    replicates: int | None
    weights: Floats | None = None

    def __getitem__(self, name: str) -> Floats:
        return self.values[name]


def simulate(
    model: Model,
    cube: Cube,
    outputs: Mapping[str, Expression],
    *,
    threads: int | None = None,
    block: int | None = None,
    progress: Progress | None = None,
    engine: str = "auto",
    pause: Pause | None = None,
    shared: Drawn | None = None,
) -> Trials:
    """Return every output in every trial of `cube`.

    Parameters
    ----------
    model : Model
    cube : simulator.cube.Cube
    outputs : mapping of str to Expression
        Plain scalar expressions, as `Case.formula` gives them.
    threads : int, optional
        Default: the cores that this process may use. The result does not depend on it.
    block : int, optional
        Trials a block. The result does not depend on it.
    progress : callable, optional
        ``progress(done, trials)`` after each block, in order.
    engine : str
        See `simulator.engine.backends.choose`.
    pause : callable, optional
        Whether to stop here: what is returned are then the first trials alone.
    shared : Drawn, optional
        Given to several runs, inputs that are the same on the same trials are drawn by the first of them alone.

    Raises
    ------
    NumericalError
        When a formula gives NaN or infinity in any trial.
    """
    backend = prepared(model, cube, outputs, engine, shared)
    weights = np.empty(cube.trials) if cube.weighted else None

    def weigh(start: int, stop: int) -> None:
        if weights is not None:
            weights[start:stop] = cube.weights(start, stop)

    values, wrong = keep(
        backend, outputs, cube.trials, threads=threads, block=block, progress=progress, pause=pause, beside=weigh
    )
    backend.release()
    if wrong.size:
        raise NumericalError(blame(model, outputs, cube, int(wrong[0]), wrong.size))
    done = min(map(len, values.values()), default=cube.trials)
    return Trials(values, cube.replicates, None if weights is None else weights[:done])


def keep(
    backend: Backend,
    names: Iterable[str],
    trials: int,
    *,
    threads: int | None,
    block: int | None = None,
    progress: Progress | None = None,
    pause: Pause | None = None,
    beside: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, Floats], NDArray[np.intp]]:
    """Return the outputs `names` in each of the first `trials`, and the trials in which a check fails.

    `beside` is called with each range of trials, in its thread; the rest is as in `simulate`.
    """
    values = {name: np.empty(trials) for name in names}

    def make() -> Task[tuple[int, NDArray[np.intp] | None]]:
        work = backend.worker()

        def task(start: int, stop: int) -> tuple[int, NDArray[np.intp] | None]:
            found = work(start, stop)
            for name, column in values.items():
                column[start:stop] = found[name]
            if beside is not None:
                beside(start, stop)
            return stop, not_finite(found, start)

        return task

    wrong: list[NDArray[np.intp]] = []
    done = 0
    with Threads(make, threads) as pool:
        for stop, bad in pool.map(0, trials, min(block or backend.block, trials), pause):
            done = stop
            if bad is not None:
                wrong.append(bad)
            if progress is not None:
                progress(done, trials)
    return {name: column[:done] for name, column in values.items()}, np.concatenate([np.empty(0, np.intp), *wrong])


def prepared(
    model: Model, cube: Cube, outputs: Mapping[str, Expression], engine: str, shared: Drawn | None = None
) -> Backend:
    """Return the back end that computes `outputs`, and what must be finite, on `cube`."""
    plan = checked_plan(lower(model, outputs))
    return choose(engine, plan, drawn(model, plan), cube, shared)
