"""The probability that an option is the best of a trial, as one statistic of the trials of a case."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from payback.simulator.case import Case
from payback.simulator.case.declarations.options import AS_IT_IS
from payback.simulator.case.source.source_text import Source
from payback.simulator.case.source.spelling import listed, nearest
from payback.simulator.errors import CaseError, Problem
from payback.simulator.questions.options.criterion import HIGH, criterion_of
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, option_frames
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache
from payback.simulator.questions.trials.samples import kept_values, samples
from payback.simulator.statistics import Estimate
from payback.simulator.statistics.estimators.best_alternative import best_alternative


def check_option(case: Case, names: Sequence[str], source: Source) -> str:
    """Return the unit of ``best(option)``: a share of the trials.

    Parameters
    ----------
    case : Case
    names : sequence of str
        The name of an option; ``as it is`` for the case itself.
    source : Source
        Where it is written.

    Raises
    ------
    CaseError
        If the case has no such option.
    """
    (name,) = names
    options = _names(case)
    if name not in options:
        near = nearest(name, options, likeness=0.5, same_case=True)
        given, allowed = f"`{name}` is no option of the case", f"one of {listed(options)}"
        if not case.options:
            given, allowed = f"`best({name})`: the case declares no `options:`", "options: {do nothing: {...}}"
        raise CaseError(Problem(given, allowed, source.path, near=near, at=source.at))
    return "share"


def probability_best(base: Frame, names: Sequence[str], execution: Execution, cache: RunCache = NO_CACHE) -> Estimate:
    """Return the share of the trials in which an option is the best of all; options that tie share a trial.

    Parameters
    ----------
    base : Frame
        The case as it is.
    names : sequence of str
        The name of an option, as `check_option` allows it.
    execution : Execution
    cache : RunCache
        Samples and input values of earlier runs of the case.

    Returns
    -------
    Estimate
        By the measure behind ``decide_by:``, see `payback.simulator.questions.options.criterion`.
    """
    (name,) = names
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
    return best.probability[_names(base.case).index(name)]


def _names(case: Case) -> tuple[str, ...]:
    """Return the names of the case itself and of its options, in the order of their frames."""
    return AS_IT_IS, *(declared.name for declared in case.options)
