"""The rows of what people wait for: commands that there are, figures that follow from their runs."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from benchmarks import waiting, warm_use
from benchmarks.waiting import QUICK, REF1, Figure, Row, lines, ratio, rows
from benchmarks.whole_process import ROOT, Run, Runs
from payback.cli.commands import COMMANDS
from payback.simulator.case import load

FEW = 2048


def runs(cpu: float) -> Runs:
    return Runs([Run(whole=2 * cpu, cpu=cpu, peak=500.0, inside=cpu, inside_cpu=cpu, worst=3 * cpu)])


def test_every_figure_follows_from_the_commands_of_its_row(tmp_path: Path) -> None:
    every = list(rows(str(tmp_path), QUICK))
    assert len({row.work for row in every}) == len(every) > 20
    for row in every:
        measured = {name: runs(cpu) for cpu, name in enumerate(row.commands, start=2)}
        for figure in row.figures:
            assert math.isfinite(figure.value(measured)), (row.work, figure.text)


def test_every_command_is_one(tmp_path: Path) -> None:
    for row in rows(str(tmp_path), QUICK):
        for words in row.commands.values():
            if words[1] == "-m":
                assert (ROOT / Path(*words[2].split("."))).with_suffix(".py").is_file()
                assert words[2] != "benchmarks.warm_use" or words[3] in warm_use.WORK
            else:
                assert words[1] in {*COMMANDS, "--help"}


def test_a_line_says_what_was_asked_and_whether_it_is_met() -> None:
    figures = (Figure("CPU", lambda measured: measured["run"].median("cpu") or 0.0, 4.0, "s"),)
    row = Row("`run` x", {}, (*figures, Figure("CPU against y", ratio("run", "y"), 0.45)))
    assert list(lines(row, {"run": runs(3.0), "y": runs(4.0)})) == [
        "| `run` x | CPU | 3 s | 4 s | yes |",
        "| `run` x | CPU against y | 0.75 | 0.45 | no |",
    ]


@pytest.mark.parametrize(
    ("name", "of"), [("slider", REF1), ("base", REF1), ("what-ifs", REF1), ("gbm", "1"), ("gbm", "2")]
)
def test_warm_work_tells_its_seconds(name: str, of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(warm_use, "MOVES", 3)
    monkeypatch.setattr(warm_use, "TURNS", 1)
    seconds = warm_use.WORK[name](of, FEW)
    assert 0 < seconds["inside"] <= seconds.get("worst", math.inf)


def test_there_are_25_changes_of_one_input() -> None:
    changes = warm_use.changes(load(ROOT / REF1))
    assert len(set(changes)) == 25
    assert not [change for change in changes if ";" in change]


def test_a_breakdown_is_that_of_timings() -> None:
    text = waiting.breakdown(REF1, "--trials", str(FEW))
    names = [line.partition("  ")[0] for line in text.splitlines()]
    assert {"imports", "what-ifs and stresses", "report", "total"} <= set(names)
