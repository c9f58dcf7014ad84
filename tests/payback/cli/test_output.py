from __future__ import annotations

import pytest

from payback.cli import output
from payback.simulator.questions.trials.execution import Execution
from tests.catalogue import misfit
from tests.payback.commands import MESSAGES


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(output, "SILENT_SECONDS", 1.0)
    monkeypatch.setattr(output.time, "monotonic", clock)
    return clock


def test_progress_is_silent_for_a_second_and_then_told(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = output.Progress()
    for clock.now, done in ((0.5, 1), (0.9, 2), *((k, 2 * k) for k in range(1, 41)), (41, 90), (51, 60), (61, 100)):
        progress(done, 100)
    progress.close()
    assert not misfit(capsys.readouterr().err.splitlines(), MESSAGES["progress in a file"])


def test_progress_rewrites_its_line_on_a_terminal(
    clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output.sys.stderr, "isatty", lambda: True, raising=False)
    progress = output.Progress()
    for clock.now, done in ((0.5, 10), (1.5, 40), (1.55, 45), (2.0, 50)):
        progress(done, 100)
    progress.close()
    assert capsys.readouterr().err == f"\r{'simulating: 40 %':<48}\r{'simulating: 50 %':<48}\r" + " " * 48 + "\r"


def test_while_the_size_of_a_run_is_not_known_its_trials_are_told_and_no_share(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = output.Progress()
    execution = output.finding_its_size(Execution(progress=progress))
    assert execution.progress is not None
    for clock.now, done in ((5.0, 1_000), (12.0, 2_000), (25.0, 131_072)):
        execution.progress(done, 131_072)
    clock.now = 40.0
    progress(10, 100)
    assert not misfit(capsys.readouterr().err.splitlines(), MESSAGES["progress of a run that finds its size"])
    other = Execution(progress=print)
    assert output.finding_its_size(other) is other


def test_columns_are_aligned_and_escaped() -> None:
    assert output.columns([("a", "1"), ("long", "\x1b22")], right=[1]) == "a          1\nlong  \\x1b22"
