"""Rows of the catalogue of accuracy through the whole machine: from the text of a case to the answer."""

from __future__ import annotations

import math

import pytest
from scipy.special import ndtr, ndtri

from payback.simulator.case import Case, load, loads
from payback.simulator.engine import evaluate
from payback.simulator.questions.ask.answers import Answer
from payback.simulator.questions.sensitivity.tornado import tornado
from tests.acceptance.test_reference_values import REFERENCE, ROOT
from tests.simulator.questions.cases import ask

TRIALS = 2**17
SAMPLERS = ["sobol", "monte_carlo"]
SEEDS = [1, 2, 3]


def value(case: Case, formula: str) -> float:
    return float(evaluate(case.model, {}, {"": case.formula(formula).expression})[""][0])


PRODUCT = loads(
    "{horizon: 1, inputs: {x: 'lognormal(median=2, sigma=0.5)', y: 'lognormal(median=3, sigma=0.4)',"
    " z: 'lognormal(median=5, sigma=0.3)'}, cash_flows: {upfront: {in: x * y * z}, monthly: {nothing: 0}}}"
)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a13_the_product_of_lognormals_is_lognormal(sampler: str, seed: int) -> None:
    exact = 30 * math.exp(float(ndtri(0.95)) * math.sqrt(0.5))
    assert exact == pytest.approx(95.9938892061122, rel=1e-14)
    (estimate,) = ask(PRODUCT, "P95(gain)", trials=TRIALS, seed=seed, sampler=sampler)
    # of a percentile: sqrt(p (1 - p) / n) over the density there
    density = math.exp(-(float(ndtri(0.95)) ** 2) / 2) / (math.sqrt(2 * math.pi) * math.sqrt(0.5) * exact)
    assert estimate.value == pytest.approx(exact, abs=4.5 * math.sqrt(0.95 * 0.05 / TRIALS) / density)


ANNUITY = loads(
    "{horizon: 60 months, discount_rate: 10 %/year, inputs: {saved: 300}, cash_flows: {upfront: {cost: -1_000},"
    " monthly: {saved: 'saved * series(1, 1, 1, 1, 1, first=12, every=12)'}}}"
)


def test_a21_and_a22_five_years() -> None:
    assert value(ANNUITY, "npv") == pytest.approx(137.236030822534, rel=1e-12)
    assert value(ANNUITY, "irr") == pytest.approx(0.152382371166631, rel=1e-12)


def test_a27_payback_of_a_growing_income() -> None:
    case = loads(
        "{horizon: 24, inputs: {cost: 10 USD, growth: 2 %/month},"
        " cash_flows: {upfront: {cost: -cost}, monthly: {saved: 1 USD/month * index(growth)}}}"
    )
    assert value(case, "payback") == pytest.approx(9 + (10 - (1.02**9 - 1) / 0.02) / 1.02**9, rel=1e-12)
    assert value(case, "payback") == pytest.approx(9.205316, abs=5e-7)


def test_a28_discounted_payback_of_a_level_income() -> None:
    """Periods are months, so 10 % a period is 1.1^12 - 1 a year; inside the month the discounted flow is even."""
    case = loads(
        f"{{horizon: 24, discount_rate: {100 * (1.1**12 - 1)!r} %/year, inputs: {{cost: 4}},"
        " cash_flows: {upfront: {cost: -cost}, monthly: {saved: 1}}}"
    )
    before, then = (1 - 1.1**-5) / 0.1, 1.1**-6
    assert value(case, "discounted_payback") == pytest.approx(5 + (4 - before) / then, rel=1e-12)
    assert value(case, "discounted_payback") == pytest.approx(5.370634, abs=5e-7)


