"""The probability that an option is the best of a trial, as one statistic of the trials of a case."""

from __future__ import annotations

import numpy as np

from payback.simulator.case.declarations.options import AS_IT_IS
from payback.simulator.case.source.source_text import Source, question_source
from payback.simulator.case.source.spelling import listed, nearest
from payback.simulator.errors import CaseError, Problem
from payback.simulator.questions.options.criterion import HIGH, criterion_of
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, option_frames
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache
from payback.simulator.questions.trials.samples import kept_values, samples
from payback.simulator.statistics import Estimate
from payback.simulator.statistics.estimators.best_alternative import best_alternative


def probability_best(
    base: Frame, option: str, execution: Execution, cache: RunCache = NO_CACHE, source: Source | None = None
) -> Estimate:
    """Return the share of the trials in which an option is the best of all; options that tie share a trial.

    Parameters
    ----------
    base : Frame
        The case as it is.
    option : str
        The name of an option of the case; ``as it is``, or nothing, for the case itself.
    execution : Execution
    cache : RunCache
        Samples and input values of earlier runs of the case.
    source : Source, optional
        Where the name is written, for messages.

    Returns
    -------
    Estimate
        By the measure behind ``decide_by:``, see `payback.simulator.questions.options.criterion`.

    Raises
    ------
    CaseError
        If the case has no such option.
    """
    names = (AS_IT_IS, *(declared.name for declared in base.case.options))
    name = option or AS_IT_IS
    if name not in names:
        at = (source or question_source(option)).at
        near = nearest(option, names, likeness=0.5, same_case=True)
        raise CaseError(Problem(f"`{option}` is no option of the case", f"one of {listed(names)}", near=near, at=at))
    frames = option_frames(base)
    criterion = criterion_of([frame.case for frame in frames])
    shared = cache.for_runs(len(frames))
    values = []
    for frame in frames:
        formula = frame.case.formula(criterion.measure).expression
        sample = samples(frame, [formula], execution, shared)[formula]
        values.append(kept_values({frame.name: sample})[frame.name])
    sign = 1.0 if criterion.measure_better == HIGH else -1.0
    best = best_alternative(sign * np.stack(values), base.cube.replicates)
    return best.probability[names.index(name)]
