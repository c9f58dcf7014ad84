"""The statistics of the grammar by the names of their functions."""

from __future__ import annotations

import re

from payback.simulator.case.expressions.tokens import ExpressionError

INDICES = ("first_order", "total_order")
"""Statistics of a formula and an input: shares of variance."""

LATER = ("spearman", "kendall", "pearson", "shapley", "evpi", "evppi", "swing", "best")
"""Statistics of the grammar that a later version answers."""

EXAMPLE = "P(npv < 0), P90(payback), mean(npv), sd(npv), CVaR5(npv)"

_ORDERED = re.compile(r"(P|CVaR)(\d+(?:\.\d+)?)")


def statistic_kind(function: str, at: int) -> tuple[str, float] | None:
    """Return (kind, q) of a statistic, None for any other function.

    Raises
    ------
    ExpressionError
        For a function that looks like a statistic but is none.
    """
    if function in ("mean", "sd", "skew", "P", *INDICES):
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
    lowered = {name.lower(): name for name in ("P", "mean", "sd", "skew")}
    near = lowered.get(function.lower(), "")
    ordered = re.fullmatch(r"(?i)(p|cvar)_?(\d+)", function)
    if ordered:
        near = ("P" if ordered.group(1).lower() == "p" else "CVaR") + ordered.group(2)
    if function.lower() in ("median", "percentile", "var", "std", "stdev", "prob", "probability"):
        near = {"median": "P50", "percentile": "P90", "var": "P5"}.get(function.lower(), "")
        near = near or ("P" if function.lower().startswith("prob") else "sd")
    if near:
        raise ExpressionError(f"`{function}` is no statistic", f"statistics: {EXAMPLE}", near, at)
