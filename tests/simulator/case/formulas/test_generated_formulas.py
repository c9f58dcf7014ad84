"""Formulas that make sense are accepted, print as they are, and give a float in each trial."""

from __future__ import annotations

from hypothesis import given, settings

from payback.simulator.case.checker import check, check_formula
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Expression, Name, names
from payback.simulator.model import Formula
from tests.declare import declare
from tests.reference_language import evaluate
from tests.trees import SCALAR_FORMULAS, STATEFUL_FORMULAS

INPUTS = {"x": "uniform(1, 3)", "y": "uniform(0, 4)", "z": "normal(0, 1)"}
MONTHS = 4


@settings(max_examples=80, deadline=None)
@given(STATEFUL_FORMULAS)
def test_monthly_formulas(tree: Expression) -> None:
    text = to_text(tree)
    checked = check(declare(inputs=INPUTS, calculations={"it": text, "last": "at(it * t, 4)"}, horizon=MONTHS))
    formula = checked.model.definitions[3]
    assert isinstance(formula, Formula)
    assert formula.monthly or names(tree) <= {"x", "y", "z"}
    assert parse(to_text(formula.expression))
    values = evaluate(checked.model, {"last": Name("last")}, coordinates={"x": 0.3, "y": 0.6, "z": 0.9})
    assert isinstance(values["last"], float)


@settings(max_examples=80, deadline=None)
@given(SCALAR_FORMULAS)
def test_scalar_formulas(tree: Expression) -> None:
    checked = check(declare(inputs=INPUTS, horizon=MONTHS))
    formula = check_formula(checked.scope, parse(to_text(tree)))
    assert not formula.monthly
    values = evaluate(checked.model, {"it": formula.expression}, coordinates={"x": 0.3, "y": 0.6, "z": 0.9})
    assert isinstance(values["it"], float)
