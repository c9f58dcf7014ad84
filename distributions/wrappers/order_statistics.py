"""Order statistics: the lowest and the highest of several independent draws."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.combination import Several, require
from payback.distributions.core.distribution import Distribution
from payback.distributions.wrappers.truncated import between

_MOST_STEPS = 600
_FEW = 4  # draws, of each of which two quantiles are quicker than a grid of values
_EXPONENTS = (1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 320, 448, 640, 900, 1074)


class _Extreme(Several):
    """The lowest or the highest of several independent draws, one from each distribution.

    `_side` is False for the lowest and True for the highest. The extreme lies in that tail as soon as any draw does; it
    lies in the other tail only if all draws do, so that probabilities are multiplied there.
    """

    _side: ClassVar[bool]

    def __post_init__(self, checked: bool) -> None:
        draws = tuple(self.distributions)
        require(type(self).__name__, draws, 2)
        # The lowest of a lowest is the lowest of all.
        flat = (d.distributions if type(d) is type(self) else (d,) for d in draws)
        object.__setattr__(self, "distributions", tuple(d for several in flat for d in several))

    def rare_parts(self) -> tuple[float, ...]:
        """Return the probability of all values but one that is likely by itself, and the parts of each draw."""
        return (*super().rare_parts(), *(weight for d in self.distributions for weight in d.rare_parts()))

    def _support(self) -> Any:
        lows, highs = zip(*(d.support for d in self.distributions), strict=True)
        pick = np.maximum if self._side else np.minimum
        low, high = (pick.reduce(np.broadcast_arrays(*ends)) for ends in (lows, highs))
        return (float(low), float(high)) if np.ndim(low) == 0 else (low, high)

    def _moments(self) -> tuple[float, float]:
        values = self._atoms() if self.discrete else None
        if values is None:
            return super()._moments()
        masses = self.pdf(values)
        mean = math.fsum(masses * values)
        return mean, math.sqrt(math.fsum(masses * (values - mean) ** 2))

    def _all(self, x: FloatArray) -> FloatArray:
        """Return the probability that no draw is more extreme than `x`."""
        return self._product([d.cdf(x) if self._side else d.sf(x) for d in self.distributions])

    def _product(self, shares: list[FloatArray]) -> FloatArray:
        return np.asarray(math.prod(shares, start=np.asarray(1.0)))

    def _any(self, tails: list[tuple[FloatArray, FloatArray]]) -> FloatArray:
        """Return the probability that some draw is more extreme, without cancellation."""
        logs = np.asarray(0.0)
        for below, above in tails:
            near, far = (above, below) if self._side else (below, above)
            logs = logs + np.where(near < 0.5, np.log1p(-near), np.log(far))
        return np.asarray(-np.expm1(logs))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._all(x) if self._side else self._any([d.tails(x) for d in self.distributions])

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._any([d.tails(x) for d in self.distributions]) if self._side else self._all(x)

    def _both(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        tails = [d.tails(x) for d in self.distributions]
        every, some = self._product([pair[not self._side] for pair in tails]), self._any(tails)
        return (every, some) if self._side else (some, every)

    def _pdf(self, x: FloatArray) -> FloatArray:
        if self.discrete:
            return self._mass(x, [d.around(x)[0] for d in self.distributions], [d.pdf(x) for d in self.distributions])
        densities = [0.0 if d.discrete else d.pdf(x) for d in self.distributions]
        return self._mass(x, [x] * len(densities), densities)

    def _thin_mass(self, a: FloatArray, width: FloatArray) -> FloatArray:
        x, end = np.minimum(a, a + width), np.maximum(a, a + width)
        masses = [between(d, x, end, np.abs(width)) for d in self.distributions]
        return self._mass(end, [x] * len(self.distributions), masses)

    def _mass(self, x: FloatArray, before: list[FloatArray], masses: list[Any]) -> FloatArray:
        """Return the probability between `before` and `x`, the sum of each draw's being the one that lies there.

        Draws earlier in order lie beyond one end, later ones beyond the other, so that none counts twice.
        """
        within = [d.cdf(x) if self._side else d.sf(x) for d in self.distributions]
        beyond = [
            share if end is x else (d.cdf(end) if self._side else d.sf(end))
            for d, end, share in zip(self.distributions, before, within, strict=True)
        ]
        earlier, later = (beyond, within) if self._side else (within, beyond)
        ahead = list(itertools.accumulate(earlier[:-1], np.multiply, initial=np.asarray(1.0)))
        behind = list(itertools.accumulate(later[:0:-1], np.multiply, initial=np.asarray(1.0)))[::-1]
        total = np.zeros_like(x)
        for mass, first, rest in zip(masses, ahead, behind, strict=True):
            total = total + np.asarray(mass) * first * rest
        return total

    @cached_property
    def _grid(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Values that few quantiles of each draw cut the line into, with the tails of the extreme there."""
        v = np.exp2(-np.array([*_EXPONENTS, *_EXPONENTS]))
        up = np.repeat([False, True], len(_EXPONENTS))
        x = np.unique(np.concatenate([*(d.quantile(v, up) for d in self.distributions), self.support]))
        return x, *self._both(x)

    def _bracket(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, FloatArray]:
        if np.ndim(self.allowed) == 0 and (
            len(self.distributions) > _FEW or any(d.searched for d in self.distributions)
        ):
            x, below, above = self._grid
            index = np.where(up, np.searchsorted(-above, -v), np.searchsorted(below, v))
            return x[np.maximum(index - 1, 0)], x[np.minimum(index, x.size - 1)]
        number = len(self.distributions)
        # If every draw's own tail were `share`, the tail of the extreme would be v.
        joint = np.exp(np.log(v) / number)
        share = np.where(up == self._side, -np.expm1(np.log1p(-v) / number), joint)
        flip = share > 0.5
        rest = np.where(flip, -np.expm1(np.log(v) / number), share)
        pick = np.maximum if self._side else np.minimum
        equal = pick.reduce(np.broadcast_arrays(*(d.quantile(rest, up ^ flip) for d in self.distributions)))
        if all(d.allowed is True for d in self.distributions) and len(set(self.distributions)) == 1:
            return equal, equal
        if any(d.searched for d in self.distributions):
            other = self._inward(equal, v, up)
            return np.minimum(other, equal), np.maximum(other, equal)
        alone = pick.reduce(np.broadcast_arrays(*(d.quantile(v, up) for d in self.distributions)))
        return np.minimum(alone, equal), np.maximum(alone, equal)

    def _inward(self, x: FloatArray, v: FloatArray, up: BoolArray) -> FloatArray:
        """Return values at or beyond the quantiles, from values `x` on their other side: below them for the highest.

        One search for each draw, whose quantile is searched for itself, is enough.
        """
        sign, end = (-1.0, self.support[0]) if self._side else (1.0, self.support[1])
        step = 1e-3 * np.maximum(np.abs(x), 1.0)
        y = x
        for _ in range(_MOST_STEPS):
            below, above = self._both(y)
            mass = np.where(up, above, below)
            short = np.where(up == self._side, mass < v, mass > v)
            if not np.any(short & (y != end)):
                break
            nearer = np.where(np.isfinite(end), end + 0.25 * (y - end), y + sign * step)
            y = np.where(short, nearer, y)
            step = 4.0 * step
        return np.where(short, end, y)


