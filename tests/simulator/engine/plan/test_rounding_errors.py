"""What errors are followed through, and what following them costs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from payback.distributions import Uniform
from payback.simulator.case.checker import check, check_formula
from payback.simulator.case.expressions.parser import parse
from payback.simulator.engine import evaluate
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.plan.schedule import schedule
from payback.simulator.model import Model
from tests.declare import declare
from tests.simulator.engine.models import model, outputs

DRAWS = {"a": Uniform(0.0, 1.0), "b": Uniform(0.0, 1.0)}
NAMED = {"less": "a * 0.3 - a * 0.1", "m_less": "(a * 0.3 - a * 0.1) * t", "m_state": "previous(m_state, 0) + a * 0.1"}


def compared(text: str, formulas: dict[str, str] = NAMED) -> float:
    m = model(DRAWS, formulas, {"build": "-a"}, {"back": "0.1 * a"}, horizon=24, rate="0")
    return float(np.ravel(evaluate(m, {"a": 1 / 3, "b": 7.0}, outputs(text))[text])[0])


@pytest.mark.parametrize(
    "text",
    [
        "less - a * 0.2 == 0",
        "-less + a * 0.2 >= 0",
        "(less - a * 0.2) * b <= 0",
        "(less - a * 0.2) / b >= 0",
        "12 * (less - a * 0.2) >= 0",
        "abs(less - a * 0.2) <= 0",
        "max(less - a * 0.2, -b) >= 0",
        "if(b > 1, less - a * 0.2, b) >= 0",
        "first_month(m_less - a * 0.2 * t < 0) > 24",
        "total(m_less - a * 0.2 * t, 1, 24) == 0",
        "at(cumulative(m_less - a * 0.2 * t), 9) >= 0",
        "highest(m_less - 0.2 * a * t) <= 0",
        "lowest(m_less - 0.2 * a * t) >= 0",
        "average(m_less - 0.2 * a * t) == 0",
        "present(m_less - 0.2 * a * t) >= 0",
        "at(m_state, 24) - 2.4 * a <= 0",
        "gain - 1.4 * a == 0",
        "(npv - 1.4 * a) * b == 0",
        "lowest(cumulative_net + a) >= 0.1 * a",
    ],
)
def test_what_cancels_on_paper_is_compared_as_0(text: str):
    assert compared(text) == 1


@pytest.mark.parametrize("text", ["less - a * 0.2 > 1e-12", "less + a * 0.2 == 0", "gain - 1.4 * a > 1e-9"])
def test_what_does_not_cancel_is_not(text: str):
    assert compared(text) == 0


def test_names_are_followed_without_end():
    chain = {"c0": "a"} | {f"c{i}": f"c{i - 1} + b" for i in range(1, 3_000)}
    assert compared("c2999 >= 2_999 * b", chain) == 1


def steps(m: Model, text: str) -> Counter[str]:
    lowered = lower(m, outputs(text))
    plan = schedule(lowered.graph, lowered.outputs)
    return Counter(i.op for region in plan.regions for i in region.body)


def test_a_product_of_months_costs_no_error():
    m = model(DRAWS, {"m_x": "a * t - b", "m_y": "m_x * (a + t)"}, {}, {})
    assert steps(m, "total(m_y > 3, 1, 12)") == steps(m, "total(m_y, 1, 12)") + Counter(("greater", "as_float"))


def test_processes_compare_with_the_month_alone():
    checked = check(declare(inputs={"gap": "4 to 9 month"}, calculations={"n": "renewal(gamma(mean=gap, sd=2 month))"}))
    outputs_of_case = {"total(n)": check_formula(checked.scope, parse("total(n)")).expression}
    lowered = lower(checked.model, outputs_of_case)
    plan = schedule(lowered.graph, lowered.outputs)
    assert not [i for region in plan.regions for i in region.body if i.op == "absolute"]
