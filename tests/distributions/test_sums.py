"""Sums of several draws against the sum of their quantile functions' moments, and by convolution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from distributions import (
    Bernoulli,
    Binomial,
    Certain,
    Distribution,
    Exponential,
    Gamma,
    Geometric,
    InverseGaussian,
    Lognormal,
    NegativeBinomial,
    Normal,
    Poisson,
    Scaled,
    Shifted,
    Uniform,
)
from distributions.sums import families_with_sums, has_sum, sum_of

U = np.array([1e-9, 0.05, 0.5, 0.77, 1.0 - 1e-9])
KNOWN = [
    (Bernoulli(0.3), stats.binom(7, 0.3)),
    (Binomial(4, 0.3), stats.binom(28, 0.3)),
    (Certain(2.5), stats.rv_discrete(values=([17.5], [1.0]))),
    (Exponential(2.0), stats.gamma(7, scale=2.0)),
    (Gamma(0.5, 2.0), stats.gamma(3.5, scale=2.0)),
    (Geometric(0.2), stats.nbinom(7, 0.2, loc=7)),
    (InverseGaussian(3.0, 2.0), stats.invgauss(21.0 / 98.0, scale=98.0)),
    (NegativeBinomial(2.5, 0.3), stats.nbinom(17.5, 0.3)),
    (Normal(-1.0, 2.0), stats.norm(-7.0, 2.0 * np.sqrt(7.0))),
    (Poisson(1.5), stats.poisson(10.5)),
    (Shifted(Scaled(Gamma(0.5, 2.0), -3.0), 1.0), stats.gamma(3.5, loc=-7.0 / 3.0, scale=2.0)),
]


@pytest.mark.parametrize(("one", "several"), KNOWN, ids=lambda d: getattr(d, "name", ""))
def test_the_sum_of_seven_draws(one: Distribution, several: stats.rv_frozen) -> None:
    assert has_sum(one)
    expected = -3.0 * several.isf(U) if isinstance(one, Shifted) else several.ppf(U)
    np.testing.assert_allclose(sum_of(one, np.full(U.size, 7)).ppf(U), expected, rtol=1e-10)


def test_each_trial_has_its_own_number_of_draws() -> None:
    counts = np.array([1.0, 2.0, 40.0])
    expected = stats.norm(3.0 * counts, 2.0 * np.sqrt(counts)).ppf(0.9)
    np.testing.assert_allclose(sum_of(Normal(3.0, 2.0), counts).ppf(np.full(3, 0.9)), expected, rtol=1e-12)


def test_other_sums_are_not_known() -> None:
    assert not has_sum(Lognormal(1.0, 1.0))
    assert not has_sum(Scaled(Uniform(0.0, 1.0), 2.0))
    assert "normal" in families_with_sums()
    with pytest.raises(TypeError, match="lognormal is of no known family"):
        sum_of(Lognormal(1.0, 1.0), np.ones(3))
