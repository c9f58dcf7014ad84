from __future__ import annotations

import pytest

from payback.simulator.case.language.units import PLAIN, TIME, Unit, UnitError, factor, parse_unit, times


def unit(text: str) -> Unit:
    return parse_unit(text)[1]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("USD", "USD"),
        ("requests/month", "request/month"),
        ("1/year", "1/year"),
        ("%/year", "1/year"),
        ("%", ""),
        ("USD/hour/GPUs", "USD/GPU/hour"),
        ("queries", "query"),
        ("batches", "batch"),
        ("hour/hours", ""),
    ],
)
def test_plurals_are_one_noun(text: str, printed: str) -> None:
    assert str(unit(text)) == printed


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("h", "hour"),
        ("usd", "USD"),
        ("Hours", "hour"),
        ("Month", "month"),
        ("USD/mo", "month"),
        ("USD / month", "USD/month"),
        ("USD*hour", ""),
        ("m2^3", ""),
        ("", ""),
        ("2", ""),
    ],
)
def test_what_would_silently_be_another_noun_is_refused(text: str, near: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_unit(text)
    assert caught.value.near == near


@pytest.mark.parametrize(
    ("given", "wanted", "by"),
    [
        ("hour", "month", 1 / 730),
        ("month", "hour", 730),
        ("year", "month", 12),
        ("USD/hour", "USD/month", 730),
        ("%/year", "1/month", 1 / 12),
        ("request/month", "request/second", 1 / (730 * 3600)),
        ("week", "hour", 168),
    ],
)
def test_factors_between_units_of_time(given: str, wanted: str, by: float) -> None:
    assert factor(unit(given), unit(wanted)) == by


def test_the_calendar_of_the_language() -> None:
    assert TIME["month"] == 730 * TIME["hour"]
    assert TIME["year"] == 12 * TIME["month"]


@pytest.mark.parametrize(
    ("left", "right", "by", "product"),
    [
        ("hour", "USD/hour", 1, "USD"),
        ("hour/run", "USD/hour", 1, "USD/run"),
        ("USD/hour", "month", 730, "USD"),
        ("USD/month", "hour", 1 / 730, "USD"),
        ("request/hour", "month", 730, "request"),
        ("hour/request", "request/month", 1, "hour/month"),
        ("GPU/request", "hour/month", 1, "GPU*hour/month/request"),
        ("1/year", "month", 1 / 12, ""),
        ("month", "month", 1, "month**2"),
        ("USD", "1/month", 1, "USD/month"),
    ],
)
def test_products_keep_what_was_written_and_reduce_what_meets(left: str, right: str, by: float, product: str) -> None:
    multiplier, result = times(unit(left), unit(right))
    assert (multiplier, str(result)) == (pytest.approx(by, rel=1e-15), product)


def test_a_quotient_of_one_dimension_is_a_number() -> None:
    by, ratio = times(unit("request/month"), unit("request/second"), -1)
    assert ratio == PLAIN
    assert by == pytest.approx(1 / (730 * 3600), rel=1e-15)


def test_each_currency_and_each_noun_is_a_dimension_of_its_own() -> None:
    assert not unit("USD").same_dimension(unit("EUR"))
    assert not unit("GPU").same_dimension(unit("replica"))
    assert unit("USD/hour").same_dimension(unit("USD/year"))
    assert unit("GPU").currencies == frozenset()
