"""The statistics of the grammar by the names of their functions."""

from __future__ import annotations

import re

from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.language.functions import FUNCTIONS
from payback.simulator.case.source.spelling import nearest
from payback.simulator.questions.case_statistics import CASE_STATISTICS

INDICES = ("first_order", "total_order")
"""Statistics of a formula and an input: shares of variance."""

LATER = ("spearman", "kendall", "pearson", "shapley", "evpi", "evppi", "swing")
"""Statistics of the grammar that a later version answers."""

EXAMPLE = (
    "P(npv < 0), P90(payback), mean(npv), sd(npv), skew(npv), CVaR5(npv), first_order(npv, volume), "
    "total_order(npv, volume)"
)
"""An example of every statistic."""

_TAIL_MEANS = ("cvar", "tvar", "es", "cte")
_ELSEWHERE = re.compile(r"(p|var|pct|perc|percentile|quantile|q|cvar|tvar|es|cte)_?(\d+(?:[._]\d+)?)")
_SAME = {
    name: statistic
    for statistic, names in (
        ("P", "p prob probability pr"),
        ("P0", "min minimum lowest"),
        ("P5", "var quantile"),
        ("P50", "median"),
        ("P90", "percentile"),
        ("P100", "max maximum highest"),
        ("CVaR5", "cvar tvar es cte expected_shortfall"),
        ("mean", "mean avg average expectation expected expected_value e mu"),
        ("sd", "sd std stdev stddev sigma variance standard_deviation sd_of"),
        ("skew", "skew skewness"),
    )
    for name in names.split()
}
"""Names of statistics elsewhere, in small letters, and the statistic of the grammar that is nearest."""

_ORDERED = re.compile(r"(P|CVaR)(\d+(?:\.\d+)?)")


def statistic_kind(function: str, at: int) -> tuple[str, float] | None:
    """Return (kind, q) of a statistic, None for any other function.

    Raises
    ------
    ExpressionError
        For a function that looks like a statistic but is none.
    """
    if function in ("mean", "sd", "skew", "P", *INDICES, *CASE_STATISTICS):
        return function, 0.0
    if function in LATER:
        raise ExpressionError(f"`{function}` is not yet in this version", f"statistics so far: {EXAMPLE}", at=at)
    ordered = _ORDERED.fullmatch(function)
    if not ordered:
        _refuse_misspelt(function, at)
        return None
    kind, q = ordered.group(1), float(ordered.group(2))
    if q > 100:
        raise ExpressionError(f"`{function}`", f"{kind}<q> with q in [0, 100]: {kind}95, {kind}99.5", at=at)
    if kind == "P":
        return "percentile", q
    if q in (0.0, 50.0, 100.0):
        allowed = "CVaR5 is the mean of the lowest 5 %, CVaR95 the mean of the highest 5 %"
        raise ExpressionError(f"`{function}` has no side", allowed, at=at)
    return kind, q


def _refuse_misspelt(function: str, at: int) -> None:
    near = nearest_statistic(function)
    if near and function not in FUNCTIONS:
        raise no_statistic(function, at, near)


def no_statistic(function: str, at: int, near: str = "") -> ExpressionError:
    """Return the error of a function that is no statistic, with every statistic there is."""
    return ExpressionError(f"`{function}` is no statistic", f"statistics: {EXAMPLE}", near, at)


def nearest_statistic(function: str) -> str:
    """Return the statistic that a name from elsewhere stands for: ``P5`` for ``VaR5``; empty if none is near.

    Examples
    --------
    >>> [nearest_statistic(name) for name in ("VaR5", "p90", "stdev", "tvar95", "min", "meen", "foo")]
    ['P5', 'P90', 'sd', 'CVaR95', 'P0', 'mean', '']
    """
    lowered = function.lower()
    ordered = _ELSEWHERE.fullmatch(lowered)
    if ordered:
        return ("CVaR" if ordered.group(1) in _TAIL_MEANS else "P") + ordered.group(2).replace("_", ".")
    return _SAME.get(lowered) or nearest(lowered, ("mean", "skew", *INDICES, *CASE_STATISTICS), likeness=0.7)
