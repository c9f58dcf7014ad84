"""Runs of a plan on two cubes, with inputs exchanged by name: drawn once a block on both, and held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from payback.simulator.engine.numpy_engine.input_values import Cube
from payback.simulator.engine.numpy_engine.numpy_exchange import NumpyExchange, Run
from payback.simulator.engine.plan.schedule import Plan
from payback.simulator.engine.run.backends import require_engine
from payback.simulator.model import Draw


class Exchange(Protocol):
    """A plan on two cubes, for one thread.

    Attributes
    ----------
    most : int
        Trials for which it holds inputs at once.
    """

    @property
    def most(self) -> int: ...  # noqa: D102 - see the class

    def over(self, start: int, stop: int) -> Run:
        """Return what runs the plan in trials `start` to `stop`, at most `most` of them."""

    def release(self) -> None:
        """Let the buffers go at once."""


def exchange(
    engine: str, plan: Plan, draws: Sequence[Draw], cubes: tuple[Cube, Cube], runs: int
) -> Callable[[], Exchange]:
    """Return what makes the exchange of one thread.

    Parameters
    ----------
    engine : str
        See `payback.simulator.engine.run.backends.choose`.
    plan : Plan
    draws : sequence of Draw
        The inputs that the plan reads.
    cubes : tuple of Cube
        The first and the second.
    runs : int
        How many runs there will be in each trial.

    Raises
    ------
    ValueError
        If there is no such engine.
    UsageError
        If the compiled one is asked for and llvmlite is not installed.
    """
    if require_engine(engine) != "numpy":
        from payback.simulator.engine.run.engine_choice import drafted

        trials = cubes[0].trials
        code = drafted(plan, 2 * trials, runs * trials, always=engine == "compiled")
        if code is not None:
            from payback.simulator.engine.compiled.backend import CompiledBackend
            from payback.simulator.engine.compiled.compiled_exchange import CompiledExchange

            first, second = (CompiledBackend(code, draws, cube) for cube in cubes)
            return lambda: CompiledExchange(first, second)
    return lambda: NumpyExchange(plan, draws, cubes)
