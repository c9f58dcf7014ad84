"""Fitting: against closed forms, scipy's optimiser and slow twins."""

from __future__ import annotations

import itertools
import math
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from payback.distributions import (
    Beta,
    Distribution,
    Exponential,
    Gamma,
    Gumbel,
    Laplace,
    Logistic,
    LogLogistic,
    Lognormal,
    NegativeBinomial,
    Normal,
    Pert,
    Poisson,
    SkewNormal,
    StudentT,
    Triangular,
    Weibull,
)
from payback.distributions.core.array_types import FloatArray
from payback.distributions.fitting.estimators import FITTERS
from payback.distributions.fitting.fit import Ranking, criterion, fit, rank, weights
from payback.distributions.fitting.goodness_of_fit import distance, goodness
from payback.distributions.fitting.maximum_likelihood import log_likelihood
from payback.distributions.fitting.observations import Observations
from payback.simulator.cube.streams import uniforms
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))


def drawn(d: Distribution, n: int, seed: int = 1) -> FloatArray:
    return np.asarray(d.ppf(uniforms(seed, f"data {d.name}", 0, n)))


AGAINST_SCIPY = [
    (Beta(2.0, 5.0), stats.beta, {"floc": 0.0, "fscale": 1.0}),
    (Gamma(3.0, 20.0), stats.gamma, {"floc": 0.0}),
    (Gumbel(10.0, 3.0), stats.gumbel_r, {}),
    (Laplace(-5.0, 2.0), stats.laplace, {}),
    (Logistic(3.0, 2.0), stats.logistic, {}),
    (LogLogistic(10.0, 3.0), stats.fisk, {"floc": 0.0}),
    (Lognormal(1e5, 0.8), stats.lognorm, {"floc": 0.0}),
    (Normal(100.0, 15.0), stats.norm, {}),
    (SkewNormal(4.0, 0.0, 2.0), stats.skewnorm, {}),
    (StudentT(4.0, 10.0, 2.0), stats.t, {}),
    (Weibull(2.5, 40.0), stats.weibull_min, {"floc": 0.0}),
]


@pytest.mark.parametrize(("d", "oracle", "fixed"), AGAINST_SCIPY, ids=[d.name for d, _, _ in AGAINST_SCIPY])
def test_no_parameters_of_scipy_are_more_likely(
    d: Distribution, oracle: stats.rv_continuous, fixed: dict[str, float]
) -> None:
    data = Observations(drawn(d, 400))
    fitted = fit(d.name, data)
    theirs = oracle(*oracle.fit(data.values, **fixed))
    assert fitted.log_likelihood >= float(np.sum(theirs.logpdf(data.values))) - 1e-3
    assert fitted.log_likelihood == pytest.approx(float(np.sum(np.log(fitted.distribution.pdf(data.values)))))
    assert fitted.log_likelihood >= log_likelihood(d, data).total


@pytest.mark.parametrize(
    "d", [Pert(1.0, 2.0, 9.0), Triangular(1.0, 2.0, 6.0), NegativeBinomial(3.0, 0.4)], ids=lambda d: d.name
)
def test_the_truth_is_not_more_likely_than_the_fit(d: Distribution) -> None:
    data = Observations(drawn(d, 600))
    assert fit(d.name, data).log_likelihood >= log_likelihood(d, data).total


def test_no_family_of_positive_numbers_gets_a_location() -> None:
    ranking = rank(Observations(drawn(Lognormal(100.0, 0.7), 300)))
    supports = {candidate.family: candidate.distribution.support for candidate in ranking.fitted}
    for family in ("lognormal", "gamma", "weibull", "exponential", "loglogistic", "inverse_gaussian", "half_normal"):
        assert supports[family] == (0.0, math.inf)


def test_the_binomial_finds_the_number_of_trials_of_largest_likelihood() -> None:
    data = Observations(stats.binom(30, 0.6).ppf(uniforms(3, "x", 0, 500)))
    fitted = fit("binomial", data)
    trials = np.arange(data.values[-1], 400.0)
    every = [float(np.sum(stats.binom(n, data.mean / n).logpmf(data.values))) for n in trials]
    assert dict(fitted.parameters)["trials"] == trials[int(np.argmax(every))]


def test_the_criterion_is_that_of_hurvich_and_tsai() -> None:
    # k = 3, n = 20: -2 L + 2 k n / (n - k - 1)
    assert criterion(-50.0, 3, 20) == pytest.approx(100.0 + 2 * 3 * 20 / 16)


def test_weights_sum_to_one_and_halve_each_1_39() -> None:
    data = Observations(drawn(Normal(0.0, 1.0), 50))
    ranking = rank(data, ["normal", "logistic"])
    share = weights(ranking)
    assert sum(share) == pytest.approx(1.0)
    assert share[0] / share[1] == pytest.approx(math.exp(0.5 * (ranking.fitted[1].aicc - ranking.fitted[0].aicc)))


def left_out(ranking: Ranking) -> dict[str, str]:
    return dict(ranking.left_out)


