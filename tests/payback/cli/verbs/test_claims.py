"""`payback claims`."""

from __future__ import annotations

from pathlib import Path

from tests.payback.commands import Command

FEW = ("--trials", "2048")


def test_claims(command: Command, case_file: Path) -> None:
    document = command("claims", case_file, "--json", *FEW).json
    assert [claim["verdict"] for claim in document["claims"]] == ["unlikely", "supported"]
    assert document["hurdles"][0]["required"] == 0.6
