from __future__ import annotations

import pytest

from payback.cli import output
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
    monkeypatch.setattr(output.time, "monotonic", clock)
    return clock


def test_progress_is_silent_for_a_second_and_then_told(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = output.Progress()
    for clock.now, done in ((0.5, 10), (0.9, 20), (10.5, 40), (11.0, 50), (21.0, 90)):
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
    assert capsys.readouterr().err == f"\r{'simulating: 40 %':<40}\r{'simulating: 50 %':<40}\r" + " " * 40 + "\r"


def test_columns_are_aligned_and_escaped() -> None:
    assert output.columns([("a", "1"), ("long", "\x1b22")], right=[1]) == "a          1\nlong  \\x1b22"
