"""Distribution lines: families, ranges, wrappers, constants, and their units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from payback.distributions import (
    Beta,
    Certain,
    Discrete,
    Distribution,
    Exponential,
    Lognormal,
    Normal,
    Pert,
    Poisson,
    Quantiles,
    Scaled,
    Shifted,
    Triangular,
    Truncated,
    Uniform,
    interval,
)
from tests.catalogue import compared_with
from tests.declare import INPUTS, checked_input, declare, draw, refusal

differs = compared_with(Path(__file__).with_name("messages.txt"))


@pytest.mark.parametrize(
    ("text", "distribution", "unit"),
    [
        ("5", Certain(5), ""),
        ("80 %", Certain(0.8), ""),
        ("41.7 / 2 hour", Certain(20.85), "1/hour"),
        ("log(5)", Certain(np.log(5)), ""),
        ("-3 USD", Certain(-3), "USD"),
        ("10 %/year", Certain(0.1), "1/year"),
        ("lognormal(100, 1) USD", Lognormal(100, 1), "USD"),
        ("lognormal(1, 1) | request/month", Lognormal(1, 1), "request/month"),
        ("lognormal(mean=3, sd=1)", Lognormal.from_moments(3, 1), ""),
        ("lognormal(median=100 USD, sigma=1)", Lognormal(100, 1), "USD"),
        ("normal(100 USD, 2_000 USD)", Normal(100, 2000), "USD"),
        ("normal(1 month, 1 week)", Normal(1, 168 / 730), "month"),
        ("exponential(3 week)", Exponential(3), "week"),
        ("pert(1, 2, 3, weight=2) USD", Pert(1, 2, 3, 2), "USD"),
        ("pert(1, 2, 3) %", Scaled(Pert(1, 2, 3), 0.01), ""),
        ("uniform(10, 20) 1/month", Uniform(10, 20), "1/month"),
        ("poisson(1.2 run)", Poisson(1.2), "run"),
        ("1 + poisson(1.2) run", Shifted(Poisson(1.2), 1), "run"),
        ("1 + poisson(1.2) | run", Shifted(Poisson(1.2), 1), "run"),
        ("0.8 * beta(2, 5)", Scaled(Beta(2, 5), 0.8), ""),
        ("beta(2, 5) / 4 | 1/year", Scaled(Beta(2, 5), 0.25), "1/year"),
        ("2 - beta(2, 5)", Shifted(Scaled(Beta(2, 5), -1), 2), ""),
        ("-poisson(2)", Scaled(Poisson(2), -1), ""),
        ("2 * (1 to 3 hour)", Scaled(interval(1, 3), 2), "hour"),
        ("8.3 to 30 hour/run", interval(8.3, 30), "hour/run"),
        ("-5 to 3 USD", interval(-5, 3), "USD"),
        ("8.3 to 30 (80 %) hour/run", interval(8.3, 30, 0.8), "hour/run"),
        ("8.3 to 30 hour/run (80 %)", interval(8.3, 30, 0.8), "hour/run"),
        ("2 % to 5 % (50 %)", interval(0.02, 0.05, 0.5), ""),
        ("quantiles({5 %: 10, 50 %: 20, 95 %: 60}, low=0) USD", Quantiles((0.05, 0.5, 0.95), (10, 20, 60), 0), "USD"),
        ("quantiles({10 %: 1 week, 90 %: 1 month})", Quantiles((0.1, 0.9), (1, 730 / 168)), "week"),
        ("triangular(p10=2, mode=2, p90=8) hour", Triangular(1, 2, 11), "hour"),
        ("uniform(p10=2 USD, p90=8 USD)", Uniform(1.25, 8.75), "USD"),
        ("2 % to 5 %", interval(0.02, 0.05), ""),
        ("1 week to 1 month", interval(1, 730 / 168), "week"),
        ("discrete({1: 30 %, 5: 70 %}) run", Discrete((1, 5), (0.3, 0.7)), "run"),
        ("truncated(normal(0, 1), low=0)", Truncated(Normal(0, 1), 0, np.inf), ""),
        ("truncated(normal(0 USD, 1), 0, 5 USD)", Truncated(Normal(0, 1), 0, 5), "USD"),
        ("scaled(shifted(poisson(2), 1), 3) run", Scaled(Shifted(Poisson(2), 1), 3), "run"),
        ("truncated(0.5 * normal(0, 1), high=2) | USD", Truncated(Scaled(Normal(0, 1), 0.5), -np.inf, 2), "USD"),
    ],
)
def test_lines_of_constants(text: str, distribution: Distribution, unit: str) -> None:
    drawn = draw(text)
    assert drawn.distribution is not None
    assert drawn.distribution == distribution or (
        np.array_equal(drawn.distribution.ppf([0.1, 0.5, 0.9]), distribution.ppf([0.1, 0.5, 0.9]))
    )
    assert (drawn.unit, drawn.axis, drawn.monthly) == (unit, "it", False)


def test_a_unit_beside_the_line_converts_a_unit_in_it() -> None:
    assert draw("5 USD/year | USD/month").distribution == Certain(5 / 12)
    distribution = draw("normal(12 USD/year, 3 USD/year) | USD/month").distribution
    assert distribution is not None
    assert distribution.ppf(0.5) == pytest.approx(1)


def test_two_percentiles_give_a_family() -> None:
    distribution = draw("lognormal(median=100_000, p95=500_000) request/month").distribution
    assert distribution is not None
    assert distribution.ppf([0.5, 0.95]) == pytest.approx([1e5, 5e5])
    distribution = draw("normal(p10=10, p99_5=40)").distribution
    assert distribution is not None
    assert distribution.ppf([0.1, 0.995]) == pytest.approx([10, 40])


def test_what_was_solved_for_says_where_it_starts_and_ends() -> None:
    notes = checked_input("pert(p10=2, mode=2, p90=8) hour").notes
    assert any(not differs(note, "both ends of a solved pert") for note in notes)
    notes = checked_input("weibull(p10=2, p50=3, p90=9) hour").notes
    assert any(not differs(note, "the start of a solved weibull") for note in notes)


def test_each_month_is_drawn_anew() -> None:
    assert draw("each normal(0, 1)").monthly
    assert draw("poisson(2 * t)").monthly


@pytest.mark.parametrize(
    ("text", "values", "distribution"),
    [
        ("bernoulli(share)", (0.3,), Distribution),
        ("poisson(volume * 1 month/request / 12)", (6.0,), Distribution),
        ("truncated(normal(price, 2), low=0) USD/request", (3.0,), Distribution),
        ("1 + 2 * normal(0, share)", (1.5,), Distribution),
    ],
)
def test_parameters_may_be_formulas_of_inputs_above(text: str, values: tuple[float], distribution: type) -> None:
    drawn = draw(text)
    assert drawn.distribution is None
    assert drawn.build is not None
    assert len(drawn.parameters) == 1
    assert isinstance(drawn.build(*values), distribution)
    together = drawn.build(np.full(3, values[0]))
    assert together.ppf(np.array([0.2, 0.5, 0.8])) == pytest.approx(drawn.build(*values).ppf([0.2, 0.5, 0.8]))


def test_a_parameter_that_a_trial_does_not_allow_gives_nan() -> None:
    build = draw("bernoulli(share)").build
    assert build is not None
    assert np.isnan(build(np.array([0.5, 1.5])).ppf(np.array([0.7, 0.7]))).tolist() == [False, True]


def test_parameters_in_another_unit_are_converted() -> None:
    drawn = draw("normal(volume, 3 request/year) | request/year")
    assert drawn.build is not None
    from payback.simulator.case.expressions.printer import to_text

    assert [to_text(tree) for tree in drawn.parameters] == ["12 * volume"]


def test_a_range_says_what_it_became() -> None:
    positive, negative = (checked_input(f"{low} to 30 hour").notes for low in (8, -8))
    assert any(not differs(note, "a range of positive ends") for note in positive)
    assert any(not differs(note, "a range with an end below 0") for note in negative)


@pytest.mark.parametrize(
    ("text", "column", "given", "allowed"),
    [
        ("lognrmal(1, 2)", 10, "unknown distribution `lognrmal`", "did you mean lognormal?"),
        ("lognormal", 10, "without its parameters", "`lognormal(...)`"),
        ("lognormal(median=100, sgima=1)", 38, "`sgima=`", "did you mean sigma?"),
        ("lognormal(mean=1, sigma=2)", 10, "by mean, sigma", "one set: `lognormal(median, sigma)`"),
        ("normal(p5=1, p50=3, p95=9)", 10, "by p5, p50, p95", "any two percentiles"),
        ("lognormal(p5=1, p50=6, p95=9)", 10, "must lie between 1 and 4.9", ""),
        ("pert(p10=2, mode=9, p90=8)", 10, "must lie between 1.641 and 8.359 beside p10 = 2 and p90 = 8", ""),
        ("gamma(p10=price, p90=9) USD/request", 20, "`price` differs by trial", "solved for once"),
        ("poisson(p10=2, p90=8)", 22, "`p10=` in poisson(...)", "`poisson(mean)`"),
        ("quantiles({5 %: 10})", 10, "fewer than 2 values", "quantiles({5 %: 10, 50 %: 20"),
        ("quantiles({5 %: 10, 50 %: 9})", 10, "got 10 at 5 % and 9 at 50 %", ""),
        ("quantiles({5 %: 10, 50 %: 19}, lo=3)", 44, "`lo=` in quantiles(...)", "did you mean low?"),
        ("quantiles({5 %: 10, 120 %: 19})", 10, "needs shares between 0 % and 100 %, got 120 %", ""),
        ("histogram({0 to 1 (80 %): 3})", 23, "is no bin", "`histogram({"),
        ("normal(p10=5, p90=1)", 10, "must rise from p10 to p90", ""),
        ("normal(1)", 10, "without `sd`", "`normal(mean, sd)`"),
        ("normal(1, 2, 3)", 10, "with 3 arguments", "`normal(mean, sd)`"),
        ("normal(1, mean=2)", 25, "for the second time", "`normal(mean, sd)`"),
        ("triangular(1, 5, 3)", 10, "must lie in [low, high] = [1.0, 3.0], got 5.0", ""),
        ("pert(1, 1, 1)", 10, "certain value", ""),
        ("normal(0, 0)", 10, "greater than 0", ""),
        ("normal(0, -1)", 10, "greater than 0", ""),
        ("lognormal(-5, 1)", 10, "greater than 0", ""),
        ("beta(0, 1)", 10, "greater than 0", ""),
        ("uniform(5, 3)", 10, "swapped?", ""),
        ("poisson(-1)", 10, "at least 0", ""),
        ("bernoulli(1.2)", 10, "[0, 1]", ""),
        ("5 to 3 USD", 12, "swapped?", ""),
        ("truncated(normal(0, 1), 5, 1)", 10, "greater than low", ""),
        ("truncated(normal(0, 1), low=9, high=10)", 10, "1.13e-19", ""),
        ("truncated(normal(0, 1))", 10, "nothing to do", "truncated(d, low=, high=)"),
        ("truncated(3, 1, 5)", 10, "of no distribution", "truncated(d, low=, high=)"),
        ("discrete({1: 30 %, 5: 60 %})", 10, "must sum to 1", ""),
        ("discrete({1: -30 %, 5: 130 %})", 10, "weights[0]", ""),
        ("discrete({1: share, 5: 70 %})", 23, "`share` is no constant", ""),
        ("weibull_(1, 2)", 10, "unknown distribution", "one of"),
        ("normal(0, 1) + normal(0, 1)", 23, "two distributions", "`calculations`"),
        ("volume * normal(0, 1)", 10, "differs by trial", "`calculations`"),
        ("3 / normal(1, 2)", 12, "under the line", "`calculations`"),
        ("0 * normal(1, 2)", 10, "a factor of 0", "a certain value"),
        ("max(0, normal(0, 1))", 10, "more than a distribution", "truncated(d, low, high)"),
        ("normal(0, 1) ** 2", 23, "more than a distribution", "`calculations`"),
        ("normal(uniform(0, 1), 1)", 17, "inside another", "an input of its own"),
        ("normal(uniform(1 USD, 2 USD), 3)", 17, "`uniform` draws a value", "an input of its own"),
        ("normal(1 USD to 3 USD, 1)", 23, "a range in a formula", "an input of its own"),
        ("normal(1 USD, uniform(1 USD, 2 USD))", 24, "inside another", "an input of its own"),
        ("(normal(uniform(1, 2 USD), 3)) USD", 18, "inside another", "an input of its own"),
        ("truncated(normal(1, 2), uniform(1 USD, 2 USD), 9)", 34, "inside another", "an input of its own"),
        ("mixture(0.5: 1 to 2 USD, 0.5: normal(uniform(1, 2 USD), 3))", 47, "`uniform` draws a value", ""),
        ("normal(0, 1) to 3", 10, "inside another", "a constant"),
        ("uniform(1 USD, 2 USD) to 3", 10, "`uniform` draws a value", "an input of its own"),
        ("1 USD to uniform(1 USD, 2 USD)", 19, "inside another", "a constant"),
        ("nowhere to 3", 10, "`nowhere` is not defined", ""),
        ("(nowhere to 3) USD", 11, "`nowhere` is no constant", ""),
        ("normal(1, 2) + nowhere", 25, "`nowhere` is not defined", ""),
        ("(normal(1, 2) + nowhere) USD", 26, "`nowhere` differs by trial", "`calculations`"),
        ("normal(1, 2) / share / volume", 33, "`volume` differs by trial", "`calculations`"),
        ("compound(binomial(5 hour, 0.5), normal(5, 1))", 19, "`binomial(5 hour, 0.5)` is in hour", "a plain number"),
        ("quantiles({5 %: 9 hour, 50 %: 20 USD}, high=99 USD)", 54, "`99 USD` is in USD", "a constant in hour"),
        ("share to 3", 10, "`share` is no constant", "`calculations`"),
        ("price * 2", 10, "`price` is no constant", "`calculations`"),
        ("1 / 0", 14, "a division by 0", ""),
        ("10 ** 400", 13, "no finite value", "a finite number"),
        ("inf", 10, "not finite", "a finite number"),
        ("'data.csv'", 10, "text in quotes", ""),
        ("1.35 USD * lognormal(1, 1)", 10, "is in USD", "the unit stands last"),
        ("lognormal(5 USD, 3 USD)", 27, "`3 USD` is in USD", "`sigma`"),
        ("normal(5 USD, 3 hour)", 24, "`3 hour` is in hour", "`sd` in USD"),
        ("normal(price, 2) | USD", 10, "in USD/request, its `unit` is USD", ""),
        ("5 USD | USD/month", 10, "in USD, its `unit` is USD/month", ""),
        ("5 | USD / month", 10, "`USD / month` is no unit", "did you mean USD/month?"),
        ("5 | usd", 10, "`usd` is no unit", "did you mean USD?"),
        ("bernoulli(npv)", 20, "`npv` is a measure", "ledger"),
        ("bernoulli(it)", 20, "`it` is not defined", ""),
        ("bernoulli(later)", 20, "`later` is read before it is defined (line 8)", "top to bottom"),
        ("poisson(volume)", 18, "in request/month", "`mean`: a number without a unit"),
        ("bernoulli(previous(it, 0))", 29, "`previous` of `it`", "a calculation"),
        ("bernoulli(events(1 1/month))", 20, "`events` draws anew", "calculation of its own"),
    ],
)
def test_what_is_no_distribution_is_told_with_the_way_out(text: str, column: int, given: str, allowed: str) -> None:
    message = refusal(declare(inputs={**INPUTS, "it": text, "later": "1"}))
    assert message.startswith(f"c.yaml:{len(INPUTS) + 1}:{column}: inputs.it: "), message
    assert "\n" not in message
    assert given in message, message
    assert allowed in message, message
