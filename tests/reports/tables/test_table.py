from __future__ import annotations

import pytest

from payback.reports.tables.table import bare, plain, split, typeset
from payback.simulator.document.core.estimate import Estimate

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("text", "value", "beside"),
    [
        ("14.2 months (14.1 to 14.3)", "14.2 months", "14.1 to 14.3"),
        ("-11,140 USD (-11,190 to -11,090)", "−11,140 USD", "−11,190 to −11,090"),
        ("not within 12 months", "not within 12 months", ""),
        ("not within 12 months; never in 98 % of trials", "not within 12 months", "never in 98 % of trials"),
        ("1.6 months (1.5 to 1.7); never in 30 % of trials", "1.6 months", "1.5 to 1.7; never in 30 % of trials"),
        ("", "", ""),
    ],
)
def test_a_text_is_split_into_value_and_what_stands_beside_it(text: str, value: str, beside: str) -> None:
    assert tuple(piece.replace(NBSP, " ") for piece in split(text)) == (value, beside)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("-1", "−1"), ("(-1 to -2)", "(−1 to −2)"), ("10-100x", "10-100x"), ("S-curve", "S-curve"), ("a--1", "a--1")],
)
def test_only_signs_of_numbers_become_minus_signs(text: str, shown: str) -> None:
    assert typeset(text) == shown


def test_cells_of_measures_without_a_value() -> None:
    assert bare(None, "USD", 12).text == "–"
    assert bare(Estimate(value=None, undefined=0.2), "", 12).text == "not defined"
    beyond = bare(Estimate(value=None, low=11.2, never=0.9), "month", 12)
    assert (beyond.text, beyond.note.replace(NBSP, " ")) == ("not within 12 months", "at least 11.2")
    assert bare(Estimate(value=0.123, low=0.12, high=0.126), "1/year", 12).text.replace(NBSP, " ") == "12.3 %/year"


def test_a_plain_number_has_four_significant_digits() -> None:
    assert [plain(x).text for x in (1_390_000.0, 0.00517123, -40.0, None)] == ["1,390,000", "0.005171", "−40", "–"]
