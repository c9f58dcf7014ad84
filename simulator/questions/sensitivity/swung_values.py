"""The values between which a tornado swings an input: two quantiles, or values that it takes with their probability.

Two quantiles say nothing of an input that is the same at both: an event of 8 % is absent at P10 and at P90. Such an
input, and any with few values, is put at the values themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from payback.distributions import Distribution

FEW = 7
"""An input with at most so many values is put at each of them."""

UNLIKELY = 1e-4
"""Of few values, those less likely than that are left out, but for the likeliest two."""

NEVER_DRAWN = 1e-9
"""A side of a value with less probability than that is left out."""


@dataclass(frozen=True)
class Stop:
    """A place in the distribution of an input at which a tornado stops.

    Parameters
    ----------
    u : float
        Its coordinate, in (0, 1).
    share : float or None
        The probability of the value there or, around a value that is drawn nearly always, of the values on its side;
        None at a quantile.
    """

    u: float
    share: float | None = None


def stops(distribution: Distribution, low: float, high: float) -> tuple[Stop, ...]:
    """Return where a tornado stops in `distribution`, from low values to high ones: at least two places.

    Parameters
    ----------
    distribution : Distribution
        With constant parameters.
    low, high : float
        The two quantiles to stop at, in (0, 1), where these differ and values are many.
    """
    values = distribution.atoms() if distribution.discrete else None
    if values is not None and 1 < values.size <= FEW:
        masses = distribution.pdf(values)
        likely = (masses >= UNLIKELY) | (masses >= np.sort(masses)[-2])
        below = distribution.cdf(values) - masses
        return tuple(
            Stop(_inside(start + mass / 2.0), float(mass))
            for start, mass in zip(below[likely], masses[likely], strict=True)
        )
    ends = Stop(low), Stop(high)
    at_low, at_high = (float(x) for x in distribution.ppf([low, high]))
    if at_low != at_high:
        return ends
    before = float(distribution.around(at_low)[0])
    lower, upper = float(distribution.cdf(before)), float(distribution.sf(at_low))
    sides = [Stop(_inside(lower / 2.0), lower)] if lower > NEVER_DRAWN else []
    sides.append(Stop((low + high) / 2.0, 1.0 - lower - upper))
    sides += [Stop(_inside(1.0 - upper / 2.0), upper)] if upper > NEVER_DRAWN else []
    return tuple(sides) if len(sides) > 1 else ends


def extremes(values: Sequence[float]) -> tuple[int, int]:
    """Return the positions, in ascending order, of the smallest and the largest of `values`, one for each stop.

    Of two stops it is both. ``+inf``, which is "never", is the largest; undefined ones count only where all are. Where
    all are equal, it is the first and the last.
    """
    last = len(values) - 1
    defined = [k for k in range(len(values)) if not math.isnan(values[k])]
    if last == 1 or not defined:
        return 0, last
    least, most = min(defined, key=lambda k: values[k]), max(defined, key=lambda k: values[k])
    if values[least] == values[most]:
        return 0, last
    return min(least, most), max(least, most)


def _inside(u: float) -> float:
    return min(max(u, math.nextafter(0.0, 1.0)), math.nextafter(1.0, 0.0))
