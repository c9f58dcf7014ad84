"""Sampling: the number of trials, the seed and the sampler. With the case they decide every number of a run."""

from __future__ import annotations

from dataclasses import dataclass

from payback.distributions import Certain
from payback.simulator.case import Case
from payback.simulator.cube import SAMPLERS, Cube, Sampler, default_sampler, require_seed
from payback.simulator.errors import UsageError
from payback.simulator.model import Model
from payback.simulator.number_text import number

TRIALS = 2**17
SEED = 1


@dataclass(frozen=True)
class Sampling:
    """The sampling of a run: its number of trials, its seed and its sampler.

    Parameters
    ----------
    trials : int
        From 1; the sampler may round it up.
    seed : int
        Any whole number from 0.
    sampler : str
        "sobol", "monte_carlo", "latin_hypercube", or empty for the default.

    Raises
    ------
    UsageError
        When one of them is out of range.
    """

    trials: int = TRIALS
    seed: int = SEED
    sampler: str = ""

    def __post_init__(self) -> None:
        if not float(self.trials).is_integer() or self.trials < 1:
            raise UsageError(f"trials: {self.trials} -> a whole number from 1")
        try:
            require_seed(self.seed)
        except (TypeError, ValueError) as error:
            raise UsageError(str(error)) from None
        if self.sampler and self.sampler not in SAMPLERS:
            raise UsageError(f"sampler: {self.sampler} -> {', '.join(SAMPLERS)}")
        try:
            self.sampler_used.trials(int(self.trials))
        except ValueError as error:
            raise UsageError(str(error)) from None

    @property
    def sampler_used(self) -> Sampler:
        """The sampler in use: the one that is named, else the default for this number of trials."""
        return SAMPLERS[self.sampler] if self.sampler else default_sampler(self.trials)

    def cube(self, case: Case) -> Cube:
        """Return the cube of `case`: one axis for every uncertain input that is drawn once per trial."""
        model = case.model
        return Cube(
            axes=uncertain_axes(model),
            trials=int(self.trials),
            seed=self.seed,
            sampler=self.sampler_used,
            dependence=model.dependence,
        )

    def notes(self, cube: Cube) -> tuple[str, ...]:
        """Return remarks on the trials of `cube` for the reader, such as that their number was rounded."""
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
    """Return the axes of the inputs that are drawn once per trial, in reading order.

    Certain inputs are left out, unless a change made them certain and other inputs depend on them.
    """
    coupled = {axis for group in model.dependence for axis in group.axes}
    return tuple(
        d.axis for d in model.draws if not d.monthly and (d.axis in coupled or not isinstance(d.distribution, Certain))
    )
