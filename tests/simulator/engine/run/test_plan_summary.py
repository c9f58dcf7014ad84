"""What a plan is said to do, against what it does."""

from __future__ import annotations

import pytest

from payback.simulator.case import Case, loads
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.plan.schedule import schedule
from payback.simulator.engine.run.plan_summary import Summary, summarise

CASE = """
horizon: 24
discount_rate: 10 %/year
inputs:
  volume: lognormal(median=100, sigma=0.5)
  price: triangular(1, 2, 5)
  runs: poisson(1.2)
  drift: truncated(normal(0.02, 0.03), -0.1, 0.15)
  chance: beta(8, 2)
  works: bernoulli(chance)
  wide: uniform(0, chance)
  shape: gamma(chance, 2)
  idle: normal(0, 1)
  shock: {distribution: "normal(0, 0.1)", each: month}
  fixed: 3
calculations:
  twice: fixed * 2
  grown: volume * (1 + drift) ** (t - 1)
  rise: 1 + step(7)
  unused: idle + fixed
cash_flows:
  upfront: {cost: -runs * 100 - wide - shape}
  monthly: {income: grown * price * works * (1 + shock) * rise, upkeep: -twice}
"""


def summary(*measures: str) -> Summary:
    case: Case = loads(CASE)
    return summarise(case.model, {name: case.formula(name).expression for name in measures})


def test_how_inputs_are_drawn() -> None:
    kinds = {drawn.draw.name: drawn.kind for drawn in summary("npv", "payback").drawn}
    assert kinds == {
        "volume": "table", "price": "closed", "runs": "steps", "drift": "table", "chance": "table",
        "works": "steps", "wide": "closed", "shape": "table", "shock": "table",
    }  # fmt: skip


def test_what_is_folded_and_left_out() -> None:
    of_npv = summary("npv")
    assert of_npv.folded["fixed"] == 3
    assert of_npv.folded["twice"] == 6
    assert of_npv.folded["monthly.upkeep"] == -6
    rise = of_npv.folded["rise"]
    assert isinstance(rise, tuple)
    assert rise == (1.0,) * 6 + (2.0,) * 18
    assert of_npv.unread == ("idle", "unused")
    assert set(of_npv.folded) == {"fixed", "twice", "rise", "monthly.upkeep"}


def test_a_measure_of_one_section_reads_its_lines_alone() -> None:
    assert {drawn.draw.name for drawn in summary("upfront").drawn} == {"runs", "chance", "wide", "shape"}
    assert {"volume", "monthly.income", "grown"} <= set(summary("upfront").unread)
    assert "upfront.cost" in summary("total(net)").unread


def test_steps_are_those_of_the_plan() -> None:
    case = loads(CASE)
    for measures in (("npv",), ("payback", "roi"), ("irr", "highest(cumulative_net)")):
        of_measures = summary(*measures)
        lowered = lower(case.model, {name: case.formula(name).expression for name in measures})
        plan = schedule(lowered.graph, {**lowered.outputs, **{f"check {n}": x for n, x in lowered.checks.items()}})
        loops = [region for region in plan.regions if region.body]
        monthly = sum(len(region.body) - sum(i.op in ("draw", "keep") for i in region.body) for region in loops)
        # the plan steps a state and a recurrence on at the end of a month
        steps = (
            sum(of_measures.monthly.values())
            - of_measures.monthly.get("state", 0)
            - of_measures.monthly.get("recurrence", 0)
        )
        assert steps == monthly
        once = sum(i.op != "draw" for region in plan.regions for i in region.after)
        assert sum(of_measures.once.values()) == once
        draws = sum(24 if drawn.draw.monthly else 1 for drawn in of_measures.drawn)
        assert of_measures.steps == once + 24 * sum(of_measures.monthly.values()) + draws
    assert summary("npv").monthly["recurrence"] == 1
    assert summary("npv").plan.series == 0
    assert summary("irr").plan.series == 1


def test_shared_results_are_counted() -> None:
    assert summary("upfront").shared == 0
    assert summary("npv", "gain").shared > summary("npv").shared


@pytest.mark.parametrize("measure", ["npv", "upfront"])
def test_a_workspace_holds_the_rows_of_the_plan(measure: str) -> None:
    of_measure = summary(measure)
    assert of_measure.numbers == of_measure.plan.floats + 24 * of_measure.plan.series


def test_parameters_whose_medians_make_no_distribution() -> None:
    case = loads("""
horizon: 12
inputs:
  low: uniform(0, 4)
  top: uniform(1, 2)
  x: uniform(low, top)
cash_flows: {upfront: {cost: -1}, monthly: {saved: x}}
""")
    summarised = summarise(case.model, {"npv": case.formula("npv").expression})
    assert {drawn.draw.name: drawn.kind for drawn in summarised.drawn} == {
        "low": "closed",
        "top": "closed",
        "x": "exact",
    }


def test_a_certain_case() -> None:
    case = loads("{horizon: 12, inputs: {x: 3}, cash_flows: {upfront: {cost: -20}, monthly: {saved: x}}}")
    summarised = summarise(case.model, {"npv": case.formula("npv").expression})
    assert (summarised.drawn, summarised.folded["x"], summarised.unread) == ((), 3, ())
