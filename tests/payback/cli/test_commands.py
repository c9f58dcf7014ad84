"""What all commands share: help, and what becomes of an error that nobody expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from payback.cli.commands import COMMANDS
from tests.catalogue import misfit
from tests.payback.commands import MESSAGES, Command


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
