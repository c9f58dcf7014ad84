"""`payback variance`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.payback.commands import Command


def test_variance(command: Command, case_file: Path) -> None:
    outcome = command("variance", case_file, "--trials", 4096)
    assert outcome.code == 0
    _, heading, row, *_ = outcome.out.splitlines()
    assert heading.split() == ["alone", "total"]
    assert row.startswith("volume ")
    assert row.endswith("-")
    document = command("variance", case_file, "--measure", "payback <= 6 months", "--trials", 4096, "--json").json
    assert (document["schema"], document["measure"]) == ("payback-variance/1", "payback <= 6 months")
    assert {name for share in document["shares"] for name in share["inputs"]} == {
        "volume", "price", "cost", "fee", "chance", "works",
    }  # fmt: skip
    assert document["alone"]["value"] + document["together"]["value"] == pytest.approx(1)
