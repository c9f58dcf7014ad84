"""Runs a model on a cube, block by block, or at points that are given."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from distributions import Certain
from simulator.case.model import Model
from simulator.case.nodes import Expression
from simulator.engine.lower import Lowered, lower
from simulator.engine.numpy_blocks import Block
from simulator.engine.plan import Plan, schedule
from simulator.engine.sources import Cube, Given, Sampled
from simulator.errors import NumericalError

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

BLOCK = 65_536
"""Trials a block: below 32,768 a second thread costs more than it gains."""

WORKSPACE = 64 * 2**20
"""Bytes of buffers a thread; blocks shrink when a case needs whole series."""

_CHECK = "\0check "


@dataclass(frozen=True)
class Trials:
    """What a run gave.

    Parameters
    ----------
    values : mapping of str to ndarray of shape (trials,)
        By output: +inf is "never within the horizon", NaN is "undefined in this trial".
    replicates : int or None
        Trial `i` belongs to replicate ``i % replicates``; None if all trials are independent.
    """

    values: Mapping[str, Floats]
    replicates: int | None

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
        ``progress(done, trials)`` after each block, from any thread.

    Raises
    ------
    NumericalError
        When a formula gives NaN or infinity in any trial.
    """
    lowered = lower(model, outputs)
    plan = _plan(lowered)
    source = Sampled([d for d in model.draws if d.name in _drawn(plan)], cube)
    trials = cube.trials
    size = min(block or _block(plan), trials)
    values = {name: np.empty(trials) for name in outputs}
    local = threading.local()
    made: list[Block] = []
    done = 0
    lock = threading.Lock()

    def work(start: int) -> NDArray[np.intp] | None:
        nonlocal done
        stop = min(start + size, trials)
        buffers = _buffers(local, plan, stop - start, made)
        buffers.source = source.block(start, stop)
        buffers.run()
        found = buffers.outputs()
        for name, column in values.items():
            column[start:stop] = found[name]
        if progress is not None:
            with lock:
                done += stop - start
                progress(done, trials)
        return _not_finite(found, start)

    starts = range(0, trials, size)
    workers = min(threads or cores(), len(starts))
    if workers == 1:
        bad = [work(start) for start in starts]
    else:
        with ThreadPoolExecutor(workers) as pool:
            try:
                bad = list(pool.map(work, starts))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    for buffers in made:
        buffers.release()
    wrong = [b for b in bad if b is not None]
    if wrong:
        raise NumericalError(_blame(model, outputs, cube, np.concatenate(wrong)))
    return Trials(values, cube.replicates)


def evaluate(
    model: Model,
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Expression],
    coordinates: Mapping[str, Any] | None = None,
) -> dict[str, Floats]:
    """Return every output at given points, through exact quantiles.

    Parameters
    ----------
    model : Model
    inputs : mapping of str to float or array_like of shape (points,)
        Values of inputs, in their own units.
    outputs : mapping of str to Expression
    coordinates : mapping of str to float or array_like of shape (points,), optional
        Inputs as positions in their distribution; an input in neither mapping is at its median.

    Returns
    -------
    dict of str to ndarray of shape (points,)
    """
    given = Given(model, inputs, coordinates or {})
    plan = _plan(lower(model, outputs, free=inputs))
    buffers = Block(plan, given.points, given)
    buffers.run()
    return {name: np.array(buffers.outputs()[name]) for name in outputs}


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _plan(lowered: Lowered) -> Plan:
    checks = {_CHECK + name: node for name, node in lowered.checks.items()}
    return schedule(lowered.graph, {**lowered.outputs, **checks})


def _drawn(plan: Plan) -> set[str]:
    steps = (i for r in plan.regions for i in (*r.begin, *r.body, *r.after))
    return {i.data[0] for i in steps if i.op == "draw"}


def _block(plan: Plan) -> int:
    rows = plan.floats + plan.series * plan.months + 2
    fitting = WORKSPACE // (8 * rows)
    return BLOCK if fitting >= BLOCK else max(256, 1 << (fitting.bit_length() - 1))


def _buffers(local: threading.local, plan: Plan, size: int, made: list[Block]) -> Block:
    block: Block | None = getattr(local, "block", None)
    if block is None or block.size != size:
        block = local.block = Block(plan, size, lambda *_: None)
        made.append(block)
    return block


def _not_finite(found: Mapping[str, Floats], start: int) -> NDArray[np.intp] | None:
    wrong = None
    for name, column in found.items():
        if name.startswith(_CHECK):
            here = ~np.isfinite(column)
            if here.any():
                wrong = here if wrong is None else wrong | here
    return None if wrong is None else wrong.nonzero()[0] + start


def _blame(model: Model, outputs: Mapping[str, Expression], cube: Cube, trials: NDArray[np.intp]) -> str:
    """Return which formula first went wrong, in how many trials, with one of them as an example."""
    first = int(trials[0])
    lowered = lower(model, outputs, diagnose=True)
    plan = _plan(lowered)
    drawn = [d for d in model.draws if d.name in _drawn(plan)]
    buffers = Block(plan, 1, Sampled(drawn, cube).block(first, first + 1))
    buffers.run()
    at_fault = [
        n.removeprefix(_CHECK) for n, v in buffers.outputs().items() if n.startswith(_CHECK) and not np.isfinite(v[0])
    ]
    culprit = at_fault[0] if at_fault else "an output"
    return (
        f"{culprit} is not a finite number in {trials.size:,} of {cube.trials:,} trials; "
        f"the first is trial {first:,}{_example(model, cube, first)}"
    )


def _example(model: Model, cube: Cube, trial: int) -> str:
    drawn = (d for d in model.draws if d.distribution is not None and not d.monthly)
    draws = [d for d in drawn if not isinstance(d.distribution, Certain)]
    source = Sampled(draws, cube).block(trial, trial + 1)
    out = np.empty(1)
    shown = []
    for draw in draws:
        source(draw.name, -1, (), out)
        shown.append(f"{draw.name} = {out[0]:.6g}")
    return ": " * bool(shown) + ", ".join(shown[:8]) + (", ..." if len(shown) > 8 else "")
