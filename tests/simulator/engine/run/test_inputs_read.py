from __future__ import annotations

from payback.simulator.case import loads
from payback.simulator.engine import inputs_read

CASE = """
horizon: 3
discount_rate: rate
inputs:
  rate: uniform(5 %/year, 9 %/year)
  chance: beta(2, 20)
  event: bernoulli(chance)
  loss: lognormal(median=10, sigma=1)
  idle: normal(0, 1)
  noise: {distribution: "normal(0, 1)", each: month}
calculations: {hit: event * loss}
cash_flows: {upfront: {cost: -hit * 1 USD}, monthly: {saved: (10 + noise) * 1 USD/month}}
"""


def names(formula: str) -> list[str]:
    case = loads(CASE)
    return [draw.name for draw in inputs_read(case.model, case.formula(formula).expression)]


def test_inputs_are_read_at_any_depth_and_through_the_parameters_of_others() -> None:
    assert names("loss") == ["loss"]
    assert names("event") == ["chance", "event"]
    assert names("hit > 3") == ["chance", "event", "loss"]
    assert names("gain") == ["chance", "event", "loss", "noise"]
    assert names("npv") == ["rate", "chance", "event", "loss", "noise"]
    assert names("3") == []
