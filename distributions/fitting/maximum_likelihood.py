"""Maximum likelihood by numerical search over unbounded parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.fitting.observations import Observations

Link: TypeAlias = Literal["value", "number", "positive", "share"]
"""The range of a parameter: any value in the unit of the data, any number, above 0, or inside (0, 1)."""

Parameters: TypeAlias = tuple[float, ...]

_TINY = 5e-324
# Log of the smallest double: a density below it is not told from 0.
_LOWEST = -744.0
_FARTHEST = 14.0


@dataclass(frozen=True)
class Likelihood:
    """The log-likelihood of observations, and the smallest contribution of a single one."""

    total: float
    least: float

    @property
    def reached(self) -> bool:
        """Whether every observation has a density that can be told from 0."""
        return self.least > _LOWEST


def log_likelihood(distribution: Distribution, data: Observations) -> Likelihood:
    """Return the log-likelihood: densities of the exact values, tail masses of the censored ones.

    Densities below the smallest double count as that.
    """
    density = np.log(np.maximum(distribution.pdf(data.exact), _TINY))
    total, least = float(np.sum(density)), float(np.min(density))
    if data.censored is not None:
        tail = np.log(np.maximum(distribution.sf(data.at_least), _TINY))
        total, least = total + float(np.sum(tail)), min(least, float(np.min(tail)))
    return Likelihood(total, least)


def search(
    build: Callable[..., Distribution],
    start: Parameters,
    links: Sequence[Link],
    data: Observations,
    *,
    smooth: bool = True,
) -> Parameters:
    """Return the parameters of largest likelihood near `start`.

    Parameters
    ----------
    build : callable
        Parameters to a distribution; ValueError where they are not allowed.
    start : tuple of float
        Where the search starts.
    links : sequence of str
        The range of each parameter.
    data : Observations
    smooth : bool
        Whether the likelihood has a gradient: BFGS [1]_ climbs it; else the simplex of [2]_.

    References
    ----------
    .. [1] Nocedal & Wright (2006), Numerical Optimization, section 6.1, doi:10.1007/978-0-387-40065-5
    .. [2] Nelder & Mead (1965), A simplex method for function minimization, Computer J. 7(4),
       doi:10.1093/comjnl/7.4.308
    """
    from scipy.optimize import minimize

    worst = -_LOWEST * 2.0

    def parameters(theta: FloatArray) -> Parameters:
        near = np.clip(theta, -_FARTHEST, _FARTHEST)
        return tuple(_free(link, at, float(t), data.spread) for link, at, t in zip(links, start, near, strict=True))

    def loss(theta: FloatArray) -> float:
        try:
            average = log_likelihood(build(*parameters(theta)), data).total / data.size
        except ValueError:
            return worst
        return -average if np.isfinite(average) else worst

    origin = np.zeros(len(start))
    if smooth:
        result = minimize(loss, origin, method="BFGS")
    else:
        step = 0.25 * np.vstack([origin, np.eye(len(start))])
        result = minimize(
            loss,
            origin,
            method="Nelder-Mead",
            options={"initial_simplex": step, "xatol": 1e-5, "fatol": 1e-8, "maxfev": 400 * len(start)},
        )
    return parameters(result.x)


def _free(link: Link, start: float, t: float, spread: float) -> float:
    """Return the parameter at the unbounded search variable `t`; at 0 it is `start`."""
    if link == "value":
        return start + spread * t
    if link == "number":
        return start + t
    if link == "positive":
        return float(start * np.exp(t))
    odds = start / (1.0 - start) * np.exp(t)
    return float(odds / (1.0 + odds))
