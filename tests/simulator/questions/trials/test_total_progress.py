from __future__ import annotations

from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.total_progress import TotalProgress, with_total_progress


def test_progress_of_several_runs_is_that_of_one() -> None:
    reports: list[tuple[int, int]] = []
    execution = with_total_progress(Execution(progress=lambda done, trials: reports.append((done, trials))), 2)
    assert with_total_progress(execution, 7) is execution
    assert isinstance(execution.progress, TotalProgress)
    for done in (50, 100, 50, 100):
        execution.progress(done, 100)
    assert reports == [(50, 200), (100, 200), (150, 200), (200, 200)]
