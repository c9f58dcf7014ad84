"""`payback fit`, from a file to a line that a case takes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
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
    found = command("fit", "volume.csv", "--column", "requests", "--unit", "request/month")
    assert (found.code, found.err) == (0, "")
    lines = found.out.splitlines()
    assert lines[0].startswith("volume.csv, column requests: 80 amounts, ")
    assert " fits (p = " in lines[2]
    assert any(line.startswith("lognormal ") and "lognormal(median=" in line for line in lines)
    assert lines[-1].replace("\\", "/") == "Page with figures: out/volume_requests/fit.html"
    pasted = lines[lines.index("the line for a case, under `inputs:`") + 1]
    case = loads(f"horizon: 12\ninputs:\n{pasted}\n  fee: 1 USD/request\n"
                 "cash_flows: {monthly: {saved: requests * fee}}\n")  # fmt: skip
    assert case.units["requests"] == "request/month"
    assert Path("out/volume_requests/figures/tails.png").is_file()
    again = command("fit", "volume.csv", "--column", "requests", "--unit", "request/month")
    assert again.out == found.out


def test_json_is_all_that_stdout_holds(data: Path, command: Command) -> None:
    found = command("fit", "volume.csv", "--column", "requests", "--json", "--no-test")
    assert found.json["schema"] == "payback-fit/1"
    assert found.json["fits"] is None
    assert len(found.json["families"]) > 10
    assert all(set(one) == {"family", "reason"} for one in found.json["left_out"])
    assert not Path("out").exists()
    command("fit", "volume.csv", "--column", "requests", "--json", "--no-test", "--out", "here")
    assert json.loads(Path("here/fit.json").read_text(encoding="utf-8")) == found.json


def test_censored_capped_and_bounded_data(data: Path, command: Command) -> None:
    marked = command("fit", "volume.csv", "--column", "requests", "--censored", "open", "--no-test", "--json").json
    capped = command("fit", "volume.csv", "--column", "requests", "--cap", "2e5", "--no-test", "--json").json
    assert marked["source"]["censored"] == capped["source"]["censored"] > 0
    bounded = command("fit", "volume.csv", "--column", "requests", "--bounds", "0", "1e7", "--no-test", "--json").json
    assert "beta" in {one["family"] for one in bounded["families"]}


REFUSED = [
    (["--column", "request"], "volume.csv: no column `request` -> one of `day`, `requests`, `open` (did you mean"),
    ([], "volume.csv: 3 columns and none is named -> one of `day`, `requests`, `open`"),
    (["--column", "requests", "--unit", "furlong//x"], "--unit furlong//x: "),
    (["--column", "requests", "--cap", "1e9"], "volume.csv: column requests: no value reaches the cap of 1e+09"),
    (["--column", "requests", "--bounds", "0", "9"], "the bounds [0, 9] must hold all values"),
    (["--column", "requests", "--kind", "numbers"], "'numbers' is not one of"),
    (["--column", "requests", "--out", "volume.csv"], "output folder volume.csv is a file"),
    (["--colum", "requests"], "no option `--colum` (did you mean --column?)"),
]


@pytest.mark.parametrize(("options", "says"), REFUSED, ids=[says[:40] for _, says in REFUSED])
def test_wrong_usage_exits_with_2_and_writes_nothing(
    data: Path, command: Command, options: list[str], says: str
) -> None:
    found = command("fit", "volume.csv", *options)
    assert found.code == 2
    assert says in found.err
    assert found.out == ""
    assert not Path("out").exists()


def test_a_cell_that_is_no_number_is_named_with_its_place(data: Path, command: Command) -> None:
    text = data.read_text(encoding="utf-8").splitlines()
    text[16] = "15,lots,0"
    data.write_text("\n".join(text), encoding="utf-8")
    found = command("fit", "volume.csv", "--column", "requests")
    assert found.code == 2
    assert found.err.startswith("volume.csv:17:2: `lots` in `requests` is no number -> a number, or an empty cell")


def test_few_values_and_no_values(data: Path, command: Command) -> None:
    data.write_text("x\n1\n2\n", encoding="utf-8")
    assert "at least 8 values are needed, got 2" in command("fit", "volume.csv").err
    data.write_text("x\n" + "5\n" * 20, encoding="utf-8")
    assert "all values are 5: a certain value, no distribution" in command("fit", "volume.csv").err
    assert command("fit", "volumes.csv").err.endswith("(did you mean volume.csv?)\n")
    assert not np.any([Path("out").exists()])
