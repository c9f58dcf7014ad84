"""The code of a plan depends on its steps alone."""

from __future__ import annotations

import pytest

from payback.simulator.engine.compiled.ledger.plan_code import plan_code
from payback.simulator.engine.compiled.ledger.stages import NumpyStep
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.run.finite_checks import checked_plan
from tests.simulator.engine.models import outputs
from tests.simulator.engine.test_against_twin import one


def texts(formula: str, horizon: int, *measures: str) -> list[str]:
    code = plan_code(checked_plan(lower(one(formula, horizon), outputs(*measures))))
    assert code is not None
    return [stage[1].text for stage in code.stages if not isinstance(stage, NumpyStep)]


@pytest.mark.parametrize(("formula", "horizon"), [("b * 3.5 + 0.1 * t + z", 12), ("b * 2.5 + 0.2 * t + z", 30)])
def test_other_numbers_and_months_are_the_same_code(formula: str, horizon: int) -> None:
    measures = ("npv", "payback", "irr", f"at(m_x, {horizon // 2})")
    same = ("npv", "payback", "irr", "at(m_x, 5)")
    assert texts(formula, horizon, *measures) == texts("b * 2.5 + 0.2 * t + z", 12, *same)


def test_another_step_is_other_code() -> None:
    assert texts("b * 2.5 + t", 12, "npv") != texts("b * 2.5 - t", 12, "npv")
