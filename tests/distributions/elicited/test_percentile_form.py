"""Families by percentiles and modes: what was stated is met exactly, or refused with what would be possible."""

from __future__ import annotations

import re

import numpy as np
import pytest

from payback.distributions import (
    Distribution,
    LogLogistic,
    Lognormal,
    Normal,
    Pert,
    Quantiles,
    Shifted,
    Triangular,
    Weibull,
    interval,
    percentile_form,
    percentile_share,
)

TWO = (
    "normal lognormal logistic laplace gumbel uniform loglogistic weibull loguniform pareto gamma inverse_gaussian"
).split()


def stated(family: str, **values: float) -> Distribution:
    """Return a family by what is stated of it, defaults filled in."""
    form = percentile_form(family, values)
    assert form is not None
    return form.build(*[values.get(p.name, p.default) for p in form.parameters])


def met(d: Distribution, values: dict[str, float]) -> None:
    for name, value in values.items():
        share = percentile_share(name)
        if share is not None:
            assert float(d.ppf(share)) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("values", [{"p10": 2.0, "p90": 8.0}, {"p5": 9.0, "median": 10.0}, {"p25": 1.0, "p99_5": 30.0}])
@pytest.mark.parametrize("family", TWO)
def test_any_two_percentiles_are_met(family: str, values: dict[str, float]) -> None:
    d = stated(family, **values)
    assert d.name == family
    met(d, values)


@pytest.mark.parametrize(
    ("family", "values"),
    [
        ("exponential", {"p90": 7.0}),
        ("half_normal", {"p50": 7.0}),
        ("lomax", {"p10": 0.01, "p90": 8.0}),
        ("gamma", {"p10": 1e-9, "p90": 8.0}),
        ("beta", {"p10": 0.1, "p90": 0.4}),
        ("beta", {"p5": 0.001, "p95": 0.9999}),
        ("beta", {"p10": 2.0, "p90": 4.0, "low": 0.0, "high": 10.0}),
        ("student_t", {"df": 3.0, "p10": 2.0, "p90": 8.0}),
        ("skew_normal", {"shape": 4.0, "p10": 2.0, "p90": 8.0}),
        ("johnson_su", {"gamma": -1.0, "delta": 2.0, "p10": 2.0, "p90": 8.0}),
        ("student_t", {"p50": 0.0, "p75": 1.0, "p95": 3.0}),
        ("skew_normal", {"p10": 2.0, "p50": 4.8, "p90": 8.0}),
        ("triangular", {"p10": 2.0, "p50": 4.8, "p90": 8.0}),
        ("pert", {"p5": 2.0, "p50": 4.8, "p95": 8.0}),
        *(
            (family, {"p10": 2.0, "p50": middle, "p90": 8.0})
            for family in ("lognormal", "loglogistic", "weibull", "gamma")
            for middle in (3.0, 4.8)
        ),
        ("weibull", {"p10": -8.0, "p50": -4.5, "p90": -2.0}),
        ("lognormal", {"p1": -8.0, "p60": 3.5, "p95": 20.0}),
    ],
)
def test_what_is_stated_is_met(family: str, values: dict[str, float]) -> None:
    met(stated(family, **values), values)


@pytest.mark.parametrize("family", ["pert", "triangular"])
@pytest.mark.parametrize(
    ("low", "mode", "high"), [("p10", 3.0, "p90"), ("p5", 2.0, "p95"), ("p1", 7.9, "p75"), ("p25", 1.9, "p90")]
)
def test_a_mode_between_percentiles_is_met(family: str, low: str, mode: float, high: str) -> None:
    values = {low: 2.0, "mode": mode, high: 8.0}
    d = stated(family, **values)
    assert isinstance(d, Pert | Triangular)
    assert d.mode == pytest.approx(mode, rel=1e-12)
    met(d, values)
    x = np.linspace(d.low, d.high, 20_001)
    assert x[np.argmax(d.pdf(x))] == pytest.approx(mode, abs=2 * (x[1] - x[0]))


def test_a_mode_at_a_percentile_has_a_closed_form() -> None:
    # F(mode) = (mode - low) / (high - low) = 0.1, and 0.1 = (high - 8)^2 / ((high - low)(high - mode)).
    d = stated("triangular", p10=2.0, mode=2.0, p90=8.0)
    assert isinstance(d, Triangular)
    assert (d.low, d.mode, d.high) == pytest.approx((1.0, 2.0, 11.0), rel=1e-12)


def test_the_weight_of_a_pert_may_be_stated_too() -> None:
    d = stated("pert", p10=2.0, mode=3.0, p90=8.0, weight=2.0)
    assert isinstance(d, Pert)
    assert d.weight == 2.0
    met(d, {"p10": 2.0, "p90": 8.0})


