from __future__ import annotations

import math
from pathlib import Path

import pytest

from payback.distributions import Bernoulli, Certain
from payback.simulator.case import load, loads
from payback.simulator.engine import evaluate
from payback.simulator.questions.trials.rare_shares import laws, rarest

ROOT = Path(__file__).resolve().parents[4]
MODEL = loads("""
horizon: 12
inputs:
  margin: normal(300, 10)
  fixed: 0.0002
  chance: uniform(0, 0.001)
  breach: bernoulli(chance)
  leak: bernoulli(fixed / 2)
  strikes: {distribution: poisson(0.0001), each: month}
  kind: "discrete({1: 98.9 %, 2: 1 %, 3: 0.1 %})"
cash_flows: {monthly: {work: margin}}
""").model


def test_parameters_stand_at_their_values_in_the_base_case() -> None:
    distributions = laws(MODEL)
    assert distributions["fixed"] == Certain(0.0002)
    assert distributions["breach"].rare_parts() == pytest.approx(Bernoulli(0.0005).rare_parts(), rel=1e-12)


@pytest.mark.parametrize("name", ["falcon3_api", "support_classifier"])
def test_parameters_are_those_of_the_whole_case(name: str) -> None:
    """Only what parameters depend on is computed for them."""
    model = load(ROOT / "configs" / f"{name}.yaml").model
    nested = [draw for draw in model.draws if draw.build is not None]
    assert nested
    for draw in nested:
        values = evaluate(model, {}, {str(k): formula for k, formula in enumerate(draw.parameters)})
        whole = draw.build(*values.values())
        assert laws(model)[draw.name].ppf([0.1, 0.5, 0.999]).tolist() == whole.ppf([0.1, 0.5, 0.999]).tolist()


def test_the_rarest_part_of_each_input_and_of_monthly_ones_in_any_month() -> None:
    assert rarest(MODEL) == pytest.approx(
        {"breach": 0.0005, "leak": 0.0001, "strikes": -math.expm1(-12 * 0.0001), "kind": 0.001}, rel=1e-9
    )
