"""Runs of a plan on two cubes that take inputs by name from either; each input is drawn once a block on both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.held_draws import Names
from payback.simulator.engine.numpy_engine.numpy_exchange import NumpyExchange, Run
from payback.simulator.engine.plan.schedule import Plan
from payback.simulator.engine.run.backends import require_engine
from payback.simulator.model import Draw


class Exchange(Protocol):
    """The protocol of exchanges: a plan on two cubes, for one thread.

    Attributes
    ----------
    most : int
        Most trials whose inputs are held at once.
    alone : bool
        Whether one thread is as fast as several, which would wait for one another at the interpreter.
    """

    @property
    def most(self) -> int: ...  # noqa: D102 - see the class

    @property
    def alone(self) -> bool: ...  # noqa: D102 - see the class

    def over(self, start: int, stop: int) -> Run:
        """Return the function that runs the plan in trials `start` to `stop`, at most `most` of them."""

    def release(self) -> None:
        """Free the buffers at once."""


def exchange(
    engine: str,
    plan: Plan,
    draws: Sequence[Draw],
    cubes: tuple[CubeLike, CubeLike],
    runs: int,
    parameters: Mapping[str, Names],
) -> Callable[[], Exchange]:
    """Return the function that creates the exchange of one thread.

    Parameters
    ----------
    engine : str
        See `payback.simulator.engine.run.backends.choose`.
    plan : Plan
    draws : sequence of Draw
        The inputs that the plan reads.
    cubes : tuple of CubeLike
        The first and the second.
    runs : int
        Number of runs in each trial.
    parameters : mapping of str to frozenset of str
        The inputs from which the parameters of others follow, by name.

    Raises
    ------
    ValueError
        If there is no such engine.
    UsageError
        If `engine` is "compiled" and llvmlite is not installed.
    """
    if require_engine(engine) != "numpy":
        from payback.simulator.engine.run.engine_choice import code_if_it_pays

        trials = cubes[0].trials
        code = code_if_it_pays(plan, 2 * trials, runs * trials, always=engine == "compiled")
        if code is not None:
            from payback.simulator.engine.compiled.backend import CompiledBackend
            from payback.simulator.engine.compiled.compiled_exchange import CompiledExchange

            first, second = (CompiledBackend(code, draws, cube) for cube in cubes)
            return lambda: CompiledExchange(first, second, parameters)
    return lambda: NumpyExchange(plan, draws, cubes, parameters)
