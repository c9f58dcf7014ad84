"""Pick-freeze: an output on two independent cubes, and on the first with the axes of some inputs from the second.

``cube.mix(cube.twin(), axes)`` is the cube for one group of axes. Here the inputs are drawn once a block on both cubes
and held, and each group is one more run of the plan on the held rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.cube import Cube
from payback.simulator.engine.numpy_engine.held_draws import Names
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.plan.parameter_inputs import parameter_inputs
from payback.simulator.engine.run.exchange import Exchange, exchange
from payback.simulator.engine.run.finite_checks import blame, checked_plan, drawn, not_finite
from payback.simulator.engine.workers.threads import Task, Threads
from payback.simulator.errors import NumericalError
from payback.simulator.model import Draw, Model
from payback.simulator.stage_times import Stage
from payback.simulator.statistics.estimators.sobol_indices import Indices, PickFreezeSums
from payback.simulator.statistics.leaf_moments import LEAF
from payback.simulator.statistics.samples.replicates import groups_of

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

BLOCK = 8 * LEAF
"""Most trials a block: the inputs of both cubes are held beside the workspace."""

OUTPUT_BYTES = 2**25
"""Bytes of the values of the output in a block, which shrinks where there are many groups."""

_OUTPUT = "output"
_NONE: Names = frozenset()


@Stage("simulate")
def pick_freeze(
    model: Model,
    cube: Cube,
    output: Expression,
    groups: Sequence[Collection[str]],
    *,
    threads: int | None = None,
    block: int | None = None,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Indices:
    """Return the Sobol' indices of `output` for each of `groups`.

    Parameters
    ----------
    model : Model
    cube : Cube
        Its `trials` are the rows of either matrix: there are ``len(groups) + 2`` runs of them.
    output : Expression
        A plain scalar expression, as `Case.formula` gives it.
    groups : sequence of collections of str
        Inputs whose axes are exchanged together, by name.
    threads : int, optional
        Default: the cores that this process may use; one where threads would wait for one another. The result does
        not depend on it.
    block : int, optional
        Trials a block, rounded up to whole leaves. The result does not depend on it.
    engine : str
        See `payback.simulator.engine.run.backends.choose`.
    progress : callable, optional
        ``progress(done, trials)`` after each block, in order.

    Raises
    ------
    NumericalError
        When a formula gives NaN or infinity in any trial.
    """
    lowered = lower(model, {_OUTPUT: output})
    plan = checked_plan(lowered)
    draws = drawn(model, plan)
    every = frozenset(d.name for d in draws)
    inputs = [every.intersection(group) for group in groups]
    runs = tuple(dict.fromkeys((_NONE, every, *inputs)))
    trials, ways = cube.trials, groups_of(cube.trials, cube.replicates)
    make_one = exchange(engine, plan, draws, (cube, cube.twin()), len(runs), parameter_inputs(lowered))
    made: list[Exchange] = []

    def values(wanted: Sequence[Names]) -> Callable[[int, int], dict[Names, Floats]]:
        own = make_one()
        made.append(own)
        return partial(_values, own, wanted)

    def make() -> Task[tuple[int, PickFreezeSums]]:
        work = values(runs)

        def task(start: int, stop: int) -> tuple[int, PickFreezeSums]:
            sums = work(start, stop)
            return stop, PickFreezeSums.of(sums[_NONE], sums[every], (sums[group] for group in inputs), centre, ways)

        return task

    def parts() -> Iterator[PickFreezeSums]:
        with Threads(make, 1 if made[0].alone else threads) as pool:
            for done, sums in pool.map(0, trials, min(_block_size(block, made[0].most, len(runs)), trials)):
                if progress is not None:
                    progress(done, trials)
                yield sums

    try:
        centre = _centre(values([_NONE])(0, min(trials, LEAF))[_NONE])
        return Indices.of(parts(), trials)
    except _NotFiniteError as wrong:
        raise wrong.blamed(model, cube, output, draws) from None
    finally:
        for held in made:
            held.release()


def _block_size(block: int | None, most: int, runs: int) -> int:
    """Return the trials of a block, in whole leaves: the outputs of all `runs` take at most `OUTPUT_BYTES`."""
    if block:
        return -(-block // LEAF) * LEAF
    fitting = max(1, OUTPUT_BYTES // (8 * LEAF * runs)) * LEAF
    return min(BLOCK, fitting, max(LEAF, most))


def _centre(first: Floats) -> float:
    """Return the median of the `first` trials, or 0: the centre from which squares of the output are summed."""
    return float(np.median(first)) if np.isfinite(first).all() else 0.0


def _values(own: Exchange, wanted: Sequence[Names], start: int, stop: int) -> dict[Names, Floats]:
    """Return the output in trials `start` to `stop`, for each of the `wanted` sets of inputs from the second cube."""
    values = np.empty((len(wanted), stop - start))
    for first in range(start, stop, own.most):
        last = min(first + own.most, stop)
        run = own.over(first, last)
        for row, names in zip(values, wanted, strict=True):
            outputs = run(names)
            wrong = not_finite(outputs, first)
            if wrong is not None:
                raise _NotFiniteError(names, wrong)
            row[first - start : last - start] = outputs[_OUTPUT]
    return dict(zip(wanted, values, strict=True))


class _NotFiniteError(Exception):
    def __init__(self, swapped: Collection[str], trials: NDArray[np.intp]) -> None:
        super().__init__()
        self._swapped, self._first, self._count = swapped, int(trials[0]), len(trials)

    def blamed(self, model: Model, cube: Cube, output: Expression, draws: Sequence[Draw]) -> NumericalError:
        """Return the error that names the formula at fault."""
        mixed = cube.mix(cube.twin(), _axes(draws, self._swapped, model.horizon))
        return NumericalError(blame(model, {_OUTPUT: output}, mixed, self._first, self._count))


def _axes(draws: Sequence[Draw], names: Collection[str], horizon: int) -> list[str]:
    """Return the axes of inputs, and every month of monthly ones."""
    chosen = [d for d in draws if d.name in names]
    months = [f"{d.axis}[{m}]" for d in chosen if d.monthly for m in range(1, horizon + 1)]
    return [*(d.axis for d in chosen if not d.monthly), *months]
