from __future__ import annotations

import itertools
import random

import pytest

from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.total_progress import Onward, TotalProgress, with_total_progress

Reports = list[tuple[int, int]]


def total(reports: Reports, runs: int) -> TotalProgress:
    execution = with_total_progress(Execution(progress=lambda done, trials: reports.append((done, trials))), runs)
    assert isinstance(execution.progress, TotalProgress)
    return execution.progress


def test_progress_of_several_runs_is_that_of_one() -> None:
    reports: Reports = []
    execution = Execution(progress=total(reports, 2))
    assert with_total_progress(execution, 7) is execution
    assert execution.progress is not None
    for done in (50, 100, 50, 100):
        execution.progress(done, 100)
    assert reports == [(50, 200), (100, 200), (150, 200), (200, 200)]


def test_runs_of_other_sizes_and_runs_that_nobody_expected_never_lead_back() -> None:
    reports: Reports = []
    progress = total(reports, 3)
    for done, trials in ((50, 100), (100, 100), (500, 1_000), (1_000, 1_000), (4, 4), (1, 100), (100, 100), (7, 7)):
        progress(done, trials)
    assert [done for done, _ in reports] == [50, 100, 150, 200, 300, 300, 300, 300]
    assert {trials for _, trials in reports} == {300}


@pytest.mark.parametrize("seed", range(20))
def test_neither_number_falls_in_any_order_of_runs_looks_and_reports(seed: int) -> None:
    rng = random.Random(seed)
    reports: Reports = []
    onward = Onward(lambda done, trials: reports.append((done, trials)))
    for look in range(4):
        trials = 64 << look
        progress = TotalProgress(onward.look(trials), rng.randint(1, 4))
        for _ in range(rng.randint(1, 6)):
            size = rng.choice([trials, trials // 2])
            for done in sorted(rng.sample(range(1, size), 5), key=lambda k: k + rng.uniform(-9, 9)):
                progress(done, size)
            progress(size, size)
    for before, after in itertools.pairwise(reports):
        assert before[0] <= after[0] <= after[1] >= before[1]
    assert reports[-1][1] == 512
