"""Comparisons and whole numbers of formulas against decimal arithmetic, drawn and folded."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payback.distributions import Uniform
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Unary
from payback.simulator.engine import evaluate
from payback.simulator.engine.plan import tolerances
from payback.simulator.engine.plan.graph import Graph, Kind
from payback.simulator.engine.plan.lowering import lower
from tests.simulator.engine.models import model, outputs

NAMES = ("a", "b", "c")
DRAWN = model({name: Uniform(-9.0, 9.0) for name in NAMES}, {}, {"build": "-a"}, {"back": "b"})
EXACT: dict[str, Callable[[Fraction, Fraction], Fraction | bool]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
WHOLE: dict[str, Callable[[Fraction], int]] = {"ceil": math.ceil, "floor": math.floor, "round": round}

_DECIMALS = st.integers(1, 99).map(lambda n: Number(n / 100)) | st.integers(1, 9).map(lambda n: Number(n / 10))
_LEAVES = _DECIMALS | st.sampled_from(NAMES).map(Name) | st.integers(1, 12).map(lambda n: Number(float(n)))
_FORMULAS = st.recursive(
    _LEAVES,
    lambda inner: (
        st.builds(Binary, st.sampled_from("+-*"), inner, inner)
        | st.builds(Binary, st.just("/"), inner, _DECIMALS)
        | st.builds(Unary, st.just("-"), inner)
    ),
    max_leaves=5,
)
_POINTS = st.tuples(*[st.integers(-900, 900).filter(bool)] * 3).map(lambda cents: dict(zip(NAMES, cents, strict=True)))


def on_paper(tree: Expression, cents: dict[str, int]) -> Fraction:
    match tree:
        case Number(value=value):
            return Fraction(repr(value))
        case Name(id=name):
            return Fraction(cents[name], 100)
        case Unary(operand=operand):
            return -on_paper(operand, cents)
        case Binary(operator=op, left=left, right=right):
            return Fraction(EXACT[op](on_paper(left, cents), on_paper(right, cents)))
        case Call(function=function, arguments=(x,)):
            return Fraction(WHOLE[function](on_paper(x, cents)))
    raise TypeError(tree)


@settings(max_examples=300, deadline=None)
@given(_FORMULAS, _FORMULAS, _POINTS)
def test_formulas_compare_as_on_paper(left: Expression, right: Expression, cents: dict[str, int]):
    """With the exact difference added to one side, so that every second pair is equal."""
    point = {name: value / 100 for name, value in cents.items()}
    apart = Number(float(on_paper(left, cents) - on_paper(right, cents)))
    level = Binary("+", right, apart) if apart.value >= 0 else Binary("-", right, Number(-apart.value))
    pairs = [(left, right)]
    if Fraction(repr(abs(apart.value))) == abs(on_paper(left, cents) - on_paper(right, cents)):
        pairs.append((left, level))
    trees = [Binary(op, *pair) for pair in pairs for op in EXACT if op not in "+-*/"]
    trees += [Call(function, (side,)) for side in (left, Binary("-", left, right)) for function in WHOLE]
    values = evaluate(DRAWN, point, {to_text(tree): tree for tree in trees})
    for tree in trees:
        assert np.ravel(values[to_text(tree)])[0] == on_paper(tree, cents), to_text(tree)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ceil(100 * (1 + 0.1))", 110),
        ("floor(0.3 / 0.1)", 3),
        ("1.2 / 12 >= 0.1", 1),
        ("0.1 + 0.2 > 0.3", 0),
        ("0.3 - 0.1 - 0.2 >= 0", 1),
        ("ceil(1000.1 - 1000 - 0.1)", 0),
        ("round(2.675 * 100)", 268),
        ("total(1, 0.1 * 30, 10 * 0.7)", 5),
        ("total(step(0.1 * 30), 1, 12)", 10),
        ("total(t * pulse(0.1 * 30), 1, 12)", 3),
    ],
)
@pytest.mark.parametrize("drawn", [False, True])
def test_what_is_equal_on_paper_is_equal(text: str, value: float, drawn: bool):
    """Of constants, folded before the run, and of drawn numbers: `a` is 1."""
    text = re.sub(r"\b0\.1", "(0.1 * a)", text) if drawn else text
    assert np.ravel(evaluate(DRAWN, {"a": 1.0, "b": 1.0, "c": 1.0}, outputs(text))[text])[0] == value


@pytest.mark.parametrize("x", [0.0, 1e12, 1e12 + 0.5, 2.0**43 + 1, 2.0**46 + 3, 2.0**52 + 1, 1e18, 1e300, 2.5, 0.4999])
def test_whole_numbers_of_any_size_stay(x: float):
    texts = ("ceil(a)", "floor(a)", "round(a)")
    for sign in (1, -1):
        values = evaluate(DRAWN, {"a": sign * x, "b": 1.0, "c": 1.0}, outputs(*texts))
        got = [np.ravel(values[text])[0] for text in texts]
        if x < 2.0**43:
            assert got == [math.ceil(sign * x), math.floor(sign * x), round(sign * x)]
        else:
            assert got == [float(round(sign * x))] * 3


@pytest.mark.parametrize("values", list(product([math.inf, -math.inf, math.nan, 0.0, 12.0], repeat=2)))
def test_never_and_undefined_compare_as_ever(values: tuple[float, float]):
    graph = Graph(12)
    a, b = map(graph.constant, values)
    for error in (None, graph.constant(1e-9), graph.constant(math.inf), graph.constant(math.nan)):
        for op, exact in (
            ("less", "<"),
            ("less_equal", "<="),
            ("greater", ">"),
            ("greater_equal", ">="),
            ("equal", "=="),
        ):
            assert tolerances.compare(graph, op, a, b, error).data == EXACT[exact](*values)  # type: ignore[arg-type]
        assert tolerances.compare(graph, "not_equal", a, b, error).data == (values[0] != values[1])


@pytest.mark.parametrize("op", ["<", "<=", ">", ">="])
def test_a_limit_that_no_trial_changes_costs_nothing(op: str):
    node = lower(DRAWN, outputs(f"a {op} 12")).outputs[f"a {op} 12"]
    comparison = node.args[0]
    assert [arg.kind for arg in comparison.args] == [Kind.SCALAR, Kind.CONSTANT]
    assert comparison.args[0].op == "draw"


def test_a_measure_is_equal_within_its_own_error():
    """The rounding of 36 months of flows, thirteen times the net, is beyond that of a single number."""
    m = model(
        {"a": Uniform(0.0, 1.0)}, {}, {"build": "-a * 0.1"}, {"in": "0.7 * a", "out": "-0.6 * a"}, horizon=36, rate="0"
    )
    texts = (
        "gain >= 3.5 * a", "gain > 3.5 * a", "npv - 3.5 * a >= 0", "roi == 35", "gain / a <= 3.5", "payback == 1",
        "at(cumulative_net, 12) == 1.1 * a", "total(net, 1, 36) == 3.6 * a", "2 * gain == 7 * a", "-gain >= -3.5 * a",
    )  # fmt: skip
    for a in (0.1, 1 / 3, 123_456.78, 1e9 + 0.01):
        values = evaluate(m, {"a": a}, outputs(*texts))
        assert {text: np.ravel(value)[0] for text, value in values.items()} == {
            text: float(text != "gain > 3.5 * a") for text in texts
        }
