from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from payback.simulator.case import loads
from payback.simulator.engine import simulate
from payback.simulator.errors import CaseError, UsageError
from payback.simulator.questions.compare.comparison import compare
from payback.simulator.questions.compare.default_questions import usual_questions
from payback.simulator.questions.trials.frames import (
    CONDITION,
    CONDITION_ALONE,
    INTERVENTION,
    STAYING,
    stress_of,
    what_if,
)
from tests.simulator.questions.cases import COUPLED, ask, frame, small


def test_a_what_if_that_changes_nothing_has_bit_identical_trials() -> None:
    base, execution = frame(small())
    (comparison,) = compare(base, [what_if(base, "volume * 1")], usual_questions(base.case), execution)
    for pair in comparison.answers.values():
        assert pair.before.value == pair.after.value
        assert pair.difference.value in (0.0, None)


def test_differences_are_those_of_the_trials() -> None:
    base, execution = frame(small())
    (comparison,) = compare(base, [what_if(base, "volume halves")], ["mean(npv)", "P(npv < 0)", "P90(npv)"], execution)
    formulas = {"npv": base.case.formula("npv").expression}
    before = simulate(base.case.model, base.cube, formulas)["npv"]
    after = simulate(base.case.change("volume halves").model, base.cube, formulas)["npv"]
    pairs = comparison.answers
    assert pairs["mean(npv)"].difference.value == pytest.approx((after - before).mean(), rel=1e-12)
    assert pairs["P(npv < 0)"].difference.value == pytest.approx((after < 0).mean() - (before < 0).mean())
    assert comparison.changes == ("volume = volume * 0.5",)
    assert comparison.reading == INTERVENTION


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
def test_paired_errors_are_far_smaller_than_those_of_independent_runs(sampler: str) -> None:
    base, execution = frame(small(), trials=16_384, sampler=sampler)
    (comparison,) = compare(base, [what_if(base, "price * 0.99")], ["mean(npv)", "P(npv < 0)"], execution)
    for pair in comparison.answers.values():
        assert pair.before.low is not None
        assert pair.before.high is not None
        assert pair.difference.low is not None
        assert pair.difference.high is not None
        assert pair.difference.low <= pair.difference.value <= pair.difference.high
        independent = np.sqrt(2) * (pair.before.high - pair.before.low)
        assert (pair.difference.high - pair.difference.low) * 2 < independent


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
def test_the_reported_error_of_a_difference_is_its_spread_over_seeds(sampler: str) -> None:
    """40 seeds: a standard deviation is known to 1 / sqrt(78) = 11 %; the bound is 4.5 of that."""
    values, errors = [], []
    for seed in range(40):
        base, execution = frame(small(), trials=1_024, seed=seed, sampler=sampler)
        (comparison,) = compare(base, [what_if(base, "volume halves")], ["mean(npv)"], execution)
        difference = comparison.answers["mean(npv)"].difference
        assert difference.low is not None
        assert difference.high is not None
        values.append(difference.value)
        errors.append((difference.high - difference.low) / 2 / (2.131 if sampler == "sobol" else 1.96))
    spread = np.std(np.array(values, dtype=float), ddof=1)
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(spread, rel=4.5 * 0.113)


@pytest.mark.parametrize("rho", [0.5, -0.8])
def test_a_stress_is_a_condition_and_a_what_if_an_intervention(rho: float) -> None:
    """With X at quantile u, E[Y given X] = Phi(rho z / sqrt(2 - rho^2)), z = Phi^-1(u); from outside Y keeps 1/2."""
    base, execution = frame(loads(COUPLED.format(rho=rho)), trials=16_384)
    condition, intervention = stress_of(base, "x at 90 %"), what_if(base, "x = 0.9")
    stressed, changed = compare(base, [condition, intervention], ["mean(y)", "mean(x)", "mean(z)"], execution)
    expected = float(ndtr(rho * ndtri(0.9) / np.sqrt(2 - rho**2)))
    # sd of Y at most 0.29: 4.5 x 0.29 / sqrt(16,384) = 0.0102 even for plain Monte Carlo
    assert stressed.answers["mean(y)"].after.value == pytest.approx(expected, abs=0.0102)
    assert changed.answers["mean(y)"].after.value == changed.answers["mean(y)"].before.value
    assert stressed.answers["mean(x)"].after.value == pytest.approx(0.9)
    assert stressed.answers["mean(z)"].after.value == stressed.answers["mean(z)"].before.value
    assert (stressed.reading, changed.reading) == (CONDITION, INTERVENTION)
    assert stressed.changes == ("x at 90 %",)