def test_families_that_do_not_apply_are_left_out_with_the_reason() -> None:
    values = drawn(Normal(3.0, 1.0), 100)
    values[:2] = 0.0, -1.0
    reasons = left_out(rank(Observations(values)))
    assert not differs(reasons["lognormal"], "lognormal of values below 0")
    assert not differs(reasons["poisson"], "poisson of values that are not whole")
    assert not differs(reasons["beta"], "beta without bounds")
    counts = left_out(rank(Observations(drawn(Poisson(3.0), 100))))
    assert not differs(counts["normal"], "normal of counts")
    assert not differs(counts["bernoulli"], "bernoulli of counts")
    tied = left_out(rank(Observations(np.append(np.full(50, 5.0), drawn(Normal(3.0, 1.0), 100)))))
    assert not differs(tied["normal"], "normal of tied values")
    ends = left_out(rank(Observations(np.linspace(0.0, 1.0, 50), bounds=(0.0, 1.0))))
    assert not differs(ends["beta"], "beta of values on the bounds")
    wide = left_out(rank(Observations(drawn(Lognormal(1.0, 8.0), 2_000)), ["exponential", "lognormal"]))
    assert list(wide) == ["exponential"]
    assert not differs(wide["exponential"], "exponential of a wide lognormal")


def test_wide_whole_numbers_are_compared_with_families_of_both_kinds() -> None:
    data = Observations(drawn(Poisson(900.0), 300))
    assert data.kind == "amounts"
    names = [candidate.family for candidate in rank(data).fitted]
    assert {"poisson", "normal", "gamma"} <= set(names)
    assert Observations(data.values, kind="counts").kind == "counts"


def test_bounds_let_a_beta_distribution_be_fitted() -> None:
    data = Observations(drawn(Beta(2.0, 3.0, 10.0, 50.0), 500), bounds=(10.0, 50.0))
    fitted = fit("beta", data)
    assert dict(fitted.parameters)["low"] == 10.0
    # Standard errors from the Fisher information at n = 500: 0.12 and 0.18.
    assert dict(fitted.parameters)["alpha"] == pytest.approx(2.0, abs=4 * 0.12)
    assert dict(fitted.parameters)["beta"] == pytest.approx(3.0, abs=4 * 0.18)


WRONG = [
    ({"values": [1.0] * 7}, "at least 8 values are needed, got 7"),
    ({"values": [1.0] * 9}, "all values are 1: a certain value"),
    ({"values": [*range(8), math.nan]}, "must be finite"),
    ({"values": [*range(8), 1e200]}, "values from 0 to 1e+200 need another unit"),
    ({"values": [k * 1e-200 for k in range(9)]}, "values from 0 to 8e-200 need another unit: at most 1e+100, 1e-100"),
    ({"values": range(9), "bounds": (0.0, 7.0)}, "the bounds [0, 7] must hold all values, 0 to 8"),
    (
        {"values": range(9), "censored": [k > 4 for k in range(9)]},
        "needed that are not censored, got 5",
    ),
    ({"values": [k + 0.5 for k in range(9)], "kind": "counts"}, "counts must be whole numbers from 0"),
]


@pytest.mark.parametrize(("given", "says"), WRONG, ids=[says for _, says in WRONG])
def test_data_that_say_nothing_are_refused(given: dict[str, object], says: str) -> None:
    arrays = {name: np.array(list(x)) if name in ("values", "censored") else x for name, x in given.items()}
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the message is checked
        Observations(**arrays)
    assert says in str(refusal.value)


def test_censored_exponential_data_give_the_closed_form() -> None:
    values = drawn(Exponential(10.0), 200)
    censored = values > 12.0
    data = Observations(np.minimum(values, 12.0), censored)
    assert fit("exponential", data).distribution.mean == pytest.approx(
        float(np.sum(data.values)) / int(np.sum(~censored)), rel=1e-4
    )
    assert "some values are censored" in left_out(rank(data)).values()


@pytest.mark.parametrize("d", [Lognormal(20.0, 0.9), Weibull(1.5, 30.0), Gamma(2.0, 12.0)], ids=lambda d: d.name)
def test_censored_data_give_the_fit_of_scipy(d: Distribution) -> None:
    values, until = drawn(d, 300), drawn(Exponential(60.0), 300)
    data = Observations(np.minimum(values, until), values > until)
    fitted = fit(d.name, data)
    oracle = {"lognormal": stats.lognorm, "weibull": stats.weibull_min, "gamma": stats.gamma}[d.name]
    theirs = oracle(*oracle.fit(stats.CensoredData.right_censored(data.values, data.censored), floc=0.0))
    likelihood = float(np.sum(theirs.logpdf(data.exact)) + np.sum(theirs.logsf(data.at_least)))
    assert fitted.log_likelihood >= likelihood - 1e-3
    with pytest.raises(ValueError, match="censored at one value"):
        goodness(fitted, data, partial(uniforms, 1, "g"))


