"""What the figures draw: the payback curve, the histogram and S-curve of a measure, the cash fan."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from simulator import statistics
from simulator.case import Case
from simulator.case.nodes import Binary, Call, Expression, Name, Number
from simulator.exhibits import CumulativeCurve, Fan, Histogram, PaybackCurve
from simulator.questions.frames import Frame
from simulator.questions.sampling import samples
from simulator.questions.settings import Settings
from simulator.statistics import Sample
from simulator.statistics.moments import Floats

FAN = (5, 10, 25, 50, 75, 90, 95)
FAN_TRIALS = 2**17
FAN_VALUES = 2**24
"""Values of cumulative net that the fan may hold at once."""

BINS = 60
TRIMMED = 1.0
"""Percent left outside the histogram on either side, so that a tail does not squeeze the rest."""

CURVE_POINTS = 199


def payback_curve(sample: Sample, horizon: int) -> PaybackCurve:
    """Return the share of trials that has paid back by the end of each month.

    Parameters
    ----------
    sample : Sample
        Payback in months, shape (trials,).
    horizon : int
        Months.
    """
    months = np.arange(horizon + 1, dtype=float)
    share, low, high = statistics.cumulative(sample, months)
    return PaybackCurve(
        months=floats(months), share=floats(share), low=floats(low), high=floats(high), never=sample.never
    )


def floats(values: Floats) -> tuple[float, ...]:
    """Return an array as a tuple of Python floats."""
    return tuple(values.tolist())


def histogram(sample: Sample, measure: str, unit: str) -> Histogram | None:
    """Return the counts of the defined values between the first and the last percent.

    A measure that takes one value alone has one bin; None when it is never defined.
    """
    values = sample.values[np.isfinite(sample.values)]
    if values.size == 0:
        return None
    low, high = (float(x) for x in np.percentile(values, [TRIMMED, 100 - TRIMMED], method="inverted_cdf"))
    if not low < high:
        low, high = float(values.min()), float(values.max())
    if not low < high:
        width = max(abs(low), 1.0) * 1e-3
        edges = np.array([low - width, low + width])
    else:
        edges = np.linspace(low, high, BINS + 1)
    counts, _ = np.histogram(values, edges)
    return Histogram(
        measure=measure,
        unit=unit,
        edges=floats(edges),
        counts=tuple(counts.tolist()),
        below=float(np.count_nonzero(values < edges[0])) / values.size,
        above=float(np.count_nonzero(values > edges[-1])) / values.size,
    )


def cumulative_curve(sample: Sample, measure: str, unit: str) -> CumulativeCurve | None:
    """Return the S-curve of the defined values, None when there is none."""
    values = np.sort(sample.values[np.isfinite(sample.values)])
    if values.size == 0:
        return None
    shares = np.arange(1, CURVE_POINTS + 1) / (CURVE_POINTS + 1)
    ranks = np.ceil(shares * values.size).astype(int) - 1
    points = np.unique(values[ranks])
    reached = np.searchsorted(values, points, side="right") / values.size
    return CumulativeCurve(measure=measure, unit=unit, values=floats(points), share=floats(reached))


def cash_fan(frame: Frame, settings: Settings) -> Fan:
    """Return percentiles of cumulative net at the end of each month, month 0 first."""
    months = frame.case.horizon
    trials = min(frame.cube.trials, FAN_TRIALS, max(1024, FAN_VALUES // (months + 1)))
    first = replace(frame, cube=replace(frame.cube, trials=trials))
    quiet = replace(settings, progress=None)
    formulas = [cumulative_at(frame.case, month) for month in range(months + 1)]
    found = samples(first, formulas, quiet)
    rows = {f"P{q}": tuple(statistics.percentile(found[formula], q).value or 0.0 for formula in formulas) for q in FAN}
    return Fan(months=tuple(float(m) for m in range(months + 1)), percentiles=rows, trials=first.cube.trials)


def cumulative_at(case: Case, month: int) -> Expression:
    """Return the formula of cumulative net at the end of `month`; month 0 is before the first."""
    if month == 0:
        return Binary("-", Name("net_0"), Name("upfront"))
    return Call("at", (Name("cumulative_net"), Number(float(min(month, case.horizon)))))


def share_at_or_below(sample: Sample, value: float) -> float | None:
    """Return the share of the defined trials at or below `value`, None when it is undefined."""
    if math.isnan(value) or sample.undefined == 1:
        return None
    defined = sample.values[~np.isnan(sample.values)]
    return float(np.count_nonzero(defined <= value)) / defined.size
