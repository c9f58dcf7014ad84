"""Sums of several draws against the families that they are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from payback.distributions import (
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
from payback.distributions.compound.known_sums import Total, families_with_sums, has_sum

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


@pytest.mark.parametrize(("draw", "several"), KNOWN, ids=lambda d: getattr(d, "name", ""))
def test_the_sum_of_seven_draws(draw: Distribution, several: stats.rv_frozen) -> None:
    """A single law, so its quantiles come from a table: 1e-9 of the smaller tail."""
    assert has_sum(draw)
    quantiles = Total(draw, 7.0).ppf(U)
    if isinstance(draw, Shifted):
        quantiles, expected = np.sort(quantiles / -3.0), several.ppf(np.sort(1.0 - U))
    else:
        expected = several.ppf(U)
    np.testing.assert_allclose(quantiles, expected, rtol=1e-7)


@pytest.mark.parametrize(("draw", "several"), KNOWN[:-1], ids=lambda d: getattr(d, "name", ""))
def test_what_goes_with_a_sum(draw: Distribution, several: stats.rv_frozen) -> None:
    x = several.ppf(U)
    total = Total(draw, 7.0)
    np.testing.assert_allclose(total.cdf(x), several.cdf(x), rtol=1e-9)
    np.testing.assert_allclose(total.sf(x), several.sf(x), rtol=1e-6, atol=1e-16)
    density = several.pmf(x) if draw.discrete else several.pdf(x)
    np.testing.assert_allclose(total.pdf(x), density, rtol=1e-9)
    assert (total.mean, total.sd) == pytest.approx((several.mean(), several.std()), rel=1e-6, abs=1e-6)


def test_each_trial_has_its_own_number_of_draws() -> None:
    counts = np.array([0.0, 1.0, 2.0, 31.0, 2.0])
    quantiles = Total(Gamma(2.0, 3.0), counts, checked=False).ppf(np.array([0.9, 0.9, 0.9, 0.3, 0.2]))
    expected = stats.gamma(2.0 * counts[1:], scale=3.0).ppf([0.9, 0.9, 0.3, 0.2])
    np.testing.assert_allclose(quantiles, [0.0, *expected], rtol=1e-8)


def test_many_draws_and_laws_that_differ_by_trial_are_exact() -> None:
    counts = np.array([0.0, 1.0, 4_000.0])
    expected = stats.norm(3.0 * counts[1:], 2.0 * np.sqrt(counts[1:])).ppf(0.9)
    np.testing.assert_allclose(Total(Normal(3.0, 2.0), counts, checked=False).ppf(np.full(3, 0.9))[1:], expected)
    law = Exponential(np.array([2.0, 5.0, -1.0]), checked=False)
    quantiles = Total(law, np.array([3.0, 0.0, 1.0]), checked=False).ppf(np.full(3, 0.9))
    np.testing.assert_allclose(quantiles, [stats.gamma(3.0, scale=2.0).ppf(0.9), 0.0, np.nan], rtol=1e-12)


def test_a_trial_has_the_same_bits_whatever_trials_stand_beside_it() -> None:
    counts, u = np.array([3.0, 40.0, 0.0, 3.0, 33.0]), np.array([0.1, 0.7, 0.3, 0.9, 0.2])
    together = Total(Gamma(2.0, 3.0), counts, checked=False).ppf(u)
    alone = [Total(Gamma(2.0, 3.0), counts[k : k + 1], checked=False).ppf(u[k : k + 1])[0] for k in range(5)]
    assert together.tolist() == alone


@pytest.mark.parametrize("count", [1.5, -1.0, float("nan")])
def test_numbers_that_are_not_whole_give_no_value(count: float) -> None:
    with pytest.raises(ValueError, match=r"Total\(count=\.\.\.\)"):
        Total(Normal(0.0, 1.0), count)
    assert np.isnan(Total(Normal(0.0, 1.0), np.array([count]), checked=False).ppf(np.array([0.5]))).all()


def test_other_sums_are_not_known() -> None:
    assert not has_sum(Lognormal(1.0, 1.0))
    assert not has_sum(Scaled(Uniform(0.0, 1.0), 2.0))
    assert "normal" in families_with_sums()
    with pytest.raises(TypeError, match="lognormal is"):
        Total(Lognormal(1.0, 1.0), 3.0)
