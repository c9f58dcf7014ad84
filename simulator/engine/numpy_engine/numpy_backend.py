"""The numpy back end, which computes a plan on blocks of trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.numpy_engine.blocks import Block
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.input_values import Sampled
from payback.simulator.engine.numpy_engine.shared_draws import SharedDraws
from payback.simulator.engine.plan.schedule import Plan
from payback.simulator.model import Draw

Floats = NDArray[np.float64]
Worker = Callable[[int, int], Mapping[str, Floats]]
"""``worker(start, stop)`` gives every output of the plan in those trials, shape (stop - start,); the arrays are
overwritten by its next call. One worker is for one thread."""

BLOCK = 131_072
"""Most trials a block: threads take turns at the interpreter between calls of numpy, so short calls gain nothing from
a second thread."""

BLOCKS = 4
"""Fewest blocks of a run, as long as blocks have at least half of `BLOCK` trials."""

WORKSPACE = 64 * 2**20
"""Bytes of the buffers of a thread: blocks shrink when a case needs whole series."""


class NumpyBackend:
    """A plan computed by numpy on blocks of trials, with a loop over months; the reference for other back ends."""

    name = "numpy"

    def __init__(self, plan: Plan, draws: Sequence[Draw], cube: CubeLike, shared: SharedDraws | None = None) -> None:
        self._plan = plan
        self._source = Sampled(draws, cube, shared)
        self._made: list[Block] = []
        rows = plan.floats + plan.series * plan.months + 2
        fitting = WORKSPACE // (8 * rows)
        fitting = min(fitting, BLOCK, max(BLOCK // 2, cube.trials // BLOCKS))
        self.block = self.long_block = max(256, 1 << (fitting.bit_length() - 1))

    def worker(self) -> Worker:
        """See `Backend.worker`."""
        held: Block | None = None

        def work(start: int, stop: int) -> Mapping[str, Floats]:
            nonlocal held
            if held is None or held.size != stop - start:
                held = Block(self._plan, stop - start, lambda *_: None)
                self._made.append(held)
            held.source = self._source.block(start, stop)
            held.run()
            return held.outputs()

        return work

    def release(self) -> None:
        """See `Backend.release`."""
        while self._made:
            self._made.pop().release()
