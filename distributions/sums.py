"""The sum of a number of independent draws of one distribution, where it is a known family.

References
----------
.. [1] Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions, Volume 1, 2nd ed.,
   Wiley, chapters 13 (normal), 15 (inverse Gaussian) and 17 (gamma).
.. [2] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., Wiley,
   doi:10.1002/0471715816, chapters 3 (binomial), 4 (Poisson) and 5 (negative binomial).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from distributions.affine import Scaled, Shifted
from distributions.base import Distribution
from distributions.certain import Certain
from distributions.counts import Bernoulli, Binomial, Poisson
from distributions.inverse_gaussian import InverseGaussian
from distributions.positive import Exponential, Gamma
from distributions.real import Normal
from distributions.waiting import Geometric, NegativeBinomial

_SUMS: Mapping[type[Distribution], Callable[[Any, Any], Distribution]] = {
    Bernoulli: lambda d, n: Binomial(n, d.p, checked=False),
    Binomial: lambda d, n: Binomial(n * d.trials, d.p, checked=False),
    Certain: lambda d, n: Certain(n * d.value, checked=False),
    Exponential: lambda d, n: Gamma(n, d.mean, checked=False),
    Gamma: lambda d, n: Gamma(n * d.shape, d.scale, checked=False),
    Geometric: lambda d, n: Shifted(NegativeBinomial(n, d.p, checked=False), n, checked=False),
    InverseGaussian: lambda d, n: InverseGaussian(n * d.mean, n * n * d.shape, checked=False),
    NegativeBinomial: lambda d, n: NegativeBinomial(n * d.n, d.p, checked=False),
    Normal: lambda d, n: Normal(n * d.mean, np.sqrt(n) * d.sd, checked=False),
    Poisson: lambda d, n: Poisson(n * d.mean, checked=False),
    Scaled: lambda d, n: Scaled(sum_of(d.distribution, n), d.factor, checked=False),
    Shifted: lambda d, n: Shifted(sum_of(d.distribution, n), n * d.by, checked=False),
}


def has_sum(distribution: Distribution) -> bool:
    """Return whether `sum_of` knows sums of draws of `distribution`."""
    inner = getattr(distribution, "distribution", None)
    return type(distribution) in _SUMS and (inner is None or has_sum(inner))


def sum_of(distribution: Distribution, count: ArrayLike) -> Distribution:
    """Return the distribution of the sum of `count` independent draws of `distribution`.

    Parameters
    ----------
    distribution : Distribution
        One that `has_sum`; its parameters may vary by trial.
    count : array_like of shape (trials,)
        Whole numbers from 1. A trial without a draw gives 0 or NaN, as the family has it.

    Raises
    ------
    TypeError
        If sums of such draws are of no known family.
    """
    if type(distribution) not in _SUMS:
        raise TypeError(f"the sum of several draws of {distribution.name} is of no known family")
    with np.errstate(all="ignore"):
        return _SUMS[type(distribution)](distribution, np.asarray(count, dtype=np.float64))


def families_with_sums() -> tuple[str, ...]:
    """Return the names of the families that `sum_of` knows, in the order of the alphabet."""
    return tuple(sorted(family.name for family in _SUMS if family.roles))
