"""`payback stress`."""

from __future__ import annotations

from pathlib import Path

from tests.payback.commands import Command

FEW = ("--trials", "2048")


def test_a_stress_by_name_is_the_stress_of_its_condition(command: Command, case_file: Path) -> None:
    conditions: list[list[str]] = [[], ["thin demand"], ["volume below 10 %"]]
    answers = [
        command("stress", case_file, *condition, "--json", *FEW).json["comparisons"][0]["answers"]
        for condition in conditions
    ]
    assert answers[0] == answers[1] == answers[2]
