"""The cases that are made to grow are cases, of so many inputs and months."""

from __future__ import annotations

from benchmarks.growth import SIZES, case_text, measured
from payback.simulator.case import load


def test_made_cases_load_and_run(tmp_path):
    path = tmp_path / "made.yaml"
    inputs, months = SIZES[0]
    path.write_text(case_text(inputs, months), encoding="utf-8")
    case = load(path)
    assert (len(case.model.draws), case.model.horizon) == (inputs, months)
    seconds = measured(str(path), 5_000)
    assert 0.0 < seconds["inside"] < seconds["first"]
