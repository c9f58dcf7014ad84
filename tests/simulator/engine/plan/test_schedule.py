"""What the plan leaves out, shares and turns into recurrences."""

from __future__ import annotations

import numpy as np
import pytest

from payback.distributions import Certain, Lognormal, Normal
from payback.simulator.engine.plan.graph import Graph, Kind
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.plan.schedule import Plan, Register, Row, schedule
from tests.simulator.engine.models import model, outputs

DRAWS = {"volume": Lognormal(100.0, 0.8), "growth": Normal(0.0, 0.02), "decay": Normal(0.1, 0.01), "fee": Certain(0.2)}
LINES = {"revenue": "m_requests * m_price * (1 - fee)", "upkeep": "-5"}
FORMULAS = {"m_requests": "volume * (1 + growth) ** (t - 1)", "m_price": "3 * (1 - decay) ** ((t - 1) / 12)"}


def plan(*texts: str, formulas=FORMULAS, lines=LINES) -> Plan:
    lowered = lower(model(DRAWS, formulas, {"build": "-300"}, lines), outputs(*texts))
    return schedule(lowered.graph, lowered.outputs)


def steps(of: Plan, *parts: str) -> list[str]:
    return [i.op for region in of.regions for name in parts for i in getattr(region, name)]


def test_powers_in_t_are_one_recurrence():
    body = steps(plan("npv"), "body", "end")
    assert "power" not in body
    # one running product for requests * price * (1 - fee), its sum with upkeep, the discounting and the total
    net = ["add", "multiply", "multiply", "total"]
    # the amount of revenue, its sum with upkeep, the discounting and the total
    gross = ["absolute", "add", "multiply", "total"]
    assert sorted(body) == sorted(net + gross)


def test_steps_that_nothing_reads_are_left_out():
    drawn = [i.data[0] for r in plan("total(m_requests, 1, 12)").regions for i in r.after if i.op == "draw"]
    assert sorted(drawn) == ["growth", "volume"]


def test_certain_inputs_are_folded():
    assert plan("fee * 2 + 1").outputs == {"fee * 2 + 1": 1.4}
    assert plan("total(t, 1, 3)").outputs == {"total(t, 1, 3)": 6.0}


def test_equal_steps_are_one():
    twice = plan("npv", formulas=FORMULAS | {"m_again": "volume * (1 + growth) ** (t - 1)"})
    assert steps(twice, "body", "end") == steps(plan("npv"), "body", "end")


def test_a_balance_is_written_over_itself():
    assert "copy" not in steps(plan("payback"), "body", "end")


def test_rows_are_shared_out_again():
    wide = {f"m_{i}": f"volume * {i} + t" for i in range(40)}
    sums = {f"line {i}": f"m_{i}" for i in range(40)}
    assert plan("npv", formulas=wide, lines=sums).floats < 12 + 40


def test_a_step_that_reads_a_whole_series_waits_for_the_next_loop():
    second = plan("gain", formulas={"m_x": "volume + t * growth", "m_y": "m_x / highest(m_x)"}, lines={"in": "m_y"})
    assert len(second.regions) == 3
    reads = [a for r in second.regions for i in r.body for a in i.args]
    assert any(isinstance(a, Row) for a in reads)
    assert second.series == 1


def test_no_two_live_values_share_a_row():
    scheduled = plan("npv", "payback", "peak_funding", "multiple", "gain")
    for region in scheduled.regions:
        begun = [i.out for i in region.begin]
        assert len(begun) == len(set(begun))
        for i in region.body:
            if i.op == "where":
                assert i.out not in [a for a in i.args if isinstance(a, Register)]


@pytest.mark.parametrize(("base", "exponent"), [(1.02, np.arange(12.0)), (0.9, -np.arange(1.0, 13.0) / 12)])
def test_a_power_of_a_certain_base_is_a_column_of_the_calendar(base, exponent):
    g = Graph(12)
    node = g.elementwise("power", g.constant(base), g.calendar(exponent))
    assert node.kind == Kind.CALENDAR
    assert g.values(node) == pytest.approx(base**exponent, rel=1e-15)


def test_a_neutral_step_is_no_step():
    g = Graph(3)
    x = g.node("draw", (), ("x", False), Kind.SCALAR)
    for op, value in [("add", 0), ("subtract", 0), ("multiply", 1), ("divide", 1), ("power", 1)]:
        assert g.elementwise(op, x, g.constant(value)) is x
    assert g.elementwise("power", x, g.constant(0)).data == 1
    assert g.where(g.constant(1), x, g.t) is x


def test_a_minus_of_a_minus_is_nothing():
    graph = Graph(12)
    x = graph.node("draw", data=("x", False), kind=Kind.SCALAR)
    assert graph.elementwise("negative", graph.elementwise("negative", x)) is x


def test_lines_of_known_sign_need_no_amounts():
    """Twice the money in, less the net, is the sum of all amounts."""
    signed = model({"a": Lognormal(1.0, 0.5)}, {}, {"build": "-a"}, {"in": "a * t", "out": "-a * 2", "more": "-a * 3"})
    lowered = lower(signed, outputs("npv"))
    assert "absolute" not in steps(schedule(lowered.graph, lowered.outputs), "body")
    free = lower(signed, outputs("npv"), free=["a"])
    assert "absolute" in steps(schedule(free.graph, free.outputs), "body")
