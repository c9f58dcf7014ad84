"""The ledger of the Falcon3 case, at every step of its ladder, against a scalar twin."""

from __future__ import annotations

from pathlib import Path

import pytest

from payback.simulator.case import Case, load
from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.engine import simulate
from tests.reference_falcon3 import falcon3

CASE = load(Path(__file__).resolve().parents[2] / "configs" / "falcon3_api.yaml")
BASE = "S5 the case as it is"
TRIALS = 256
STEPS = (*CASE.ladder, BASE, "S6 market price")


def step(name: str) -> Case:
    return CASE if name == BASE else CASE.change(name)


def test_ladder_is_the_story() -> None:
    assert [name[:2] for name in STEPS] == ["S1", "S2", "S3", "S4", "S5", "S6"]


@pytest.mark.parametrize("name", STEPS)
def test_ledger_equals_its_scalar_twin(name: str) -> None:
    case = step(name)
    inputs = [draw.name for draw in case.model.draws]
    months = [f"at(net, {month})" for month in range(1, 13)]
    axes = tuple(draw.axis for draw in case.model.draws)
    cube = Cube(axes, TRIALS, 1, SAMPLERS["monte_carlo"])
    values = simulate(
        case.model, cube, {text: case.formula(text).expression for text in [*inputs, "upfront", *months]}
    ).values
    for trial in range(TRIALS):
        upfront, net = falcon3({n: float(values[n][trial]) for n in inputs}, 12, launches=name[:2] not in {"S1", "S2"})
        assert values["upfront"][trial] == pytest.approx(upfront, rel=1e-12)
        assert [values[m][trial] for m in months] == pytest.approx(net, rel=1e-10, abs=1e-10 * max(map(abs, net)))
