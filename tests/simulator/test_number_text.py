from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payback.simulator import digits, number_text
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("number_texts.txt"))

FINITE = st.floats(-1e15, 1e15, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "text"),
    [
        (14.213, 14.121, 14.305, "month", "14.2 months (14.1 to 14.3)"),
        (1.0, 1.0, 1.0, "month", "1 month"),
        (-11139.2, -11190.7, -11087.9, "USD", "-11,140 USD (-11,190 to -11,090)"),
        (692.6, -349.5, 1734.7, "USD", "700 USD (-300 to 1,700)"),
        (0.123, 0.121, 0.125, "1/year", "12.3 %/year (12.1 to 12.5)"),
        (-0.9973, -0.9979, -0.9966, "1/year", "-99.73 %/year (-99.79 to -99.66)"),
        (-0.999999999998, -0.999999999999, -0.999999999992, "1/year", "under -99.9 %/year"),
        (-0.9999, -0.9999, -0.9999, "1/month", "under -99.9 %/month"),
        (0.00123, 0.00121, 0.00125, "USD/request", "0.00123 USD/request (0.00121 to 0.00125)"),
        (1.2e-6, 1.1e-6, 1.3e-6, "USD", "1.2e-06 USD (1.1e-06 to 1.3e-06)"),
        (1.2e18, 1.1e18, 1.3e18, "USD", "1.2e+18 USD (1.1e+18 to 1.3e+18)"),
        (123456.7, None, None, "USD", "123,457 USD"),
        (3.0, None, 4.0, "", "3.0 (not known to 4.0)"),
    ],
)
def test_values_with_their_error(value: float, low: float | None, high: float | None, unit: str, text: str) -> None:
    assert number_text.with_error(value, low, high, unit) == text


@pytest.mark.parametrize(
    ("share", "low", "high", "text"),
    [
        (0.0, 0.0, 2.9e-5, "0 % (at most 0.0029 %)"),
        (1.0, 0.99997, 1.0, "100 % (at least 99.9970 %)"),
        (0.9843, 0.98362, 0.98496, "98.43 % (98.36 to 98.50)"),
        (0.25, None, None, "25 %"),
        (0.99987, None, None, "99.987 %"),
        (1.0, 1.0, 1.0, "100 %"),
    ],
)
def test_shares(share: float, low: float | None, high: float | None, text: str) -> None:
    assert number_text.percent(share, low, high) == text


@pytest.mark.parametrize(
    ("share", "low", "high", "text"),
    [
        (0.99869, 0.0012, 0.0015, "99.87"),
        (0.9344, 0.9335, 0.9353, "93.4"),
        (0.0, 0.0, 2.9e-5, "0"),
        (1.0, 0.9, 1.0, "100"),
    ],
)
def test_shares_without_their_interval_keep_its_digits(share: float, low: float, high: float, text: str) -> None:
    assert number_text.bare_percent(share, low, high) == text


def test_beyond_the_horizon() -> None:
    assert not differs(number_text.censored(None, None, None, "month", 36), "never within the horizon")
    assert not differs(number_text.censored(None, 35.2, None, "month", 36), "perhaps beyond the horizon")
    assert not differs(number_text.censored(35.6, 35.1, None, "month", 36), "an interval beyond the horizon")
    assert not differs(number_text.not_within(1), "a horizon of one month")


def test_sentences() -> None:
    sentence = number_text.percentile_sentence
    assert not differs(sentence("payback", 50, 7.0, "7 months", 12), "the median payback")
    assert not differs(sentence("payback", 10, 7.0, "7 months", 12), "a tenth of paybacks")
    assert not differs(sentence("npv", 37, 1.0, "1 USD", 12), "another percentile")
    assert number_text.series(["a"]) == "a"
    assert number_text.series(["a", "b", "c"]) == "a, b and c"


@given(value=FINITE, half=st.floats(1e-9, 1e12))
def test_no_more_digits_than_the_error_supports(value: float, half: float) -> None:
    decimals = digits.places(value - half, value + half)
    if value - half == value + half or decimals is None:
        return
    unit = 10.0**-decimals
    width = (value + half) - (value - half)
    assert 0.79 * unit <= width / 2 <= 80.1 * unit
    text = number_text.number(value, decimals).replace(",", "")
    assert float(text) == pytest.approx(value, abs=0.5001 * unit + 1e-9 * abs(value))


@given(value=FINITE)
def test_texts_are_never_infinite_nor_minus_zero(value: float) -> None:
    for text in (number_text.number(value), number_text.bare(value), number_text.quantity(value, "USD")):
        assert text.split()[0] != "-0"
        assert "inf" not in text
        assert "nan" not in text


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_infinity_has_no_digits(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        number_text.number(value)
