"""The sum of a known number of independent draws of one distribution, where that sum is of a known family.

References
----------
.. [1] Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions, Volume 1, 2nd ed.,
   Wiley, chapters 13 (normal), 15 (inverse Gaussian) and 17 (gamma).
.. [2] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., Wiley,
   doi:10.1002/0471715816, chapters 3 (binomial), 4 (Poisson) and 5 (negative binomial).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from payback.distributions.continuous.certain import Certain
from payback.distributions.continuous.exponential import Exponential
from payback.distributions.continuous.gamma import Gamma
from payback.distributions.continuous.inverse_gaussian import InverseGaussian
from payback.distributions.continuous.normal import Normal
from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.parameters import Rule
from payback.distributions.core.wrapper import Wrapper
from payback.distributions.discrete.bernoulli import Bernoulli
from payback.distributions.discrete.binomial import Binomial
from payback.distributions.discrete.geometric import Geometric
from payback.distributions.discrete.negative_binomial import NegativeBinomial
from payback.distributions.discrete.poisson import Poisson
from payback.distributions.inversion.inverter import inverter
from payback.distributions.wrappers.shifted_scaled import Scaled, Shifted

MOST_TABLES = 32
"""Sums of up to so many draws of constant parameters have a table each."""

_SUMS: Mapping[type[Distribution], Callable[[Any, Any, bool], Distribution]] = {
    Bernoulli: lambda d, n, checked: Binomial(n, d.p, checked=checked),
    Binomial: lambda d, n, checked: Binomial(n * d.trials, d.p, checked=checked),
    Certain: lambda d, n, checked: Certain(n * d.value, checked=checked),
    Exponential: lambda d, n, checked: Gamma(n, d.mean, checked=checked),
    Gamma: lambda d, n, checked: Gamma(n * d.shape, d.scale, checked=checked),
    Geometric: lambda d, n, checked: Shifted(NegativeBinomial(n, d.p, checked=checked), n, checked=checked),
    InverseGaussian: lambda d, n, checked: InverseGaussian(n * d.mean, n * n * d.shape, checked=checked),
    NegativeBinomial: lambda d, n, checked: NegativeBinomial(n * d.n, d.p, checked=checked),
    Normal: lambda d, n, checked: Normal(n * d.mean, np.sqrt(n) * d.sd, checked=checked),
    Poisson: lambda d, n, checked: Poisson(n * d.mean, checked=checked),
    Scaled: lambda d, n, checked: Scaled(_sum(d.distribution, n, checked), d.factor, checked=checked),
    Shifted: lambda d, n, checked: Shifted(_sum(d.distribution, n, checked), n * d.by, checked=checked),
}


def has_sum(distribution: Distribution) -> bool:
    """Tell whether the sum of several draws of `distribution` is of a known family."""
    inner = getattr(distribution, "distribution", None)
    return type(distribution) in _SUMS and (inner is None or has_sum(inner))


def _sum(distribution: Distribution, count: Any, checked: bool) -> Distribution:
    return _SUMS[type(distribution)](distribution, count, checked)


@lru_cache(maxsize=256)
def _table(distribution: Distribution, count: float) -> Inverter:
    return inverter(_sum(distribution, count, True))


@dataclass(frozen=True)
class Total(Wrapper):
    """The sum of a number of independent draws of a distribution; 0 where the number is 0.

    Distribution function: the `count`-fold convolution of the distribution's own, which is of a known family.

    The number may differ by trial; trials with the same small number share a quantile table, and its error.

    Parameters
    ----------
    distribution : Distribution
        Of each draw; one that `has_sum`.
    count : float
        Whole number, at least 0.

    Raises
    ------
    TypeError
        If sums of such draws are of no known family.
    """

    distribution: Distribution
    count: float

    name: ClassVar[str] = "total"
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("count", lambda d: d.count == np.floor(d.count), "must be a whole number"),
        Rule("count", lambda d: d.count >= 0, "must be at least 0"),
    )

    def __post_init__(self, checked: bool) -> None:
        if not has_sum(self.distribution):
            raise TypeError(f"the sum of several draws of {self.distribution.name} is of no known family")
        super().__post_init__(checked)

    @property
    def _some(self) -> BoolArray:
        return np.asarray(self.count) > 0

    @property
    def _whole(self) -> Distribution:
        with np.errstate(all="ignore"):
            return _sum(self.distribution, np.where(self._some, self.count, 1.0), False)

    def _support(self) -> tuple[Any, Any]:
        low, high = self._whole.support
        return np.where(self._some, low, 0.0)[()], np.where(self._some, high, 0.0)[()]

    def _moments(self) -> tuple[float, float]:
        return self.count * self.distribution.mean, math.sqrt(self.count) * self.distribution.sd

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        v, up, count = np.broadcast_arrays(v, up, np.asarray(self.count))
        if self.distribution.allowed is not True:
            return np.where(count > 0, self._whole.quantile(v, up), 0.0)
        x, u = np.zeros(v.shape), np.where(up, 1.0 - v, v)
        for n in np.unique(count[(count > 0) & (count <= MOST_TABLES)]):
            x[count == n] = _table(self.distribution, float(n))(u[count == n])
        many = count > MOST_TABLES
        if np.any(many):
            x[many] = _sum(self.distribution, count[many], False).quantile(v[many], up[many])
        return x

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.where(self._some, self._whole.cdf(x), 1.0)

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.where(self._some, self._whole.sf(x), 0.0)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.where(self._some, self._whole.pdf(x), 1.0)


def families_with_sums() -> tuple[str, ...]:
    """Return the names of the families whose sums are known, in alphabetical order."""
    return tuple(sorted(family.name for family in _SUMS if family.roles))
