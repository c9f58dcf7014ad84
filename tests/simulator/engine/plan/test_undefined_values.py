"""What has no value is undefined where it is asked for, and ends the run in the ledger: against the twin."""

from __future__ import annotations

import math

import numpy as np
import pytest

from payback.simulator.case import Case, loads
from payback.simulator.cube.cube import Cube
from payback.simulator.cube.samplers import MonteCarlo
from payback.simulator.engine import simulate
from payback.simulator.errors import NumericalError
from tests.reference_language import evaluate as twin

CASE = """
horizon: 12 months
discount_rate: 8 %
inputs:
  k: "discrete({0.6: 25 %, 1: 25 %, 1.5: 25 %, 2: 25 %})"
  z: bernoulli(0.5)
  cost: 100 to 200 USD
calculations:
  chosen: pick(k, 10, 20)
  inverse: 1 / z
  ratio: npv / upfront
  logarithm: log(z)
  root: sqrt(z - 0.5)
  guarded: if(z > 0, 1 / z, 0)
  thirds: pick(3 * (0.1 + 0.2 + z / 3 - z / 3) / 0.3 - 2, 7, 8)
cash_flows:
  upfront: {build: -z * cost}
  monthly: {saved: 20 USD/month}
"""
ASKED = (
    "chosen", "inverse", "ratio", "logarithm", "root", "guarded", "thirds", "roi", "payback / z", "payback",
    "undefined(chosen)", "undefined(inverse)", "undefined(1 / z)", "undefined(log(z))", "undefined(npv / upfront)",
    "undefined(roi)", "undefined(payback)", "undefined(npv)", "never(inverse)", "never(payback)", "undefined(-1 / z)",
    "z ** -1", "total(t / z)",
)  # fmt: skip
CONDITIONS = {"ratio > 1": "ratio", "inverse >= 1 and z < 2": "inverse", "not (log(z) > 3)": "logarithm"}


def run(engine: str, texts: tuple[str, ...]) -> tuple[Case, dict[str, np.ndarray]]:
    case = loads(CASE)
    axes = tuple(draw.axis for draw in case.model.draws)
    cube = Cube(axes=axes, trials=64, seed=3, sampler=MonteCarlo())
    trees = {text: case.formula(text).expression for text in (*texts, "k", "z", "cost")}
    return case, simulate(case.model, cube, trees, engine=engine)


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_what_has_no_value_is_undefined_as_in_the_twin(engine: str) -> None:
    case, values = run(engine, ASKED)
    trees = {text: case.formula(text).expression for text in ASKED}
    without = dict.fromkeys(ASKED, 0)
    for trial in range(64):
        drawn = {name: float(values[name][trial]) for name in ("k", "z", "cost")}
        for text, value in twin(case.model, trees, drawn).items():
            assert values[text][trial] == pytest.approx(value, rel=1e-9, nan_ok=True), (text, drawn)
            without[text] += math.isnan(value)
    assert 0 < without["inverse"] == without["ratio"] == without["logarithm"] == without["root"] < 64
    assert without["chosen"] > 0
    assert without["guarded"] == without["thirds"] == without["payback"] == without["undefined(inverse)"] == 0


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_a_condition_on_what_has_no_value_is_undefined(engine: str) -> None:
    _, values = run(engine, (*CONDITIONS, *CONDITIONS.values()))
    for condition, number in CONDITIONS.items():
        assert np.array_equal(np.isnan(values[condition]), np.isnan(values[number]))


def test_money_without_a_value_still_ends_the_run() -> None:
    case = loads(CASE.replace("saved: 20 USD/month", "saved: 20 USD/month * inverse"))
    cube = Cube(axes=tuple(draw.axis for draw in case.model.draws), trials=64, seed=3, sampler=MonteCarlo())
    for text in ("npv", "ratio", "npv / cost", "ratio > 1"):
        with pytest.raises(NumericalError, match="inverse is not a finite number"):
            simulate(case.model, cube, {text: case.formula(text).expression})
