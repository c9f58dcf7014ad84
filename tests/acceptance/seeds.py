"""Many short runs of one case, each from a seed of its own, in one run of the engine: one plan, one set of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case import Case
from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.engine import simulate
from payback.simulator.engine.numpy_engine.shared_inputs import SharedInputs
from payback.simulator.statistics import KeptSample, Sample

TRIALS = 2**14
AT_ONCE = 20


@dataclass(frozen=True)
class Seeds(Cube):
    """Cubes of consecutive seeds, end to end: trial i is trial i % TRIALS of the cube of ``seed + i // TRIALS``."""

    @cached_property
    def _parts(self) -> list[Cube]:
        count = self.trials // TRIALS
        return [
            Cube(self.axes, TRIALS, self.seed + index, self.sampler, dependence=self.dependence)
            for index in range(count)
        ]

    def block(
        self, start: int, stop: int, axes: Iterable[str] | None = None, out: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return what the cube of the seed gives."""
        index, first = divmod(start, TRIALS)
        return self._parts[index].block(first, first + stop - start, axes, out)


def axes(case: Case) -> tuple[str, ...]:
    return tuple(draw.axis for draw in case.model.draws if not draw.monthly)


def samples(
    case: Case, texts: Iterable[str], sampler: str, seeds: int, changed: Mapping[str, Case] | None = None
) -> Iterator[dict[str, Sample]]:
    """Yield, seed by seed from 0 on, the sample of each formula, of each of the `changed` cases under its name.

    Every seed is a run of TRIALS trials, as ``Cube(trials=TRIALS, seed=seed)`` gives it to the engine.
    """
    of = {text: (case, text) for text in texts} | {name: (other, "npv") for name, other in (changed or {}).items()}
    for first in range(0, seeds, AT_ONCE):
        count = min(AT_ONCE, seeds - first)
        cube = Seeds(axes(case), count * TRIALS, first, SAMPLERS[sampler], dependence=case.model.dependence)
        shared = SharedInputs()
        values_of = {
            name: simulate(
                of_case.model,
                cube,
                {"x": of_case.formula(text).expression},
                threads=1,
                block=TRIALS,
                engine="numpy",
                shared=shared,
            )["x"]
            for name, (of_case, text) in of.items()
        }
        for index in range(count):
            here = slice(index * TRIALS, (index + 1) * TRIALS)
            yield {name: KeptSample(values[here], cube.replicates) for name, values in values_of.items()}
