"""The twin itself, against numbers worked out by hand and the golden figures of REF-1."""

from __future__ import annotations

import math

import pytest

from payback.simulator.case.checker import check, check_formula
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tree import Name
from tests.declare import declare
from tests.reference_language import evaluate
from tests.reference_ledger import rates_of_return

MONTHS = 6


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("step(3)", [0, 0, 1, 1, 1, 1]),
        ("step(x)", [0, 0, 1, 1, 1, 1]),
        ("pulse(x)", [0, 0, 1, 0, 0, 0]),
        ("pulse(2, every=2)", [0, 1, 0, 1, 0, 1]),
        ("series(5, 7, first=2, every=3)", [0, 5, 0, 0, 7, 0]),
        ("ramp(4)", [0.25, 0.5, 0.75, 1, 1, 1]),
        ("ramp(2, 4)", [0, 0, 0.5, 1, 1, 1]),
        ("s_curve(t - 2, half=1, width=1)", [0, 0, 0.5, 81 / 82, 6561 / 6562, 81**3 / (81**3 + 1)]),
        ("index(10 %/month)", [1.1**i for i in range(6)]),
        ("index(10 %/year)", [1.1 ** (i / 12) for i in range(6)]),
        ("lag(t, x, before=9)", [9, 9, 1, 2, 3, 4]),
        ("lag(t, 0)", [1, 2, 3, 4, 5, 6]),
        ("cumulative(t)", [1, 3, 6, 10, 15, 21]),
        ("previous(it, 8) / 2", [4, 2, 1, 0.5, 0.25, 0.125]),
        ("max(previous(it, 0), t * (t < 4))", [1, 2, 3, 3, 3, 3]),
        ("previous(it, 0) + cumulative(previous(it, 0) + 1)", [1, 4, 12, 33, 88, 232]),
        ("if(t > 4, 1, sqrt(4 - t))", [3**0.5, 2**0.5, 1, 0, 1, 1]),
        ("pick(t, 5, 6, 7)", [5, 6, 7, math.nan, math.nan, math.nan]),
        ("min(t, 3) - max(t, 4)", [-3, -2, -1, -1, -2, -3]),
        ("round(t / 2)", [0, 1, 2, 2, 2, 3]),
        ("1 / (t - 2)", [-1, math.nan, 1, 1 / 2, 1 / 3, 1 / 4]),
        ("(t - 3) ** 0.5", [math.nan, math.nan, 0, 1, 2**0.5, 3**0.5]),
        ("not (t > 2 and t != 4) or t == 6", [1, 1, 0, 1, 0, 1]),
        ("9 ** 9 ** (9 - t)", [math.nan] * 6),
    ],
)
def test_months(text: str, path: list[float]) -> None:
    values = [_asked(text, f"at(it, {month})") for month in range(1, MONTHS + 1)]
    assert values == pytest.approx(path, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("total(t)", 21),
        ("total(t, 2, 4)", 9),
        ("total(x)", 12.6),
        ("at(t * t, x)", 4),
        ("at(t, 9 * x)", math.nan),
        ("lowest(abs(t - 3))", 0),
        ("highest(abs(t - 3))", 3),
        ("average(t)", 3.5),
        ("first_month(t * t > 8)", 3),
        ("first_month(t > 8)", math.inf),
        ("never(first_month(t > 8))", 1),
        ("undefined(at(t, 9 * x))", 1),
        ("present(1)", sum(1.1 ** (-m / 12) for m in range(1, 7))),
        ("present(t, rate=0)", 21),
        ("at(t, 2) < x", 1),
    ],
)
def test_values(text: str, value: float) -> None:
    assert _asked("t", text) == pytest.approx(value, nan_ok=True)


def _asked(calculation: str, question: str) -> float:
    checked = check(declare(inputs={"x": "2.1"}, calculations={"it": calculation}, horizon=MONTHS))
    return evaluate(checked.model, {"it": check_formula(checked.scope, parse(question)).expression})["it"]


def test_ref_1_at_its_golden_point() -> None:
    point = {
        "volume": 100_000.0, "growth": 0.02, "price": 0.005, "price_decay": 0.2, "serving": 0.0012, "gpu_hours": 10.4,
        "gpu_price": 2.0, "iterations": 2.0, "eng_hours": 40.0, "eng_rate": 90.0, "teacher": 100.0, "maintenance": 60.0,
    }  # fmt: skip
    checked = check(
        declare(
            inputs={name: str(value) for name, value in point.items()},
            calculations={
                "requests": "volume * (1 + growth) ** (t - 1)",
                "margin": "price * (1 - price_decay) ** ((t - 1) / 12) - serving",
            },
            upfront={
                "teacher": "-teacher",
                "gpu": "-1.2 * gpu_hours * gpu_price * iterations",
                "labour": "-eng_hours * eng_rate",
            },
            monthly={"sales": "requests * margin", "upkeep": "-maintenance"},
            horizon=36,
        )
    )
    measures = ("upfront", "gain", "npv", "roi", "payback", "peak_funding", "irr_count")
    values = evaluate(checked.model, {name: Name(name) for name in measures})
    assert round(values["upfront"], 2) == 3749.92
    assert round(values["gain"] + values["upfront"], 2) == 9986.48
    assert round(values["npv"], 2) == 4975.36
    assert round(values["roi"], 6) == 1.663117
    assert round(values["payback"], 6) == 12.133320
    assert values["peak_funding"] == values["upfront"]
    assert values["irr_count"] == 1


@pytest.mark.parametrize(
    ("flows", "rates"),
    [([-100, 230, -132], [0.1, 0.2]), ([100, -150, 80], []), ([0, 0, 0], []), ([-1, *[0] * 8, 1e9], [9.0])],
)
def test_every_rate_of_return_is_found(flows: list[float], rates: list[float]) -> None:
    yearly = [(1 + rate) ** 12 - 1 for rate in rates]
    assert rates_of_return(flows) == pytest.approx(yearly)


def test_coordinates_are_inverted_by_axis() -> None:
    checked = check(
        declare(
            inputs={"x": "uniform(0, 2)", "gate": "bernoulli(x / 2)", "noise": "each uniform(0, 1)"},
            calculations={"last": "at(noise, 6)"},
            horizon=MONTHS,
        )
    )
    outputs = {name: Name(name) for name in ("x", "gate", "last")}
    coordinates = {"x": 0.25, "gate": 0.7, "noise[6]": 0.875}
    assert evaluate(checked.model, outputs, coordinates=coordinates) == {"x": 0.5, "gate": 0.0, "last": 0.875}
    assert evaluate(checked.model, outputs, coordinates=coordinates | {"gate": 0.8})["gate"] == 1
