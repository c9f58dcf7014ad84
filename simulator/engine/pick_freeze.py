"""Pick-freeze: a quantity on two independent cubes, and on the first with the axes of some inputs from the second.

``cube.mix(cube.twin(), axes)`` says the same for one group of axes. Here the values of the inputs on both cubes are
drawn once a block and held, and each group is one more run of the plan on rows that are there already.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.case.model import Draw, Model
from simulator.case.nodes import Expression
from simulator.cube import Cube
from simulator.engine.backends import WORKSPACE
from simulator.engine.checks import blame, checked_plan, drawn, not_finite
from simulator.engine.executors import Task, Threads
from simulator.engine.lower import lower
from simulator.engine.numpy_blocks import Block
from simulator.engine.plan import Plan
from simulator.engine.sources import Sampled
from simulator.errors import NumericalError
from simulator.statistics.indices import Indices, Part, groups_of
from simulator.statistics.moments import LEAF

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

BLOCK = 8 * LEAF
"""Trials a block at most: the inputs of both cubes stand beside the workspace."""

_OUTPUT = "output"


def pick_freeze(
    model: Model,
    cube: Cube,
    output: Expression,
    groups: Sequence[Collection[str]],
    *,
    threads: int | None = None,
    block: int | None = None,
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
        Default: the cores that this process may use. The result does not depend on it.
    block : int, optional
        Trials a block, rounded up to whole leaves. The result does not depend on it.
    progress : callable, optional
        ``progress(done, trials)`` after each block, in order.

    Raises
    ------
    NumericalError
        When a formula gives NaN or infinity in any trial.
    """
    plan = checked_plan(lower(model, {_OUTPUT: output}))
    draws = drawn(model, plan)
    every = frozenset(d.name for d in draws)
    inputs = [every.intersection(group) for group in groups]
    trials, ways = cube.trials, groups_of(cube.trials, cube.replicates)
    made: list[_Runs] = []

    def runs() -> _Runs:
        made.append(_Runs(plan, draws, cube))
        return made[-1]

    def make() -> Task[tuple[int, Part]]:
        own = runs()

        def task(start: int, stop: int) -> tuple[int, Part]:
            values = own.over(start, stop)
            a, b = values(frozenset()).copy(), values(every).copy()
            mixed = (values(group) if group else a for group in inputs)
            return stop, Part.of(a, b, mixed, centre, ways)

        return task

    def parts() -> Iterator[Part]:
        size = -(-(block or _block(plan, draws)) // LEAF) * LEAF
        with Threads(make, threads) as pool:
            for done, part in pool.map(0, trials, min(size, trials)):
                if progress is not None:
                    progress(done, trials)
                yield part

    try:
        first = runs().over(0, min(trials, LEAF))(frozenset())
        centre = float(np.median(first)) if np.isfinite(first).all() else 0.0
        return Indices.of(parts(), trials)
    except _NotFiniteError as wrong:
        mixed = cube.mix(cube.twin(), _axes(draws, wrong.swapped, model.horizon))
        raise NumericalError(blame(model, {_OUTPUT: output}, mixed, wrong.first, wrong.count)) from None
    finally:
        for one in made:
            one.release()


class _NotFiniteError(Exception):
    def __init__(self, swapped: Collection[str], trials: NDArray[np.intp]) -> None:
        super().__init__()
        self.swapped, self.first, self.count = swapped, int(trials[0]), len(trials)


class _Runs:
    """Runs of a plan whose inputs are held on both cubes; for one thread."""

    def __init__(self, plan: Plan, draws: Sequence[Draw], cube: Cube) -> None:
        self._plan = plan
        self._sources = Sampled(draws, cube), Sampled(draws, cube.twin())
        fitting = _rows(plan, draws, months=True) * 8 * LEAF <= WORKSPACE
        self._held = {d.name for d in draws if d.distribution is not None and (fitting or not d.monthly)}
        self._rows: dict[tuple[bool, str, int], Floats] = {}
        self._block: Block | None = None

    def over(self, start: int, stop: int) -> Callable[[Collection[str]], Floats]:
        """Return what gives the output in the trials from `start` to `stop`, with inputs from the second cube.

        What that returns is overwritten by its next call.
        """
        if self._block is None or self._block.size != stop - start:
            self.release()
            self._block = Block(self._plan, stop - start, lambda *_: None)
        block = self._block
        drawn_now = [source.block(start, stop) for source in self._sources]
        fresh: set[tuple[bool, str, int]] = set()
        swapped: Collection[str] = ()

        def source(name: str, month: int, parameters: tuple[Any, ...], out: Floats) -> None:
            side = name in swapped
            if name not in self._held:
                drawn_now[side](name, month, parameters, out)
                return
            key = side, name, month
            if key not in self._rows:
                self._rows[key] = np.empty(block.size)
            if key not in fresh:
                fresh.add(key)
                drawn_now[side](name, month, parameters, self._rows[key])
            np.copyto(out, self._rows[key])

        def values(inputs: Collection[str]) -> Floats:
            nonlocal swapped
            swapped = inputs
            block.run()
            found = block.outputs()
            wrong = not_finite(found, start)
            if wrong is not None:
                raise _NotFiniteError(inputs, wrong)
            return found[_OUTPUT]

        block.source = source
        return values

    def release(self) -> None:
        """Let the buffers go at once."""
        if self._block is not None:
            self._block.release()
        self._block = None
        self._rows.clear()


def _rows(plan: Plan, draws: Sequence[Draw], *, months: bool) -> int:
    """Return how many block vectors a thread holds: of the plan, of inputs on both cubes, monthly ones if `months`."""
    held = sum((plan.months if months else 0) if d.monthly else 1 for d in draws)
    return plan.floats + plan.series * plan.months + 2 * held + 4


def _block(plan: Plan, draws: Sequence[Draw]) -> int:
    fitting = WORKSPACE // (8 * _rows(plan, draws, months=True))
    if fitting < LEAF:
        fitting = WORKSPACE // (8 * _rows(plan, draws, months=False))
    return min(BLOCK, max(LEAF, fitting - fitting % LEAF))


def _axes(draws: Sequence[Draw], names: Collection[str], horizon: int) -> list[str]:
    """Return the axes of inputs, every month of monthly ones."""
    chosen = [d for d in draws if d.name in names]
    months = [f"{d.axis}[{m}]" for d in chosen if d.monthly for m in range(1, horizon + 1)]
    return [*(d.axis for d in chosen if not d.monthly), *months]
