"""Verdicts: whether the 95 % interval of an estimate keeps to a limit."""

from __future__ import annotations

import math

from payback.simulator.case.expressions.decimals import equal
from payback.simulator.questions.ask.estimates import Known
from payback.simulator.statistics import Estimate

SUPPORTED = "supported"
REFUTED = "refuted"
INCONCLUSIVE = "inconclusive"

SAME = 1e-10
"""Relative difference below which an end of an interval is its limit: measures are computed to it."""


def verdict(estimate: Estimate, comparison: str, limit: float, known: Known) -> str:
    """Return the verdict on whether an estimate keeps to its limit.

    Parameters
    ----------
    estimate : Estimate
    comparison : {"<", "<=", ">", ">="}
        As in ``P90(payback) <= 12 months``.
    limit : float
        In the unit of the estimate.
    known : Known
        The quantity that is estimated. A value beyond the horizon is above every limit up to the horizon, and not
        comparable with a longer one.

    Returns
    -------
    {"supported", "refuted", "inconclusive"}
        Supported when the whole interval keeps to the limit, refuted when all of it does not.
    """
    low, high = ends(estimate, known)
    if math.isnan(low) or math.isnan(high):
        return INCONCLUSIVE
    if comparison in (">", ">="):
        low, high, limit = -high, -low, -limit
    strict = comparison in ("<", ">")
    low, high = (limit if equal(end, limit, SAME) else end for end in (low, high))
    if high < limit or (high == limit and not strict):
        return SUPPORTED
    return REFUTED if low > limit or (low == limit and strict) else INCONCLUSIVE


def ends(estimate: Estimate, known: Known) -> tuple[float, float]:
    """Return the interval of an estimate, open sides as infinity; NaN when nothing is known of it."""
    if estimate.value is None:
        if not known.never or estimate.undefined == 1:
            return math.nan, math.nan
        return known.horizon * (1.0 + 2.0 * SAME) if estimate.low is None else estimate.low, math.inf
    return -math.inf if estimate.low is None else estimate.low, math.inf if estimate.high is None else estimate.high