@pytest.mark.parametrize(
    ("family", "truth", "levels"),
    [
        ("lognormal", Shifted(Lognormal(30.0, 0.7), -4.0), (0.05, 0.5, 0.95)),
        ("weibull", Shifted(Weibull(1.7, 9.0), 3.0), (0.1, 0.4, 0.8)),
        ("loglogistic", Shifted(LogLogistic(9.0, 3.0), 1.0), (0.2, 0.5, 0.99)),
        ("pert", Pert(2.0, 3.0, 11.0), (0.1, 0.5, 0.9)),
    ],
)
def test_percentiles_of_a_known_distribution_give_it_back(
    family: str, truth: Distribution, levels: tuple[float, ...]
) -> None:
    named = {f"p{100 * share:g}": float(truth.ppf(share)) for share in levels}
    shares = np.array([0.001, 0.3, 0.7, 0.999])
    assert stated(family, **named).ppf(shares) == pytest.approx(truth.ppf(shares), rel=1e-9)


@pytest.mark.parametrize(
    ("family", "values", "message"),
    [
        ("pert", {"p10": 2.0, "mode": 1.0, "p90": 8.0}, "`pert(mode=...)` must lie between 1.641 and 8.359 beside"),
        (
            "triangular",
            {"p10": 2.0, "mode": 9.0, "p90": 8.0},
            "must lie between 1.513 and 8.487 beside p10 = 2",
        ),
        ("lognormal", {"p10": 2.0, "p50": 6.0, "p90": 8.0}, "`lognormal(p50=...)` must lie between 2 and 4.99"),
        ("lomax", {"p10": 2.0, "p90": 8.0}, "`lomax(p10=...)` must lie between"),
        ("student_t", {"p10": 2.0, "p50": 5.0, "p90": 8.0}, "say nothing of the shape"),
        ("student_t", {"p1": 0.0, "p5": 0.14, "p99_9": 1.0}, "belong to several members: state other percentiles"),
        ("weibull", {"p10": 2.0, "p50": 9.0, "p90": 8.0}, "`weibull(p50=..., p90=...)` must rise from p50 to p90"),
        ("gamma", {"p10": -2.0, "p90": 8.0}, "`gamma(p10=...)` must be greater than 0, got -2.0"),
        ("beta", {"p10": 0.2, "p90": 1.2}, "needs low < percentiles < high, got 0, 0.2, 1.2 and 1"),
    ],
)
def test_the_impossible_is_refused_with_what_is_possible(family: str, values: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        stated(family, **values)


def test_the_limits_that_a_refusal_names_are_those_of_the_family() -> None:
    # A PERT with its mode at the low end: K = (c - q10) / (q90 - q10) of Pert(0, 0, 1).
    edge = Pert(0.0, 0.0, 1.0)
    low, high = (float(edge.ppf(share)) for share in (0.1, 0.9))
    assert 2.0 - 6.0 * low / (high - low) == pytest.approx(1.641, abs=5e-4)
    assert stated("pert", p10=2.0, mode=1.642, p90=8.0).support[0] == pytest.approx(1.641, abs=2e-3)


@pytest.mark.parametrize("share", [0.5, 0.8, 0.9])
def test_a_range_holds_its_share(share: float) -> None:
    for d in (interval(8.3, 30.0, share), interval(-2.0, 5.0, share)):
        low, high = d.ppf([(1 - share) / 2, (1 + share) / 2])
        assert d.cdf(high) - d.cdf(low) == pytest.approx(share, rel=1e-12)


def test_quantiles_of_normal_and_lognormal_distributions_give_these_back() -> None:
    shares = np.array([0.02, 0.3, 0.5, 0.8, 0.99])
    u = np.array([1e-9, 0.01, 0.2, 0.6, 0.95, 1 - 1e-9])
    truth: Distribution = Normal(5.0, 2.0)
    assert Quantiles(tuple(shares), tuple(truth.ppf(shares))).ppf(u) == pytest.approx(truth.ppf(u), rel=1e-12)
    truth = Lognormal(5.0, 0.7)
    assert Quantiles(tuple(shares), tuple(truth.ppf(shares)), 0.0).ppf(u) == pytest.approx(truth.ppf(u), rel=1e-12)


def test_quantiles_are_met_and_rise_in_between() -> None:
    d = Quantiles((0.05, 0.5, 0.52, 0.95), (10.0, 20.0, 58.0, 60.0), 0.0, 100.0)
    assert d.ppf(d.shares) == pytest.approx(d.values, rel=1e-14)
    assert np.all(np.diff(d.ppf(np.linspace(1e-6, 1 - 1e-6, 10_001))) > 0)
    assert d.support == (0.0, 100.0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Quantiles((0.5,), (1.0,)), "needs at least 2 shares and as many values, got 1 and 1"),
        (lambda: Quantiles((0.5, 0.6), (1.0,)), "as many values, got 2 and 1"),
        (lambda: Quantiles((0.5, 0.4), (1.0, 2.0)), "must rise from one to the next, got 1 at 50 % and 2 at 40 %"),
        (lambda: Quantiles((0.5, 1.0), (1.0, 2.0)), "needs shares between 0 % and 100 %, got 100 %"),
        (lambda: Quantiles((0.1, 0.5), (1.0, 2.0), 1.5), "`Quantiles(low=...)` must be less than the first value, 1"),
        (lambda: Quantiles((0.1, 0.5), (1.0, 2.0), high=2.0), "must be greater than the last value, 2, got 2.0"),
    ],
)
def test_quantiles_that_are_none_are_refused(make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=re.escape(message)):
        make()