def test_the_distance_is_that_of_anderson_and_darling() -> None:
    data = Observations(drawn(Normal(0.0, 1.0), 50))
    d, n = Normal(0.1, 0.9), 50
    i = np.arange(1, n + 1)
    classic = -n - np.sum((2 * i - 1) * (np.log(d.cdf(data.values)) + np.log(d.sf(data.values[::-1])))) / n
    assert distance(d, data) == pytest.approx(float(classic), rel=1e-10)


def test_the_distance_of_censored_data_ends_at_the_cap() -> None:
    values, cap = drawn(Normal(0.0, 1.0), 40), 0.7
    data = Observations(np.minimum(values, cap), values > cap)
    d = Normal(0.1, 0.9)

    def integrand(u: float) -> float:
        share = np.searchsorted(data.exact, d.ppf(u), side="right") / data.size
        return float((share - u) ** 2 / (u * (1.0 - u)))

    knots = [0.0, *d.cdf(data.exact), float(d.cdf(cap))]
    parts = [integrate.quad(integrand, a, b, epsabs=1e-13)[0] for a, b in itertools.pairwise(knots)]
    assert distance(d, data) == pytest.approx(40 * sum(parts), rel=1e-8)


def test_the_distance_of_counts_is_a_sum() -> None:
    data = Observations(drawn(Poisson(3.0), 60))
    d, oracle = Poisson(2.5), stats.poisson(2.5)
    total = 0.0
    for k in range(60):
        share = float(np.mean(data.values <= k))
        below, above = float(oracle.cdf(k)), float(oracle.sf(k))
        total += (share - below) ** 2 * float(oracle.pmf(k)) / (below * above) if above > 0 else 0.0
    assert distance(d, data) == pytest.approx(60 * total, rel=1e-6)


def test_true_families_are_rejected_as_often_as_stated() -> None:
    # 80 data sets: p <= 0.25 in 20 of them, standard error 3.9; four of these below.
    p = []
    for seed in range(80):
        data = Observations(drawn(Exponential(5.0), 50, seed))
        p.append(goodness(fit("exponential", data), data, partial(uniforms, seed, "fit exponential")).p)
    assert abs(sum(share <= 0.25 for share in p) - 20) <= 15
    assert abs(float(np.mean(p)) - 0.5) <= 4 * 0.29 / math.sqrt(80)


@pytest.mark.parametrize("family", ["normal", "gamma"])
def test_a_wrong_family_is_rejected(family: str) -> None:
    data = Observations(drawn(Lognormal(10.0, 1.0), 300))
    fitted = goodness(fit(family, data), data, partial(uniforms, 1, "g"), repeats=49)
    assert fitted.p <= 0.05
    assert fitted.repeats == 49


def test_a_test_of_fit_is_repeatable_and_stops_early() -> None:
    data = Observations(drawn(Normal(0.0, 1.0), 60))
    first, again = (goodness(fit("normal", data), data, partial(uniforms, 7, "g")) for _ in range(2))
    assert first == again
    assert first.repeats < 99
    assert first.p == pytest.approx(10 / first.repeats)


def test_a_capped_sample_is_tested_against_capped_draws() -> None:
    values = drawn(Lognormal(10.0, 1.0), 300)
    data = Observations(np.minimum(values, 20.0), values > 20.0)
    assert goodness(fit("lognormal", data), data, partial(uniforms, 1, "g")).p > 0.05
    assert goodness(fit("normal", data), data, partial(uniforms, 1, "g"), repeats=49).p <= 0.05


@pytest.mark.parametrize("family", FITTERS)
def test_every_row_names_a_family_of_the_language_and_its_parameters(family: str) -> None:
    from payback.distributions import FAMILIES

    row = FITTERS[family]
    assert family == f"{'zero-inflated ' if row.inflated else ''}{row.family.name}"
    assert 1 <= row.chosen <= len(FAMILIES[row.family.name].forms[0].parameters) + row.inflated


def test_zero_heavy_counts_are_those_of_lambert() -> None:
    values = drawn(Poisson(3.0), 800)
    values[uniforms(1, "zero", 0, 800) < 0.4] = 0.0
    data = Observations(values)
    ranking = rank(data)
    best = ranking.fitted[0]
    assert best.family == "zero-inflated poisson"
    # Standard errors at n = 800: .018 of the share, .08 of the mean.
    assert best.zeros == pytest.approx(0.4, abs=4 * 0.018)
    assert best.distribution.mean == pytest.approx(data.mean, rel=1e-3)
    assert dict(best.parameters)["mean"] == pytest.approx(3.0, abs=4 * 0.08)
    assert goodness(best, data, partial(uniforms, 1, "g")).p > 0.05
    reasons = left_out(rank(Observations(drawn(Poisson(3.0), 100) + 1.0)))
    assert not differs(reasons["zero-inflated poisson"], "zero-inflated poisson without zeros")


def test_more_values_than_a_test_can_judge_are_not_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payback.distributions.fitting.goodness_of_fit.MOST", 50)
    data = Observations(drawn(Normal(0.0, 1.0), 60))
    with pytest.raises(ValueError, match="50") as refused:
        goodness(fit("normal", data), data, partial(uniforms, 1, "g"))
    assert not differs(str(refused.value), "more values than can be judged")
