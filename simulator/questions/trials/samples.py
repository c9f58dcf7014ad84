"""From formulas to samples: one run of the engine for every frame, however many formulas."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from payback.distributions import Certain
from payback.simulator.case.expressions.tree import Call, Expression, Name, walk
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.engine import accumulate, simulate
from payback.simulator.engine.numpy_engine.shared_inputs import Drawn
from payback.simulator.errors import UsageError
from payback.simulator.model import Formula, Model
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sample_cache import Run, Taken
from payback.simulator.questions.trials.settings import KEPT, Settings
from payback.simulator.statistics import KeptSample, Sample, WeightedSample

Floats = NDArray[np.float64]

HELD_BYTES = 2**28
"""Values of outputs that one run of the engine may hold; more outputs take more runs."""


def samples(frame: Frame, formulas: Iterable[Expression], settings: Settings) -> dict[Expression, Sample]:
    """Return the sample of each scalar formula on the trials of `frame`.

    Beyond `Settings.kept` values trials are counted, not kept. Trials with weights are always kept. Where the run is
    interrupted, samples hold the first trials alone; before the first of them there are no samples. What is in
    `Settings.taken` is not run again.

    Raises
    ------
    UsageError
        If no trial meets the conditions of the frame.
    """
    distinct = list(dict.fromkeys(formulas))
    if len(distinct) * frame.cube.trials > settings.kept and not frame.cube.weighted:
        return {} if settings.stopped else _counted(frame, distinct, settings)
    at_once = max(1, HELD_BYTES // (8 * frame.cube.trials))
    found: dict[Expression, Sample] = {}
    for first in range(0, len(distinct), at_once):
        found |= _kept(frame, distinct[first : first + at_once], settings)
    return found


def _kept(frame: Frame, formulas: Sequence[Expression], settings: Settings) -> Mapping[Expression, Sample]:
    taken = settings.taken or Taken()
    key = (_identity(frame), tuple(formulas))
    before = taken.get(key)
    if before is not None and before.done == frame.cube.trials:
        return before.samples
    if settings.stopped:
        return {} if before is None else before.samples
    with settings.running() as means:
        trials = simulate(
            frame.case.model,
            frame.cube,
            _named(formulas),
            shared=settings.drawn,
            before=None if before is None or before.done > frame.cube.trials else before.trials,
            **means,
        )
    weights = trials.weights
    if weights is not None and weights.size and not weights.any():
        given = f"none of {frame.cube.trials:,} trials meets {'; '.join(frame.changes)} together"
        raise UsageError(f"{given} -> wider bands, or more trials")
    run = Run(
        trials,
        {
            formula: _sample(trials[str(index)], trials.replicates, weights)
            for index, formula in enumerate(formulas)
            if trials[str(index)].size
        },
    )
    taken.put(key, run)
    return run.samples


def _sample(values: Floats, replicates: int | None, weights: Floats | None) -> Sample:
    return KeptSample(values, replicates) if weights is None else WeightedSample(values, replicates, weights=weights)


def _counted(frame: Frame, formulas: Sequence[Expression], settings: Settings) -> dict[Expression, Sample]:
    with settings.running() as means:
        found = accumulate(
            frame.case.model,
            frame.cube,
            _named(formulas),
            store=None if settings.checkpoint is None else settings.checkpoint.run(_key(frame, formulas)),
            **means,
        )
    return {formula: found[str(index)] for index, formula in enumerate(formulas) if str(index) in found}


def _named(formulas: Sequence[Expression]) -> dict[str, Expression]:
    return {str(index): formula for index, formula in enumerate(formulas)}


def _key(frame: Frame, formulas: Sequence[Expression]) -> str:
    """Return a name for a run of `formulas` on `frame`: another one for another change, cube or formula."""
    name, changes, *bands = _identity(frame)
    parts = (name, changes, frame.cube.trials, *bands, formulas)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _identity(frame: Frame) -> tuple[Hashable, ...]:
    """Return what tells `frame` from the other frames of its case."""
    return frame.name, frame.changes, frame.cube.conditions, frame.cube.interventions


def kept_values(samples: Mapping[str, Sample]) -> dict[str, Floats]:
    """Return the values of `samples`, each of shape (trials,).

    Raises
    ------
    UsageError
        If trials were counted, not kept.
    """
    if counted := [sample for sample in samples.values() if not sample.by_trial]:
        given = f"{counted[0].trials:,} trials of {len(samples)} measures are counted, not kept"
        raise UsageError(f"{given} -> at most {KEPT // len(samples):,} trials")
    return {name: sample.values for name, sample in samples.items()}


def is_certain(model: Model) -> bool:
    """Return whether nothing in `model` is uncertain."""
    return all(isinstance(draw.distribution, Certain) for draw in model.draws)


def may_be_never(model: Model, formula: Expression) -> bool:
    """Return whether `formula` may be "never within the horizon" in a trial."""
    return _reaches(model, formula, lambda part: isinstance(part, Call) and part.function == "first_month", "never")


def may_be_undefined(model: Model, formula: Expression) -> bool:
    """Return whether `formula` may be undefined in a trial."""
    return _reaches(model, formula, lambda part: isinstance(part, Call) and part.function == "pick", "undefined")


def _reaches(model: Model, formula: Expression, found: Callable[[Expression], bool], trait: str) -> bool:
    formulas: Mapping[str, Expression] = {d.name: d.expression for d in model.definitions if isinstance(d, Formula)}
    seen: set[str] = set()
    stack = [formula]
    while stack:
        for part in walk(stack.pop()):
            if found(part):
                return True
            if not isinstance(part, Name) or part.id in seen:
                continue
            seen.add(part.id)
            if part.id in formulas:
                stack.append(formulas[part.id])
            elif part.id in MEASURES and getattr(MEASURES[part.id], trait):
                return True
    return False


class Total:
    """Progress over several runs of equal size, told as one.

    Parameters
    ----------
    progress : callable
        ``progress(done, trials)`` of the whole.
    runs : int
        How many runs there will be.
    """

    def __init__(self, progress: Callable[[int, int], None], runs: int) -> None:
        self._progress = progress
        self._runs = runs
        self._finished = 0
        self._lock = threading.Lock()

    def __call__(self, done: int, trials: int) -> None:
        """Take the progress of the current run."""
        with self._lock:
            total = max(self._runs, self._finished + 1) * trials
            self._progress(self._finished * trials + done, total)
            self._finished += done >= trials


def over(settings: Settings, runs: int) -> Settings:
    """Return `settings` for `runs` runs of the engine, that share the inputs they draw and tell progress as one."""
    if runs > 1 and not settings.drawn:
        settings = replace(settings, drawn=Drawn())
    if settings.progress is None or isinstance(settings.progress, Total):
        return settings
    return replace(settings, progress=Total(settings.progress, runs))
