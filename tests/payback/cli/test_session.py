"""Cases that come through standard input."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.payback.commands import Command, environment
from tests.simulator.questions.cases import SMALL

FEW = ("--trials", "2048")


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a text into standard input."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "P(npv < 0)", *FEW),
        ("what-if", "volume * 0.5", *FEW),
        ("stress", "thin demand", *FEW),
        ("tornado",),
        ("variance", *FEW),
        ("claims", *FEW),
        ("explain",),
    ],
    ids=lambda words: words[0],
)
def test_every_command_reads_a_case_from_standard_input(
    words: tuple[str, ...], piped: Callable[[str], None], command: Command, case_file: Path
) -> None:
    piped(SMALL)
    outcome = command(words[0], "-", *words[1:])
    assert outcome == command(words[0], case_file, *words[1:])
    assert outcome.code == 0


def test_check_calls_it_stdin_and_places_its_errors_there(
    piped: Callable[[str], None], command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    piped(SMALL)
    assert command("check", "-").out.startswith("<stdin>: ok; ")
    piped(SMALL.replace("check: roi >= 1", "check: P90(roii) >= 1"))
    assert command("check", "-").err.startswith("<stdin>:22:42: claims[0].check: `roii` is not defined")
    for text in ("", "\ufeff", "\0"):
        piped(text)
        outcome = command("check", "-")
        assert outcome.code == 2
        assert outcome.err.startswith("<stdin>: ")
    assert not list(tmp_path.iterdir())


def test_data_files_lie_under_the_current_folder(
    piped: Callable[[str], None], command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "costs.csv").write_text("cost\n1\n2\n3\n", encoding="utf-8")
    text = """
horizon: 12
inputs: {cost: {distribution: empirical(file='costs.csv'), unit: USD/month}}
cash_flows: {monthly: {saved: 100 USD/month - cost}}
"""
    piped(text)
    outcome = command("check", "-")
    assert (outcome.code, outcome.err) == (0, "")
    (tmp_path / "costs.csv").unlink()
    piped(text)
    assert command("check", "-").code == 2


@pytest.mark.usefixtures("without_figures")
def test_a_run_names_its_folder_after_the_case(
    piped: Callable[[str], None], command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    piped(SMALL)
    outcome = command("run", "-", *FEW)
    assert outcome.code == 0, outcome.err
    assert (tmp_path / "out" / "a_machine_that_saves_labour" / "appendix.html").exists()
    piped(SMALL)
    document = command("run", "-", "--json", *FEW).json
    assert document["provenance"]["command"].split()[:3] == ["payback", "run", "-"]
    piped(SMALL.replace("case: A machine that saves labour", "case: '../../..'"))
    assert command("run", "-", *FEW).code == 0
    assert (tmp_path / "out" / "stdin" / "appendix.html").exists()


def test_standard_input_that_is_closed_is_told() -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "-m", "payback", "check", "-"],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("standard input is closed -> ")
