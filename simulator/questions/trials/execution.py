"""Execution: the threads, engine and cluster that compute a run, its progress report, and its interrupt.

The numbers of a run do not depend on it, except for the last place of some powers, which engines round differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol, TypedDict

from payback.simulator.engine.run.backends import ENGINES
from payback.simulator.engine.run.checkpoints import Checkpoint
from payback.simulator.engine.workers.dask_cluster import Cluster
from payback.simulator.errors import UsageError

KEPT = 2**24
"""Values that are kept, over all outputs of a run; beyond it trials are counted, in memory that does not grow."""


class Interrupt(Protocol):
    """A callable that tells a run whether to stop; a run calls it only inside its context."""

    code: int
    """Exit code of the signal that came; 0 if none did."""

    def __call__(self) -> bool:
        """Return whether to stop."""

    def __enter__(self) -> object: ...

    def __exit__(self, *_: object) -> None: ...


class EngineOptions(TypedDict):
    """The keyword arguments that `engine.simulate` and `engine.accumulate` share."""

    threads: int | None
    engine: str
    progress: Callable[[int, int], None] | None
    pause: Interrupt | None
    cluster: Cluster | None


@dataclass(frozen=True)
class Execution:
    """The execution of a run: threads, engine and cluster, progress report, interrupt and checkpoint.

    Parameters
    ----------
    threads : int or None
        All cores if None. Results do not depend on it.
    engine : str
        "auto", "numpy" or "compiled", see `payback.simulator.engine.run.backends.choose`.
    progress : callable or None
        ``progress(done, trials)``, from any thread.
    interrupt : Interrupt or None
        Stops runs early; their results then cover only the first trials.
    checkpoint : Checkpoint or None
        Where the state of a run is saved. Its trials are always counted, not kept.
    cluster : Cluster or None
        Where trials are computed; in this process if None. Results do not depend on it.

    Raises
    ------
    UsageError
        When one of them is out of range.
    """

    threads: int | None = None
    engine: str = "auto"
    progress: Callable[[int, int], None] | None = field(default=None, compare=False)
    interrupt: Interrupt | None = field(default=None, compare=False)
    checkpoint: Checkpoint | None = field(default=None, compare=False)
    cluster: Cluster | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.threads is not None and self.threads < 1:
            raise UsageError(f"threads: {self.threads} -> at least 1")
        if self.engine not in ENGINES:
            raise UsageError(f"engine: {self.engine} -> {', '.join(ENGINES)}")

    @property
    def most_kept(self) -> int:
        """The most values that a run keeps, over all its outputs; with more than that it counts its trials."""
        return KEPT if self.checkpoint is None else 0

    @property
    def stopped(self) -> bool:
        """Whether the interrupt says to stop."""
        return self.interrupt is not None and self.interrupt()

    @contextmanager
    def running(self) -> Iterator[EngineOptions]:
        """Yield the options of a run of the engine, inside the context of the interrupt."""
        with self.interrupt or nullcontext():
            yield {
                "threads": self.threads,
                "engine": self.engine,
                "progress": self.progress,
                "pause": self.interrupt,
                "cluster": self.cluster,
            }
