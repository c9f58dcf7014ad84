"""The engine of a whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

from payback.simulator.case import load
from payback.simulator.engine.run import engine_choice
from payback.simulator.questions.size.cost_budget import run_jobs
from payback.simulator.questions.size.engine_of_run import with_engine
from payback.simulator.questions.trials.execution import Execution

CASE = load(Path(__file__).resolve().parents[4] / "configs" / "falcon3_api.yaml")


def test_all_the_work_of_a_report_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_choice, "cores", lambda: 2)
    alone, compared = run_jobs(CASE)
    assert (alone.runs, compared.runs) == (1, 1 + len(CASE.what_if) + len(CASE.stress))
    assert with_engine(Execution(), [alone, compared], 2**17).engine == "compiled"
    assert with_engine(Execution(), [alone], 2**17).engine == "numpy"
    assert with_engine(Execution(), [alone, compared], 2**10).engine == "numpy"


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_an_engine_that_is_given_stays(engine: str) -> None:
    assert with_engine(Execution(engine=engine), run_jobs(CASE), 2**30).engine == engine
