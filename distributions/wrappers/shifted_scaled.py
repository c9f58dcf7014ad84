"""Distributions moved by a constant (`Shifted`) or multiplied by one (`Scaled`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.parameters import Rule
from payback.distributions.core.wrapper import Wrapper
from payback.distributions.inversion.inverter import affine
from payback.distributions.wrappers.truncated import Truncated


@dataclass(frozen=True)
class Shifted(Wrapper):
    """A distribution moved by a constant.

    Distribution function, of the inner distribution's F::

        F_shifted(x) = F(x - by)

    Parameters
    ----------
    distribution : Distribution
        The inner distribution.
    by : float
        What is added to each value, in the unit of the input.

    Examples
    --------
    >>> from payback.distributions import Poisson
    >>> float(Shifted(Poisson(1.2), 1).ppf(0.5))
    2.0
    """

    distribution: Distribution
    by: float

    name: ClassVar[str] = "shifted"

    @property
    def knots(self) -> tuple[float, ...]:
        """The knots of the inner distribution, moved."""
        return tuple(x + self.by for x in self.distribution.knots)

    def _support(self) -> tuple[float, float]:
        low, high = self.distribution.support
        return low + self.by, high + self.by

    def _moments(self) -> tuple[float, float]:
        return self.distribution.mean + self.by, self.distribution.sd

    def _atoms(self) -> FloatArray | None:
        values = self.distribution.atoms()
        return None if values is None else values + self.by

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        below, at, above = self.distribution.around(x - self.by)
        if not self.discrete:
            return self.beside(at + self.by, below < at)
        return below + self.by, at + self.by, above + self.by

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.distribution.quantile(v, up) + self.by

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.distribution.reach(v, up)

    def _back(self, x: FloatArray) -> FloatArray:
        below, at, _ = self.distribution.around(x - self.by)
        return np.where(np.isnan(at) | (x < at + self.by), below, at)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.cdf(self._back(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        return self.distribution.sf(self._back(x))

    def _both(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        return self.distribution.tails(self._back(x))

    def _pdf(self, x: FloatArray) -> FloatArray:
        at = self.distribution.around(x - self.by)[1]
        return np.where(np.isnan(at), 0.0, self.distribution.pdf(at))

    def _thin_mass(self, a: FloatArray, width: FloatArray) -> FloatArray:
        return self.distribution.thin_mass(a - self.by, width)

    def own_inverter(self) -> Inverter | None:
        """Return the inverter of the inner distribution, moved; None if that is discrete."""
        return None if self.distribution.discrete else affine(self.distribution, 1.0, self.by, self)

    def truncated_inverter(self, whole: Distribution, low: float, high: float, mass: float) -> Inverter:
        """Return the inverter of the inner distribution, truncated and then moved."""
        return affine(Truncated(self.distribution, low - self.by, high - self.by), 1.0, self.by, whole)


@dataclass(frozen=True)
class Scaled(Wrapper):
    """A distribution times a constant.

    Distribution function, of the inner distribution of X::

        F_scaled(x) = P(X <= x / factor)   for a positive factor
        F_scaled(x) = P(X >= x / factor)   for a negative factor

    Parameters
    ----------
    distribution : Distribution
        The inner distribution.
    factor : float
        What each value is multiplied by; not 0, may be negative.

    Examples
    --------
    >>> from payback.distributions import Beta
    >>> float(Scaled(Beta(2, 5), 0.8).ppf(0.5))
    0.2116
    """

    distribution: Distribution
    factor: float

    name: ClassVar[str] = "scaled"
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("factor", lambda d: d.factor != 0, "must not be 0 (for a fixed number use a certain value)"),
    )

    @property
    def knots(self) -> tuple[float, ...]:
        """The knots of the inner distribution, scaled."""
        return tuple(x * self.factor for x in self.distribution.knots)

    def _support(self) -> tuple[float, float]:
        low, high = self.distribution.support
        a, b = self.factor * low, self.factor * high
        return np.minimum(a, b), np.maximum(a, b)

    def _moments(self) -> tuple[float, float]:
        return self.factor * self.distribution.mean, abs(self.factor) * self.distribution.sd

    def _atoms(self) -> FloatArray | None:
        values = self.distribution.atoms()
        return None if values is None else np.sort(self.factor * values)

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        below, at, above = self.distribution.around(x / self.factor)
        if not self.discrete:
            return self.beside(self.factor * at, below < at)
        below, at, above = (self.factor * value for value in (below, at, above))
        negative = self.factor < 0
        return np.where(negative, above, below), at, np.where(negative, below, above)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        negative = self.factor < 0
        if not self.continuous:
            # A tie falls to the other side in a mirror: the largest value with P(X >= x) >= v.
            v = np.where(negative & (v > 0.0), np.nextafter(v, np.where(up, 1.0, 0.0)), v)
        return self.factor * self.distribution.quantile(v, up ^ negative)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return abs(self.factor) * self.distribution.reach(v, up ^ (self.factor < 0))

    def _both(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        below, at, _ = self.distribution.around(x / self.factor)
        negative = np.asarray(self.factor) < 0
        # Rounding may put `x` before the image of an atom that it comes from.
        missed = x < self.factor * at
        low = np.where(np.where(negative, missed, ~np.isnan(at) & ~missed), at, below)
        cdf, sf = self.distribution.tails(low)
        return np.where(negative, sf, cdf), np.where(negative, cdf, sf)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._both(x)[0]

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._both(x)[1]

    def _pdf(self, x: FloatArray) -> FloatArray:
        at = self.distribution.around(x / self.factor)[1]
        density = np.where(np.isnan(at), 0.0, self.distribution.pdf(at))
        return density if self.discrete else density / abs(self.factor)

    def _thin_mass(self, a: FloatArray, width: FloatArray) -> FloatArray:
        return self.distribution.thin_mass(a / self.factor, width / self.factor)

    def own_inverter(self) -> Inverter | None:
        """Return the inverter of the inner distribution, scaled; None if that is discrete."""
        return None if self.distribution.discrete else affine(self.distribution, self.factor, 0.0, self)

    def truncated_inverter(self, whole: Distribution, low: float, high: float, mass: float) -> Inverter:
        """Return the inverter of the inner distribution, truncated and then scaled."""
        ends = sorted((low / self.factor, high / self.factor))
        return affine(Truncated(self.distribution, *ends), self.factor, 0.0, whole)
