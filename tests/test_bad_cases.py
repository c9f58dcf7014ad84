"""Every bad case is answered with its place, what was given, what is allowed, and the nearest match."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from payback.simulator.case import load, loads
from payback.simulator.errors import CaseError

FOLDER = Path(__file__).parent / "bad_cases"

ACCEPTED = {
    "d039_exponent.yaml": "",
    "d040_quoted_number.yaml": "",
    "d042_unit_inside.yaml": "",
    "d092_unused.yaml": "input `other` is read by no formula",
    "d095_logic.yaml": "",
    "d100_power_tower.yaml": "",
    "discount_rate_of_an_input.yaml": "discount_rate is 800 % a year; did you mean 8 % (0.08)?",
    "d124_series.yaml": "",
}
"""Cases that load, with the note that they must carry."""

ROWS_OF_LATER_COMMANDS = {
    "109 110 111 112 113 114": "trials and seed are options of commands",
    "115 116": "percentiles are asked by commands",
    "127 128 129 130 131 132": "options of commands",
    "133 134 135 136 137 138": "standard input, pages and folders of runs",
}
ROWS_OF_OTHER_TESTS = {
    "1 2 6": "paths and sizes: tests/simulator/case/test_load.py",
    "63": "discrete takes pairs, so lengths cannot differ",
    "84": "loads: tests/simulator/case/declarations/test_dependence.py",
}
"""Rows of the catalogue of bad input that no file of the folder shows, and why."""


def expected() -> dict[str, list[str]]:
    patterns: dict[str, list[str]] = {}
    for line in (FOLDER / "messages.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            patterns[next(reversed(patterns))].append(line.strip())
        elif line and not line.startswith("#"):
            patterns[line] = []
    return patterns


EXPECTED = expected()
FILES = sorted(path.name for path in FOLDER.iterdir() if path.is_file() and path.suffix != ".txt")


def fits(problem: str, pattern: str) -> bool:
    """Whether a message begins as `pattern` does, and ends with its nearest match."""
    given, meant, near = pattern.partition("(did you mean ")
    given = given.strip()
    if not problem.endswith(f"{meant}{near}"):
        return False
    if given.endswith("...") and not given.endswith(" ..."):
        return problem.startswith(given[:-3])
    return problem == given or problem.startswith(f"{given} -> ")


@pytest.mark.parametrize("name", sorted(set(FILES) - set(ACCEPTED)))
def test_a_bad_case_is_answered(name: str) -> None:
    path = FOLDER / name
    before = sorted(FOLDER.iterdir())
    with pytest.raises(CaseError) as error:
        load(path)
    messages = [str(problem).removeprefix(f"{path}:").strip() for problem in error.value.problems]
    assert len(messages) == len(EXPECTED[name]), messages
    for message, pattern in zip(messages, EXPECTED[name], strict=True):
        assert fits(message, pattern), f"{message!r} does not say {pattern!r}"
        assert message.isprintable()
    assert sorted(FOLDER.iterdir()) == before


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_odd_but_plain_is_accepted(name: str) -> None:
    notes = load(FOLDER / name).notes
    assert not ACCEPTED[name] or ACCEPTED[name] in notes


def test_text_and_file_are_answered_alike() -> None:
    path = FOLDER / "several.yaml"
    with pytest.raises(CaseError) as of_file:
        load(path)
    with pytest.raises(CaseError) as of_text:
        loads(path.read_text(encoding="utf-8"), str(path))
    assert str(of_file.value) == str(of_text.value)


def test_every_row_of_the_catalogue_is_shown_or_explained() -> None:
    shown = {int(name[1:4]) for name in FILES if re.match(r"d\d{3}", name)}
    explained = {int(row) for rows in ROWS_OF_LATER_COMMANDS | ROWS_OF_OTHER_TESTS for row in rows.split()}
    assert shown | explained == set(range(1, 139))
    assert not shown & explained
    assert set(EXPECTED) | set(ACCEPTED) == set(FILES)
