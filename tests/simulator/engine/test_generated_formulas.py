"""Formulas that nobody wrote: the plan against the slow twin."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from payback.simulator.case.checker import check, check_formula
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine import evaluate
from payback.simulator.errors import NumericalError
from tests.declare import declare
from tests.reference_language import evaluate as twin
from tests.trees import SCALAR_FORMULAS, STATEFUL_FORMULAS

INPUTS = {"x": "uniform(1, 3)", "y": "uniform(0, 4)", "z": "normal(0, 1)"}
POINTS = ({"x": 1.7, "y": 2.4, "z": -0.3}, {"x": 2.0, "y": 0.0, "z": 1.3})


@settings(max_examples=60, deadline=None)
@given(STATEFUL_FORMULAS, SCALAR_FORMULAS)
def test_every_formula_has_one_value(monthly: Expression, scalar: Expression) -> None:
    checked = check(declare(inputs=INPUTS, calculations={"it": to_text(monthly)}, horizon=4))
    texts = ["at(it, 1)", "at(it, 2)", "at(it, 4)", to_text(scalar)]
    outputs = {text: check_formula(checked.scope, parse(text)).expression for text in texts}
    for point in POINTS:
        expected = twin(checked.model, outputs, point)
        try:
            values = evaluate(checked.model, point, outputs)
        except NumericalError:
            assert not all(map(math.isfinite, expected.values()))
            continue
        for text, value in expected.items():
            assert np.ravel(values[text])[0] == pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True), text
