"""The functions of the language as they are written, and the names that an input may have."""

from __future__ import annotations

import pytest

from payback.simulator.case.language.distribution_words import DISTRIBUTION_WORDS
from payback.simulator.case.language.functions import FUNCTIONS, NAME_LENGTH, name_problem
from payback.simulator.case.language.measures import MEASURES


def test_signatures_read_as_they_are_written() -> None:
    assert FUNCTIONS["lag"].signature == "lag(x, k, before=)"
    assert FUNCTIONS["series"].signature == "series(a, b, ..., first=, every=, lump=)"


@pytest.mark.parametrize("name", ["price", "hours_worked", "runs", "requests", "S1", "x2", "Hours"])
def test_free_names(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "given", "near"),
    [
        ("2x", "is no name", "x"),
        ("gpu hours", "is no name", "gpu_hours"),
        ("__class__", "is no name", "class"),
        ("pr\u0456ce", "is no name", ""),
        ("", "is no name", ""),
        ("x" * 300, "300 characters", ""),
        ("t", "the month", ""),
        ("e", "taken", ""),
        ("sum", "total(x)", ""),
        ("hour", "a unit", "hours"),
        ("USD", "a unit", ""),
        ("max", "a function", ""),
        ("gbm", "a function", ""),
        ("npv", "a measure", ""),
        ("lognormal", "a distribution", ""),
        ("truncated", "a distribution", ""),
        ("multinomial", "a later version", ""),
        ("P90", "a statistic", ""),
        ("mean", "a statistic", ""),
        ("horizon", "the number of months", ""),
        ("not", "the grammar", ""),
    ],
)
def test_taken_names(name: str, given: str, near: str) -> None:
    problem = name_problem(name)
    assert problem is not None
    assert given in problem.given
    assert problem.near == near


def test_no_word_of_the_language_is_free() -> None:
    for word in (*FUNCTIONS, *MEASURES, *DISTRIBUTION_WORDS):
        assert name_problem(word) is not None


def test_the_longest_name() -> None:
    assert name_problem("x" * NAME_LENGTH) is None
