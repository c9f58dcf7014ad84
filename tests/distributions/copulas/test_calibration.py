"""Targets: closed forms, published values, and what trials achieve, for continuous and discrete inputs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from payback.distributions import (
    Bernoulli,
    Beta,
    Binomial,
    Distribution,
    Lognormal,
    Normal,
    Pert,
    Poisson,
    Truncated,
    Uniform,
)
from payback.distributions.copulas.calibration import KINDS, achieved, parameter_for
from payback.distributions.copulas.elliptical import Copula, GaussianCopula, TCopula
from tests.coupled import independent, pair

WIDE = Lognormal(1.0, 1.0)
COIN = Bernoulli(0.3)
FEW = Poisson(2.0)
PERT = Pert(0.0, 1.0, 5.0)


def pearson_range(first: Distribution, second: Distribution) -> tuple[float, float]:
    """The Pearson correlations of two inputs that fall and rise together: functions of one coordinate."""
    low, high = (achieved("pearson", end, first, second).value for end in (-1.0, 1.0))
    return low, high


def copula(parameter: float, degrees: float | None) -> Copula:
    return GaussianCopula(pair(parameter)) if degrees is None else TCopula(pair(parameter), degrees)


@pytest.mark.parametrize(
    ("spearman", "parameter"),
    [
        (0.3, 0.312868930080),
        (0.5, 0.517638090205),
        (0.7, 0.716735899091),
        (0.9, 0.907980999479),
        (-0.4, -0.415823381636),
    ],
)
def test_spearman_targets(spearman: float, parameter: float) -> None:
    assert parameter_for("spearman", spearman) == pytest.approx(parameter, abs=1e-12)
    assert achieved("spearman", parameter).value == pytest.approx(spearman, abs=1e-12)


@pytest.mark.parametrize("degrees", [None, 1.0, 4.0])
@pytest.mark.parametrize(("kendall", "parameter"), [(0.3, 0.453990499740), (0.5, 0.707106781187)])
def test_kendall_targets(kendall: float, parameter: float, degrees: float | None) -> None:
    assert parameter_for("kendall", kendall, degrees=degrees) == pytest.approx(parameter, abs=1e-12)
    assert achieved("kendall", parameter, degrees=degrees).value == pytest.approx(kendall, abs=1e-12)


@given(st.floats(-1, 1), st.sampled_from(["spearman", "kendall", "parameter"]))
def test_closed_forms_round_trip(value: float, kind: str) -> None:
    # Kendall's asin loses half the digits at the ends
    assert achieved(kind, parameter_for(kind, value)).value == pytest.approx(value, abs=1e-7)
    assert achieved(kind, value).method == "exact"


@pytest.mark.parametrize("degrees", [1.0, 2.5, 4.0, 50.0])
def test_spearman_of_a_t_copula(degrees: float) -> None:
    # Heinen and Valdesogo (2020): (6 / pi) E asin(rho / sqrt((1 + W1 / W2) (1 + W1 / W3))), W chi-square
    trials, rho = 2**17, 0.6
    w = stats.chi2(degrees).ppf(independent(trials, 3))
    terms = 6 / np.pi * np.arcsin(rho / np.sqrt((1 + w[:, 0] / w[:, 1]) * (1 + w[:, 0] / w[:, 2])))
    result = achieved("spearman", rho, degrees=degrees)
    assert result.method == "quadrature"
    assert result.value == pytest.approx(terms.mean(), abs=4 * terms.std() / np.sqrt(trials))
    assert parameter_for("spearman", result.value, degrees=degrees) == pytest.approx(rho, abs=1e-9)


def test_spearman_of_a_t_copula_nears_that_of_a_gaussian_one() -> None:
    assert achieved("spearman", 0.6, degrees=1e7).value == pytest.approx(achieved("spearman", 0.6).value, abs=1e-7)
    assert parameter_for("spearman", 1.0, degrees=4) == 1.0
    assert parameter_for("spearman", 0.0, degrees=4) == pytest.approx(0.0, abs=1e-10)


def test_pearson_of_two_lognormals() -> None:
    # with sigma 1: the ratio of exp(rho) - 1 to e - 1
    assert achieved("pearson", 0.5, WIDE, WIDE).value == pytest.approx(0.377540668798, abs=1e-10)
    assert parameter_for("pearson", 0.377540668798, WIDE, WIDE) == pytest.approx(0.5, abs=1e-9)
    assert pearson_range(WIDE, WIDE) == pytest.approx((-0.367879441171, 1.0), abs=1e-10)
    with pytest.raises(ValueError, match=r"-0\.6: it lies between -0\.368 and 1$"):
        parameter_for("pearson", -0.6, WIDE, WIDE)


@pytest.mark.parametrize("sigma", [0.5, 1.5, 2.5])
def test_pearson_of_heavy_tails(sigma: float) -> None:
    heavy, rho = Lognormal(1.0, sigma), 0.7
    expected = np.expm1(rho * sigma**2) / np.expm1(sigma**2)
    assert achieved("pearson", rho, heavy, heavy).value == pytest.approx(expected, rel=1e-8)


def test_pearson_of_normals_and_of_uniforms_is_known() -> None:
    assert achieved("pearson", 0.35, Normal(1.0, 2.0), Normal(0.0, 5.0)).value == pytest.approx(0.35, abs=1e-10)
    # a normal copula of uniforms: 6 asin(rho / 2) / pi
    expected = achieved("spearman", 0.35).value
    assert achieved("pearson", 0.35, Uniform(0.0, 2.0), Uniform(1.0, 5.0)).value == pytest.approx(expected, abs=1e-9)


def test_a_phi_coefficient() -> None:
    # two coins: Pearson is (P(1, 1) - p q) / sqrt(p (1 - p) q (1 - q))
    p, q, rho = 0.3, 0.6, 0.5
    both = stats.multivariate_normal(cov=[[1, rho], [rho, 1]]).cdf(stats.norm.ppf([p, q]))
    expected = (both - p * q) / np.sqrt(p * (1 - p) * q * (1 - q))
    for kind in ("pearson", "spearman", "kendall"):
        result = achieved(kind, rho, Bernoulli(p), Bernoulli(q))
        assert result.value == pytest.approx(expected, abs=1e-8)
        assert result.method == "quadrature"


PAIRS = [
    (COIN, FEW),
    (COIN, WIDE),
    (FEW, PERT),
    (FEW, FEW),
    (Binomial(5, 0.4), COIN),
    (PERT, Beta(0.5, 0.7)),
    (Truncated(Normal(0.0, 1.0), 0.5, 1.0), Uniform(0.0, 1.0)),
]


@pytest.mark.parametrize("degrees", [None, 4.0])
@pytest.mark.parametrize(("first", "second"), PAIRS, ids=lambda d: d.name)
def test_what_trials_achieve(first: Distribution, second: Distribution, degrees: float | None) -> None:
    trials, rho = 2**16, 0.6
    u = copula(rho, degrees).couple(independent(trials, 2))
    x, y = first.ppf(u[:, 0]), second.ppf(u[:, 1])
    for kind, statistic in (
        ("spearman", stats.spearmanr(x, y).statistic),
        ("kendall", stats.kendalltau(x, y).statistic),
        ("pearson", np.corrcoef(x, y)[0, 1]),
    ):
        # heavy tails apart, the standard error of a correlation is below 1.5 / sqrt(n); the lognormal's is about 2
        assert achieved(kind, rho, first, second, degrees).value == pytest.approx(statistic, abs=8 / np.sqrt(trials))


@pytest.mark.parametrize("degrees", [None, 4.0])
@pytest.mark.parametrize(("first", "second"), PAIRS, ids=lambda d: d.name)
def test_pearson_targets_are_met(first: Distribution, second: Distribution, degrees: float | None) -> None:
    low, high = pearson_range(first, second)
    assert -1 <= low < 0 < high <= 1 + 1e-9
    for target in (0.8 * low, 0.9 * high):
        rho = parameter_for("pearson", target, first, second, degrees)
        assert achieved("pearson", rho, first, second, degrees).value == pytest.approx(target, abs=1e-9)
    for target in (end for end in (1.01 * low, 1.01 * high) if abs(end) <= 1):
        with pytest.raises(ValueError, match="it lies between"):
            parameter_for("pearson", target, first, second, degrees)


def test_the_ends_of_the_range_are_those_of_one_coordinate() -> None:
    u = (np.arange(20_000) + 0.5) / 20_000
    for first, second in [(COIN, FEW), (COIN, PERT), (PERT, Beta(0.5, 0.7))]:
        x = first.ppf(u)
        expected = [float(np.corrcoef(x, second.ppf(v))[0, 1]) for v in (1 - u, u)]
        assert pearson_range(first, second) == pytest.approx(expected, abs=2e-4)


def test_skewed_inputs_of_a_t_copula_are_correlated_at_parameter_zero() -> None:
    assert achieved("pearson", 0.0, WIDE, WIDE).value == pytest.approx(0.0, abs=1e-10)
    assert achieved("pearson", 0.0, WIDE, WIDE, 4.0).value > 0.02
    assert achieved("spearman", 0.0, WIDE, WIDE, 4.0).value == pytest.approx(0.0, abs=1e-10)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [1.0001, -2.0, float("nan")])
def test_out_of_range(kind: str, value: float) -> None:
    with pytest.raises(ValueError, match=r"\[-1, 1\]"):
        parameter_for(kind, value, WIDE, WIDE)
    with pytest.raises(ValueError, match=r"\[-1, 1\]"):
        achieved(kind, value, WIDE, WIDE)


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="got 'rank'"):
        parameter_for("rank", 0.5)
    with pytest.raises(ValueError, match="one of spearman"):
        achieved("rank", 0.5)
    with pytest.raises(ValueError, match="vary by trial"):
        parameter_for("pearson", 0.5, WIDE, None)
    with pytest.raises(ValueError, match="degrees of freedom"):
        parameter_for("spearman", 0.5, degrees=0.5)
