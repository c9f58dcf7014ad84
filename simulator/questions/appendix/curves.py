"""Curves for the figures: the payback curve, the histogram and S-curve of a measure, the cash fan."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from payback.simulator import statistics
from payback.simulator.case import Case
from payback.simulator.case.expressions.decimals import EQUAL
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number
from payback.simulator.cube.sobol import REPLICATES
from payback.simulator.document.exhibits import CumulativeCurve, Fan, Histogram, PaybackCurve
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache
from payback.simulator.questions.trials.samples import samples
from payback.simulator.statistics import Sample
from payback.simulator.statistics.leaf_moments import Floats

FAN = (5, 10, 25, 50, 75, 90, 95)
FAN_TRIALS = 2**17
FAN_VALUES = 2**24
"""Values of cumulative net that the fan may hold at once."""

BINS = 60
TRIMMED = 1.0
"""Percent left outside the histogram on either side, so that a tail does not squeeze the rest."""

CURVE_POINTS = 199

LARGEST = float(np.finfo(np.float64).max)


def payback_curve(sample: Sample, horizon: int, *, certain: bool = False) -> PaybackCurve:
    """Return the share of trials that has paid back by the end of each month.

    Parameters
    ----------
    sample : Sample
        Payback in months, shape (trials,).
    horizon : int
        Months.
    certain : bool
        Whether nothing in the case is uncertain: then the shares have no simulation error.
    """
    months = np.arange(horizon + 1, dtype=float)
    share, low, high = statistics.cumulative(sample, months)
    if certain:
        low = high = share
    return PaybackCurve(
        months=floats(months), share=floats(share), low=floats(low), high=floats(high), never=sample.never
    )


def floats(values: Floats) -> tuple[float, ...]:
    """Return an array as a tuple of Python floats."""
    return tuple(values.tolist())


def histogram(sample: Sample, measure: str, unit: str) -> Histogram | None:
    """Return the histogram of the defined values between their 1st and 99th percentiles.

    A measure with a single value has one bin; the result is None when no trial has a value.

    Parameters
    ----------
    sample : Sample
        The values of the measure, shape (trials,).
    measure : str
        Name of the measure.
    unit : str
        Its unit, as displayed.
    """
    finite = _finite(sample)
    if not finite:
        return None
    low, high = (_at(sample, finite, p / 100) for p in (TRIMMED, 100 - TRIMMED))
    if not low < high:
        low, high = _at(sample, finite, 0.0), _at(sample, finite, 1.0)
    if not low < high:
        width = max(abs(low), 1.0) * 1e-3
        edges = np.array([low - width, low + width])
    else:
        edges = np.linspace(low, high, BINS + 1)
    # a bin holds its left edge; the last one its right edge too
    below = np.rint(sample.counts(np.append(np.nextafter(edges[:-1], -np.inf), edges[-1])).sum(axis=0))
    counts = np.diff(below).astype(np.int64)
    return Histogram(
        measure=measure,
        unit=unit,
        edges=floats(edges),
        counts=tuple(counts.tolist()),
        below=float(below[0]) / finite,
        above=(finite - float(below[-1])) / finite,
    )


def cumulative_curve(sample: Sample, measure: str, unit: str) -> CumulativeCurve | None:
    """Return the S-curve of the defined values, None when no trial has a value.

    Parameters
    ----------
    sample : Sample
        The values of the measure, shape (trials,).
    measure : str
        Name of the measure.
    unit : str
        Its unit, as displayed.
    """
    finite = _finite(sample)
    if not finite:
        return None
    shares = np.arange(1, CURVE_POINTS + 1) / (CURVE_POINTS + 1)
    points = np.unique([_at(sample, finite, p) for p in shares])
    reached = sample.counts(points).sum(axis=0) / finite
    return CumulativeCurve(measure=measure, unit=unit, values=floats(points), share=floats(reached))


def cash_fan(frame: Frame, execution: Execution, cache: RunCache = NO_CACHE) -> Fan:
    """Return the cash fan: percentiles of cumulative net at the end of each month, month 0 first.

    Parameters
    ----------
    frame : Frame
        The case on its cube; its first trials are used, so that all months fit into memory.
    execution : Execution
    cache : RunCache
        Samples and input values of earlier runs of the case.
    """
    months = frame.case.horizon
    kept = FAN_VALUES // (months + 1) // REPLICATES * REPLICATES  # a cube rounds up, and more would be counted
    trials = min(frame.cube.trials, FAN_TRIALS, max(1024, kept))
    first = replace(frame, cube=replace(frame.cube, trials=trials))
    quiet = replace(execution, progress=None)
    formulas = [cumulative_at(frame.case, month) for month in range(months + 1)]
    by_month = samples(first, formulas, quiet, cache)
    # the order of the trials of a month takes more memory than its values: one month at a time
    columns = [_quantiles(by_month, formula) for formula in formulas]
    rows = {f"P{q}": row for q, row in zip(FAN, zip(*columns, strict=True), strict=True)}
    return Fan(months=tuple(float(m) for m in range(months + 1)), percentiles=rows, trials=first.cube.trials)


def _quantiles(samples: dict[Expression, Sample], formula: Expression) -> list[float]:
    """Return the percentiles of the fan for the sample of `formula`, which is removed from `samples`."""
    sample = samples.pop(formula)
    return [sample.quantile(q / 100) for q in FAN]


def cumulative_at(case: Case, month: int) -> Expression:
    """Return the formula of cumulative net at the end of `month`; month 0 is before the first."""
    if month == 0:
        return Binary("-", Name("net_0"), Name("upfront"))
    return Call("at", (Name("cumulative_net"), Number(float(min(month, case.horizon)))))


def share_at_or_below(sample: Sample, value: float) -> float | None:
    """Return the share of the defined trials at or below `value`, None when it is undefined.

    Parameters
    ----------
    sample : Sample
        Shape (trials,).
    value : float
        In the unit of the sample; +inf is "never", NaN is undefined.
    """
    if math.isnan(value) or sample.undefined == 1:
        return None
    return float(sample.counts([value + EQUAL * abs(value)]).sum()) / sample.defined


def _finite(sample: Sample) -> int:
    """Return the number of trials whose value is neither "never" nor undefined."""
    return round(float(sample.counts([LARGEST]).sum()))


def _at(sample: Sample, finite: int, p: float) -> float:
    """Return the smallest value that a share `p` of the `finite` lowest trials do not exceed."""
    value = sample.reaching(max(1, math.ceil(p * finite)))
    return math.nan if value is None else value
