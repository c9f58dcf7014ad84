"""What holds of every printed number: order is kept, a digit is left or the text says so, the interval holds it."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from payback.simulator import digits, number_text

VALUE = st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-9)
ERROR = st.one_of(st.floats(1e-6, 1e9), st.just(0.0))
NUMBER = r"[-+]?[\d,]*\.?\d+(?:e[-+]\d+)?"


def numbers(text: str) -> list[float]:
    """Return the numbers of a text without a unit, in order."""
    return [float(number.replace(",", "")) for number in re.findall(NUMBER, text)]


@st.composite
def estimates(draw: st.DrawFn) -> list[tuple[float, float | None, float | None]]:
    """Return ascending values, each with an interval, an open one, or none."""
    rows = []
    scale = draw(st.sampled_from([1e-3, 1.0, 1e6]))
    for value in sorted(draw(st.lists(st.floats(-50, 50), min_size=2, max_size=8))):
        below, above = draw(ERROR), draw(ERROR)
        low, high = scale * value - below, scale * value + above
        shape = draw(st.sampled_from(["both", "both", "both", "low", "none"]))
        rows.append((scale * value, None if shape == "none" else low, high if shape == "both" else None))
    return rows


@given(rows=estimates())
def test_rounding_never_reverses_the_order_of_the_percentiles_of_a_measure(rows) -> None:
    places = digits.ordered_places(rows)
    texts = [number_text.with_error(*row, decimals=shown) for row, shown in zip(rows, places, strict=True)]
    printed = [numbers(text)[0] for text in texts if number_text.is_known(text)]
    assert printed == sorted(printed)
    for row, shown in zip(rows, places, strict=True):
        supported = digits.shown_places(*row)
        assert supported is None or shown >= supported


@given(value=VALUE, below=ERROR, above=ERROR)
def test_a_digit_is_left_of_every_number_or_the_text_says_that_it_is_not_known(value, below, above) -> None:
    low, high = value - below, value + above
    for text in (number_text.with_error(value, low, high), number_text.difference(value, low, high)):
        shown = numbers(text)
        if number_text.is_known(text):
            assert value == 0 or shown[0] != 0
            assert len(shown) == 1 or shown[1] <= shown[0] <= shown[2]
        else:
            assert low <= value <= high
            assert shown[-1] >= 0
            assert min(abs(low), abs(high)) > 0 or text.startswith(number_text.LESS_THAN) or "between" in text


@given(share=st.floats(0, 1), below=st.floats(0, 0.3), above=st.floats(0, 0.3))
def test_no_share_but_0_and_1_is_shown_as_0_or_100(share, below, above) -> None:
    assume(share in (0, 1) or 1e-9 < share < 1 - 1e-9)
    low, high = max(share - below, 0.0), min(share + above, 1.0)
    text = number_text.percent(share, low, high)
    shown = numbers(text)
    if number_text.is_known(text) and not text.startswith("more than"):
        assert (shown[0] in (0, 100)) == (share in (0, 1))
        assert len(shown) < 3 or shown[1] <= shown[0] <= shown[2]
    bare = float(number_text.bare_percent(share, low, high).replace(",", ""))
    assert (bare in (0, 100)) == (share in (0, 1))


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "text"),
    [
        (2e3, -3e5, 3e5, "1/year", "not known: between -30,000,000 and 30,000,000 %/year"),
        (0.0, -40.0, 60.0, "USD", "not known: between -40 and 60 USD"),
        (0.0, 0.0, 60.0, "USD", "0 USD (0 to 60)"),
        (0.2, 0.0, 30.0, "month", "less than 30 months"),
        (-0.2, None, 30.0, "", "not known: at most 30"),
        (0.3, -30.0, None, "USD", "not known: at least -30 USD"),
        (-0.9995, -0.9999, 5.0, "1/year", "-100 %/year (-100 to 500)"),
    ],
)
def test_a_value_that_its_error_swamps(value, low, high, unit, text) -> None:
    assert number_text.with_error(value, low, high, unit) == text


def test_a_difference_that_its_error_swamps() -> None:
    assert number_text.difference(1e-5, -2e-3, 2e-3, "share") == "not known: between -0.20 and +0.20 points"
    assert number_text.difference(0.1, -40.0, 60.0, "USD") == "not known: between -40 and +60 USD"
    assert number_text.difference(0.0, 0.0, 0.0, "USD") == "0 USD"


def test_an_imprecise_percentile_is_not_shown_above_a_precise_one_that_is_larger() -> None:
    rows = [(23.51, 11.0, 36.0), (23.54, 23.4, 23.7)]
    places = digits.ordered_places(rows)
    texts = [number_text.with_error(*row, decimals=shown) for row, shown in zip(rows, places, strict=True)]
    assert texts == ["23.5 (11.0 to 36.0)", "23.5 (23.4 to 23.7)"]
    assert digits.ordered_places([(None, 3.0, None), rows[0]]) == [None, 0]


def test_a_value_that_is_not_shown_does_not_change_the_digits_of_others_nor_get_any() -> None:
    rows = [(0.1, 0.1, 0.1), (0.1, 0.1, 180.0)]
    places = digits.ordered_places(rows)
    texts = [number_text.with_error(*row, decimals=shown) for row, shown in zip(rows, places, strict=True)]
    assert texts == ["0.1", "less than 180"]


def test_sentences_of_percentiles_that_are_not_known() -> None:
    sentence = number_text.percentile_sentence
    between = number_text.with_error(0.2, -30.0, 30.0, "USD")
    assert sentence("npv", 10, 0.2, between, 36) == (
        "the npv that one in ten trials does not exceed is not known: between -30 and 30 USD"
    )
    assert (
        sentence("payback", 50, 0.2, "less than 30 months", 36) == "half of all trials pay back in less than 30 months"
    )
    assert sentence("payback", 50, 0.2, "not known: at most 3 months", 36) == (
        "half of all trials pay back by a month that is not known: at most 3 months"
    )
