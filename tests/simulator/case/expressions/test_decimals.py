"""Whole numbers and equality of decimals, against exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payback.simulator.case.expressions.decimals import ceil, equal, floor, nearest
from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.formulas.monthly import whole

CENTS = st.integers(-99_999, 99_999)


@given(CENTS, st.integers(1, 999), st.sampled_from([1, 10, 100]))
def test_products_and_quotients_of_cents_are_what_they_are_on_paper(cents: int, by: int, parts: int):
    for exact, computed in (
        (Fraction(cents, 100) * by / parts, cents / 100 * by / parts),
        (Fraction(cents, 100) / Fraction(by, parts), cents / 100 / (by / parts)),
    ):
        assert equal(computed, float(exact))
        assert (ceil(computed), floor(computed), nearest(computed)) == (
            math.ceil(exact), math.floor(exact), round(exact),
        )  # fmt: skip


@given(st.integers(-(2**33), 2**33), st.sampled_from([1e-3, 0.25, -1e-3]))
def test_other_numbers_are_as_ever(n: int, off: float):
    assert (ceil(n + off), floor(n + off), nearest(n + off)) == (math.ceil(n + off), math.floor(n + off), n)
    assert (ceil(float(n)), floor(float(n)), nearest(float(n))) == (n, n, n)


@pytest.mark.parametrize("x", [2.0**43 + 1, 2.0**52 + 1, 1e18, 1e300])
def test_large_numbers_stay(x: float):
    assert (ceil(x), floor(x), nearest(x)) == (x, x, x)


def test_infinity_equals_itself_alone():
    assert equal(math.inf, math.inf)
    assert not equal(math.inf, 1.0)
    assert not equal(1.0, math.inf)
    assert not equal(math.nan, math.nan)


@pytest.mark.parametrize(
    ("text", "value"), [("ceil(100 * (1 + 0.1))", 110), ("floor(0.3 / 0.1)", 3), ("round(2.675 * 100)", 268)]
)
def test_constants_of_a_file_are_folded_as_trials_are(text: str, value: int):
    assert fold(parse(text)) == value
    assert whole(parse(text.partition("(")[2][:-1]) if "2.675" not in text else parse(text), 1, "`every`") == value
