"""The back ends, which compute a plan on the trials of a cube, and the choice among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.numpy_backend import NumpyBackend, Worker
from payback.simulator.engine.numpy_engine.shared_draws import SharedDraws
from payback.simulator.engine.plan.schedule import Plan
from payback.simulator.model import Draw

ENGINES = ("auto", "numpy", "compiled")
"""The names of engines, as `choose` takes them."""


class Backend(Protocol):
    """The protocol of back ends: a plan, bound to the inputs that it draws and to the cube of their coordinates.

    Attributes
    ----------
    name : str
        One of `ENGINES`, but for "auto".
    block : int
        Suitable number of trials a block.
    long_block : int
        Suitable number where the trials of a block are counted output by output.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - see the class

    @property
    def block(self) -> int: ...  # noqa: D102 - see the class

    @property
    def long_block(self) -> int: ...  # noqa: D102 - see the class

    def worker(self) -> Worker:
        """Return a new worker, for one thread."""

    def release(self) -> None:
        """Free the buffers of all workers at once."""


def choose(
    engine: str, plan: Plan, draws: Sequence[Draw], cube: CubeLike, shared: SharedDraws | None = None
) -> Backend:
    """Return the back end that is called `engine`; "auto" chooses by the size of the work.

    A plan that cannot be compiled is computed by numpy, whatever `engine` is.

    Parameters
    ----------
    engine : str
        One of `ENGINES`.
    plan : Plan
    draws : sequence of Draw
        The inputs that the plan reads.
    cube : CubeLike
    shared : SharedDraws, optional
        Values of inputs that runs on the same trials share.

    Raises
    ------
    ValueError
        If there is no such back end.
    UsageError
        If `engine` is "compiled" and llvmlite is not installed.
    """
    if require_engine(engine) == "numpy":
        return NumpyBackend(plan, draws, cube, shared)
    from payback.simulator.engine.run.engine_choice import compiled

    return compiled(plan, draws, cube, shared, always=engine == "compiled") or NumpyBackend(plan, draws, cube, shared)


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
