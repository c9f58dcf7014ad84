"""The peers do the work that the case files say, and the tables say what was measured."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import table
from benchmarks.peers import ref1, ref1_blocked
from benchmarks.peers.quantiles import POISSON
from benchmarks.whole_process import Run, Runs, run
from benchmarks.workloads import PACKAGES, Workload, missing, workloads
from payback.distributions import inverter
from payback.simulator.case import load
from payback.simulator.cube import uniforms
from payback.simulator.engine import evaluate

CONFIGS = Path(__file__).parents[2] / "configs"
CASE = load(CONFIGS / "ref1.yaml")


def test_the_ledger_of_the_peers_is_that_of_the_case() -> None:
    names = [draw.name for draw in CASE.model.draws]
    inputs = ref1.draws(3, 2_000)
    outputs = {name: CASE.formula(name).expression for name in ("payback", "npv", "roi")}
    own = evaluate(CASE.model, dict(zip(names, inputs, strict=True)), outputs)
    for name, values in zip(outputs, ref1.measures(inputs), strict=True):
        finite = np.isfinite(own[name])
        assert (finite == np.isfinite(values)).all()
        assert values[finite] == pytest.approx(own[name][finite], rel=1e-9, abs=1e-9)


def test_the_quantiles_by_hand_are_those_of_the_case() -> None:
    u = np.stack([uniforms(1, str(k), 0, 4_000) for k in range(12)])
    for values, row, draw in zip(ref1_blocked.inputs(u), u, CASE.model.draws, strict=True):
        assert draw.distribution is not None
        assert values == pytest.approx(inverter(draw.distribution)(row), rel=1e-5), draw.name


def test_the_ledger_by_hand_is_that_of_the_peers() -> None:
    u = np.stack([uniforms(1, str(k), 0, 4_000) for k in range(12)])
    results = np.empty((3, 4_000))
    ref1_blocked.run(u, *results)
    for values, others in zip(results, ref1.measures(ref1_blocked.inputs(u)), strict=True):
        assert np.allclose(values, others, rtol=1e-9)
    assert POISSON[0] == pytest.approx(np.exp(-1.2))


def test_correlations_are_those_of_the_case() -> None:
    case = load(CONFIGS / "ref1c.yaml")
    names = [draw.axis for draw in case.model.draws]
    own = np.eye(12)
    for group in case.model.dependence:
        places = [names.index(axis) for axis in group.axes]
        own[np.ix_(places, places)] = group.correlation
    assert own == pytest.approx(ref1.correlation(), abs=1e-12)


def test_a_process_tells_seconds_and_memory() -> None:
    line = 'print(\'{"system": "x", "inside": 0.25, "cpu": 0.5}\')'
    figures = run([sys.executable, "-c", line])
    assert (figures.inside, figures.inside_cpu) == (0.25, 0.5)
    assert figures.whole > 0
    assert figures.peak > 1
    with pytest.raises(RuntimeError, match="out of luck"):
        run([sys.executable, "-c", "raise SystemExit('out of luck')"])


def test_ratios_are_by_trial() -> None:
    work = Workload("t", "", {"payback": [], "other": []}, 1_000, {"other": 100})
    own, other = Runs([Run(2.0, 3.0, 50, 0.1, 0.2)]), Runs([Run(4.0, 4.0, 60.4, 0.5, 0.5)])
    head, _, first, second = table(work, {"payback": own, "other": other}).splitlines()
    assert head == "|  | trials | inside s | CPU s | ns a trial | ratio | CPU ratio | whole s | peak MiB |"
    assert first == "| payback | 1,000 | 0.100 | 0.200 | 100,000 | 1.00 | 1.00 | 2.00 | 50 |"
    assert second == "| other | 100 | 0.500 | 0.500 | 5,000,000 | 50.00 | 25.00 | 4.00 | 60 |"


def test_whole_processes_have_no_inside() -> None:
    runs = {"payback": Runs([Run(2.0, 3.0, 50)]), "other": Runs([Run(1.0, 6.0, 50, 0.5, 0.5)])}
    head, _, row, other = table(Workload("t", "", {"payback": [], "other": []}, 1_000), runs).splitlines()
    assert other == "| other | 1,000 | 1.000 | 6.000 | 1,000,000 | 0.50 | 2.00 | 50 |"
    assert "whole s | CPU s" in head
    assert row == "| payback | 1,000 | 2.000 | 3.000 | 2,000,000 | 1.00 | 1.00 | 50 |"


def test_systems_that_are_not_installed_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {name for workload in workloads(1_000, 10) for name in workload.commands}
    assert all(name in names for name, package in PACKAGES.items() if package not in missing())
    monkeypatch.setattr("benchmarks.workloads.find_spec", lambda name: None if name == "monaco" else object())
    assert missing() == ("monaco",)
    assert "monaco" not in {name for workload in workloads(1_000, 10) for name in workload.commands}
