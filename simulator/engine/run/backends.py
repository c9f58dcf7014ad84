"""Back ends: what computes a plan on the trials of a cube, block by block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.numpy_engine.blocks import Block
from payback.simulator.engine.numpy_engine.input_values import Cube, Sampled
from payback.simulator.engine.numpy_engine.shared_inputs import Drawn
from payback.simulator.engine.plan.schedule import Plan
from payback.simulator.model import Draw

Floats = NDArray[np.float64]
Worker = Callable[[int, int], Mapping[str, Floats]]
"""``worker(start, stop)`` gives every output of the plan in those trials, shape (stop - start,); the arrays are
overwritten by its next call. One worker is for one thread."""

BLOCK = 131_072
"""Trials a block of numpy: threads take turns at the interpreter between its calls, so that short calls cost a second
thread more than it gains."""

BLOCKS = 4
"""Blocks that a run is cut into, where half of those trials a block are enough for it."""

WORKSPACE = 64 * 2**20
"""Bytes of buffers a thread; blocks shrink when a case needs whole series."""

ENGINES = ("auto", "numpy", "compiled")
"""Names that `choose` takes."""


class Backend(Protocol):
    """A plan, bound to the inputs that it draws and to a cube.

    Attributes
    ----------
    name : str
        As in `ENGINES`.
    block : int
        Trials a block that suit it.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - see the class

    @property
    def block(self) -> int: ...  # noqa: D102 - see the class

    def worker(self) -> Worker:
        """Return a new worker."""

    def release(self) -> None:
        """Let the buffers of every worker go at once."""


class NumpyBackend:
    """The reference: numpy over blocks of trials, months as a loop over block vectors."""

    name = "numpy"

    def __init__(self, plan: Plan, draws: Sequence[Draw], cube: Cube, shared: Drawn | None = None) -> None:
        self._plan = plan
        self._source = Sampled(draws, cube, shared)
        self._made: list[Block] = []
        rows = plan.floats + plan.series * plan.months + 2
        fitting = WORKSPACE // (8 * rows)
        fitting = min(fitting, BLOCK, max(BLOCK // 2, cube.trials // BLOCKS))
        self.block = max(256, 1 << (fitting.bit_length() - 1))

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


def choose(engine: str, plan: Plan, draws: Sequence[Draw], cube: Cube, shared: Drawn | None = None) -> Backend:
    """Return the back end that is called `engine`; "auto" leaves the choice to the size of the work.

    A plan that no code can be made for is numpy's, whatever is asked for.

    Parameters
    ----------
    engine : str
        One of `ENGINES`.
    plan : Plan
    draws : sequence of Draw
        The inputs that the plan reads.
    cube : Cube
    shared : Drawn, optional
        Values of inputs that runs on the same trials share.

    Raises
    ------
    ValueError
        If there is no such back end.
    UsageError
        If the compiled one is asked for and llvmlite is not installed.
    """
    if require_engine(engine) == "numpy":
        return NumpyBackend(plan, draws, cube, shared)
    from payback.simulator.engine.run.engine_choice import compiled

    return compiled(plan, draws, cube, always=engine == "compiled") or NumpyBackend(plan, draws, cube, shared)


def require_engine(engine: str) -> str:
    """Return `engine`.

    Raises
    ------
    ValueError
        If it is none of `ENGINES`.
    """
    if engine not in ENGINES:
        raise ValueError(f"`engine` must be one of {', '.join(ENGINES)}, got {engine!r}")
    return engine
