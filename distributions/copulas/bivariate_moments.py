"""Moments of two inputs under an elliptical copula, by quadrature.

With scores x_1 and x_2 = rho x_1 + sqrt(1 - rho^2) spread(x_1) e, a moment E f(X_1) g(X_2) is an integral over the
law of x_1 and that of e. Both are taken in normal scores, panel by panel, by Gauss-Legendre quadrature; panels end
where a discrete input jumps, and the inner integral of a discrete input is a sum of probabilities. Accuracy is
about 1e-10 where quantile functions are smooth and 1e-5 where they have kinks.

References
----------
G. A. Whitt, "Bivariate distributions with given marginals", Ann. Statist. 4(6), 1280-1289 (1976),
doi:10.1214/aos/1176343660 (the reachable correlations are those at rho = -1 and rho = 1).
M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33(3), 239-251 (1945),
doi:10.1093/biomet/33.3.239 (mid-ranks, and tau b).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from payback.distributions.copulas.scores import Scores
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.quadrature import gauss
from payback.distributions.inversion.inverter import inverter

Floats = NDArray[np.float64]

_REACHES = (8.0, 10.0, 13.0)  # normal scores; beyond them lie masses of 1e-15, 1e-23, 1e-38
_NEGLIGIBLE = 2e-11
_NODES = 12
_MOST_STEPS = 256  # a discrete input with more values is taken as continuous
_SLICES = 256
_NARROW = 129


@dataclass(frozen=True, eq=False)
class Margin:
    """A standardised function of a coordinate, with mean 0 and standard deviation 1.

    Parameters
    ----------
    value : callable
        ``value(v, up)`` is the function where the tail mass is `v`, above where `up`.
    below, above : ndarray of float, shape (steps,)
        Mass on either side of each jump; empty if the function is continuous.
    levels : ndarray of float, shape (steps + 1,)
        Values of the function between the jumps.
    reach : float
        Normal score beyond which its contribution to the second moment is negligible.
    ties : ndarray of float, shape (atoms, 2)
        The coordinates where each atom beside a density begins and ends, which are among the jumps; such a function has
        no levels.
    """

    value: Callable[[Floats, NDArray[np.bool_]], Floats]
    below: Floats
    above: Floats
    levels: Floats
    reach: float = _REACHES[0]
    ties: Floats = field(default_factory=lambda: np.zeros((0, 2)))

    def jumps(self, scores: Scores) -> Floats:
        """Return the scores at which the function jumps."""
        tail = np.minimum(self.below, self.above)
        return np.where(self.below <= self.above, 1.0, -1.0) * scores.inverse(tail)


def by_value(distribution: Distribution) -> Margin:
    """Return the margin of the values of an input, for Pearson's correlation.

    Raises
    ------
    ValueError
        If its variance is 0 or not finite.
    """
    mean, sd = float(distribution.mean), float(distribution.sd)
    if not 0.0 < sd < math.inf:
        raise ValueError(f"{distribution} has a standard deviation of {sd}, so no Pearson correlation")

    def exact(v: Floats, up: NDArray[np.bool_]) -> Floats:
        return np.asarray((distribution.quantile(v, up) - mean) / sd)

    def tabled(v: Floats, up: NDArray[np.bool_]) -> Floats:
        return np.asarray((fast(np.where(up, 1.0 - v, v)) - mean) / sd)

    below, above, atoms = _steps(distribution)
    reach, fast = _reach(exact), inverter(distribution)
    value = tabled if reach == _REACHES[0] else exact
    if not atoms.size and (mixed := _atoms_beside(distribution)) is not None:
        return Margin(value, *mixed[:2], np.zeros(0), reach, mixed[2])
    return Margin(value, below, above, np.asarray((atoms - mean) / sd), reach)


def _reach(value: Callable[[Floats, NDArray[np.bool_]], Floats]) -> float:
    from scipy.special import ndtr

    for reach in _REACHES:
        ends = value(np.full(2, ndtr(-reach)), np.array([False, True]))
        if float((ends * ends).max()) * math.exp(-0.5 * reach * reach) < _NEGLIGIBLE:
            break
    return reach


def by_rank(distribution: Distribution | None) -> Margin:
    """Return the margin of the ranks of an input, for Spearman's correlation; None is any continuous input.

    Equal values share the mean of their ranks (mid-ranks).
    """
    empty = np.zeros(0)
    below, above, atoms = _steps(distribution) if distribution is not None else (empty, empty, empty)
    if not atoms.size and distribution is not None and (mixed := _atoms_beside(distribution)) is not None:
        return _mixed_ranks(*mixed)
    if not atoms.size:
        scale = math.sqrt(12.0)
        return Margin(lambda v, up: scale * np.where(up, 0.5 - v, v - 0.5), empty, empty, empty)
    edges = np.concatenate([[0.0], below, [1.0]])
    middle, mass = (edges[1:] + edges[:-1] - 1.0) / 2.0, np.diff(edges)
    levels = middle / math.sqrt(float((mass * middle * middle).sum()))
    return Margin(lambda v, up: levels[np.searchsorted(below, np.where(up, 1.0 - v, v))], below, above, levels)


def _mixed_ranks(below: Floats, above: Floats, ties: Floats) -> Margin:
    """Return the margin of the ranks where atoms stand beside a density: the coordinate, its middle in an atom."""
    scale = math.sqrt(12.0 / (1.0 - float((np.diff(ties, axis=1) ** 3).sum())))

    def value(v: Floats, up: NDArray[np.bool_]) -> Floats:
        u = np.where(up, 1.0 - v, v)
        atom = np.minimum(np.searchsorted(ties[:, 1], u), len(ties) - 1)
        inside = (u > ties[atom, 0]) & (u <= ties[atom, 1])
        return np.asarray(scale * (np.where(inside, ties[atom].mean(axis=-1), u) - 0.5))

    return Margin(value, below, above, np.zeros(0), ties=ties)


def _atoms_beside(distribution: Distribution) -> tuple[Floats, Floats, Floats] | None:
    """Return the mass on either side of the ends of atoms beside a density, and their coordinates; None if none are."""
    if distribution.discrete or distribution.continuous:
        return None
    atoms = distribution.atoms()
    if atoms is None or not atoms.size:
        return None
    before = distribution.around(atoms)[0]
    ends = np.stack([before, atoms], axis=1)
    ties = np.asarray(distribution.cdf(ends))
    inside = (ties > 0.0) & (ties < 1.0)
    below, above = ties[inside], np.asarray(distribution.sf(ends))[inside]
    return below, above, ties


def _steps(distribution: Distribution) -> tuple[Floats, Floats, Floats]:
    atoms = distribution.atoms() if distribution.discrete else None
    if atoms is None or not 1 < len(atoms) <= _MOST_STEPS:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    return distribution.cdf(atoms[:-1]), distribution.sf(atoms[:-1]), atoms


def correlation(x: Margin, y: Margin, parameter: float, scores: Scores) -> float:
    """Return the correlation E(x y) of two margins under an elliptical copula.

    Parameters
    ----------
    x, y : Margin
        Functions of the two coordinates, with mean 0 and standard deviation 1.
    parameter : float
        Of the copula, in [-1, 1].
    scores : Scores
        The distribution of its scores.
    """
    if not y.levels.size and (x.levels.size or y.ties.size):
        x, y = y, x
    reach = max(x.reach, y.reach)
    at, mass = _outer(x.jumps(scores), y.jumps(scores), parameter, scores, reach)
    return math.fsum(mass * _at(x, at, scores) * _given(y, at, parameter, scores, reach))


def kendall(x: Distribution | None, y: Distribution | None, parameter: float, scores: Scores) -> float:
    """Return Kendall's tau b of two inputs, some of whose values have a probability, under an elliptical copula.

    Where an input has a density its coordinates are cut into 256 slices.

    Parameters
    ----------
    x, y : Distribution or None
        The inputs; None is any continuous distribution.
    parameter : float
        Of the copula, in [-1, 1].
    scores : Scores
        The distribution of its scores.
    """
    margins = [by_rank(x), by_rank(y)]
    first, second = (m.jumps(scores) if m.levels.size else scores.inverse(_slices(m.ties)) for m in margins)
    at, mass = _outer(first, second, parameter, scores, _REACHES[0])
    share = -np.diff(_above(second, at, parameter, scores), axis=1, prepend=1.0, append=0.0)
    both = np.zeros((len(first) + 1, len(second) + 1))
    np.add.at(both, np.searchsorted(first, at), mass[:, None] * share)
    later = both[::-1, ::-1].cumsum(axis=0).cumsum(axis=1)[::-1, ::-1]
    crossed = both[::-1].cumsum(axis=0).cumsum(axis=1)[::-1]
    agreeing = float((both[:-1, :-1] * later[1:, 1:]).sum())
    opposed = float((both[:-1, 1:] * crossed[1:, :-1]).sum())
    ties = [
        float((both.sum(axis=1 - k) ** 2).sum())
        if margin.levels.size
        else float((np.diff(margin.ties, axis=1) ** 2).sum())
        for k, margin in enumerate(margins)
    ]
    return 2.0 * (agreeing - opposed) / math.sqrt((1.0 - ties[0]) * (1.0 - ties[1]))


def _slices(ties: Floats) -> Floats:
    """Return coordinates that cut a density into slices and leave each atom beside it in one piece."""
    u = np.arange(1, _SLICES) / _SLICES
    for start, end in ties:
        u = u[(u <= start) | (u >= end)]
    edges = ties[(ties > 0.0) & (ties < 1.0)]
    return np.union1d(u, edges)


def _panels(breaks: Floats, reach: float) -> tuple[Floats, Floats]:
    """Return normal scores and masses of quadrature, panels ending at `breaks` among others."""
    edges = np.union1d(np.linspace(-reach, reach, 2 * int(reach) + 1), np.clip(breaks, -reach, reach))
    points, weights = gauss(_NODES)
    width = np.diff(edges)
    z = (edges[:-1, None] + width[:, None] * points).ravel()
    return z, (width[:, None] * weights).ravel() * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


def _outer(first: Floats, second: Floats, parameter: float, scores: Scores, reach: float) -> tuple[Floats, Floats]:
    """Return scores of the first axis and masses of quadrature, with breaks at the jumps of both."""
    from scipy.special import ndtri

    jumps = np.concatenate([first, math.copysign(1.0, parameter) * second])
    z, mass = _panels(np.copysign(1.0, jumps) * -ndtri(scores.cdf(-np.abs(jumps))), reach)
    return scores.at(z), mass


def _at(margin: Margin, x: Floats, scores: Scores) -> Floats:
    """Return the margin at scores `x`."""
    if margin.levels.size:
        return np.asarray(margin.levels[np.searchsorted(margin.jumps(scores), x)])
    return margin.value(scores.cdf(-np.abs(x)), x > 0.0)


def _given(y: Margin, x: Floats, parameter: float, scores: Scores, reach: float) -> Floats:
    """Return the mean of `y` given the scores `x` of the other axis."""
    if y.levels.size:
        return np.asarray(y.levels[0] + _above(y.jumps(scores), x, parameter, scores) @ np.diff(y.levels))
    # a jump of the inner function lies elsewhere for each score: narrow panels
    z, mass = _panels(np.linspace(-reach, reach, _NARROW) if y.ties.size else np.zeros(0), reach)
    own = math.sqrt(1.0 - parameter * parameter) * np.asarray(scores.spread(x * x, 1))
    second = parameter * x[:, None] + own[..., None] * scores.at(z, 1)
    return np.asarray(_at(y, second, scores) @ mass)


def _above(jumps: Floats, x: Floats, parameter: float, scores: Scores) -> Floats:
    """Return the probability that the second axis is above each jump, given the scores `x` of the first."""
    own = math.sqrt(1.0 - parameter * parameter) * np.asarray(scores.spread(x * x, 1))
    with np.errstate(divide="ignore"):  # at rho = 1 and -1 the one axis determines the other
        return scores.cdf((parameter * x[:, None] - jumps) / own[..., None], 1)
