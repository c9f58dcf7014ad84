"""Which inputs give the parameters of which."""

from __future__ import annotations

import pytest

from payback.simulator.case import loads
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.plan.parameter_inputs import parameter_inputs

CASE = """
horizon: 3
inputs:
  a: uniform(0, 1)
  b: uniform(1, 2)
  c: normal(0, 1)
  deep: normal(a, b)
  deeper: {distribution: "normal(deep, 1)", each: month}
  plain: {distribution: "normal(0, 1)", each: month}
calculations:
  level: previous(level, c) + deep
  count: events(abs(level))
cash_flows:
  upfront: {cost: -a}
  monthly: {income: deeper + plain + count}
"""


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("upfront", {}),
        ("total(level)", {"deep": {"a", "b"}}),
        (
            "gain",
            {"deep": {"a", "b"}, "deeper": {"deep", "a", "b"}, "count.events": {"deep", "a", "b", "c"}},
        ),
    ],
)
def test_parameters_are_followed_to_their_inputs(measure: str, expected: dict[str, set[str]]) -> None:
    """Through formulas, the month before and other inputs; what the measure does not read is left out."""
    case = loads(CASE)
    assert parameter_inputs(lower(case.model, {"x": case.formula(measure).expression})) == expected
