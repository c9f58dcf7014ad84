"""Plausibility of an input: figures that its distribution implies, and doubts where those are likely not meant."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from payback.distributions import Distribution
from payback.distributions.core.moments import top_share
from payback.distributions.inversion.stated_percentiles import percentile
from payback.simulator.case.expressions.folding import constant
from payback.simulator.case.expressions.tree import Expression, Number, Range
from payback.simulator.case.inputs.stated_values import bounded_share, states_negative
from payback.simulator.case.language.units import CURRENCIES, TIME

RARE = 1e-4
"""A mass below zero that is not worth a word."""

FEW, TOP_SHARE = 0.01, 0.30
"""The largest values, and the share of the mean that is much for them to carry."""

HIGH = 0.80
"""A mean above this quantile is far out."""

FAR = 1_000.0
"""Times the median that P99 hardly ever is."""

SMALL = 20.0
"""A count below it is not close to continuous."""

_SHARES = frozenset(
    """share probability chance fraction proportion uptime availability utilisation utilization occupancy accuracy
    coverage churn""".split()
)
_AMOUNTS = _SHARES | frozenset(
    """price cost fee wage salary volume traffic demand hour duration delay capacity user customer request run token
    headcount size count""".split()
)
_CHANGES = frozenset(
    """change growth delta difference drift shock error deviation variation trend effect impact adjustment
    slippage""".split()
)
"""Words of names that may be negative whatever changes."""

NEAR_ALL = 0.9
"""The upper end of a range of plain numbers from which on it is likely one of shares, whatever its name."""
_COUNTS = frozenset(
    """run person people user customer seat deal contract engineer employee developer server node replica incident
    event call order machine license licence project model gpu item site team""".split()
)


@dataclass(frozen=True)
class Implied:
    """Exact figures of a distribution, and doubts about it.

    Parameters
    ----------
    mean, sd, p1, p5, p50, p95, p99 : float or None
        None where it is not finite.
    below_zero : float
        The probability of a negative value.
    doubts : tuple of str
        Sentences without the name of the input, each on what is likely not meant.
    """

    mean: float | None
    sd: float | None
    p1: float | None
    p5: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    below_zero: float
    doubts: tuple[str, ...] = ()


def implied(distribution: Distribution, name: str = "", unit: str = "", line: Expression | None = None) -> Implied:
    """Return exact figures of the distribution of an input, and doubts about it.

    Parameters
    ----------
    distribution : Distribution
        With constant parameters.
    name, unit : str
        Name and unit of the input, from which its sign and its kind, amounts or counts, are inferred.
    line : Expression, optional
        The distribution line as written: a negative value that it states answers the doubt about negative ones.
    """
    with np.errstate(over="ignore"):
        moments = distribution.mean, distribution.sd
        quantiles = percentile(distribution, np.array([0.01, 0.05, 0.5, 0.95, 0.99]))
    below = float(distribution.cdf(distribution.around(0.0)[0]))
    mean, sd, p1, p5, p50, p95, p99 = (float(x) if np.isfinite(x) else None for x in (*moments, *quantiles))
    figures = Implied(mean, sd, p1, p5, p50, p95, p99, below)
    return replace(figures, doubts=tuple(_doubts(distribution, figures, name, unit, line or Number(0.0))))


def _doubts(distribution: Distribution, figures: Implied, name: str, unit: str, line: Expression) -> Iterator[str]:
    yield from _tail(distribution, figures)
    median, high = figures.p50, figures.p99
    if median is None or high is None or figures.p95 is None:
        yield "its quantiles are beyond the largest number there is"
        return
    if median > 0 and high >= FAR * median:
        yield f"P99, {_short(high)}, is {_short(high / median)} times the median, {_short(median)}"
    what = positive(name, unit)
    if what and RARE < figures.below_zero < 0.5 and not states_negative(line):
        yield (
            f"{_percent(figures.below_zero)} of the values are negative, but {what}: a family of positive values "
            "(lognormal, gamma), or truncated(..., low=0), has none"
        )
    above = float(distribution.sf(1.0))
    if not unit and RARE < above < 0.5 and _share(name, line):
        yield f"{_percent(above)} of the values are above 100 %: for a share, {bounded_share(line)} has none"
    noun = _counted(unit)
    if noun and figures.p95 < SMALL and (figures.sd or 0.0) > 0 and _parts(distribution):
        yield (
            f"values such as {_short(_between(distribution))} {noun} occur, but a count is whole: integers, poisson "
            "and rounded keep to whole numbers"
        )


def _tail(distribution: Distribution, figures: Implied) -> Iterator[str]:
    """Yield doubts about a mean that few trials carry; a discrete distribution, such as a gate, raises none."""
    if figures.mean is None:
        yield "the mean is not finite: no average of it settles, however many trials there are"
        return
    if distribution.discrete:
        return
    said = f"the mean, {_short(figures.mean)}, lies above P{100 * HIGH:g}, {_short(float(distribution.ppf(HIGH)))}"
    above = said if distribution.continuous and figures.mean > float(distribution.ppf(HIGH)) else ""
    carried = _carried(distribution, figures.mean, figures.below_zero)
    if carried > TOP_SHARE:
        few = f"the largest {100 * FEW:g} % of the values carry {_percent(carried)} of"
        yield f"{above}: {few} it" if above else f"{few} the mean"
    elif above:
        yield f"{above}: a few large values make it"


def _carried(distribution: Distribution, mean: float, below_zero: float) -> float:
    """Return the share of a positive mean that the largest values carry; 0 where it cannot be much."""
    most = FEW * distribution.support[1]
    return top_share(distribution.quantile, mean, FEW) if 0 < mean < most / TOP_SHARE and below_zero < FEW else 0.0


def _share(name: str, line: Expression) -> bool:
    """Return whether plain numbers are likely shares of a whole: by the name, or by a range that ends short of 1."""
    words = _words(name)
    if words & _CHANGES:
        return False
    end = constant(line.high) if isinstance(line, Range) else None
    return bool(words & _SHARES) or (end is not None and NEAR_ALL <= end[0] <= 1.0)


def positive(name: str, unit: str) -> str:
    """Return why a value cannot be negative, by its unit or its name; empty if it may be."""
    over, _, under = unit.partition("/")
    words = _words(name)
    if words & _CHANGES:
        return ""
    if over in CURRENCIES and under and under not in TIME:
        return f"a price in {unit} is not"
    if over and over not in CURRENCIES and over != "1" and not over.startswith("%"):
        return f"a number in {unit} is not"
    if over in CURRENCIES and under in ("hour", "second", "minute"):
        return f"a price in {unit} is not"
    meant = words & _AMOUNTS if not over or over in CURRENCIES else set()
    word = min(meant, default="")
    return f"{'an' if word == 'hour' else 'a'} {word} is not" if word else ""


def _words(name: str) -> set[str]:
    return {_singular(word) for word in re.split(r"[_\d]+", name.lower())}


def _counted(unit: str) -> str:
    return unit if _singular(unit.lower()) in _COUNTS else ""


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 2 else word


def _parts(distribution: Distribution) -> bool:
    """Return whether parts of a whole are among the values."""
    if not distribution.discrete:
        return True
    values = distribution.atoms()
    return values is not None and bool(np.any(np.abs(values - np.rint(values)) > 1e-9))


def _between(distribution: Distribution) -> float:
    """Return a value near the middle that is not whole."""
    x = np.asarray(distribution.ppf(np.linspace(0.5, 0.95, 50)))
    return float(x[np.argmax(np.abs(x - np.rint(x)) > 0.1)])


def _short(value: float) -> str:
    return f"{float(f'{value:.3g}'):,.10g}" if 1e-4 <= abs(value) < 1e15 or not value else f"{value:.3g}"


def _percent(share: float) -> str:
    text = f"{100 * share:.2g}"
    return f"{text} %" if math.isfinite(share) and "e" not in text else f"{100 * share:.0f} %"
