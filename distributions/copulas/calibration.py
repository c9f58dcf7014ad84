"""Calibration: the copula parameter that meets a stated correlation, and the correlation that is achieved.

========== =============================================================================================
spearman   2 sin(pi r / 6) for a Gaussian copula, solved numerically for a t copula
kendall    sin(pi tau / 2) for both
pearson    solved numerically for the two distributions; not every value can be reached
parameter  the copula's own: the correlation of the scores
========== =============================================================================================

A target of a rank correlation is that of two continuous inputs. Inputs some of whose values have a probability,
discrete ones or those with an atom beside a density, have equal values and achieve less: for them the target is the
correlation of their coordinates.

References
----------
W. H. Kruskal, "Ordinal measures of association", J. Amer. Statist. Assoc. 53, 814-861 (1958),
doi:10.1080/01621459.1958.10501481 (Spearman's and Kendall's coefficients of the bivariate normal).
F. Lindskog, A. McNeil, U. Schmock, "Kendall's tau for elliptical distributions", in: Credit Risk, Physica (2003),
149-156, doi:10.1007/978-3-642-59365-9_8.
A. Heinen, A. Valdesogo, "Spearman rank correlation of the bivariate Student t and scale mixtures of normal
distributions", J. Multivariate Anal. 179, 104650 (2020), doi:10.1016/j.jmva.2020.104650.
P. Embrechts, A. McNeil, D. Straumann, "Correlation and dependence in risk management", in: Risk Management: Value
at Risk and Beyond, Cambridge (2002), 176-223, doi:10.1017/CBO9780511615337.008 (which correlations can be).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from payback.distributions.copulas.bivariate_moments import Margin, by_rank, by_value, correlation, kendall
from payback.distributions.copulas.scores import NormalScores, Scores, StudentScores
from payback.distributions.core.distribution import Distribution

KINDS = ("spearman", "kendall", "pearson", "parameter")
"""Every kind of target."""

_CLOSE = 1e-11


@dataclass(frozen=True)
class Achieved:
    """A correlation of two inputs, and the method of its computation: "exact" or "quadrature"."""

    value: float
    method: str


def parameter_for(
    kind: str,
    target: float,
    first: Distribution | None = None,
    second: Distribution | None = None,
    degrees: float | None = None,
) -> float:
    """Return the parameter of the copula of two inputs whose correlation of this kind is `target`.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    target : float
        In [-1, 1].
    first, second : Distribution or None
        Needed for Pearson's alone.
    degrees : float or None
        Of a t copula; None is the Gaussian copula.

    Raises
    ------
    ValueError
        If `target` is out of range, or it is a Pearson correlation that the two inputs cannot have, or whose
        distributions are not known.

    Examples
    --------
    >>> round(parameter_for("spearman", 0.5), 12)
    0.517638090205
    >>> round(parameter_for("kendall", 0.3, degrees=4), 12)
    0.45399049974
    """
    if kind not in KINDS:
        raise ValueError(f"a target is one of {', '.join(KINDS)}, got {kind!r}")
    if not -1.0 <= target <= 1.0:
        raise ValueError(f"`{kind}` must lie in [-1, 1], got {target}")
    if kind == "parameter" or (kind != "pearson" and abs(target) == 1.0):
        return target  # of ranks, 1 and -1 are reached by the ends alone
    if kind == "kendall":
        return math.sin(math.pi * target / 2.0)
    if kind == "pearson":
        return _pearson_parameter(target, first, second, scores_of(degrees))
    if degrees is None:
        return 2.0 * math.sin(math.pi * target / 6.0)
    ranks, scores = by_rank(None), scores_of(degrees)
    return _solve(lambda rho: correlation(ranks, ranks, rho, scores), target, (-1.0, 1.0))


def achieved(
    kind: str,
    parameter: float,
    first: Distribution | None = None,
    second: Distribution | None = None,
    degrees: float | None = None,
) -> Achieved:
    """Return the correlation of this kind that two inputs have under a copula.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    parameter : float
        Of the copula, in [-1, 1].
    first, second : Distribution or None
        None is any continuous distribution; it has no Pearson correlation.
    degrees : float or None
        Of a t copula; None is the Gaussian copula.

    Raises
    ------
    ValueError
        If an argument is out of range, or Pearson's is asked of unknown distributions.

    Examples
    --------
    >>> round(achieved("spearman", 0.5).value, 12)
    0.482583739531
    """
    if kind not in KINDS:
        raise ValueError(f"a target is one of {', '.join(KINDS)}, got {kind!r}")
    if not -1.0 <= parameter <= 1.0:
        raise ValueError(f"`parameter` must lie in [-1, 1], got {parameter}")
    scores = scores_of(degrees)
    tied = any(d is not None and not d.continuous for d in (first, second))
    if kind == "parameter":
        return Achieved(parameter, "exact")
    if kind == "kendall" and not tied:
        return Achieved(2.0 * math.asin(parameter) / math.pi, "exact")
    if kind == "kendall":
        return Achieved(kendall(first, second, parameter, scores), "quadrature")
    if kind == "spearman" and degrees is None and not tied:
        return Achieved(6.0 * math.asin(parameter / 2.0) / math.pi, "exact")
    x, y = (by_rank(first), by_rank(second)) if kind == "spearman" else _values(first, second)
    return Achieved(correlation(x, y, parameter, scores), "quadrature")


def scores_of(degrees: float | None) -> Scores:
    """Return the scores of the t copula with these degrees of freedom, or of the Gaussian copula for None."""
    return NormalScores() if degrees is None else StudentScores(degrees)


def _values(first: Distribution | None, second: Distribution | None) -> tuple[Margin, Margin]:
    if first is None or second is None:
        raise ValueError("a Pearson correlation needs two known distributions, and parameters vary by trial here")
    return by_value(first), by_value(second)


def _pearson_parameter(target: float, first: Distribution | None, second: Distribution | None, scores: Scores) -> float:
    x, y = _values(first, second)
    low, high = (correlation(x, y, end, NormalScores()) for end in (-1.0, 1.0))
    if not low <= target <= high:
        raise ValueError(
            f"no dependence gives these two inputs a Pearson correlation of {target:g}: "
            f"it lies between {low:.3g} and {high:.3g}"
        )
    return _solve(lambda rho: correlation(x, y, rho, scores), target, (low, high))


def _solve(value: Callable[[float], float], target: float, ends: tuple[float, float]) -> float:
    """Return the argument in [-1, 1] at which an increasing function is `target`; `ends` are its values at the ends."""
    low, high = -1.0, 1.0
    below, above = ends[0] - target, ends[1] - target
    if below >= 0.0 or above <= 0.0:
        return low if below >= 0.0 else high
    for _ in range(60):
        middle = (low * above - high * below) / (above - below)
        excess = value(middle) - target
        if abs(excess) < _CLOSE or high - low < _CLOSE:
            return middle
        # the Illinois rule: an end that stays twice counts half
        if excess > 0.0:
            high, above, below = middle, excess, below / 2.0
        else:
            low, below, above = middle, excess, above / 2.0
    return middle
