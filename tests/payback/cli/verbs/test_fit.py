"""`payback fit`, from a file to a line that a case takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from payback.distributions import Lognormal
from payback.simulator.case import loads
from payback.simulator.cube.streams import uniforms
from tests.payback.commands import Command


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    values = Lognormal(1e5, 0.8).ppf(uniforms(1, "data", 0, 80))
    rows = "\n".join(f"{k},{value:.0f},{int(value > 2e5)}" for k, value in enumerate(values))
    path = tmp_path / "volume.csv"
    path.write_text(f"day,requests,open\n{rows}\n", encoding="utf-8")
    return path


def test_it_prints_the_ranking_and_the_line_and_writes_a_page(data: Path, command: Command) -> None:
    words = ("fit", "volume.csv", "--column", "requests", "--unit", "request/month", "--no-test")
    outcome = command(*words)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert any(line.startswith("lognormal ") and "lognormal(median=" in line for line in lines)
    (pasted,) = (line for line in lines if line.startswith("  requests: "))
    case = loads(f"horizon: 12\ninputs:\n{pasted}\n  fee: 1 USD/request\n"
                 "cash_flows: {monthly: {saved: requests * fee}}\n")  # fmt: skip
    assert case.units["requests"] == "request/month"
    assert Path("out/volume_requests/figures/tails.png").is_file()
    assert command(*words).out == outcome.out


def test_json_is_all_that_stdout_holds(data: Path, command: Command) -> None:
    document = command("fit", "volume.csv", "--column", "requests", "--json", "--no-test").json
    assert document["schema"] == "payback-fit/1"
    assert document["fits"] is None
    assert len(document["families"]) > 10
    assert all(set(family) == {"family", "reason"} for family in document["left_out"])
    assert not Path("out").exists()
    command("fit", "volume.csv", "--column", "requests", "--json", "--no-test", "--out", "here")
    assert json.loads(Path("here/fit.json").read_text(encoding="utf-8")) == document


def test_censored_capped_and_bounded_data(data: Path, command: Command) -> None:
    marked = command("fit", "volume.csv", "--column", "requests", "--censored", "open", "--no-test", "--json").json
    capped = command("fit", "volume.csv", "--column", "requests", "--cap", "2e5", "--no-test", "--json").json
    assert marked["source"]["censored"] == capped["source"]["censored"] > 0
    bounded = command("fit", "volume.csv", "--column", "requests", "--bounds", "0", "1e7", "--no-test", "--json").json
    assert "beta" in {family["family"] for family in bounded["families"]}


def test_what_cannot_be_fitted_writes_nothing(data: Path, command: Command) -> None:
    for options in (
        ["--column", "request"],
        [],
        ["--column", "requests", "--unit", "furlong//x"],
        ["--column", "requests", "--cap", "1e9"],
        ["--column", "requests", "--bounds", "0", "9"],
        ["--column", "requests", "--out", "volume.csv"],
    ):
        outcome = command("fit", data.name, *options)
        assert (outcome.code, outcome.out) == (2, "")
        assert not Path("out").exists()


def test_a_cell_that_is_no_number_has_its_place(data: Path, command: Command) -> None:
    rows = data.read_text(encoding="utf-8").splitlines()
    rows[16] = "15,lots,0"
    data.write_text("\n".join(rows), encoding="utf-8")
    outcome = command("fit", "volume.csv", "--column", "requests")
    assert outcome.code == 2
    assert outcome.err.startswith("volume.csv:17:2: `lots` ")
