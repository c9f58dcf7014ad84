"""Rounding: the whole number nearest to a value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.integer_support import Lattice
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.inversion.inverter import ToWhole, inverter


@dataclass(frozen=True)
class Rounded(Lattice):
    """The whole number nearest to a value of a distribution; halves are rounded up.

    Mass, of the inner distribution of X::

        P(Y = k) = P(k - 1/2 <= X < k + 1/2),  k whole

    Parameters
    ----------
    distribution : Distribution
        The inner distribution.

    References
    ----------
    .. [1] Sheppard (1897), "On the calculation of the most probable values of frequency-constants, for data
       arranged according to equidistant division of a scale", Proceedings of the London Mathematical Society s1-29,
       doi:10.1112/plms/s1-29.1.353, for the standard deviation where there are very many values.

    Examples
    --------
    >>> from payback.distributions import Lognormal
    >>> float(Rounded(Lognormal(6, 0.5)).ppf(0.9))
    11.0
    """

    distribution: Distribution

    name: ClassVar[str] = "rounded"

    @property
    def allowed(self) -> bool | BoolArray:
        """Whether the parameters of the inner distribution are allowed, by trial where they vary."""
        return self.distribution.allowed

    def rare_parts(self) -> tuple[float, ...]:
        """Return the probability of all whole numbers but the likeliest, and the parts of the inner distribution."""
        return (*super().rare_parts(), *self.distribution.rare_parts())

    def _support(self) -> Any:
        low, high = self.distribution.support
        return np.floor(low + 0.5), np.ceil(high - 0.5) if self.distribution.continuous else np.floor(high + 0.5)

    def _moments(self) -> tuple[float, float]:
        values = self._atoms()
        if values is None:
            # Sheppard's correction, good to 1e-9 where more than 65,536 values matter.
            return self.distribution.mean, math.hypot(self.distribution.sd, math.sqrt(1.0 / 12.0))
        masses = self.pdf(values)
        mean = math.fsum(masses * values)
        return mean, math.sqrt(math.fsum(masses * (values - mean) ** 2))

    def _end(self, k: FloatArray) -> FloatArray:
        """Return the largest value that is rounded to `k`; an atom on the half belongs to the next."""
        inner = self.distribution
        return k + 0.5 if inner.continuous else inner.around(k + 0.5)[0]

    def _at_most(self, k: FloatArray) -> FloatArray:
        return self.distribution.cdf(self._end(k))

    def _above(self, k: FloatArray) -> FloatArray:
        return self.distribution.sf(self._end(k))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        k = np.ceil(self.distribution.quantile(v, up) - 0.5)
        # Rounding of the quantile may miss a half by one step.
        for step in (-1.0, 1.0):
            least = k if step > 0 else k - 1.0
            reached = np.where(up, self._above(least) <= v, self._at_most(least) >= v)
            k = np.where(reached == (step < 0), k + step, k)
        return np.clip(k, *self.support) + 0.0

    def _pdf(self, x: FloatArray) -> FloatArray:
        k = np.floor(x)
        start, end = self._end(k - 1.0), self._end(k)
        below, above = self.distribution.cdf(start), self.distribution.sf(end)
        mass = np.where(below < 0.5, self.distribution.cdf(end) - below, self.distribution.sf(start) - above)
        return np.where(x == k, mass, 0.0)

    def own_inverter(self) -> Inverter | None:
        """Return the inverter of the inner distribution, rounded, where there are too many values for thresholds."""
        return ToWhole(inverter(self.distribution)) if self.atoms() is None else None
