"""Bounds of formulas: by hand, and around the values of formulas that nobody wrote."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings

from payback.simulator.case.checker import check, check_formula
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.case.formulas.bounds import bounds, model_bounds
from tests.declare import declare
from tests.reference_language import evaluate as twin
from tests.trees import SCALAR_FORMULAS, STATEFUL_FORMULAS

INF = math.inf
KNOWN = {
    "cost": (2.0, 5.0), "share": (0.0, 1.0), "gap": (-1.0, 3.0), "size": (0.0, INF), "shock": (-INF, INF),
    "t": (1.0, 9.0),
}  # fmt: skip
INPUTS = {"x": "uniform(1, 3)", "y": "uniform(0, 4)", "z": "normal(0, 1)"}
POINTS = ({"x": 1.7, "y": 2.4, "z": -0.3}, {"x": 2.9, "y": 0.0, "z": 1.3}, {"x": 1.0, "y": 4.0, "z": -2.0})


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("-cost", -5, -2),
        ("1 - share", 0, 1),
        ("cost - size", -INF, 5),
        ("size - size", -INF, INF),
        ("gap * cost", -5, 15),
        ("size * gap", -INF, INF),
        ("0 * shock", 0, 0),
        ("gap / cost", -0.5, 1.5),
        ("cost / size", 0, INF),
        ("cost / gap", -INF, INF),
        ("cost ** shock", 0, INF),
        ("gap ** 2", -INF, INF),
        ("cost > 3 and not gap", 0, 1),
        ("pulse(37) * -cost", -5, 0),
        ("max(gap, 0) + min(shock, 0)", -INF, 3),
        ("abs(gap)", 0, 3),
        ("abs(-cost)", 2, 5),
        ("if(shock > 0, cost, -gap)", -3, 5),
        ("pick(2, cost, share)", 0, 5),
        ("lag(cost, 2, 0)", 0, 5),
        ("total(cost, 1, 9)", 0, INF),
        ("total(-share, 1, 9)", -INF, 0),
        ("highest(gap * t)", -9, 27),
        ("index(-0.2, 12) * cost", 0, INF),
        ("index(-2, 12)", -INF, INF),
        ("ceil(share / 2)", 0, 1),
        ("log(cost)", -INF, INF),
        ("nothing", -INF, INF),
    ],
)
def test_bounds_by_hand(text: str, low: float, high: float) -> None:
    assert bounds(parse(text), KNOWN) == (low, high)


@settings(max_examples=150, deadline=None)
@given(STATEFUL_FORMULAS, SCALAR_FORMULAS)
def test_no_value_lies_outside(monthly: Expression, scalar: Expression) -> None:
    checked = check(declare(inputs=INPUTS, calculations={"it": to_text(monthly)}, horizon=4))
    known = model_bounds(checked.model)
    texts = {"at(it, 1)": "it", "at(it, 4)": "it", to_text(scalar): ""}
    outputs = {text: check_formula(checked.scope, parse(text)).expression for text in texts}
    for point in POINTS:
        for text, value in twin(checked.model, outputs, point).items():
            low, high = known["it"] if texts[text] else bounds(outputs[text], known)
            slack = 1e-9 * abs(value) if math.isfinite(value) else 0.0
            assert math.isnan(value) or low - slack <= value <= high + slack, text


def test_bounds_follow_the_supports_of_inputs_and_their_changes() -> None:
    known = model_bounds(check(declare(calculations={"sales": "volume * price", "late": "launch + delay"})).model)
    assert known["volume"] == (0.0, INF)
    assert known["share"] == (0.0, 1.0)
    assert known["sales"] == (0.0, INF)
    assert known["late"][0] > 1.0
    assert known["t"] == (1.0, 12.0)
