from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import number_text, to_text
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Expression, Number, Quantity
from tests.trees import WRITTEN


@settings(max_examples=200, deadline=None)
@given(WRITTEN)
def test_a_printed_tree_reads_back_as_itself(tree: Expression) -> None:
    text = to_text(tree)
    assert parse(text) == tree, text


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.just(0.0), st.floats(1e-60, 1e60)))
def test_a_number_reads_back_to_the_bit(value: float) -> None:
    assert parse(number_text(value)) == Number(value)


def test_printing_keeps_what_a_reader_wrote() -> None:
    for text in (
        "-1.2 * gpu_hours * gpu_price * runs",
        "traffic * (1 + growth) ** (t - 1) * s_curve(t, half=3, width=4)",
        "8.3 to 30 hour/run",
        "8.3 to 30 (80 %) hour/run",
        "quantiles({0.05: 10, 0.95: 60}, low=0) USD",
        "discrete({1: 0.3, 5: 0.7}) run",
        "if(previous(open, 1) == 1 and not stop, 1, 0)",
        "-2 ** -x",
        "a - (b - c)",
        "(-x) ** 2",
    ):
        assert to_text(parse(text)) == text


TOKENS = "x 2 ( ) + - * ** / < = , to % USD /hour 1/month { } : not and max( discrete( quantiles( .5 low= 'a'".split()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.lists(st.sampled_from(TOKENS)).map(" ".join))
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    tree, error = read(text)
    if error is None:
        assert tree is not None
        assert parse(to_text(tree)) == tree
    else:
        assert error.given
        assert 0 <= error.at <= len(text)


def read(text: str) -> tuple[Expression | None, ExpressionError | None]:
    try:
        return parse(text), None
    except ExpressionError as error:
        return None, error


def test_a_unit_behind_one_number_of_a_range_belongs_to_both() -> None:
    tree = parse("8.3 to 30 hour/run")
    assert isinstance(tree, Quantity)
    assert tree.unit == "hour/run"
