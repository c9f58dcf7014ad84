"""The plan on numpy blocks against the slow twin, trial by trial."""

from __future__ import annotations

import math

import numpy as np
import pytest

from payback.distributions import Normal, Uniform
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.cube import Cube, MonteCarlo
from payback.simulator.engine import simulate
from tests.reference_language import evaluate as twin
from tests.simulator.engine.models import model, outputs

DRAWS = {"a": Normal(1.0, 0.6), "b": Uniform(0.2, 3.0), "c": Uniform(-2.0, 8.0), "z": Normal(0.0, 1.0)}
UPFRONT = {"build": "-900 * b", "grant": "if(c > 4, 400, -50)"}
MONTHLY = {"sales": "m_x * 100", "running": "-60 * b", "tool": "-10"}
FORMULAS = {
    "powers": "b * (1 + a / 10) ** (t - 1) * (1 - 0.1) ** ((t - 1) / 12)",
    "recurrences distribute": "b * 1.02 ** (t - 1) * (a * (1 + b / 50) ** (t - 1) - c) / 4",
    "negative power": "(b + 0.1) ** (-t / 6)",
    "power of a monthly base": "(b + t / 10) ** (t / 24)",
    "state": "previous(m_x, b) * (1 + a / 20)",
    "state with a condition": "if(previous(m_x, 1) > 0 and z > t / 12, previous(m_x, 1) + 0.1, 0)",
    "state that only sums": "previous(m_x, 0) + b",
    "noise each month": "b + 0.2 * z",
    "noise through a state": "0.8 * previous(m_x, a) + 0.1 * z",
    "lag, certain": "lag(b * t, 2, before=a)",
    "lag, uncertain": "lag(b * t, c, before=0)",
    "lag of nothing": "lag(t, 3, before=-1)",
    "lag of what never changes": "lag(b, c, before=0)",
    "lag of a state": "lag(cumulative(z), 1, before=0) + b",
    "cumulative": "cumulative(z * b)",
    "cumulative of a month": "cumulative(t) / 10",
    "step": "step(c) + step(3)",
    "pulse": "pulse(c, every=3) + pulse(2) * b",
    "series": "series(a, b, 3, first=2, every=3)",
    "lumps": "series(a, b, 3, first=2, every=3, lump=1) + lag(pulse(3) * b, 2, before=0) + cumulative(pulse(4)) / 5",
    "lumps that a state keeps": "previous(m_x, 0) / 2 + pulse(b, every=2) * c + b / 5",
    "certain series": "series(1, 2, 3, first=1, every=1) * b",
    "ramp": "ramp(b) * ramp(2, 2 + b)",
    "s curve": "s_curve(t - c, half=3, width=b)",
    "index": "index(a / 50, 1) * index(-0.2, 12)",
    "elementwise": "min(t, c, 5) + max(a, b) - abs(z) + exp(-b) + log(b) + sqrt(b) + ceil(c) + floor(c) + round(c)",
    "pick": "pick(1 + floor(b), a, b, c, t)",
    "logic": "(a > 1 and not (b < 1)) or t >= 6",
    "comparisons": "(a == b) + (a != b) + (t <= c) - (t < c)",
    "second pass over the months": "highest(b * t * (1 + z / 10)) / 20 - t / 12",
    "third pass": "average(cumulative(z) - lowest(b * z * t)) + b",
    "totals": "total(z * t, 2, 5) + total(t, 1, 12) / 20 + total(b, 3, 4) + total(z, b, c)",
    "at": "at(z * t, 3) + at(cumulative(z), c) * (c > 1) + at(t, 2) + b",
    "present": "present(z * b) + present(t, rate=0.2) / 50 + present(b, rate=b / 10) / 10",
    "first month": "min(first_month(cumulative(z) > 1), 20) / 5 + first_month(t > 3) + min(first_month(b > 1), 9)",
}
CLEAN = {"at": "at(z * t, 3) + at(cumulative(z), min(12, max(1, c))) + at(t, 2) + b"}
ASKED = [m.name for m in MEASURES.values() if not m.monthly and "irr" not in m.name]
SCALARS = ["total(m_x, 1, 12)", "lowest(m_x)", "highest(cumulative_net)", "at(m_x, 7)"]
CONDITIONS = ["npv < 0", "payback <= 6", "roi > 1"]
RATES = ["irr", "irr_count", "irr > 0.1"]


def one(formula: str, horizon: int = 12):
    monthly_noise = ("z",)
    return model(
        DRAWS, {"m_x": formula}, UPFRONT, MONTHLY, horizon=horizon, each_month=monthly_noise, investment=("tool",)
    )


@pytest.mark.parametrize("name", FORMULAS)
def test_every_function_agrees_with_the_twin(name):
    compare(CLEAN.get(name, FORMULAS[name]), [*ASKED, *SCALARS, *CONDITIONS], trials=12)


@pytest.mark.parametrize("name", ["noise each month", "third pass"])
def test_rates_of_return_agree_with_the_twin(name):
    compare(FORMULAS[name], RATES, trials=12)


def compare(formula: str, texts: list[str], trials: int) -> None:
    if "c, before" in formula:
        formula = formula.replace("c,", "max(c, 0),")
    m = one(formula)
    cube = Cube(axes=("a", "b", "c"), trials=trials, seed=3, sampler=MonteCarlo())
    noise = [f"at(z, {month})" for month in range(1, 13)]
    expressions = outputs(*texts)
    computed = simulate(m, cube, expressions | outputs("a", "b", "c", "total_cost", *noise), block=5, threads=2)
    flow = max(1.0, np.abs(computed["total_cost"]).max())
    for trial in range(trials):
        drawn = {name: computed[name][trial] for name in "abc"} | {"z": [computed[text][trial] for text in noise]}
        expected = twin(m, expressions, drawn)
        if math.isnan(expected.get("irr", 0.0)):
            expected["irr > 0.1"] = math.nan  # the engine keeps an undefined condition apart from one that fails
        for text, value in expected.items():
            got = computed[text][trial]
            assert got == pytest.approx(value, rel=1e-10, abs=1e-12 * flow, nan_ok=True), f"{text} in trial {trial}"
