"""The nearest known word, and numbers that readers take differently."""

from __future__ import annotations

import pytest

from payback.simulator.case.source.spelling import nearest, number_trap, quoted


def test_the_nearest_word_of_several_tables() -> None:
    assert nearest("trafic", ["price"], ["traffic"]) == "traffic"
    assert nearest("TRAFFIC", ["traffic"]) == "traffic"
    assert nearest("zzz", ["price", "traffic"]) == ""
    assert nearest("x" * 10_000, ["price"]) == ""


def test_of_words_that_differ_in_capitals_alone_the_first_counts() -> None:
    assert nearest("npw", ["NPV"], ["npv"]) == "NPV"


def test_capitals_count_where_names_are_told_apart_by_them() -> None:
    names = ("Volume halves", "price falls")
    assert nearest("volume halve", names, likeness=0.5, same_case=True) == "Volume halves"
    assert nearest("VOLUME HALVES", names, likeness=0.5, same_case=True) == ""


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("no", "`no` is not a number"),
        (".inf", "`.inf` is not finite"),
        ("012", "`012` is 12 to some readers, 10 to those that take it for octal"),
        ("12:30", "`12:30` is text, not a number; some YAML readers take it for 750"),
        ("1,000.5 USD", "`1,000.5` has a comma"),
    ],
)
def test_a_number_to_some_readers_only(text: str, given: str) -> None:
    trap = number_trap(text)
    assert trap is not None
    assert trap[0] == given


def test_other_texts_are_no_trap() -> None:
    assert [number_trap(text) for text in ("12.5", "1_000", "price", "0.5", "0")] == [None] * 5


def test_a_long_text_is_quoted_in_part() -> None:
    assert quoted("price") == "`price`"
    assert quoted("x" * 90) == f"`{'x' * 60}...`"
