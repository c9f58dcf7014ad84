"""Goodness of fit: the Anderson-Darling distance of data from a fit, and its p value by the parametric bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.fitting.fit import Fitted, fit
from payback.distributions.fitting.observations import Observations
from payback.distributions.inversion.inverter import inverter

REPEATS = 99
"""The largest number of data sets drawn from the fit."""

ENOUGH = 10
"""Drawing stops once so many data sets fit worse than the data."""

MOST = 20_000
"""The largest number of values for which a fit is tested."""

_TINY = 5e-324
_MOST_ATOMS = 1_000_000


@dataclass(frozen=True)
class Goodness:
    """Result of a test of fit.

    Parameters
    ----------
    statistic : float
        The Anderson-Darling distance between data and fit.
    p : float
        Share of data sets drawn from the fit, and fitted anew, that are as far from their own fit.
    repeats : int
        Number of data sets drawn.
    """

    statistic: float
    p: float
    repeats: int


def goodness(
    fitted: Fitted,
    data: Observations,
    uniforms: Callable[[int, int], FloatArray],
    repeats: int = REPEATS,
    enough: int = ENOUGH,
) -> Goodness:
    """Return the test of a fit by the parametric bootstrap: draw from the fit, fit anew, measure the distance [1]_.

    Drawing stops early once `enough` data sets lie farther from their fit than the data [2]_.

    Parameters
    ----------
    fitted : Fitted
        The fit to test.
    data : Observations
        Uncensored, or censored at one value.
    uniforms : callable
        ``uniforms(start, stop)``: coordinates in (0, 1), shape (stop - start,), a pure function.
    repeats, enough : int
        Most data sets drawn, and the number of them farther off after which drawing stops.

    Raises
    ------
    ValueError
        For data that are censored at several values, for too many, and when the family does not fit its own draws.

    References
    ----------
    .. [1] Stute, Gonzalez Manteiga & Presedo Quindimil (1993), Bootstrap based goodness-of-fit-tests,
       Metrika 40, doi:10.1007/BF02613687
    .. [2] Besag & Clifford (1991), Sequential Monte Carlo p-values, Biometrika 78(2),
       doi:10.1093/biomet/78.2.301
    """
    if np.isnan(data.cap):
        raise ValueError("the test of fit needs data that are censored at one value, if at all")
    if data.size > MOST:
        raise ValueError(f"with more than {MOST:,} values the smallest misfit shows: look at the figures")
    statistic = distance(fitted.distribution, data)
    draw = inverter(fitted.distribution)
    farther = drawn = 0
    for repeat in range(repeats):
        u = uniforms(repeat * data.size, (repeat + 1) * data.size)
        values = draw(u)
        beyond = values > data.cap
        try:
            other = Observations(np.where(beyond, data.cap, values), beyond, data.bounds, data.kind)
            again = fit(fitted.family, other, fitted.free)
        except ValueError:
            continue
        drawn += 1
        farther += distance(again.distribution, other) >= statistic
        if farther == enough:
            return Goodness(statistic, farther / drawn, drawn)
    if 2 * drawn < repeats:
        raise ValueError("the family cannot be fitted to data drawn from its own fit")
    return Goodness(statistic, (farther + 1) / (drawn + 1), drawn)


def distance(distribution: Distribution, data: Observations) -> float:
    """Return the Anderson-Darling distance: squared differences of the two cdf, weighted in both tails.

    Censoring at one value ends the integral there [1]_; a discrete distribution has a sum [2]_.

    Parameters
    ----------
    distribution : Distribution
    data : Observations

    References
    ----------
    .. [1] Pettitt & Stephens (1976), Modified Cramer-von Mises statistics for censored data,
       Biometrika 63(2), doi:10.1093/biomet/63.2.291
    .. [2] Choulakian, Lockhart & Stephens (1994), Cramer-von Mises statistics for discrete
       distributions, Canadian J. Statistics 22(1), doi:10.2307/3315828
    """
    if distribution.discrete:
        return _discrete_distance(distribution, data)
    ends = data.exact if data.cap == np.inf else np.append(data.exact, data.cap)
    below, above = distribution.cdf(ends), distribution.sf(ends)
    if data.cap == np.inf:
        below, above = np.append(below, 1.0), np.append(above, 1.0)  # the last step adds nothing above
    below, above = np.concatenate([[0.0], below]), np.concatenate([[1.0], above])
    share = np.arange(data.exact.size + 1) / data.size
    log_below, log_above = np.log(np.maximum(below, _TINY)), np.log(np.maximum(above, _TINY))
    # The integral of (share - u)^2 / (u (1 - u)) from one value to the next.
    steps = share**2 * np.diff(log_below) - (1.0 - share) ** 2 * np.diff(log_above) - np.diff(below)
    return float(data.size * np.sum(steps))


def _discrete_distance(distribution: Distribution, data: Observations) -> float:
    low, high = (float(x) for x in distribution.ppf(np.array([1e-12, 1.0 - 1e-12])))
    low, high = min(low, data.values[0]), max(high, data.values[-1])
    if high - low > _MOST_ATOMS:
        raise ValueError("the test of fit has too many values to sum over")
    k = np.arange(low, high + 1.0)
    below, above, mass = distribution.cdf(k), distribution.sf(k), distribution.pdf(k)
    share = np.searchsorted(data.values, k, side="right") / data.size
    weight = below * above
    inside = weight > 0.0
    difference = (share - below)[inside]
    return float(data.size * np.sum(difference**2 * mass[inside] / weight[inside]))