@dataclass(frozen=True)
class Lowest(_Extreme):
    """The lowest of several independent draws, one from each distribution.

    Distribution function, of the draws' F_i::

        F(x) = 1 - (1 - F_1(x)) (1 - F_2(x)) ...

    Parameters
    ----------
    distributions : sequence of Distribution
        At least two.

    References
    ----------
    .. [1] David and Nagaraja (2003), Order Statistics, 3rd ed., Wiley, chapter 5, doi:10.1002/0471722162.

    Examples
    --------
    >>> from payback.distributions import Weibull
    >>> float(Lowest((Weibull(2, 24), Weibull(2, 36))).ppf(0.5))
    16.6255
    """

    distributions: tuple[Distribution, ...]

    name: ClassVar[str] = "lowest_of"
    _side: ClassVar[bool] = False


@dataclass(frozen=True)
class Highest(_Extreme):
    """The highest of several independent draws, one from each distribution.

    Distribution function, of the draws' F_i::

        F(x) = F_1(x) F_2(x) ...

    Parameters
    ----------
    distributions : sequence of Distribution
        At least two.

    References
    ----------
    .. [1] David and Nagaraja (2003), Order Statistics, 3rd ed., Wiley, chapter 5, doi:10.1002/0471722162.

    Examples
    --------
    >>> from payback.distributions import Gamma
    >>> float(Highest((Gamma(4, 2), Gamma(6, 1))).ppf(0.5))
    8.3245
    """

    distributions: tuple[Distribution, ...]

    name: ClassVar[str] = "highest_of"
    _side: ClassVar[bool] = True
