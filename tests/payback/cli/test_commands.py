"""What all commands share: help, and what becomes of an error that nobody expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from payback.cli.commands import COMMANDS
from tests.catalogue import misfit
from tests.payback.commands import MESSAGES, ROOT, Command, process


def test_an_unexpected_error_is_one_message_and_debug_shows_where(
    command: Command, case_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr("payback.simulator.questions.size.default_size.answered", fail)
    outcome = command("ask", case_file, "P(npv < 0)")
    assert (outcome.code, outcome.out) == (1, "")
    assert not misfit(outcome.err.splitlines(), MESSAGES["an unexpected error"])
    with pytest.raises(RuntimeError):
        command("--debug", "ask", case_file, "P(npv < 0)")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(command: Command, name: str) -> None:
    outcome = command(name, "--help")
    assert outcome.code == 0
    assert f"payback {name}" in outcome.out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_is_its_help(command: Command, name: str) -> None:
    assert command("help", name) == command(name, "--help")


def test_help_alone_is_that_of_the_program(command: Command) -> None:
    assert command("help") == command("--help")


def completed(shell: str, words: str, number: int) -> str:
    """Return what the script of `shell` is told when word `number` is to be completed."""
    outcome = process(_PAYBACK_COMPLETE=f"{shell}_complete", COMP_WORDS=words, COMP_CWORD=str(number))
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(shell: str) -> None:
    outcome = process(_PAYBACK_COMPLETE=f"{shell}_source")
    assert outcome.code == 0, outcome.err
    assert f"_PAYBACK_COMPLETE={shell}_complete" in outcome.out
    page = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    assert f"_PAYBACK_COMPLETE={shell}_source payback" in page


def test_commands_options_and_paths_are_completed() -> None:
    assert completed("bash", "payback ", 1).split() == [f"plain,{name}" for name in COMMANDS]
    assert completed("bash", "payback run --", 2).split()[:2] == ["plain,--set", "plain,--trials"]
    for words, number in (("payback check con", 2), ("payback run a.yaml con", 3), ("payback fit con", 2)):
        assert completed("bash", words, number) == "file,con\n"
    assert completed("bash", "payback run a.yaml --out con", 4) == "dir,con\n"
