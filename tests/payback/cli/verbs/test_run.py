"""`payback run`: the appendix, the document, the gate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from payback.simulator.document.document import from_json
from tests.payback.commands import Command, Outcome

FEW = ("--trials", "2048")


@pytest.mark.usefixtures("without_figures")
def test_run_writes_an_appendix_and_replaces_it(command: Command, case_file: Path, tmp_path: Path) -> None:
    for seed in (1, 2):
        outcome = command("run", case_file, "--seed", seed, *FEW)
        assert outcome.code == 0, outcome.err
        assert "out/small/appendix.html" in outcome.out
        document = from_json((tmp_path / "out" / "small" / "result.json").read_bytes())
        assert document.provenance.seed == seed
        words = document.provenance.command.split()
        assert words[-6:] == ["--trials", "2048", "--seed", str(seed), "--sampler", "sobol"]


@pytest.mark.usefixtures("without_figures")
def test_run_as_json_prints_the_document_and_writes_only_if_it_must(
    command: Command, case_file: Path, tmp_path: Path
) -> None:
    document = command("run", case_file, "--json", *FEW).json
    assert document["schema"] == "payback-result/2"
    assert {"value", "low", "high"} <= set(document["measures"]["npv"]["percentiles"]["P50"])
    assert {"value", "low", "high"} <= set(document["measures"]["npv"]["mean"])
    assert 0 < document["measures"]["payback"]["never"] < 1
    assert document["probabilities"]
    assert document["claims"]
    assert document["provenance"]["trials"] == 2048
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]
    both = command("run", case_file, "--json", "--out", "here", "--keep", *FEW)
    assert json.loads((tmp_path / "here" / "result.json").read_text()) == both.json
    assert (tmp_path / "here" / "trials.npz").exists()


@pytest.mark.usefixtures("without_figures")
def test_a_quiet_run_writes_its_files_and_prints_nothing(command: Command, case_file: Path, tmp_path: Path) -> None:
    assert command("run", case_file, "--quiet", *FEW) == Outcome(0, "", "")
    assert command("run", case_file, "--quiet", "--precision", "P(npv < 0), 2 %", "--out", "b") == Outcome(0, "", "")
    assert (tmp_path / "out" / "small" / "appendix.html").exists()
    assert (tmp_path / "b" / "appendix.html").exists()


def test_the_gate(command: Command, case_file: Path) -> None:
    assert command("run", case_file, "--gate", "--json", *FEW).code == 0
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("confidence: 60 %", "confidence: 99 %"), encoding="utf-8")
    missed = command("run", case_file, "--gate", "--json", *FEW)
    assert missed.code == 4
    assert missed.json["hurdles"][0]["verdict"] == "refuted"
    assert command("run", case_file, "--json", *FEW).code == 0


STAGES = (
    "imports", "load", "measures", "probabilities, claims, hurdles", "what-ifs and stresses", "tornado", "variance",
    "options", "curves", "assumptions", "report", "other", "total",
)  # fmt: skip


def rows(text: str) -> list[tuple[str, float, float]]:
    """Return the rows of the table of times that `text` ends with: stage, seconds on the wall and of cores."""
    lines = [line.rsplit(maxsplit=4) for line in text.splitlines() if line.endswith(" %")]
    return [(name, float(wall), float(cpu)) for name, wall, cpu, *_ in lines]


@pytest.mark.usefixtures("without_figures")
def test_timings_add_up_and_change_nothing_but_stderr(
    command: Command, case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payback.cli.stage_table.SHOWN", 0.0)
    plain = command("run", case_file, "--out", "a", *FEW)
    timed = command("run", case_file, "--out", "b", "--timings", *FEW)
    assert timed.out.replace("b/appendix", "a/appendix") == plain.out
    assert timed.err.startswith(plain.err)
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir() if path.is_file()} == {
        path.name: path.read_bytes() for path in (tmp_path / "b").iterdir() if path.is_file()
    }
    table = rows(timed.err)
    outer = [row for row in table if not row[0].startswith(" ")]
    assert tuple(row[0] for row in outer) == STAGES
    for column in (1, 2):
        *stages, total = (row[column] for row in outer)
        assert sum(stages) == pytest.approx(total, abs=0.005 * len(outer))
        assert total > 0
    steps = {"plan", "tables", "simulate", "statistics", "page", "the rest of it"}
    assert steps <= {row[0].strip() for row in table if row not in outer}


def test_timings_stand_beside_json_and_quiet_runs(command: Command, case_file: Path) -> None:
    plain, timed = (command("run", case_file, "--json", "--quiet", *extra, *FEW) for extra in ((), ("--timings",)))
    assert timed.json == plain.json
    assert plain.err == ""
    assert rows(timed.err)[-1][0] == "total"
