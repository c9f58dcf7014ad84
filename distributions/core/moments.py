"""Mean and standard deviation of a distribution: the properties, and their computation by quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.quadrature import NODES, gauss, panels

_BESIDE = np.concatenate([[0.0], *(sign * np.exp2(-np.arange(2.0, 49.0, 4.0)) for sign in (-1.0, 1.0))])


class Moment:
    """The property `mean` or `sd` of a distribution, read from `moments`.

    A descriptor without ``__set__``, so that a family such as Normal may have a parameter of that name: a plain
    property would shadow the field and become its default.
    """

    def __init__(self, index: int) -> None:
        self.index = index

    def __get__(self, instance: Any, owner: type) -> float:
        if instance is None:
            raise AttributeError("the moments of a distribution belong to its values, not to its class")
        return float(instance.moments[self.index])


def quantile_moments(
    quantile: Callable[[FloatArray, BoolArray], FloatArray], breaks: Sequence[float] = (), cuts: Sequence[float] = ()
) -> tuple[float, float]:
    """Return mean and standard deviation by Gauss-Legendre quadrature of a quantile function.

    Panels reach down to a tail mass of 2^-309: even for a lognormal distribution with sigma 5 the moments are
    accurate to about 1e-13.

    Parameters
    ----------
    quantile : callable
        As `Distribution.quantile`.
    breaks : sequence of float
        Coordinates where it is not smooth; panels meet there and narrow towards it.
    cuts : sequence of float
        Further coordinates at which panels end.
    """
    starts, _ = panels(308)
    points, weights = gauss(NODES)
    median = float(quantile(np.array(0.5), np.array(False)))
    parts = []
    for up in (False, True):
        shares = np.array([1.0 - u if up else u for u in breaks])
        others = np.array([1.0 - u if up else u for u in cuts])
        near = np.append(shares[:, None] * (1.0 + _BESIDE), others)
        edges = np.union1d(np.append(starts, -1.0), np.log2(near[(near > 2.0**-100) & (near < 0.5)]))
        v = np.exp2(edges[:-1, None] + np.diff(edges)[:, None] * points)
        mass = v * np.log(2.0) * np.diff(edges)[:, None] * weights
        parts.append((mass.ravel(), quantile(v.ravel(), np.full(v.size, up)) - median))
    offset = sum(float(np.sum(mass * x)) for mass, x in parts)
    square = sum(float(np.sum(mass * x * x)) for mass, x in parts)
    return median + offset, math.sqrt(square - offset * offset)


def top_share(quantile: Callable[[FloatArray, BoolArray], FloatArray], mean: float, share: float) -> float:
    """Return the share of a positive mean that the largest `share` of the values carries.

    Parameters
    ----------
    quantile : callable
        As `Distribution.quantile`.
    mean : float
        Finite and greater than 0.
    share : float
        Inside (0, 1).

    Notes
    -----
    Gauss-Legendre quadrature over octaves of tail mass, 300 deep: a lognormal distribution with sigma 5
    is right to 1e-9.
    """
    points, weights = gauss(8)
    edges = np.log2(share) - np.arange(301.0)
    v = np.exp2(edges[1:, None] + points)
    x = quantile(v.ravel(), np.ones(v.size, bool)).reshape(v.shape)
    return float(np.sum(v * np.log(2.0) * weights * x) / mean)
