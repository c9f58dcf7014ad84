"""The interval of a number that is made of several statistics of the same trials.

Each statistic keeps its own interval, which knows how it is skewed, stepped or cut off. What they do to the number is
found by moving one after the other to the ends of its interval, and put together with the correlations of their
errors: the method of variance estimates recovery [1]_, [2]_. With reaches ``d[j]`` below the number and correlations
``r[i, j]`` of the errors, signed by the direction in which each moves the number, the interval reaches
``sqrt(sum(r[i, j] d[i] d[j]))`` below it, and likewise above.

Means, standard deviations, tail means and skewnesses are first added up to one influence of a trial on the number, so
that what cancels in them cancels exactly; their interval is that of the mean of these influences.

Correlations come from the influences of the trials, or of the replicates. They say nothing where a part moves in steps
(a percentile on an atom, a share of few hits), and straight lines say nothing where the number is bent within an
interval. There the interval spans the number at every combination of the ends: it needs no correlation, and is wide.

References
----------
.. [1] Zou and Donner (2008), Construction of confidence limits about effect measures: a general approach, Statistics in
   Medicine 27(10), doi:10.1002/sim.3095
.. [2] Donner and Zou (2012), Closed-form confidence intervals for functions of the normal mean and standard deviation,
   Statistical Methods in Medical Research 21(4), doi:10.1177/0962280210383082
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from payback.simulator.statistics.estimate import Estimate
from payback.simulator.statistics.estimators.influence import Influenced, cvar_of
from payback.simulator.statistics.estimators.percentiles import percentile, stepped
from payback.simulator.statistics.estimators.probabilities import satisfied
from payback.simulator.statistics.leaf_moments import ROUNDING, Floats, replicate_means
from payback.simulator.statistics.mean_interval import offsets_of_mean, offsets_of_replicates
from payback.simulator.statistics.samples.replicates import GROUPS
from payback.simulator.statistics.samples.sample_protocol import Sample

FEW_HITS = 10
"""Hits, or misses, from which the correlation of a share with other statistics is known."""

BENT = 0.5
"""Difference of the slopes on both sides, in components of the slope, from which a number is no straight line."""

CORNERS = 6
"""Parts of which every combination of ends is tried; of more, their reaches are added."""

Point: TypeAlias = Mapping[int, float]
"""Values of the statistics, by number."""


@dataclass(frozen=True, eq=False)
class Component:
    """A statistic in a number that is made of several.

    Parameters
    ----------
    estimate : Estimate
        With both ends of its interval.
    terms : array, shape (trials,) or (groups,), or None
        The influence of each trial, or its mean over each group of trials; None where unknown.
    replicates : int or None
        See `Sample`.
    by_trial : bool
        Whether `terms` are of trials.
    scaled : bool
        Whether `terms` are in the unit of the statistic, so that they add up with others.
    stepped : bool
        Whether the statistic moves in steps.
    hits : array of bool, shape (trials,), or None
        Of a share, or of a percentile, the trials that count.
    rounding : float
        Variance of the mean of a replicate that comes from counts that are whole.
    """

    estimate: Estimate
    terms: Floats | None
    replicates: int | None
    by_trial: bool = True
    scaled: bool = False
    stepped: bool = False
    hits: NDArray[np.bool_] | None = None
    rounding: float = 0.0


def component_of_mean(estimate: Estimate, influenced: Influenced | None, sample: Sample) -> Component:
    """Return a statistic with an influence function: a mean, standard deviation or skewness."""
    if influenced is None:
        return Component(estimate, None, sample.replicates, sample.by_trial)
    influence = influenced[1]
    few = sample.carried_by(influence) < FEW_HITS
    return Component(estimate, sample.terms(influence), sample.replicates, sample.by_trial, scaled=True, stepped=few)


def component_of_tail(estimate: Estimate, q: float, sample: Sample) -> Component:
    """Return the tail mean `q` as part of a number; it moves in steps where its percentile does."""
    component = component_of_mean(estimate, cvar_of(q)(sample), sample)
    return replace(component, stepped=component.stepped or stepped(sample, q, percentile(sample, q)))


def component_of_share(estimate: Estimate, sample: Sample) -> Component:
    """Return the share of the trials that hit as part of a number."""
    hits, share = satisfied(sample), estimate.value or 0.0
    few = min(share, 1.0 - share) * sample.effective < FEW_HITS
    return _of_counts(estimate, sample, hits, share, in_steps=few)


def component_of_percentile(estimate: Estimate, q: float, sample: Sample) -> Component:
    """Return the percentile `q` as part of a number; a trial above it has the influence of a hit."""
    above = sample.values > (math.inf if estimate.value is None else estimate.value)
    share = sample.share(above) / (1.0 - sample.undefined)
    return _of_counts(estimate, sample, above, share, in_steps=stepped(sample, q, estimate))


def component_of_groups(estimate: Estimate, groups: Floats | None) -> Component:
    """Return a statistic that is known in each of several groups of trials, shape (groups,)."""
    if groups is None or groups.size < 2 or not np.isfinite(groups).all():
        return Component(estimate, None, None)
    return Component(estimate, groups - groups.mean(), groups.size, by_trial=False)


def _of_counts(
    estimate: Estimate, sample: Sample, hits: NDArray[np.bool_], share: float, *, in_steps: bool
) -> Component:
    defined = ~np.isnan(sample.values)
    return Component(
        estimate,
        sample.terms(lambda _: np.where(defined, hits - share, 0.0)),
        sample.replicates,
        sample.by_trial,
        stepped=in_steps,
        hits=hits if sample.by_trial else None,
        rounding=ROUNDING * sample.square_weight * ((sample.replicates or 0) / sample.trials) ** 2,
    )


def ends_of(
    components: Mapping[int, Component],
    moved: Mapping[int, tuple[Point, Point]],
    values: Point,
    number: Callable[[Sequence[Point]], Sequence[float]],
) -> tuple[float, float, float] | None:
    """Return a number made of statistics, with the ends of its interval; None where it has no interval.

    Parameters
    ----------
    components : mapping of int to Component
        By number of the statistic.
    moved : mapping of int to (Point, Point)
        Values of the statistics when one of them is at the low or at the high end of its interval.
    values : mapping of int to float
        Values of the statistics.
    number : callable
        Maps several sets of values to the number.

    Returns
    -------
    tuple of float or None
        Value, low and high.
    """
    keys = list(components)
    value, *ends = number([values, *(point for key in keys for point in moved[key])])
    lows, highs = np.array(ends[::2]), np.array(ends[1::2])
    if not (math.isfinite(value) and np.isfinite(ends).all()):
        return None
    folded = [
        key for key, low, high in zip(keys, lows, highs, strict=True) if not min(low, high) <= value <= max(low, high)
    ]
    if any(sum(moved[key][0][index] != values[index] for index in values) == 1 for key in folded):
        return None  # as where a divisor may be 0
    matter = [key for key, low, high in zip(keys, lows, highs, strict=True) if low != high or key in folded]
    reaches = {key: (float(low), float(high)) for key, low, high in zip(keys, lows, highs, strict=True)}
    if not matter:
        return value, value, value
    if len(matter) == 1 and not folded:
        return value, min(reaches[matter[0]]), max(reaches[matter[0]])
    bent = (key for key in matter if components[key].stepped or _bent(components[key], value, *reaches[key]))
    if folded or any(components[key].terms is None for key in matter) or any(True for _ in bent):
        return _corners(matter, moved, values, number, reaches, value)
    below, above = _recovered([components[key] for key in matter], [reaches[key] for key in matter], value)
    return value, value - below, value + above


def _bent(component: Component, value: float, at_low: float, at_high: float) -> bool:
    """Return whether the number is no straight line within the interval of a component."""
    middle, low, high = component.estimate.value, component.estimate.low, component.estimate.high
    if middle is None or low is None or high is None or not low < middle < high:
        return False
    slope = (at_high - at_low) / (high - low)
    return abs((at_high - value) / (high - middle) - (value - at_low) / (middle - low)) > BENT * abs(slope)


def _corners(
    matter: Sequence[int],
    moved: Mapping[int, tuple[Point, Point]],
    values: Point,
    number: Callable[[Sequence[Point]], Sequence[float]],
    reaches: Mapping[int, tuple[float, float]],
    value: float,
) -> tuple[float, float, float] | None:
    """Return the number with its least and largest value where each part is at an end of its interval or at rest."""
    if len(matter) > CORNERS:
        below = sum(value - min(reaches[key]) for key in matter)
        above = sum(max(reaches[key]) - value for key in matter)
        return value, value - below, value + above
    points = []
    for sides in itertools.product((0, 1), repeat=len(matter)):
        point = dict(values)
        for key, side in zip(matter, sides, strict=True):
            for index, at_end in moved[key][side].items():
                point[index] += at_end - values[index]
        points.append(point)
    ends = [value, *number(points), *(end for key in matter for end in reaches[key])]
    return (value, min(ends), max(ends)) if np.isfinite(ends).all() else None


def _recovered(
    components: Sequence[Component], reaches: Sequence[tuple[float, float]], value: float
) -> tuple[float, float]:
    """Return how far the interval of the number reaches below and above it."""
    first, terms = components[0], [component.terms for component in components if component.terms is not None]
    by_trial = (
        all(component.by_trial for component in components) and len({of_component.size for of_component in terms}) == 1
    )
    if not by_trial:
        terms = [
            replicate_means(of_component, GROUPS) if component.by_trial else of_component
            for component, of_component in zip(components, terms, strict=True)
        ]
    items: list[Floats] = []
    counted: list[tuple[Component, float]] = []
    arms: list[tuple[float, float]] = []
    scaled: list[tuple[Floats, tuple[float, float]]] = []
    for component, of_component, (at_low, at_high) in zip(components, terms, reaches, strict=True):
        arm = value - min(at_low, at_high), max(at_low, at_high) - value
        if component.scaled:
            scaled.append((_slope(component, at_low, at_high) * of_component, arm))
        else:
            up = math.copysign(1.0, at_high - at_low)
            items.append(up * of_component)
            counted.append((component, up))
            arms.append(arm)
    if scaled:
        items.append(np.sum([influence for influence, _ in scaled], axis=0))
        arms.append(_reach_of_scaled(scaled, first.replicates, by_trial=by_trial))
    if by_trial and first.replicates:
        items = [replicate_means(item, first.replicates) for item in items]
    return _put_together(np.array(arms), _correlations(items, counted))


def _reach_of_scaled(
    scaled: Sequence[tuple[Floats, tuple[float, float]]], replicates: int | None, *, by_trial: bool
) -> tuple[float, float]:
    """Return how far the sum of influences on the number reaches below and above it.

    Means of groups do not show the tails of their trials: what each statistic reaches further than they show is added.

    Parameters
    ----------
    scaled : sequence of (array, (float, float))
        The influences on the number by way of each statistic, and how far this one alone reaches.
    replicates : int or None
    by_trial : bool
        Whether the influences are of trials, not means of groups.
    """
    if len(scaled) == 1:
        return scaled[0][1]
    total: Floats = np.sum([influence for influence, _ in scaled], axis=0)
    if by_trial:
        return offsets_of_mean(total, replicates)
    unknown = np.empty(0), np.empty(0)
    below, above = offsets_of_replicates(total, unknown, total.size)
    for influence, (down, up) in scaled:
        least, most = offsets_of_replicates(influence, unknown, influence.size)
        below, above = below + max(down - least, 0.0), above + max(up - most, 0.0)
    return below, above


def _put_together(arms: Floats, correlations: Floats) -> tuple[float, float]:
    """Return how far a sum reaches below and above its value, from the reaches of its terms, shape (terms, 2).

    Of two terms whose errors cancel in part, what they share moves one of them up while the other goes down: so the
    reach of one below is set against that of the other above. Of more terms, the longer reach counts on both sides.
    """
    if len(arms) == 2:
        r = min(max(float(correlations[0, 1]), -1.0), 1.0)
        squares = np.sum(arms**2, axis=0)
        if r < 0.0:
            shared = np.maximum(np.max(arms - arms[::-1, ::-1], axis=0), 0.0)
            squares = (1.0 + r) * squares - r * shared**2
        else:
            squares = squares + 2.0 * r * np.prod(arms, axis=0)
    else:
        longer = arms.max(axis=1)
        squares = np.full(2, max(float(longer @ correlations @ longer), 0.0)) if len(arms) > 2 else arms[0] ** 2
    below, above = np.sqrt(squares).tolist()
    return below, above


def _slope(component: Component, at_low: float, at_high: float) -> float:
    low, high = component.estimate.low, component.estimate.high
    return 0.0 if low is None or high is None or low == high else (at_high - at_low) / (high - low)


def _correlations(items: Sequence[Floats], counted: Sequence[tuple[Component, float]]) -> Floats:
    """Return the correlations of the errors of `items`, of which the first belong to `counted`, with their signs.

    Whole counts are rounded, which adds to their variances, and to the covariance of what is rounded alike.
    """
    every = np.array(items)
    products = every @ every.T / max(every.shape[1] - 1, 1)
    for (i, (first, up)), (j, (second, also)) in itertools.product(enumerate(counted), repeat=2):
        alike = 1.0 if i == j else up * also * _likeness(first, second)
        products[i, j] += alike * math.sqrt(first.rounding * second.rounding)
    errors = np.sqrt(np.diag(products))
    scale = np.outer(errors, errors)
    correlations: Floats = np.divide(products, scale, out=np.zeros_like(products), where=scale > 0.0)
    return correlations


def _likeness(first: Component, second: Component) -> float:
    """Return the correlation of the hits of two components; 0 where it is not known."""
    if first.hits is None or second.hits is None or first.hits.size != second.hits.size:
        return 0.0
    p, q, both = (float(np.mean(hits)) for hits in (first.hits, second.hits, first.hits & second.hits))
    scale = math.sqrt(p * (1.0 - p) * q * (1.0 - q))
    return (both - p * q) / scale if scale else 0.0
