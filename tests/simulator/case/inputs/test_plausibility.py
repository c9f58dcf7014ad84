"""What a distribution implies, and when that is likely not meant. Figures against closed forms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from payback.distributions import (
    Bernoulli,
    Certain,
    Distribution,
    Integers,
    Lognormal,
    Normal,
    Pareto,
    Pert,
    Poisson,
    Scaled,
    Shifted,
    StudentT,
    Truncated,
    Uniform,
    ZeroInflated,
)
from payback.distributions.core.moments import top_share
from payback.simulator.case import load, loads
from payback.simulator.case.inputs.input_facts import InputFacts
from payback.simulator.case.inputs.plausibility import implied, positive

CONFIGS = sorted((Path(__file__).parents[4] / "configs").glob("*.yaml"))


def test_figures_are_those_of_the_distribution() -> None:
    figures = implied(Normal(10.0, 8.0), "gain", "USD")
    assert (figures.mean, figures.sd, figures.p50) == (10.0, 8.0, 10.0)
    assert (figures.p1, figures.p99) == pytest.approx((10 + 8 * ndtri(0.01), 10 - 8 * ndtri(0.01)))
    assert figures.below_zero == pytest.approx(ndtr(-10 / 8), rel=1e-12)


def test_zero_itself_is_not_below_zero() -> None:
    assert implied(ZeroInflated(0.4, Lognormal(1.0, 1.0))).below_zero == 0.0
    assert implied(Bernoulli(0.3)).below_zero == 0.0
    assert implied(Shifted(Poisson(2.0), -1.0)).below_zero == pytest.approx(np.exp(-2.0))


@pytest.mark.parametrize("sigma", [0.5, 1.6, 3.0])
def test_the_share_of_the_largest_is_that_of_a_lognormal(sigma: float) -> None:
    d = Lognormal(100.0, sigma)
    assert top_share(d.quantile, d.mean, 0.01) == pytest.approx(ndtr(sigma + ndtri(0.01)), rel=1e-9)


def test_the_share_of_the_largest_is_that_of_a_pareto() -> None:
    d = Pareto(1.5, 2.0)
    assert top_share(d.quantile, d.mean, 0.01) == pytest.approx(0.01 ** (1 - 1 / 1.5), rel=1e-9)


@pytest.mark.parametrize(
    ("d", "name", "unit", "doubt"),
    [
        (Lognormal(1.0, 1.8), "x", "", "the mean, 5.05, lies above P80, 4.55: a few large values make it"),
        (Lognormal(1.0, 1.9), "x", "", "lies above P80, 4.95: the largest 1 % of the values carry 33 % of it"),
        (ZeroInflated(0.7, Lognormal(1.0, 1.6)), "x", "", "the largest 1 % of the values carry 4"),
        (Pareto(1.1, 3.0), "x", "", "the largest 1 % of the values carry 66 % of it"),
        (Pareto(0.9, 3.0), "x", "", "the mean is not finite: no average of it settles"),
        (StudentT(1.0), "x", "", "the mean is not finite"),
        (Lognormal(1.0, 3.0), "x", "", "P99, 1,070, is 1,070 times the median, 1"),
        (Normal(10.0, 8.0), "x", "hour", "11 % of the values are negative, but a number in hour is not"),
        (Normal(10.0, 8.0), "x", "USD/request", "a price in USD/request is not"),
        (Normal(10.0, 8.0), "x", "USD/hour", "a price in USD/hour is not"),
        (Normal(10.0, 8.0), "x", "request/month", "a number in request/month is not"),
        (Normal(10.0, 8.0), "call_volume", "", "a volume is not"),
        (Normal(10.0, 8.0), "gpu_hours", "", "an hour is not"),
        (Normal(10.0, 8.0), "unit_price", "USD", "a price is not"),
        (Normal(10.0, 3.0), "x", "run", "0.043 % of the values"),
        (Lognormal(1.0, 400.0), "x", "", "its quantiles are beyond the largest number there is"),
        (Uniform(1.0, 4.0), "x", "run", "values such as 2.5 run occur, but a count is whole"),
        (Lognormal(4.0, 0.4), "x", "person", "a count is whole: integers, poisson and rounded"),
        (Scaled(Poisson(3.0), 0.5), "x", "run", "values such as 1.5 run occur"),
        (Shifted(Integers(1, 4), 0.5), "x", "engineer", "values such as"),
    ],
)
def test_what_is_likely_not_meant_is_asked(d: Distribution, name: str, unit: str, doubt: str) -> None:
    assert any(doubt in sentence for sentence in implied(d, name, unit).doubts), implied(d, name, unit).doubts


@pytest.mark.parametrize(
    ("d", "name", "unit"),
    [
        (Lognormal(100_000.0, 1.6), "traffic", "request/month"),
        (Normal(10.0, 8.0), "gain", "USD"),
        (Normal(10.0, 8.0), "saving", "USD/month"),
        (Normal(0.02, 0.03), "growth", "1/month"),
        (Normal(0.02, 0.03), "growth", ""),
        (Normal(-10.0, 1.0), "price_change", "USD/request"),
        (Truncated(Normal(10.0, 8.0), 0.0), "hours", "hour"),
        (Bernoulli(0.01), "gate", ""),
        (Poisson(0.02), "failures", "1/year"),
        (Shifted(Poisson(1.2), 1.0), "runs", "run"),
        (Integers(1, 6), "people", "person"),
        (Lognormal(500.0, 0.4), "users", "user"),
        (Pert(80.0, 100.0, 250.0), "labels", "USD"),
        (Certain(2.5), "runs", "run"),
    ],
)
def test_what_is_plain_is_not_asked(d: Distribution, name: str, unit: str) -> None:
    assert implied(d, name, unit).doubts == ()


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_ready_made_cases_raise_no_doubt(path: Path) -> None:
    assert [line.name for line in load(path).assumptions if line.doubts] == []


def test_why_a_value_is_positive_names_its_unit_or_its_name() -> None:
    assert positive("price", "USD/request") == "a price in USD/request is not"
    assert positive("saved_hours", "USD") == "an hour is not"
    assert positive("overrun", "") == ""
    assert positive("rate", "1/month") == ""


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("delay", "-5 to 10 hour"),
        ("demand", "normal(p10=-5, p90=10)"),
        ("saved_hours", "pert(-5, 2, 10) hour"),
        ("price", "truncated(normal(10, 8), -5, 40) USD"),
        ("cost", "quantiles({10 %: -3, 50 %: 4, 90 %: 20}) USD"),
        ("price_change", "normal(1, 3) USD/request"),
        ("demand_growth", "normal(2 %, 5 %)"),
    ],
)
def test_a_stated_negative_value_and_a_name_of_a_change_answer_the_doubt(name: str, line: str) -> None:
    assert not any("negative" in doubt for doubt in _facts(name, line).doubts)


@pytest.mark.parametrize(
    "line", ["skew_normal(-2, 10, 8) hour", "normal(10, 8) - 2 | hour", "normal(mean=10, sd=8) hour"]
)
def test_a_negative_shape_or_shift_states_no_negative_value(line: str) -> None:
    text, _, unit = line.partition(" | ")
    facts = _facts("work", f"({text}) {unit}" if unit else text)
    assert any("negative" in doubt for doubt in facts.doubts)


@pytest.mark.parametrize(
    ("name", "line", "form"),
    [
        ("uptime", "95 % to 99.9 %", "beta(p5=95 %, p95=99.9 %)"),
        ("x", "95 % to 99.9 %", "beta(p5=95 %, p95=99.9 %)"),
        ("market_share", "30 % to 80 % (80 %)", "beta(p10=30 %, p90=80 %)"),
        ("accuracy", "normal(97 %, 2 %)", "truncated(..., low=0 %, high=100 %)"),
    ],
)
def test_shares_above_the_whole_are_asked_about_with_the_bounded_form(name: str, line: str, form: str) -> None:
    facts = _facts(name, line)
    assert any("above 100 %" in doubt and f"`{form}`" in doubt for doubt in facts.doubts)
    if form.startswith("beta"):
        bounded = _facts(name, form)
        assert not bounded.doubts
        tail = 0.5 - (0.4 if "80 %)" in line else 0.45)
        before, after = (_drawn(text) for text in (line, form))
        for share in (tail, 1.0 - tail):
            assert float(after.ppf(share)) == pytest.approx(float(before.ppf(share)), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "line"),
    [("growth", "20 % to 95 %"), ("overrun", "30 % to 80 %"), ("fee", "2 % to 5 %")],
)
def test_plain_numbers_that_may_pass_1_are_not_asked_about(name: str, line: str) -> None:
    assert not any("above 100 %" in doubt for doubt in _facts(name, line).doubts)


def _facts(name: str, line: str) -> InputFacts:
    text = f"horizon: 12 months\ninputs: {{{name}: '{line}'}}\ncash_flows: {{upfront: {{a: 0}}}}\n"
    return loads(text).input(name)


def _drawn(line: str) -> Distribution:
    case = loads(f"horizon: 12 months\ninputs: {{x: '{line}'}}\ncash_flows: {{upfront: {{a: 0}}}}\n")
    (drawn,) = (draw.distribution for draw in case.model.draws)
    assert drawn is not None
    return drawn