def test_a_stress_of_an_independent_input_says_that_nothing_follows() -> None:
    base, _ = frame(loads(COUPLED.format(rho=0.5)))
    assert stress_of(base, "z below 10 %").reading == CONDITION_ALONE
    assert stress_of(base, "y above 90 %; z below 10 %").reading == CONDITION


def test_an_ad_hoc_stress_equals_the_one_of_the_case() -> None:
    base, _ = frame(small())
    assert stress_of(base, "volume below 10 %").cube == stress_of(base, "thin demand").cube
    all_trials, thin = ask(small(), "P(npv < 0)", "P(npv < 0) in 'thin demand'")
    assert thin.value > all_trials.value + 0.1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("volme below 10 %", "did you mean volume?"),
        ("thin demnd", "is no uncertain input"),
        ("volume under 3", "is no band"),
        ("volume above 100 %", "is no band"),
        ("volume below 10 %; volume above 5 %", "`volume` is restricted twice -> one band an input"),
        ("", "no stress is given"),
    ],
)
def test_bad_stresses(text: str, says: str) -> None:
    base, _ = frame(small())
    with pytest.raises(CaseError) as caught:
        stress_of(base, text)
    assert says in str(caught.value)


def test_a_stress_may_leave_the_others_alone() -> None:
    base, execution = frame(loads(COUPLED.format(rho=0.5)), trials=4_096)
    alone, mixed = stress_of(base, "x at 90 % alone"), stress_of(base, "x at 90 % alone; y below 10 %")
    assert (alone.reading, alone.changes) == (STAYING, ("x at 90 % alone",))
    assert mixed.reading == f"{CONDITION}; {STAYING}"
    (comparison,) = compare(base, [alone], ["mean(y)", "mean(x)"], execution)
    assert comparison.answers["mean(y)"].after.value == comparison.answers["mean(y)"].before.value
    assert comparison.answers["mean(x)"].after.value == pytest.approx(0.9)


@pytest.mark.parametrize("text", ["P90(npv) - P10(npv)", "P(npv < 0) <= 5 %", "mean(npv) in 'two years'"])
def test_only_single_statistics_are_compared(text: str) -> None:
    base, execution = frame(small())
    with pytest.raises(UsageError, match="one statistic"):
        compare(base, [what_if(base, "volume * 2")], [text], execution)


def test_a_percentile_beyond_the_horizon_has_no_difference() -> None:
    base, execution = frame(small())
    (comparison,) = compare(base, [what_if(base, "volume * 0.1")], ["P50(payback)", "P(never(payback))"], execution)
    assert comparison.answers["P50(payback)"].after.value is None
    assert comparison.answers["P50(payback)"].difference.value is None
    assert "no difference" in comparison.answers["P50(payback)"].difference.text
    assert comparison.answers["P(never(payback))"].difference.value > 0


def test_a_longer_horizon_is_told_in_its_own_months() -> None:
    base, execution = frame(small())
    (comparison,) = compare(base, [what_if(base, "two years")], ["P99(payback)"], execution)
    pair = comparison.answers["P99(payback)"]
    assert pair.before.text.startswith("not within 12 months")
    assert pair.after.text.startswith("not within 24 months")


def test_an_override_may_bring_an_axis_of_its_own() -> None:
    case = loads("{horizon: 2, inputs: {x: 1 to 3, c: 2}, cash_flows: {upfront: {c: -c}, monthly: {m: x}}}")
    base, execution = frame(case)
    (comparison,) = compare(base, [what_if(base, "c = uniform(1, 3)")], ["sd(upfront)", "mean(x)"], execution)
    assert comparison.answers["sd(upfront)"].after.value == pytest.approx(np.sqrt(4 / 12), rel=0.02)
    assert comparison.answers["mean(x)"].difference.value == 0


def test_the_draws_of_a_process_are_no_inputs_to_stress() -> None:
    text = (
        "{horizon: 3, inputs: {x: 1 to 3}, calculations: {n: renewal(exponential(9))}, cash_flows: {monthly: {m: n}}}"
    )
    base, _ = frame(loads(text))
    with pytest.raises(CaseError, match=r"`n\.renewal\.first` .*-> one of x$"):
        stress_of(base, "n.renewal.first below 10 %")
