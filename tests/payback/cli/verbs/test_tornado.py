"""`payback tornado`."""

from __future__ import annotations

from pathlib import Path

from tests.payback.commands import Command


def test_tornado(command: Command, case_file: Path) -> None:
    document = command("tornado", case_file, "--measure", "payback", "--json").json
    assert (document["schema"], document["measure"], document["unit"]) == ("payback-tornado/1", "payback", "month")
    assert {bar["input"] for bar in document["bars"]} == {"volume", "price", "cost", "fee", "chance"}
    assert document["held"] == [{"name": "works", "value": 1}]
