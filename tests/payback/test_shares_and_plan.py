"""``payback variance`` and ``payback explain --plan``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.payback.commands import Command


def test_variance(command: Command, case_file: Path) -> None:
    found = command("variance", case_file, "--trials", 4096)
    assert found.code == 0
    first, heading, row, *_ = found.out.splitlines()
    assert first.startswith("npv: standard deviation ")
    assert first.endswith(" USD; shares of its variance")
    assert heading.split() == ["alone", "total"]
    assert row.startswith("volume ")
    assert row.endswith("-")
    assert "32,768 runs: 4,096 trials of each matrix (sobol, seed 1)" in found.out
    document = command("variance", case_file, "--measure", "payback <= 6 months", "--trials", 4096, "--json").json
    assert (document["schema"], document["measure"]) == ("payback-variance/1", "payback <= 6 months")
    assert {name for one in document["shares"] for name in one["inputs"]} == {
        "volume", "price", "cost", "fee", "chance", "works",
    }  # fmt: skip
    assert document["alone"]["value"] + document["together"]["value"] == pytest.approx(1)


def test_explain_tells_the_plan(command: Command, case_file: Path) -> None:
    found = command("explain", case_file, "--plan", "--measure", "npv", "--measure", "payback", "--trials", 4096)
    assert found.code == 0
    for part in (
        "plan for npv, payback over 12 months", "chosen for 4,096 trials", "4,096 trials a block", "volume  table",
        "search, parameters of its own in each trial", "dimension 1", "first crossing of 0", "left out", "peak, spent",
    ):  # fmt: skip
        assert part in found.out
    document = command("explain", case_file, "--plan", "--json").json
    assert document["schema"] == "payback-plan/1"
    assert {"input": "price", "monthly": False, "by": "closed form", "points": "dimension 2"} in document["draws"]
    assert document["steps"] > 12 * sum(document["steps_a_month"].values())
    refused = command("explain", case_file, "--measure", "npv")
    assert refused.code == 2
    assert "--plan with them" in refused.err
