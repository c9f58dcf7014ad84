"""Wrong command lines write nothing and send no control characters; what they are told: transcripts/wrong_usage.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.payback.commands import Command


@pytest.mark.usefixtures("case_file")
def test_an_output_folder_with_something_else_in_it_is_refused_before_the_simulation(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("do not lose", encoding="utf-8")
    assert command("run", "small.yaml", "--out", "mine", "--trials", "1e8").code == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


@pytest.mark.usefixtures("case_file")
def test_an_ill_case_lists_every_error_and_writes_nothing(command: Command, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(
        "horizon: 0\ninputs: {x: lognrmal(1, 2)}\ncash_flows: {monthly: {m: y}}\n", encoding="utf-8"
    )
    outcome = command("run", "small.yaml")
    assert outcome.code == 2
    assert [line.split(": ")[0] for line in outcome.err.splitlines()] == [
        "small.yaml:1:10", "small.yaml:2:13", "small.yaml:3:27",
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


def test_control_characters_are_shown_not_sent(command: Command, case_file: Path) -> None:
    hostile = "\x1b]0;owned\x07\u202e"
    for words in (
        ["ask", case_file, f"P(npv < 0){hostile}"],
        ["ask", f"{hostile}.yaml", "P(npv < 0)"],
        ["what-if", case_file, f"{hostile} * 2"],
        ["stress", case_file, f"{hostile} below 10 %"],
        [hostile],
        ["init", hostile],
    ):
        outcome = command(*words)
        assert outcome.code == 2
        assert not set(hostile) & {"\x1b", "\x07", "\u202e"} & set(outcome.err)
        assert "\\x1b" in outcome.err


@pytest.mark.usefixtures("without_figures")
def test_names_of_a_case_are_shown_escaped(command: Command, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(
        text.replace("case: A machine that saves labour", 'case: "owned \\e]0;x\\a \\u202e"'), encoding="utf-8"
    )
    for words in (["explain", case_file], ["run", case_file, "--trials", "64", "--out", "out"]):
        outcome = command(*words)
        assert outcome.code == 0, outcome.err
        assert not {"\x1b", "\x07", "\u202e"} & set(outcome.out)
