"""Samples of formulas: one run of the engine computes all formulas of a frame."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine import accumulate, simulate
from payback.simulator.errors import PaybackError, UsageError
from payback.simulator.questions.trials.execution import KEPT, Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.run_cache import NO_CACHE, Run, RunCache
from payback.simulator.statistics import KeptSample, Sample, WeightedSample

if TYPE_CHECKING:
    from payback.simulator.document.results import MeasureResult

Floats = NDArray[np.float64]

HELD_BYTES = 2**28
"""Values of outputs that one run of the engine may hold; more outputs take more runs."""


class Interrupted(PaybackError):
    """The error of a run that was stopped; it holds the measures of the trials that were done.

    Parameters
    ----------
    measures : mapping of str to MeasureResult
        Empty when it was stopped before the first trials were done.
    done, trials : int
        Number of trials done, and of all trials.
    """

    def __init__(self, measures: Mapping[str, MeasureResult], done: int, trials: int) -> None:
        super().__init__(f"interrupted after {done:,} of {trials:,} trials")
        self.measures = measures
        self.done = done
        self.trials = trials


def samples(
    frame: Frame, formulas: Iterable[Expression], execution: Execution, cache: RunCache = NO_CACHE
) -> dict[Expression, Sample]:
    """Return the sample of each scalar formula on the trials of `frame`.

    Beyond `Execution.most_kept` values trials are counted, not kept. Trials with weights are always kept. Where the run
    is interrupted, samples hold only the first trials; before the first of them there are no samples.

    Parameters
    ----------
    frame : Frame
    formulas : iterable of Expression
        Plain scalar expressions, as `Case.formula` gives them.
    execution : Execution
    cache : RunCache
        Samples in it are not run again; new samples with kept trials are added to it.

    Returns
    -------
    dict of Expression to Sample

    Raises
    ------
    UsageError
        If no trial meets the conditions of the frame.
    """
    distinct = list(dict.fromkeys(formulas))
    if len(distinct) * frame.cube.trials > execution.most_kept and not frame.cube.weighted:
        return {} if execution.stopped else _counted(frame, distinct, execution)
    at_once = max(1, HELD_BYTES // (8 * frame.cube.trials))
    sample_of: dict[Expression, Sample] = {}
    for first in range(0, len(distinct), at_once):
        sample_of |= _kept(frame, distinct[first : first + at_once], execution, cache)
    return sample_of


def _kept(
    frame: Frame, formulas: Sequence[Expression], execution: Execution, cache: RunCache
) -> Mapping[Expression, Sample]:
    """Return the samples of `formulas` from the cache, or from a run that keeps every trial."""
    key = (_identity(frame), tuple(formulas))
    before = None if cache.samples is None else cache.samples.get(key)
    if before is not None and before.done == frame.cube.trials:
        return before.samples
    if execution.stopped:
        return {} if before is None else before.samples
    with execution.running() as options:
        trials = simulate(
            frame.case.model,
            frame.cube,
            _named(formulas),
            shared=cache.inputs,
            before=None if before is None or before.done > frame.cube.trials else before.trials,
            **options,
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
    if cache.samples is not None:
        cache.samples.put(key, run)
    return run.samples


def _sample(values: Floats, replicates: int | None, weights: Floats | None) -> Sample:
    return KeptSample(values, replicates) if weights is None else WeightedSample(values, replicates, weights=weights)


def _counted(frame: Frame, formulas: Sequence[Expression], execution: Execution) -> dict[Expression, Sample]:
    """Return the samples of `formulas` from a run that counts trials by cell."""
    with execution.running() as options:
        counts = accumulate(
            frame.case.model,
            frame.cube,
            _named(formulas),
            store=None if execution.checkpoint is None else execution.checkpoint.run(_key(frame, formulas)),
            **options,
        )
    return {formula: counts[str(index)] for index, formula in enumerate(formulas) if str(index) in counts}


def _named(formulas: Sequence[Expression]) -> dict[str, Expression]:
    return {str(index): formula for index, formula in enumerate(formulas)}


def _key(frame: Frame, formulas: Sequence[Expression]) -> str:
    """Return the name of a run in a checkpoint; it differs by change, cube and formulas."""
    name, changes, *bands = _identity(frame)
    identity = (name, changes, frame.cube.trials, *bands, formulas)
    return hashlib.sha256(repr(identity).encode()).hexdigest()


def _identity(frame: Frame) -> tuple[Hashable, ...]:
    """Return the values that distinguish `frame` from the other frames of its case."""
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
