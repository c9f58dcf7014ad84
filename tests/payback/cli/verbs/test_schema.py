"""`payback schema`."""

from __future__ import annotations

from tests.payback.commands import Command


def test_schema(command: Command) -> None:
    assert command("schema").json["title"] == "A payback case"
