"""What only a process of its own can show: imports, pipes, signals, terminals."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.catalogue import misfit
from tests.payback.commands import MESSAGES, ROOT, environment, process, python

FEW = ("--trials", "2048")
HEAVY = ("pandas", "matplotlib", "rich", "pydantic", "jinja2", "scipy.stats", "IPython")


def test_help_imports_nothing_heavy() -> None:
    outcome = python(
        "import sys; from payback.cli.commands import run; run(['--help']);"
        "print([m for m in sys.modules if m.split('.')[0] in ('numpy', 'scipy', 'pandas', 'rich', 'pydantic')])"
    )
    assert outcome.out.splitlines()[-1] == "[]"


def test_ask_imports_nothing_heavy() -> None:
    outcome = python(
        "import sys; from payback.cli.commands import run;"
        "code = run(['ask', 'configs/ref1.yaml', 'P(npv < 0)', '--trials', '100000']);"
        f"print(code, [m for m in {HEAVY} if m in sys.modules])"
    )
    assert outcome.out.splitlines()[-1] == "0 []"


def test_an_answer_in_words_loads_no_records_of_a_report() -> None:
    unused = tuple(f"payback.simulator.document.{name}" for name in ("answers", "claims", "document", "results"))
    outcome = python(
        "import sys; from payback.cli.commands import run;"
        "code = run(['ask', 'configs/ref1.yaml', 'P(npv < 0)', '--trials', '1024']);"
        f"print(code, [m for m in {unused} if m in sys.modules])"
    )
    assert outcome.out.splitlines()[-1] == "0 []"


def test_a_check_loads_no_statistics_and_no_runs_of_trials() -> None:
    unused = ("payback.simulator.statistics", "payback.simulator.engine.workers", "payback.reports.figures")
    outcome = python(
        "import sys; from payback.cli.commands import run;"
        "code = run(['check', 'configs/falcon3_api.yaml']);"
        f"print(code, [m for m in {HEAVY + unused} if m in sys.modules])"
    )
    assert outcome.out.splitlines()[-1] == "0 []"


def test_a_command_collects_garbage_once_its_case_is_loaded_and_leaves_what_is_loaded_alone() -> None:
    outcome = python(
        "import atexit, gc; from payback.cli.commands import main;"
        "atexit.register(lambda: print(gc.isenabled(), gc.get_freeze_count() > 10_000));"
        "main(['check', 'configs/ref1.yaml'])"
    )
    assert outcome.out.splitlines()[-1] == "True True"


def test_no_colour_and_no_codes_when_not_on_a_terminal() -> None:
    outcome = process("ask", "configs/ref1.yaml", "P(npv < 0)", *FEW)
    assert (outcome.code, outcome.err) == (0, "")
    assert "\x1b" not in outcome.out


def test_a_terminal_without_unicode_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "fall.yaml"
    path.write_text("case: café\nhorizon: 3\ninputs: {x: 1 to 3}\ncash_flows: {monthly: {m: x}}\n", encoding="utf-8")
    outcome = process("explain", path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert outcome.code == 0, outcome.err
    assert "caf" in outcome.out


def test_a_reader_that_leaves_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "payback", "explain", "configs/falcon3_api.yaml"],
        env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0


def test_an_output_that_is_closed_is_no_error() -> None:
    words = [sys.executable, "-m", "payback", "explain", "configs/ref1.yaml"]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *words], env=environment(), cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", "2>&- >&-"])
def test_an_error_stream_that_nobody_reads_ends_no_run(closed: str, tmp_path: Path) -> None:
    """Notes and progress are lost; results and exit codes are not."""
    for words, code in (
        (["ask", "configs/ref1.yaml", "mean(npv)", "--trials", "256"], 0),
        (["ask", "configs/ref1.yaml", "mean(no_such_name)"], 2),
        (["run", "configs/ref1.yaml", "--trials", "256", "--out", str(tmp_path / "out")], 0),
    ):
        command = [sys.executable, "-m", "payback", *words]
        done = subprocess.run(
            ["sh", "-c", f'exec "$@" {closed}', "sh", *command],
            env=environment(), cwd=ROOT, stdout=subprocess.PIPE, check=False,
        )  # fmt: skip
        assert done.returncode == code, words
        assert bool(done.stdout) == (code == 0 and ">&- " not in f"{closed} ".replace("2>&-", ""))
    assert (tmp_path / "out" / "result.json").exists()


def test_an_interrupt_gives_what_is_done() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "payback", "ask", "configs/ref1.yaml", "mean(npv)", "--trials", "1e8"],
        env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stderr is not None
        assert running.stderr.read(5)  # progress is told: the simulation runs
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert not misfit(out.decode().splitlines()[:1], MESSAGES["a run that is interrupted"])
    assert b"Traceback" not in err
