"""Runs of numpy blocks on two cubes: inputs of both are drawn once and held, and each run reads a mixture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.numpy_engine.blocks import Block
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.held_draws import HeldDraws, Names
from payback.simulator.engine.numpy_engine.input_values import Sampled
from payback.simulator.engine.numpy_engine.numpy_backend import WORKSPACE
from payback.simulator.engine.plan.schedule import Plan
from payback.simulator.model import Draw
from payback.simulator.statistics.leaf_moments import LEAF

Floats = NDArray[np.float64]
Run = Callable[[Names], Mapping[str, Floats]]
"""``run(names)`` gives every output of the plan, those inputs taken from the second cube; the arrays are overwritten
by the next run."""

HELD_BYTES = 2**27
"""Most bytes of the inputs that a thread holds; what does not fit is drawn again by each run."""


class NumpyExchange:
    """The `payback.simulator.engine.run.exchange.Exchange` of the numpy back end.

    A block has at least a leaf of trials. Where not even the inputs of a leaf fit into `HELD_BYTES`, those are held
    that fit, first those that are drawn slowest: inputs with parameters that differ by trial.
    """

    def __init__(
        self,
        plan: Plan,
        draws: Sequence[Draw],
        cubes: tuple[CubeLike, CubeLike],
        parameters: Mapping[str, Names],
    ) -> None:
        self.alone = False
        self._plan = plan
        self._sources = tuple(Sampled(draws, cube) for cube in cubes)
        held, rows = _fitting(plan, draws)
        own = plan.floats + plan.series * plan.months + 4
        self.most = max(1, min(WORKSPACE // (8 * LEAF * own), HELD_BYTES // (8 * LEAF * max(1, rows)))) * LEAF
        self._held = HeldDraws(held, parameters)
        self._block: Block | None = None

    def over(self, start: int, stop: int) -> Run:
        """See `Exchange.over`."""
        if self._block is None or self._block.size != stop - start:
            self.release()
            self._block = Block(self._plan, stop - start, lambda *_: None)
        block = self._block
        first, second = (source.block(start, stop) for source in self._sources)
        self._held.begin()

        def run(names: Names) -> Mapping[str, Floats]:
            block.source = self._held.source((first, second), names)
            block.run()
            return block.outputs()

        return run

    def release(self) -> None:
        """See `Exchange.release`."""
        if self._block is not None:
            self._block.release()
        self._block = None
        self._held.release()


def _fitting(plan: Plan, draws: Sequence[Draw]) -> tuple[list[str], int]:
    """Return the inputs of which a leaf fits into `HELD_BYTES`, by name, and the rows that they take on both cubes."""
    held, rows = [], 0
    for draw in sorted(draws, key=lambda d: (d.distribution is not None, d.monthly)):
        more = (plan.months if draw.monthly else 1) * (1 if draw.distribution is None else 2)
        if 8 * LEAF * (rows + more) <= HELD_BYTES:
            held.append(draw.name)
            rows += more
    return held, rows
