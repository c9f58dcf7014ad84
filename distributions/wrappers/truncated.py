"""Truncation: the conditional distribution of a value, given that it lies in an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.parameters import Rule, rare
from payback.distributions.core.wrapper import Wrapper
from payback.distributions.inversion.inverter import inverter
from payback.distributions.wrappers.mixture import Mixture

SMALLEST_MASS = 1e-12
"""A truncation that keeps less than this of a distribution is refused."""

_THIN = 1e-3


def between(distribution: Distribution, a: ArrayLike, b: ArrayLike, width: ArrayLike | None = None) -> FloatArray:
    """Return P(a < X <= b) without cancellation.

    Parameters
    ----------
    distribution : Distribution
        The distribution of X.
    a, b : array_like
        The ends, a <= b.
    width : array_like, optional
        ``b - a``, where it is known more accurately than the difference of the ends.
    """
    return _between(distribution, a, b, distribution.tails(a), distribution.tails(b), width)


def _between(
    distribution: Distribution,
    a: ArrayLike,
    b: ArrayLike,
    tails_a: tuple[FloatArray, FloatArray],
    tails_b: tuple[FloatArray, FloatArray],
    width: ArrayLike | None = None,
) -> FloatArray:
    (cdf_a, sf_a), (cdf_b, sf_b) = tails_a, tails_b
    mass = np.where(cdf_b <= sf_a, cdf_b - cdf_a, sf_a - sf_b)
    if not distribution.continuous:
        return mass
    thin = mass < _THIN * np.minimum(np.minimum(cdf_a, cdf_b), np.minimum(sf_a, sf_b))
    if np.any(thin):
        mass = np.where(
            thin, distribution.thin_mass(a, np.where(thin, np.subtract(b, a) if width is None else width, 0.0)), mass
        )
    return mass


@dataclass(frozen=True)
class Truncated(Wrapper):
    """A distribution truncated to [low, high]: its conditional law given that the value lies there, never clipped.

    Distribution function, of the inner distribution of X::

        F(x) = P(low <= X <= x) / P(low <= X <= high),  low <= x <= high

    Parameters
    ----------
    distribution : Distribution
        The inner distribution.
    low, high : float
        Ends that may be infinite, in the unit of the input; a discrete distribution keeps values at the ends.

    Raises
    ------
    ValueError
        If the interval is empty, or holds a mass below 1e-12.

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions, Volume 1, 2nd ed., Wiley,
       section 10.1 of chapter 13, for the normal distribution.

    Examples
    --------
    >>> from payback.distributions import Normal
    >>> float(Truncated(Normal(10, 2), 8).ppf(0.5))
    10.4003
    """

    distribution: Distribution
    low: float = -math.inf
    high: float = math.inf

    name: ClassVar[str] = "truncated"
    may_be_infinite: ClassVar[tuple[str, ...]] = ("low", "high")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "high", lambda d: d.low != d.high, "must differ from low = {low} (for a fixed number use a certain value)"
        ),
        Rule("high", lambda d: d.low < d.high, "must be greater than low = {low}"),
    )

    def __post_init__(self, checked: bool) -> None:
        super().__post_init__(checked)
        if checked and not self.mass >= SMALLEST_MASS:
            raise ValueError(
                f"`Truncated(...)` to [low, high] = [{self.low}, {self.high}] keeps a probability of "
                f"{float(self.mass):.3g} of {self.distribution}: at least {SMALLEST_MASS} is needed"
            )

    def rare_parts(self) -> tuple[float, ...]:
        """Return the weights of parts, given that the value lies in the interval."""
        if self.discrete:
            return Distribution.rare_parts(self)
        if not isinstance(self.distribution, Mixture):
            return self.distribution.rare_parts()
        weights: list[float] = []
        for weight, component in zip(self.distribution.weights, self.distribution.distributions, strict=True):
            kept = weight * between(component, *self._ends)
            if kept > SMALLEST_MASS * self.mass:
                inside = Truncated(component, self.low, self.high, checked=False)
                weights += [kept / self.mass, *(kept / self.mass * share for share in inside.rare_parts())]
        return rare(*weights)

    @property
    def allowed(self) -> bool | BoolArray:
        """Whether the parameters here and in the inner distribution are allowed, by trial where they vary."""
        return super().allowed & (self.mass >= SMALLEST_MASS)

    def _support(self) -> Any:
        inner = self.distribution
        first, last = inner.support
        ends: tuple[Any, ...] = np.maximum(first, self.low), np.minimum(last, self.high)
        if self.continuous:
            return ends
        if not self.discrete:
            return tuple(np.where(np.isfinite(end), inner.around(end)[1], end)[()] for end in ends)
        (_, at_low, above), (below, at_high, _) = (inner.around(end) for end in ends)
        return np.where(np.isnan(at_low), above, at_low)[()], np.where(np.isnan(at_high), below, at_high)[()]

    @cached_property
    def _ends(self) -> tuple[FloatArray, FloatArray]:
        """The ends of the interval (a, b] of the inner distribution that is kept."""
        low, high = self.support
        return self.distribution.around(low)[0], np.asarray(high)

    @cached_property
    def _tails_of_ends(self) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
        a, b = self._ends
        return self.distribution.tails(a), self.distribution.tails(b)

    @cached_property
    def mass(self) -> FloatArray:
        """The probability that truncation keeps."""
        with np.errstate(all="ignore"):
            return _between(self.distribution, *self._ends, *self._tails_of_ends)

    def _moments(self) -> tuple[float, float]:
        values = self._atoms() if self.discrete else None
        if values is None:
            return super()._moments()
        weights = self.distribution.pdf(values) / self.mass
        mean = math.fsum(weights * values)
        return mean, math.sqrt(math.fsum(weights * (values - mean) ** 2))

    @property
    def knots(self) -> tuple[float, ...]:
        """The knots of the inner distribution that lie in the interval."""
        low, high = self.support
        return tuple(x for x in self.distribution.knots if low <= x <= high)

    def _atoms(self) -> FloatArray | None:
        values, (low, high) = self.distribution.atoms(), self.support
        return None if values is None else values[(values >= low) & (values <= high)]

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        return self.distribution.around(x)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self._locate(v, up)[0]

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self._locate(v, up)[1]

    def _locate(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Return the quantile and its distance from the end of the support on its side."""
        inner, (low, high), wanted = self.distribution, self.support, v * self.mass
        (cdf_a, sf_a), (cdf_b, sf_b) = self._tails_of_ends
        cdf, sf = np.where(up, cdf_b, cdf_a), np.where(up, sf_b, sf_a)
        below, above = np.where(up, cdf - wanted, cdf + wanted), np.where(up, sf + wanted, sf - wanted)
        x = np.clip(inner.quantile(np.minimum(above, below), above < below), low, high)
        end, sign = np.where(up, high, low), np.where(up, -1.0, 1.0)
        reach = np.abs(x - end)
        # Beside an end, `wanted` is lost in these sums: find the distance by Newton's method instead,
        # from the density at the end. The error of the start is below 1e-3, so two steps do.
        beside = wanted < _THIN * np.minimum(cdf, sf)
        if not inner.continuous or not np.any(beside):
            return x, reach
        near = np.where(beside, wanted / inner.pdf(end), 0.0)
        for _ in range(2):
            near = near - (inner.thin_mass(end, sign * near) - wanted) / inner.pdf(end + sign * near)
        return np.where(beside, end + sign * near, x), np.where(beside, near, reach)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._up_to(x, self.distribution.tails(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._beyond(x, self.distribution.tails(x))

    def _both(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        tails = self.distribution.tails(x)
        return self._up_to(x, tails), self._beyond(x, tails)

    def _up_to(self, x: FloatArray, tails: tuple[FloatArray, FloatArray]) -> FloatArray:
        return _between(self.distribution, self._ends[0], x, self._tails_of_ends[0], tails) / self.mass

    def _beyond(self, x: FloatArray, tails: tuple[FloatArray, FloatArray]) -> FloatArray:
        return _between(self.distribution, x, self._ends[1], tails, self._tails_of_ends[1]) / self.mass

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.pdf(x) / self.mass

    def _thin_mass(self, a: FloatArray, width: FloatArray) -> FloatArray:
        return self.distribution.thin_mass(a, width) / self.mass

    def own_inverter(self) -> Inverter | None:
        """Return the inverter that the inner distribution offers for this interval, None if it offers none."""
        if self.distribution.discrete:
            return None
        low, high = self.support
        return self.distribution.truncated_inverter(self, float(low), float(high), float(self.mass))

    def truncated_inverter(self, whole: Distribution, low: float, high: float, mass: float) -> Inverter:
        """Return the inverter of the inner distribution, truncated once to the narrower interval."""
        return inverter(Truncated(self.distribution, low, high))
