from __future__ import annotations

import math

import numpy as np
import pytest

from payback.simulator.case import loads
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, stress_of, what_if
from payback.simulator.questions.trials.rare_events import ENOUGH, RareEvent, unseen
from payback.simulator.questions.trials.samples import samples
from payback.simulator.questions.trials.sampling import Sampling

CASE = loads("""
horizon: 12
inputs:
  margin: normal(300, 10)
  chance: 0.0001
  breach: bernoulli(0.0001)
  leak: bernoulli(chance)
  regime: "mixture(99.95 %: normal(1, 0.1), 0.05 %: normal(0.4, 0.1))"
  strikes: {distribution: poisson(0.0001), each: month}
  coin: bernoulli(50 %)
calculations: {shock: "jumps(1, 0.0012 1/year, normal(0, 1))"}
cash_flows:
  upfront: {build: -500, breach: -breach * 8_000_000}
  monthly: {work: margin * coin}
""")


def of(formula: str, trials: int = 2**14, frame: Frame | None = None) -> dict[str, float]:
    base = frame or Frame(CASE, Sampling(trials).cube(CASE))
    events = unseen(base, base.case.formula(formula).expression, trials)
    return {event.name: event.share for event in events}


def test_events_are_those_of_the_inputs_that_a_formula_depends_on() -> None:
    assert of("npv") == {"breach": 0.0001}
    assert of("margin") == {}
    assert of("margin * regime + coin") == {"regime": pytest.approx(0.0005, rel=1e-9)}
    assert set(of("leak + breach * margin")) == {"leak", "breach"}


def test_of_very_few_trials_only_inputs_with_a_rare_value_have_an_event() -> None:
    for trials in (1, 2, 9):
        assert set(of("npv", trials)) == {"breach", "coin"}
        assert set(of("margin", trials)) == set()


def test_a_monthly_input_has_its_event_in_any_month() -> None:
    expected = -math.expm1(-12 * 0.0001)
    assert of("total(strikes)", 8_000) == {"strikes": pytest.approx(expected, rel=1e-9)}
    assert of("at(shock, 12)", 8_000) == {"shock.jumps": pytest.approx(expected, rel=1e-9)}


def test_an_event_counts_until_ten_trials_are_expected_to_hold_it() -> None:
    needed = RareEvent("breach", 0.0001).needs
    assert needed == pytest.approx(ENOUGH / 0.0001, abs=1)
    assert of("npv", needed - 1) == {"breach": 0.0001}
    assert of("npv", needed) == {}


def test_the_weight_is_the_frequency_in_a_long_run() -> None:
    """Within 4.5 standard errors of the count in 2^20 trials."""
    trials = 2**20
    frame = Frame(CASE, Sampling(trials, sampler="monte_carlo").cube(CASE))
    formula = CASE.formula("total(strikes) > 0").expression
    count = float(np.sum(samples(frame, [formula], Execution())[formula].values))
    expected = -math.expm1(-12 * 0.0001) * trials
    assert abs(count - expected) < 4.5 * math.sqrt(expected)


def test_what_ifs_have_their_own_events_and_bands_none() -> None:
    base = Frame(CASE, Sampling(2**14).cube(CASE))
    assert of("npv", frame=what_if(base, "breach = bernoulli(0.00005)")) == {"breach": 0.00005}
    assert of("npv", frame=what_if(base, "breach = 0")) == {}
    assert of("npv", frame=stress_of(base, "breach above 99.99 %")) == {}
