"""`payback what-if`: a comparison on one screen, and all of them as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.payback.commands import ROOT, Command

FEW = ("--trials", "2048")


def test_what_if_answers_in_one_screen(command: Command, case_file: Path) -> None:
    outcome = command("what-if", case_file, "volume * 0.5", *FEW)
    lines = outcome.out.splitlines()
    assert outcome.code == 0
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 140
    assert lines[0] == "volume * 0.5"
    two = command("what-if", case_file, "volume*0.5; price * 0.9", *FEW).out
    assert two.splitlines()[0] == "volume*0.5; price * 0.9"
    assert lines[2].split() == ["before", "after", "difference,", "paired"]
    mean = next(line for line in lines if line.startswith("mean(npv)"))
    assert mean.count("USD (") == 3


def test_what_if_fits_a_small_terminal(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payback.cli.compare.terminal_width", lambda: 80)
    lines = command("what-if", ROOT / "configs" / "falcon3_api.yaml", "traffic * 0.5").out.splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    at = next(index for index, line in enumerate(lines) if line.startswith("mean(npv)"))
    assert lines[at].count("USD") == 3
    assert lines[at + 1].count(" to ") == 3


def test_what_if_of_every_change_of_the_case(command: Command, case_file: Path) -> None:
    document = command("what-if", case_file, "--json", "--ask", "P(npv < 0)", "--ask", "sd(npv)", *FEW).json
    assert document["schema"] == "payback-comparisons/1"
    assert [comparison["name"] for comparison in document["comparisons"]] == ["volume halves", "two years"]
    pair = document["comparisons"][0]["answers"]["P(npv < 0)"]
    assert pair["difference"]["value"] == pytest.approx(pair["after"]["value"] - pair["before"]["value"])
    assert pair["difference"]["low"] <= pair["difference"]["value"] <= pair["difference"]["high"]
