from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.payback.commands import Command
from tests.simulator.questions.cases import SMALL


@pytest.fixture(autouse=True)
def no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell no progress, however long a command takes on a busy machine: tests of progress say so themselves."""
    monkeypatch.setattr("payback.cli.output.SILENT_SECONDS", math.inf)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


@pytest.fixture
def case_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small case, alone in a folder that is the current one."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write reports without drawings, for tests of what stands beside them."""
    for module in ("figures", "pages.html", "pages.markdown"):
        monkeypatch.setattr(f"payback.reports.{module}.plates", lambda _: {})
