"""Verdicts: whether the 95 % interval of an estimate keeps to a limit, and how often a claim about each trial holds."""

from __future__ import annotations

import math

from payback.simulator.case.expressions.decimals import equal
from payback.simulator.questions.ask.known_facts import Known
from payback.simulator.statistics import Estimate

SUPPORTED = "supported"
REFUTED = "refuted"
LIKELY = "likely"
UNLIKELY = "unlikely"
INCONCLUSIVE = "inconclusive"

SAME = 1e-10
"""Relative difference below which an end of an interval is its limit: measures are computed to it."""

HALF = 0.5
"""The share of trials from which a claim about each trial is likely."""


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


def claim_verdict(estimate: Estimate, confidence: float) -> str:
    """Return the verdict on a claim about each trial: the strongest word that is right for the whole 95 % interval.

    Parameters
    ----------
    estimate : Estimate
        The share of trials in which the claim holds.
    confidence : float
        The share that supports a claim, in (0, 1).

    Returns
    -------
    {"supported", "likely", "inconclusive", "unlikely", "refuted"}
        Supported from `confidence` on; refuted where it fails in that share, or, at a confidence of at most one
        half, where it holds in less than that; likely from one half on; unlikely below one half; inconclusive where
        the interval lies across the limit between these words.

    Examples
    --------
    >>> claim_verdict(Estimate(0.214, 0.213, 0.215), 0.8), claim_verdict(Estimate(0.79, 0.7, 0.9), 0.8)
    ('unlikely', 'likely')
    >>> claim_verdict(Estimate(0.5, 0.4, 0.6), 0.8)
    'inconclusive'
    """
    low = 0.0 if estimate.low is None else estimate.low
    high = 1.0 if estimate.high is None else estimate.high
    if estimate.value is None:
        return INCONCLUSIVE
    if low >= confidence:
        return SUPPORTED
    if high < confidence and high <= 1 - confidence:
        return REFUTED
    if low >= HALF:
        return LIKELY
    return UNLIKELY if high < min(HALF, confidence) else INCONCLUSIVE


def ends(estimate: Estimate, known: Known) -> tuple[float, float]:
    """Return the interval of an estimate, open sides as infinity; NaN when nothing is known of it."""
    if estimate.value is None:
        if not known.never or estimate.undefined == 1:
            return math.nan, math.nan
        return known.horizon * (1.0 + 2.0 * SAME) if estimate.low is None else estimate.low, math.inf
    return -math.inf if estimate.low is None else estimate.low, math.inf if estimate.high is None else estimate.high
