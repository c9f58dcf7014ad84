"""How to simulate: trials, seed, sampler, threads; and the cube that follows for a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol, TypedDict

from payback.distributions import Certain
from payback.simulator.case import Case
from payback.simulator.cube import SAMPLERS, Cube, Sampler, default_sampler, require_seed
from payback.simulator.engine.numpy_engine.shared_inputs import Drawn
from payback.simulator.engine.run.backends import ENGINES
from payback.simulator.engine.run.checkpoints import Checkpoint
from payback.simulator.engine.workers.dask_cluster import Cluster
from payback.simulator.errors import UsageError
from payback.simulator.model import Model
from payback.simulator.number_text import number
from payback.simulator.questions.trials.sample_cache import Taken

TRIALS = 2**17
SEED = 1

KEPT = 2**24
"""Values that are kept, over all outputs of a run; beyond it trials are counted, in memory that does not grow."""


class Interrupt(Protocol):
    """Tells a run to stop. A context, within which it is asked."""

    code: int
    """Exit code of the signal that came; 0 if none did."""

    def __call__(self) -> bool:
        """Return whether to stop."""

    def __enter__(self) -> object: ...

    def __exit__(self, *_: object) -> None: ...


class Means(TypedDict):
    """What `engine.simulate` and `engine.accumulate` take alike beside the work itself."""

    threads: int | None
    engine: str
    progress: Callable[[int, int], None] | None
    pause: Interrupt | None
    cluster: Cluster | None


@dataclass(frozen=True)
class Settings:
    """How to simulate.

    Parameters
    ----------
    trials : int
        As asked; the sampler may round it up.
    seed : int
        Any whole number from 0.
    sampler : str
        "sobol", "monte_carlo", "latin_hypercube", or empty for the default.
    threads : int or None
        Results do not depend on it.
    progress : callable or None
        ``progress(done, trials)``, from any thread.
    kept : int
        Values that are kept, over all outputs of a run.
    engine : str
        "auto", "numpy" or "compiled", see `payback.simulator.engine.run.backends.choose`.
    interrupt : Interrupt or None
        Stops runs: their results are then of the first trials alone.
    checkpoint : Checkpoint or None
        Where the state of runs that count trials is saved.
    cluster : Cluster or None
        Where trials are computed, if not in this process. Results do not depend on it.
    drawn : Drawn or None
        Values of inputs that several runs share.
    taken : Taken or None
        Samples of earlier looks at the same case.
    chosen : bool
        Whether `trials` were found here, not given: what a run does besides then keeps to its budget.

    Raises
    ------
    UsageError
        When one of them is out of range.
    """

    trials: int = TRIALS
    seed: int = SEED
    sampler: str = ""
    threads: int | None = None
    progress: Callable[[int, int], None] | None = field(default=None, compare=False)
    kept: int = KEPT
    engine: str = "auto"
    interrupt: Interrupt | None = field(default=None, compare=False)
    checkpoint: Checkpoint | None = field(default=None, compare=False)
    cluster: Cluster | None = field(default=None, compare=False)
    drawn: Drawn | None = field(default=None, compare=False)
    taken: Taken | None = field(default=None, compare=False)
    chosen: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if not float(self.trials).is_integer() or self.trials < 1:
            raise UsageError(f"trials: {self.trials} -> a whole number from 1")
        try:
            require_seed(self.seed)
        except (TypeError, ValueError) as error:
            raise UsageError(str(error)) from None
        if self.threads is not None and self.threads < 1:
            raise UsageError(f"threads: {self.threads} -> at least 1")
        if self.engine not in ENGINES:
            raise UsageError(f"engine: {self.engine} -> {', '.join(ENGINES)}")
        if self.sampler and self.sampler not in SAMPLERS:
            raise UsageError(f"sampler: {self.sampler} -> {', '.join(SAMPLERS)}")
        try:
            self.sampler_used.trials(int(self.trials))
        except ValueError as error:
            raise UsageError(str(error)) from None

    @property
    def stopped(self) -> bool:
        """Whether the run was told to stop."""
        return self.interrupt is not None and self.interrupt()

    @contextmanager
    def running(self) -> Iterator[Means]:
        """Give the means of a run, which may be interrupted as long as this lasts."""
        with self.interrupt or nullcontext():
            yield {
                "threads": self.threads,
                "engine": self.engine,
                "progress": self.progress,
                "pause": self.interrupt,
                "cluster": self.cluster,
            }

    @property
    def sampler_used(self) -> Sampler:
        """The sampler, the default resolved."""
        return SAMPLERS[self.sampler] if self.sampler else default_sampler(self.trials)

    def cube(self, case: Case) -> Cube:
        """Return the cube of `case`: one axis for every uncertain input that is drawn once a trial."""
        model = case.model
        return Cube(
            axes=uncertain_axes(model),
            trials=int(self.trials),
            seed=self.seed,
            sampler=self.sampler_used,
            dependence=model.dependence,
        )

    def notes(self, cube: Cube) -> tuple[str, ...]:
        """Return what a reader must be told about the trials of `cube`."""
        notes = []
        if not self.sampler and cube.replicates is None:
            notes.append(f"{number(self.trials)} trials are too few for Sobol' points: plain Monte Carlo instead")
        if cube.trials != self.trials:
            notes.append(
                f"{number(self.trials)} trials become {number(cube.trials)}: "
                f"they come in {cube.replicates} replicates of equal length"
            )
        if cube.sampler.note:
            notes.append(cube.sampler.note)
        return tuple(notes)


def uncertain_axes(model: Model) -> tuple[str, ...]:
    """Return the axes of the inputs that are drawn once a trial, in reading order.

    Certain ones are left out, but for those that a change made certain and that others depend on.
    """
    coupled = {axis for group in model.dependence for axis in group.axes}
    return tuple(
        d.axis for d in model.draws if not d.monthly and (d.axis in coupled or not isinstance(d.distribution, Certain))
    )
