"""Seasons: a cycle of values over the months of the case, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from payback.simulator.case.checker import check
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.overrides import change
from payback.simulator.model import Formula
from tests.catalogue import compared_with
from tests.declare import changes, declare, formula, require_refusal, trees

differs = compared_with(Path(__file__).with_name("messages.txt"))


def test_a_season_is_a_series() -> None:
    assert trees("season(2, 5, 3, first=3)") == {"it": "series(3, 2, 5, 3, 2, 5, 3, 2, 5, 3, 2, 5, first=1, every=1)"}
    assert formula("season(2 USD, 5 USD)").unit == "USD"
    notes = check(declare(calculations={"it": "season(0.5, 1.6)", "on": "season(0.5, 1.5)"})).notes
    assert not differs([note for note in notes if "season" in note], "a season that changes the level")


def test_a_longer_horizon_goes_on_with_the_season() -> None:
    base = declare(calculations={"it": "season(2, 5)"}, horizon=2)
    model = check(change(base, changes(horizon="3 months")), check(base)).model
    season = model.definitions[-1]
    assert isinstance(season, Formula)
    assert to_text(season.expression) == "series(2, 5, 2, first=1, every=1)"


@pytest.mark.parametrize(
    ("text", "column", "given", "allowed"),
    [
        ("season(1 USD, 2)", 10, "USD and a plain number", "2 USD"),
        ("season(1, t)", 20, "varies by month", "at(x, k)"),
        ("season(1, 2, first=3)", 29, "a cycle of 2 months", "`first` from 1 to 2"),
        ("season(1, 2, every=0.5)", 29, "`every` is `0.5`", "whole number"),
    ],
)
def test_what_a_season_is_refused_for(text: str, column: int, given: str, allowed: str) -> None:
    require_refusal(text, column, given, allowed)
