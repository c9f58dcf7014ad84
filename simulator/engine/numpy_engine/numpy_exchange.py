"""Runs of numpy blocks on two cubes: inputs of both are drawn once and held, and each run reads a mixture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.numpy_engine.blocks import Block
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.input_values import Sampled
from payback.simulator.engine.numpy_engine.numpy_backend import WORKSPACE
from payback.simulator.engine.plan.schedule import Plan
from payback.simulator.model import Draw
from payback.simulator.statistics.leaf_moments import LEAF

Floats = NDArray[np.float64]
Names = frozenset[str]
Run = Callable[[Names], Mapping[str, Floats]]
"""``run(names)`` gives every output of the plan, those inputs taken from the second cube; the arrays are overwritten
by the next run."""


class NumpyExchange:
    """The `payback.simulator.engine.run.exchange.Exchange` of the numpy back end.

    Monthly inputs are held if all their months fit into the workspace; otherwise each run draws them again.
    """

    def __init__(self, plan: Plan, draws: Sequence[Draw], cubes: tuple[CubeLike, CubeLike]) -> None:
        self._plan = plan
        self._sources = tuple(Sampled(draws, cube) for cube in cubes)
        months = _most(plan, draws, months=True)
        self.most = max(LEAF, months if months >= LEAF else _most(plan, draws, months=False))
        self._held = {d.name for d in draws if d.distribution is not None and (months >= LEAF or not d.monthly)}
        self._rows: dict[tuple[bool, str, int], Floats] = {}
        self._block: Block | None = None

    def over(self, start: int, stop: int) -> Run:
        """See `Exchange.over`."""
        if self._block is None or self._block.size != stop - start:
            self.release()
            self._block = Block(self._plan, stop - start, lambda *_: None)
        block = self._block
        drawn_now = [source.block(start, stop) for source in self._sources]
        fresh: set[tuple[bool, str, int]] = set()
        swapped: Names = frozenset()

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

        def run(names: Names) -> Mapping[str, Floats]:
            nonlocal swapped
            swapped = names
            block.run()
            return block.outputs()

        block.source = source
        return run

    def release(self) -> None:
        """See `Exchange.release`."""
        if self._block is not None:
            self._block.release()
        self._block = None
        self._rows.clear()


def _most(plan: Plan, draws: Sequence[Draw], *, months: bool) -> int:
    """Return the trials that fit into the workspace, in whole leaves; with all months of inputs if `months`."""
    held = sum((plan.months if months else 0) if d.monthly else 1 for d in draws)
    fitting = WORKSPACE // (8 * (plan.floats + plan.series * plan.months + 2 * held + 4))
    return fitting // LEAF * LEAF