RATIO = """
horizon: 36 months
inputs:
  cost: lognormal(median=12_000, sigma=0.6) USD
  saved: lognormal(median=1_000, sigma=0.5) USD/month
{dependence}
cash_flows:
  upfront: {{cost: -cost}}
  monthly: {{saved: saved}}
"""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("rho", [0.0, 0.4, -0.7])
def test_a29_cost_over_savings_pays_back_as_a_lognormal(rho: float, sampler: str, seed: int) -> None:
    """Payback is LN(ln(12,000 / 1,000), sqrt(.6^2 + .5^2 - 2 rho .6 .5)) months; whoever never pays ranks last."""
    dependence = f"dependence: [{{between: [cost, saved], parameter: {rho}}}]" if rho else ""
    case = loads(RATIO.format(dependence=dependence))
    sigma = math.sqrt(0.6**2 + 0.5**2 - 2 * rho * 0.6 * 0.5)
    standard_error = 1 / math.sqrt(TRIALS)
    questions = ["P(payback <= 12 months)", "P(never(payback))", *(f"P{q}(payback)" for q in (5, 50, 75, 95))]
    half, never, *percentiles = ask(case, *questions, trials=TRIALS, seed=seed, sampler=sampler)
    assert half.value == pytest.approx(0.5, abs=4.5 * 0.5 * standard_error)
    late = float(ndtr(-math.log(3) / sigma))
    assert never.value == pytest.approx(late, abs=4.5 * math.sqrt(late * (1 - late)) * standard_error)
    for q, estimate in zip((0.05, 0.5, 0.75, 0.95), percentiles, strict=True):
        z = float(ndtri(q))
        exact = 12 * math.exp(sigma * z)
        if exact > 36:
            assert estimate.value is None
            assert estimate.text.startswith("not within 36 months")
            assert estimate.never == never.value
        else:
            density = math.exp(-z * z / 2) / (math.sqrt(2 * math.pi) * sigma * exact)
            assert estimate.value == pytest.approx(exact, abs=4.5 * math.sqrt(q * (1 - q)) * standard_error / density)


def test_a54_the_tornado_of_the_reference_workload() -> None:
    reference = REFERENCE["tornado_npv"]
    chart = tornado(load(ROOT / "configs" / "ref1.yaml"), "npv")
    assert chart.base == pytest.approx(reference["base"], rel=1e-9)
    ends = {bar.input: [bar.low, bar.high] for bar in chart.bars}
    assert ends.keys() | {"base"} == reference.keys()
    for name, pair in ends.items():
        assert pair == pytest.approx(reference[name], rel=1e-9), name
    swings = [abs(high - low) for low, high in (reference[bar.input] for bar in chart.bars)]
    assert swings == sorted(swings, reverse=True)


@pytest.mark.parametrize("factor", [1_000, 1_024])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a55_money_in_thousandths_changes_the_figures_of_money_alone(sampler: str, factor: int) -> None:
    """Percentiles are trials, so they scale with them: to the last bit for a power of two, else to rounding."""
    path = ROOT / "configs" / "ref1.yaml"
    money = ("price", "serving", "gpu_price", "eng_rate", "teacher", "maintenance")
    base = load(path)
    big = base.change("; ".join(f"{name} = {name} * {factor}" for name in money))
    amounts = ["P10(npv)", "P50(gain)", "P90(total_cost)", "P50(peak_funding)", "mean(npv)", "sd(gain)", "CVaR5(npv)"]
    plain = ["P25(payback)", "P50(roi)", "P50(multiple)", "P50(irr)", "P(npv < 0)", "P(payback <= 12 months)"]
    before, after = (ask(case, *amounts, *plain, sampler=sampler) for case in (base, big))
    for small, large in zip(before, after, strict=True):
        scale = factor if small.question in amounts else 1
        for x, y in zip(ends(small), ends(large), strict=True):
            assert y == pytest.approx(scale * x, rel=0 if factor == 1_024 else 1e-12, abs=0, nan_ok=True), (
                small.question
            )


def ends(answer: Answer) -> list[float]:
    estimate = answer.estimate
    return [math.nan if x is None else x for x in (estimate.value, estimate.low, estimate.high)]
