"""Stresses of dependent inputs against brute force: the trials of the case as it is that meet the bands."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from payback.simulator import statistics
from payback.simulator.case import Case, loads
from payback.simulator.errors import CaseError, UsageError
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.compare.claims import claims
from payback.simulator.questions.compare.comparison import compare
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import CONDITION, TOGETHER, Frame, stress_of
from payback.simulator.questions.trials.samples import samples
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import Estimate, KeptSample, Sample
from tests.simulator.questions.cases import differs, frame

Floats = NDArray[np.float64]

CASE = """
copula: {copula}
horizon: 12
inputs:
  a: uniform(0, 1)
  b: lognormal(median=1, sigma=0.5)
  c: triangular(0, 1, 3)
  g: {{distribution: "normal(0, 1)", each: month}}
  h: {{distribution: "uniform(0, 1)", each: month}}
dependence:
  - {{between: [a, b], parameter: {ab}}}
  - {{between: [b, c], parameter: {bc}}}
  - {{between: [g, h], parameter: -0.5}}
cash_flows: {{upfront: {{cost: -12}}, monthly: {{saved: a * b + c * 1}}}}
"""

QUESTIONS = ("mean(npv)", "sd(npv)", "P10(npv)", "P75(npv)", "CVaR10(npv)", "P(npv < 0)", "mean(b)", "P(c > 1.5)")

MANY = Sampling(2**18, seed=77, sampler="monte_carlo")


def case(copula: str = "gaussian", ab: float = 0.5, bc: float = 0.6) -> Case:
    return loads(CASE.format(copula=copula, ab=ab, bc=bc))


@cache
def unstressed(copula: str) -> dict[str, Floats]:
    """Return the trials of an independent run of the case as it is."""
    of = case(copula)
    base = Frame(of, MANY.cube(of))
    formulas = {name: of.formula(name).expression for name in ("npv", "a", "b", "c")}
    sample_of = samples(base, formulas.values(), Execution())
    return {name: sample_of[formula].values for name, formula in formulas.items()}


def kept(copula: str, bands: dict[str, tuple[float, float]]) -> dict[str, Sample]:
    """Return those of them in which inputs lie in `bands`."""
    values_of = unstressed(copula)
    met = np.all([(low <= values_of[name]) & (values_of[name] <= high) for name, (low, high) in bands.items()], axis=0)
    assert np.count_nonzero(met) > 1_000
    return {name: KeptSample(values[met]) for name, values in values_of.items()}


def error(estimate: Estimate) -> float:
    assert estimate.low is not None
    assert estimate.high is not None
    return (estimate.high - estimate.low) / 2 / 1.96


def brute(sample_of: dict[str, Sample]) -> list[Estimate]:
    npv, b, c = (sample_of[name] for name in ("npv", "b", "c"))
    return [
        statistics.mean(npv),
        statistics.sd(npv),
        statistics.percentile(npv, 10),
        statistics.percentile(npv, 75),
        statistics.cvar(npv, 10),
        statistics.probability(npv.values < 0),
        statistics.mean(b),
        statistics.probability(c.values > 1.5),
    ]


B20, B40, B80 = (math.exp(0.5 * z) for z in (-0.8416212335729142, -0.2533471031357997, 0.8416212335729142))
C50 = 3 - math.sqrt(3)


@pytest.mark.parametrize("copula", ["gaussian", "t(4)"])
@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
@pytest.mark.parametrize(
    ("stress", "bands"),
    [
        ("a below 10 %", {"a": (0, 0.1)}),
        ("a at 90 %", {"a": (0.89, 0.91)}),
        ("a below 20 %; b above 80 %", {"a": (0, 0.2), "b": (B80, 99)}),
        ("a above 50 %; b below 40 %; c above 50 %", {"a": (0.5, 1), "b": (0, B40), "c": (C50, 3)}),
        ("a at 30 %; b below 40 %; c above 50 %", {"a": (0.27, 0.33), "b": (0, B40), "c": (C50, 3)}),
    ],
)
def test_bands_are_those_of_brute_force(
    stress: str, bands: dict[str, tuple[float, float]], copula: str, sampler: str
) -> None:
    of = case(copula)
    base, execution = frame(of, 8_192, sampler=sampler)
    changed = stress_of(base, stress)
    assert changed.cube.weighted == (len(bands) > 1)
    (comparison,) = compare(base, [changed], QUESTIONS, execution)
    assert (comparison.effective_trials is not None) == changed.cube.weighted
    for (question, pair), expected in zip(comparison.answers.items(), brute(kept(copula, bands)), strict=True):
        after = pair.after
        assert after.value is not None
        assert after.low is not None
        assert after.high is not None
        half = (after.high - after.low) / 2 / 1.96
        assert expected.value is not None
        assert after.value == pytest.approx(expected.value, abs=4.5 * np.hypot(half, error(expected))), question
        difference = pair.difference.value
        assert pair.before.value is not None
        assert difference == pytest.approx(after.value - pair.before.value, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("ab", [1, -1])
def test_inputs_that_determine_one_another(ab: int) -> None:
    """With b = B(a), or B(1 - a), both bands are one on a: the part of [0.1, 0.3] that b leaves."""
    base, execution = frame(case(ab=ab, bc=0), 4_096)
    changed = stress_of(base, f"a 10 % to 30 %; b {'below 20 %' if ab > 0 else 'above 80 %'}")
    (comparison,) = compare(
        base, [changed], ["mean(a)", "P(a > 0.2)", f"P(b {'>' if ab > 0 else '<'} {B20 if ab > 0 else B80})"], execution
    )
    mean, beyond, other = (pair.after for pair in comparison.answers.values())
    assert mean.value == pytest.approx(0.15, abs=1e-3)
    assert (beyond.value, other.value) == (0.0, 0.0)


def test_what_is_told_of_weights() -> None:
    base, execution = frame(case(), 4_096)
    changed = stress_of(base, "a below 20 %; b above 80 %")
    assert changed.reading == f"{CONDITION}; {TOGETHER}"
    (comparison,) = compare(base, [changed], ["mean(npv)"], execution)
    assert comparison.effective_trials is not None
    assert 400 < comparison.effective_trials < 4_096
    assert comparison.note == f"weighted: worth {comparison.effective_trials:,.0f} trials"
    assert comparison.answers["mean(npv)"].after.text.endswith(f"; {comparison.effective_trials:,.0f} effective trials")
    (none,) = compare(base, [stress_of(base, "a below 20 %")], ["mean(npv)"], execution)
    assert (none.effective_trials, none.note) == (None, "")


def test_arithmetic_of_weighted_statistics() -> None:
    text = CASE.format(copula="gaussian", ab=0.5, bc=0.6) + "stress: {thin: {a: below 20 %, b: above 80 %}}\n"
    base, execution = frame(loads(text), 8_192)
    spread, high, low = answer(
        parse_questions(["P90(npv) - P10(npv) in thin", "P90(npv) in thin", "P10(npv) in thin"]), base, execution
    )
    assert high.value is not None
    assert low.value is not None
    assert spread.value == pytest.approx(high.value - low.value)
    assert spread.estimate.low is not None
    assert spread.estimate.low < spread.value
    assert "effective trials" in spread.text


def test_a_band_on_an_input_of_every_month_holds_in_each() -> None:
    base, execution = frame(case(), 4_096)
    single, both = stress_of(base, "h below 25 %"), stress_of(base, "h below 25 %; g above 50 %")
    assert not differs(single.changes, "a stress of every month")
    questions = ["P(highest(h) <= 0.25)", "mean(total(h))", "P(lowest(g) >= 0)", "mean(npv)"]
    first, second = compare(base, [single, both], questions, execution)
    assert first.answers[questions[0]].after.value == 1.0
    # 12 months of mean 0.125, sd 0.25 / sqrt(12)
    assert first.answers[questions[1]].after.value == pytest.approx(1.5, abs=4.5 * 0.25 / 64)
    assert first.answers[questions[3]].difference.value == 0.0
    assert [second.answers[name].after.value for name in (questions[0], questions[2])] == [1.0, 1.0]
    assert first.effective_trials is None
    assert second.effective_trials is not None


def test_bands_of_two_coupled_monthly_inputs_against_brute_force() -> None:
    """One month is as good as another: its law under both bands is that of scalar inputs coupled alike."""
    base, execution = frame(case(), 16_384)
    (comparison,) = compare(
        base, [stress_of(base, "h below 25 %; g above 50 %")], ["mean(at(h, 1))", "mean(at(g, 7))"], execution
    )
    draws = samples(base, [of.expression for of in map(base.case.formula, ("at(h, 1)", "at(g, 1)"))], execution)
    h, g = (sample.values for sample in draws.values())
    met = (h < 0.25) & (g > 0)
    for pair, values in zip(comparison.answers.values(), (h[met], g[met]), strict=True):
        after = pair.after
        assert after.low is not None
        assert after.high is not None
        bound = 4.5 * np.hypot((after.high - after.low) / 2 / 1.96, values.std() / np.sqrt(values.size))
        assert after.value == pytest.approx(values.mean(), abs=bound)


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
def test_the_reported_error_of_a_weighted_difference_is_its_spread_over_seeds(sampler: str) -> None:
    """40 seeds: a standard deviation is known to 1 / sqrt(78) = 11 %; the bound is 4.5 of that."""
    of, values, errors = case(), [], []
    for seed in range(40):
        base, execution = frame(of, trials=1_024, seed=seed, sampler=sampler)
        (comparison,) = compare(base, [stress_of(base, "a below 20 %; b above 80 %")], ["mean(npv)"], execution)
        difference = comparison.answers["mean(npv)"].difference
        assert difference.low is not None
        assert difference.high is not None
        values.append(difference.value)
        errors.append((difference.high - difference.low) / 2 / (2.131 if sampler == "sobol" else 1.96))
    spread = np.std(np.array(values, dtype=float), ddof=1)
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(spread, rel=4.5 * 0.113)


def test_the_figure_of_a_claim_in_a_stress_is_weighted() -> None:
    text = CASE.format(copula="gaussian", ab=0.5, bc=0.6) + (
        "stress: {thin: {a: below 20 %, b: above 80 %}}\nclaims: [{says: it pays, check: P(npv > 5) in thin}]\n"
    )
    base, execution = frame(loads(text), 4_096)
    (claim,) = claims(base, execution)
    assert claim.value is not None
    assert claim.percentile_of_claim == pytest.approx(1 - claim.value)


def test_bands_that_no_trial_meets() -> None:
    base, execution = frame(case(ab=0.999999, bc=0), 1_024)
    with pytest.raises(UsageError) as none:
        compare(base, [stress_of(base, "a below 1 %; b above 99 %")], ["mean(npv)"], execution)
    assert not differs(str(none.value), "bands that no trial meets")
    with pytest.raises(CaseError) as never:
        stress_of(frame(case(ab=1, bc=0))[0], "a 1 % to 2 %; b above 99 %")
    assert not differs(str(never.value), "bands that no trial can meet")
