"""Zero inflation: 0 with a probability, else a value of a distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Rule, rare
from payback.distributions.core.wrapper import Wrapper


@dataclass(frozen=True)
class ZeroInflated(Wrapper):
    """A distribution with added zeros: 0 with probability p, else a value of the inner distribution.

    Distribution function, of the inner distribution's F::

        F_inflated(x) = (1 - p) F(x),      x < 0
        F_inflated(x) = p + (1 - p) F(x),  x >= 0

    Parameters
    ----------
    p : float
        Probability of the added 0, in [0, 1).
    distribution : Distribution
        The inner distribution.

    References
    ----------
    .. [1] Lambert (1992), "Zero-inflated Poisson regression, with an application to defects in manufacturing",
       Technometrics 34(1), doi:10.2307/1269547.

    Examples
    --------
    >>> from payback.distributions import Lognormal
    >>> float(ZeroInflated(0.4, Lognormal(100, 0.5)).ppf(0.7))
    100.0000
    """

    p: float
    distribution: Distribution

    name: ClassVar[str] = "zero_inflated"
    rules: ClassVar[tuple[Rule, ...]] = (Rule("p", lambda d: (d.p >= 0) & (d.p < 1), "must lie in [0, 1)"),)

    @property
    def continuous(self) -> bool:
        """False: 0 has a probability."""
        return False

    @property
    def knots(self) -> tuple[float, ...]:
        """The knots of the inner distribution, the ends of its support, and 0; none if that is discrete."""
        inner = self.distribution
        return () if self.discrete else tuple(float(x) for x in (*inner.knots, *inner.support, 0.0) if np.isfinite(x))

    def rare_parts(self) -> tuple[float, ...]:
        """Return the weight of the added 0 or of the rest, and those of the parts of the inner distribution."""
        rest = 1.0 - self.p
        return rare(self.p, rest, *(rest * weight for weight in self.distribution.rare_parts()))

    def _support(self) -> Any:
        low, high = self.distribution.support
        return np.minimum(low, 0.0), np.maximum(high, 0.0)

    def _moments(self) -> tuple[float, float]:
        mean, sd, q = self.distribution.mean, self.distribution.sd, 1.0 - self.p
        return q * mean, math.sqrt(q * (sd * sd + self.p * mean * mean))

    def _atoms(self) -> FloatArray | None:
        if self.distribution.continuous:
            return np.array([0.0])
        values = self.distribution.atoms()
        return None if values is None else np.unique(np.append(values, 0.0))

    @cached_property
    def _slack(self) -> FloatArray:
        return np.asarray(1e-12 * np.abs(self.distribution.isf(0.25)))

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        below, at, above = self.distribution.around(x)
        zero = np.abs(x) <= self._slack
        if not self.discrete:
            return self.beside(np.where(zero, 0.0, at), zero | (below < at))
        below = np.where(x > 0.0, np.where(zero, below, np.maximum(below, 0.0)), below)
        above = np.where(x < 0.0, np.where(zero, above, np.minimum(above, 0.0)), above)
        return below, np.where(zero, 0.0, at), above

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        inner, q = self.distribution, 1.0 - self.p
        before = inner.around(0.0)[0]
        zero = inner.cdf(0.0) - inner.cdf(before)
        # The mass beyond 0 on this side, and that with 0.
        beyond = q * np.where(up, inner.sf(0.0), inner.cdf(before))
        reached = beyond + self.p + q * zero
        hit = np.where(up, (v >= beyond) & (v < reached), (v > beyond) & (v <= reached))
        share = np.clip(np.where(v <= beyond, v, v - self.p) / q, 0.0, 1.0)
        far = share > 0.5
        x = inner.quantile(np.where(far, 1.0 - share, share), up ^ far)
        return np.where(hit, 0.0, x)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return (1.0 - self.p) * self.distribution.cdf(x) + np.where(x >= 0.0, self.p, 0.0)

    def _sf(self, x: FloatArray) -> FloatArray:
        return (1.0 - self.p) * self.distribution.sf(x) + np.where(x < 0.0, self.p, 0.0)

    def _both(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        below, above = self.distribution.tails(x)
        q = 1.0 - self.p
        return q * below + np.where(x >= 0.0, self.p, 0.0), q * above + np.where(x < 0.0, self.p, 0.0)

    def _pdf(self, x: FloatArray) -> FloatArray:
        zero = np.where(self.discrete & (x == 0.0), self.p, 0.0)
        return np.asarray((1.0 - self.p) * self.distribution.pdf(x) + zero)
