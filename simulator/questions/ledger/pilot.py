"""A few points of a case: the medians of its inputs, their far ends, and random ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from payback.distributions import Certain
from payback.simulator.case import Case
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.cube.streams import uniforms
from payback.simulator.engine import evaluate

Floats = NDArray[np.float64]

FAR = 1e-9
"""The coordinate of a far end: a gate that opens in one trial of a million is open there."""

RANDOM = 256
"""The last points of a pilot are so many random ones: a share of them is within 6 points, 19 times in 20."""

MOST_INPUTS = 64
"""Of a case with more inputs not each goes to its far ends alone."""

SEED = 1


def pilot(case: Case, bands: Mapping[str, tuple[float, float]], *, few: bool = False) -> dict[str, Floats]:
    """Return the coordinates of every uncertain draw at the points of a pilot, each of shape (points,).

    At the first point all draws are at their middle: the value of ``hold:``, else the median. Then all are at their low
    ends and all at their high ends; unless `few`, each alone goes to either end, and last come `RANDOM` random points.
    Dependence is left out. Without an uncertain draw there is no coordinate, and one point.

    Parameters
    ----------
    case : Case
    bands : mapping of str to (float, float)
        By draw, the shares of its distribution between which a stress holds it.
    few : bool
        Whether the first three points are enough.
    """
    draws = [draw for draw in case.model.draws if not isinstance(draw.distribution, Certain)]
    alone = [] if few or len(draws) > MOST_INPUTS else draws
    first = 3 + 2 * len(alone)
    coordinates = {}
    for row, draw in enumerate(draws):
        low, high = bands.get(draw.name, (0.0, 1.0))
        shares = np.full(first, 0.5)
        shares[1:3] = FAR, 1.0 - FAR
        if alone:
            shares[3 + 2 * row : 5 + 2 * row] = FAR, 1.0 - FAR
        if not few:
            shares = np.concatenate([shares, uniforms(SEED, draw.name, 0, RANDOM)])
        points = low + shares * (high - low)
        if draw.name in case.hold and draw.distribution is not None:
            below = np.float64(draw.distribution.cdf(case.hold[draw.name]))
            points = np.where(shares == 0.5, np.clip(below, FAR, 1.0 - FAR), points)
        coordinates[draw.name] = points
    return coordinates


def values(case: Case, outputs: Mapping[str, Expression], coordinates: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return every output at the points of a pilot, each of shape (points,)."""
    points = next(iter(coordinates.values())).size if coordinates else 1
    with np.errstate(all="ignore"):
        evaluated = evaluate(case.model, {}, outputs, coordinates)
    return {name: np.broadcast_to(column, (points,)) for name, column in evaluated.items()}


def about(share: float) -> str:
    """Return a share of the random points as what it says of all trials: "about 70 % of the trials"."""
    nearest = 5 * round(20.0 * share)
    if nearest in (0, 100):
        return "few trials" if nearest == 0 else "nearly all trials"
    return f"about {nearest} % of the trials"
