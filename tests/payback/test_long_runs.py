"""Long runs: killed, interrupted, starved; the same bits after all, or one clear message."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.catalogue import misfit
from tests.payback.commands import MESSAGES, Command, Outcome, environment

MANY = ("--trials", "4e8", "--sampler", "monte_carlo", "--threads", "2")
SOME = ("--trials", "400_000", "--sampler", "monte_carlo")
ASKED = ("P(npv < 0)", "P50(payback)", "mean(npv)")
HANGS = 120.0
"""Seconds after which a command is taken to hang; no test asks how fast one is."""


def differs(outcome: Outcome, entry: str) -> str:
    """Return how what a command says on stderr differs from an entry of messages.txt."""
    return misfit(outcome.err.splitlines(), MESSAGES[entry])


def started(*words: object, every: float = 0.1) -> subprocess.Popen[str]:
    """Begin a command whose checkpoints are `every` seconds apart."""
    code = (
        f"import payback.simulator.engine.run.checkpoints as c; c.EVERY = {every}; from payback.cli import main; main()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def done(path: Path) -> int:
    """Return how many trials the checkpoint at `path` holds."""
    if not path.exists():
        return 0
    _, archive = path.read_bytes().split(b"\n", 1)
    header = json.loads(np.load(io.BytesIO(archive))["arr_0"].tobytes())
    return sum(run["facts"]["done"] for run in header["runs"].values())


def wait_for(path: Path, more_than: int = 0, seconds: float = HANGS) -> int:
    """Wait until the checkpoint at `path` holds more trials; return how many."""
    end = time.monotonic() + seconds
    while (trials := done(path)) <= more_than:
        assert time.monotonic() < end, "no checkpoint was written"
        time.sleep(0.01)
    return trials


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_c2_a_signal_gives_partial_results_and_a_checkpoint(case_file: Path, number: int, code: int) -> None:
    saved = case_file.with_name("saved")
    running = started("ask", case_file, *ASKED, *MANY, "--checkpoint", saved, "--json", "--quiet")
    before = wait_for(saved)
    running.send_signal(number)
    out, err = running.communicate(timeout=HANGS)
    assert running.returncode == code, err
    assert "Traceback" not in err
    answers = json.loads(out)
    assert answers["partial"]["of"] == 400_000_000
    assert before <= answers["partial"]["trials"] == done(saved) < 400_000_000
    assert 0 < answers["answers"][0]["value"] < 1


def test_a_signal_outside_a_simulation_ends_the_command(case_file: Path, command: Command) -> None:
    from payback.cli.signals import EndedBySignal, Interrupts

    interrupts = Interrupts()
    with pytest.raises(EndedBySignal):
        interrupts.receive(signal.SIGTERM)
    assert interrupts.code == 143
    inside = Interrupts()
    with inside:
        inside.receive(signal.SIGINT)
        assert inside()
        with pytest.raises(EndedBySignal):
            inside.receive(signal.SIGINT)


def test_c1_a_run_killed_twice_goes_on_to_the_same_bits(case_file: Path, command: Command) -> None:
    saved = case_file.with_name("saved")
    words = ("ask", case_file, *ASKED, "--trials", "4e6", "--sampler", "monte_carlo", "--json", "--quiet")
    whole = command(*words, "--checkpoint", case_file.with_name("other"))
    assert whole.code == 0
    assert not case_file.with_name("other").exists()
    counted = 0
    for more in ((), ("--resume",)):
        running = started(*words, "--checkpoint", saved, *more, every=0.0)
        counted = wait_for(saved, counted)
        running.kill()
        running.communicate()
    assert 0 < done(saved) < 4_000_000
    again = command(*words, "--checkpoint", saved, "--resume")
    assert again.out == whole.out
    assert not saved.exists()


def test_c2_c16_two_signals_end_a_run_at_once_and_a_changed_case_is_another_run(
    case_file: Path, command: Command, tmp_path: Path
) -> None:
    saved = tmp_path / "saved"
    words = ("ask", case_file, *ASKED, *SOME, "--checkpoint", saved, "--quiet")
    assert not differs(command(*words[:-3], "--resume"), "no checkpoint to resume")
    running = started(*words, "--trials", "4e8")
    wait_for(saved)
    for _ in range(2):
        running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=HANGS)
    assert (running.returncode, err.strip()) == (130, "")  # where click meets the second, it ends the line
    again = command(*words, "--trials", "4e8")
    assert again.err.startswith(f"{saved} ")
    assert not differs(again, "a checkpoint that is there")
    for changed in (
        ("--trials", "4e7"),
        ("--trials", "4e8", "--seed", "2"),
        ("--trials", "4e8", "--set", "volume = volume * 2"),
    ):
        refused = command(*words, *changed, "--resume")
        assert (refused.code, refused.out) == (2, "")
        assert refused.err.startswith(f"{saved} ")
        assert not differs(refused, "a checkpoint of another run")
    case_file.write_text(case_file.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert not differs(command(*words, "--trials", "4e8", "--resume"), "a checkpoint of another run")


def test_c9_many_trials_in_little_memory(case_file: Path) -> None:
    code = (
        "import resource; from payback.cli import main; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)); main()"
    )
    words = ("ask", case_file, "P(npv < 0)", "P50(npv)", "P50(payback)", "--trials", "1e7", "--quiet")
    finished = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.count("\n") == 3


def test_several_cases_each_have_a_folder(case_file: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    other = case_file.with_name("other.yaml")
    other.write_text(case_file.read_text(encoding="utf-8"), encoding="utf-8")
    assert not differs(command("run", case_file, other, "--json"), "JSON of several cases")
    assert not differs(command("run", case_file, other, "--checkpoint", "x"), "a checkpoint of several cases")
    assert not differs(command("run", case_file, case_file), "cases of the same folder")
    seen = []
    monkeypatch.setattr("payback.cli.verbs.run._run", lambda case, folder, *_, **__: seen.append((case.file, folder)))
    assert command("run", case_file, other, "--out", "all").code == 0
    assert command("run", case_file, other).code == 0
    files = [str(case_file), str(other)]
    folders = [Path("all/small"), Path("all/other"), Path("out/small"), Path("out/other")]
    assert seen == list(zip(files * 2, folders, strict=True))


def test_an_interrupted_run_tells_the_measures(
    case_file: Path, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from payback.cli.signals import Interrupts

    calls = []

    def soon(self: Interrupts) -> bool:
        calls.append(None)
        if len(calls) == 4:
            self.receive(signal.SIGINT)
        return bool(self.code)

    monkeypatch.setattr(Interrupts, "__call__", soon)
    words = ("run", case_file, *SOME, "--checkpoint", tmp_path / "saved", "--quiet", "--threads", "1")
    interrupted = command(*words, "--out", tmp_path / "out")
    assert interrupted.code == 130
    first, *table = interrupted.out.splitlines()
    assert first.startswith("partial, interrupted: the first ")
    assert first.endswith(" of 400,000 trials")
    assert any(line.startswith("npv ") for line in table)
    assert (tmp_path / "saved").exists()
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()


def test_a_whole_report_of_trials_that_were_counted(case_file: Path, command: Command, tmp_path: Path) -> None:
    words = ("run", case_file, "--trials", "16384", "--json", "--quiet")
    kept, counted = command(*words).json, command(*words, "--checkpoint", tmp_path / "saved").json
    assert counted["what_if"] == kept["what_if"]
    for name, measure in kept["measures"].items():
        estimates = counted["measures"][name]["percentiles"]
        for key, value in measure["percentiles"].items():
            if value["low"] is not None and value["high"] is not None:
                near = 0.4 * (value["high"] - value["low"]) + 1e-9
                assert estimates[key]["value"] == pytest.approx(value["value"], abs=near), (name, key)
    assert {key: curve is None for key, curve in kept["curves"].items()} == {
        key: curve is None for key, curve in counted["curves"].items()
    }
    expected, curves = (document["curves"] for document in (kept, counted))
    assert curves["npv_histogram"]["counts"] == pytest.approx(expected["npv_histogram"]["counts"], abs=30)
    assert curves["payback_s_curve"]["share"] == pytest.approx(expected["payback_s_curve"]["share"], abs=1e-3)
