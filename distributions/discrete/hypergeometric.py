"""The hypergeometric distribution: its probabilities are computed from the mode outwards."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.integer_support import Whole
from payback.distributions.core.parameters import Role, Rule

_LARGEST = 1e9
_REACH = 45.0  # standard deviations from the mean beyond which a probability is below 1e-300


def _whole(name: str) -> Rule:
    return Rule(name, lambda d: getattr(d, name) == np.floor(getattr(d, name)), "must be a whole number")


def _within(name: str) -> Rule:
    return Rule(
        name,
        lambda d: (getattr(d, name) >= 0) & (getattr(d, name) <= d.population),
        "must lie in [0, population] = [0, {population}]",
    )


@dataclass(frozen=True)
class Hypergeometric(Whole):
    """The hypergeometric distribution: how many of those drawn, without putting back, are successes.

    Mass, with C the binomial coefficient::

        P(X = k) = C(successes, k) C(population - successes, draws - k) / C(population, draws),
        max(0, draws + successes - population) <= k <= min(successes, draws)

    Parameters
    ----------
    population : float
        A count: a whole number, at least 1, at most 1e9.
    successes : float
        How many of the population are successes, a whole number.
    draws : float
        How many of the population are drawn, a whole number.

    References
    ----------
    .. [1] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., chapter 6,
       doi:10.1002/0471715816.

    Examples
    --------
    >>> float(Hypergeometric(50, 20, 15).ppf(0.5))
    6.0
    """

    population: float
    successes: float
    draws: float

    name: ClassVar[str] = "hypergeometric"
    roles: ClassVar[tuple[Role, ...]] = ("count", "count", "count")
    rules: ClassVar[tuple[Rule, ...]] = (
        *(_whole(name) for name in ("population", "successes", "draws")),
        Rule("population", lambda d: (d.population >= 1) & (d.population <= _LARGEST), "must lie in [1, 1e9]"),
        *(_within(name) for name in ("successes", "draws")),
    )

    def _support(self) -> tuple[float, float]:
        low = np.maximum(0.0, self.draws + self.successes - self.population)
        return low + 0.0, np.minimum(self.successes, self.draws) + 0.0

    def _moments(self) -> tuple[float, float]:
        share, rest = self.successes / self.population, self.population - self.draws
        mean = self.draws * share
        return mean, math.sqrt(mean * (1.0 - share) * rest / max(self.population - 1.0, 1.0))

    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        def locate(sums: _Sums, v: FloatArray, up: FloatArray) -> FloatArray:
            last = sums.below.size - 1
            from_below = np.searchsorted(sums.below, v)
            from_above = np.searchsorted(-sums.above, -v)
            return np.asarray(sums.first + np.minimum(np.where(up > 0, from_above, from_below), last))

        return self._each(locate, v, up.astype(np.float64)), np.full(v.shape, True)

    def _at_most(self, k: FloatArray) -> FloatArray:
        return self._each(lambda sums, k: sums.at(sums.below, k, 0.0, 1.0), k)

    def _above(self, k: FloatArray) -> FloatArray:
        return self._each(lambda sums, k: sums.at(sums.above, k, 1.0, 0.0), k)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.where(x == np.floor(x), self._each(lambda sums, k: sums.at(sums.mass, k, 0.0, 0.0), np.floor(x)), 0.0)

    def _each(self, function: Callable[..., FloatArray], *arrays: FloatArray) -> FloatArray:
        """Return `function` of the sums and the arrays, called once for each distinct set of parameters."""
        parameters = [np.asarray(getattr(self, f.name)) for f in fields(self)]
        *columns, allowed = np.broadcast_arrays(*arrays, *parameters, np.asarray(self.allowed))
        result = np.full(allowed.shape, np.nan)
        given, sets = columns[: len(arrays)], np.stack([column[allowed] for column in columns[len(arrays) :]])
        if not sets.size:
            return result
        if np.all(sets == sets[:, :1]):
            distinct, member = sets[:, :1], np.zeros(sets.shape[1], np.intp)
        else:
            distinct, member = np.unique(sets, axis=1, return_inverse=True)
        chosen, values = [array[allowed] for array in given], np.empty(sets.shape[1])
        for number, parameter_set in enumerate(distinct.T):
            here = member.ravel() == number
            values[here] = function(_sums(*(float(x) for x in parameter_set)), *(array[here] for array in chosen))
        result[allowed] = values
        return result


@dataclass(frozen=True)
class _Sums:
    """Probabilities of the whole numbers from `first` on, and their sums from below and from above."""

    first: float
    mass: FloatArray
    below: FloatArray
    above: FloatArray

    def at(self, table: FloatArray, k: FloatArray, before: float, after: float) -> FloatArray:
        index = (k - self.first).astype(np.intp)
        inside = table[np.clip(index, 0, table.size - 1)]
        return np.where(index < 0, before, np.where(index >= table.size, after, inside))


@lru_cache(maxsize=256)
def _sums(population: float, successes: float, draws: float) -> _Sums:
    """Return the probabilities by the ratio of neighbours, outwards from the mode, scaled to sum to 1."""
    low, high = max(0.0, draws + successes - population), min(successes, draws)
    mode = min(max(math.floor((draws + 1.0) * (successes + 1.0) / (population + 2.0)), low), high)
    share = successes / population
    sd = math.sqrt(draws * share * (1.0 - share) * (population - draws) / max(population - 1.0, 1.0))
    first, last = max(low, mode - math.ceil(_REACH * sd) - 200.0), min(high, mode + math.ceil(_REACH * sd) + 200.0)
    k = np.arange(first + 1.0, last + 1.0)
    ratio = (successes - k + 1.0) * (draws - k + 1.0) / (k * (population - successes - draws + k))
    middle = int(mode - first)
    up = np.cumprod(ratio[middle:])
    down = np.cumprod(1.0 / ratio[:middle][::-1])[::-1]
    mass = np.concatenate([down, [1.0], up])
    mass /= math.fsum(mass)
    below, above = np.cumsum(mass), np.cumsum(mass[::-1])[::-1]
    # Each sum from its thin end; the thick ends are what is left.
    thin = below <= 0.5
    rest = np.append(above[1:], 0.0)
    return _Sums(first, mass, np.where(thin, below, 1.0 - rest), np.where(thin, 1.0 - below, rest))
