"""Order statistics: the lowest and the highest of several independent draws."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.combination import Several, require
from payback.distributions.core.distribution import Distribution
from payback.distributions.wrappers.truncated import between


class _Extreme(Several):
    """The lowest or the highest of several independent draws, one from each distribution.

    `_side` is False for the lowest and True for the highest. The extreme lies in that tail as soon as any draw does; it
    lies in the other tail only if all draws do, so that probabilities are multiplied there.
    """

    _side: ClassVar[bool]

    def __post_init__(self, checked: bool) -> None:
        parts = tuple(self.distributions)
        require(type(self).__name__, parts, 2)
        object.__setattr__(self, "distributions", parts)

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
        parts = [d.cdf(x) if self._side else d.sf(x) for d in self.distributions]
        return np.asarray(math.prod(parts, start=np.asarray(1.0)))

    def _any(self, x: FloatArray) -> FloatArray:
        """Return the probability that some draw is more extreme than `x`, without cancellation."""
        logs = np.asarray(0.0)
        for d in self.distributions:
            near, far = (d.sf(x), d.cdf(x)) if self._side else (d.cdf(x), d.sf(x))
            logs = logs + np.where(near < 0.5, np.log1p(-near), np.log(far))
        return np.asarray(-np.expm1(logs))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._all(x) if self._side else self._any(x)

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._any(x) if self._side else self._all(x)

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
        total = np.zeros_like(x)
        for i, mass in enumerate(masses):
            term = np.asarray(mass)
            for j, d in enumerate(self.distributions):
                if j != i:
                    end = before[j] if (j < i) == self._side else x
                    term = term * (d.cdf(end) if self._side else d.sf(end))
            total = total + term
        return total

    def _bracket(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, FloatArray]:
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
        alone = pick.reduce(np.broadcast_arrays(*(d.quantile(v, up) for d in self.distributions)))
        return np.minimum(alone, equal), np.maximum(alone, equal)


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
