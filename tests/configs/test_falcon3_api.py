"""The Falcon3 case: its ledger against a scalar twin, its ladder against a simulation made by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator.case import Case, load
from simulator.cube import SAMPLERS, Cube
from simulator.engine import simulate
from tests.reference_falcon3 import falcon3

CASE = load(Path(__file__).resolve().parents[2] / "configs" / "falcon3_api.yaml")
BASE = "S5 base case"
STEPS = (*CASE.ladder, BASE, "S6 market price")
HAND_TRIALS = 1_000_000

# Hand-made Monte Carlo, 1,000,000 trials, independent of the engine and of the case language:
# P(roi < 0), P(roi >= 10), P(payback <= 12), median gain, digits as printed by it.
HAND = {
    "S1 seed frame": (0.0006, 0.8508, 0.9994, 5684),
    "S2 running costs": (0.3025, 0.4362, 0.6975, 1515),
    "S3 launch and price decay": (0.5435, 0.2159, 0.4576, -152),
    "S4 gates (cash view)": (0.8749, 0.0592, 0.1254, -297),
    BASE: (0.9839, 0.0015, 0.0161, -11139),
    "S6 market price": (0.9994, 0.0000, 0.0006, -11931),
}


def step(name: str) -> Case:
    return CASE if name == BASE else CASE.change(name)


def run(case: Case, trials: int, formulas: list[str]) -> dict[str, np.ndarray]:
    model = case.model
    axes = tuple(draw.axis for draw in model.draws if not draw.monthly)
    cube = Cube(axes, trials, 20_260_101, SAMPLERS["monte_carlo"], model.dependence)
    return simulate(model, cube, {text: case.formula(text).expression for text in formulas}).values


def test_ladder_is_the_story() -> None:
    assert set(HAND) == set(STEPS)
    assert [name[:2] for name in CASE.ladder] == ["S1", "S2", "S3", "S4"]


@pytest.mark.parametrize("name", STEPS)
def test_ledger_equals_its_scalar_twin(name: str) -> None:
    case = step(name)
    inputs = [draw.name for draw in case.model.draws]
    months = [f"at(net, {month})" for month in range(1, 13)]
    values = run(case, 256, [*inputs, "upfront", *months])
    for trial in range(256):
        upfront, net = falcon3({n: float(values[n][trial]) for n in inputs}, 12, launches=name[:2] not in {"S1", "S2"})
        assert values["upfront"][trial] == pytest.approx(upfront, rel=1e-12)
        assert [values[m][trial] for m in months] == pytest.approx(net, rel=1e-10, abs=1e-10 * max(map(abs, net)))


@pytest.mark.parametrize("name", STEPS)
def test_ladder_equals_the_simulation_by_hand(name: str) -> None:
    values = run(step(name), 2**17, ["roi", "payback", "gain"])
    loss, tenfold, in_a_year, median = HAND[name]
    trials = len(values["gain"])
    both = 1 / trials + 1 / HAND_TRIALS
    for hits, expected in (
        (values["roi"] < 0, loss),
        (values["roi"] >= 10, tenfold),
        (values["payback"] <= 12, in_a_year),
    ):
        p = max(expected, 0.00005)
        # 4.5 combined standard errors of two independent shares, and half a unit of the printed digit
        assert abs(hits.mean() - expected) <= 4.5 * (p * (1 - p) * both) ** 0.5 + 0.00005
    # se of a median = sqrt(1/4 (1/n + 1/m)) / density, the density from the middle 2 % of the trials
    low, high = np.quantile(values["gain"], [0.49, 0.51])
    assert abs(np.median(values["gain"]) - median) <= 4.5 * 0.5 * both**0.5 * (high - low) / 0.02 + 0.5
