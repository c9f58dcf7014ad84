"""Commands that nobody gives a number of trials: they choose one, and tell how."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from payback.cli.commands import run
from tests.payback.commands import Command

SHORT = "fewer than two honest digits with 1,024 trials, the most that a run takes by itself; it would take up to about"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A base size that is too small for the small case."""
    for module in ("size.default_size", "size.cost_budget", "appendix.appendix"):
        monkeypatch.setattr(f"payback.simulator.questions.{module}.TRIALS", 2**10)


@pytest.fixture
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payback.simulator.questions.size.cost_budget.WORK", 1e-9)


def test_ask_tells_how_its_size_was_chosen(command: Command, case_file: Path) -> None:
    words = ("ask", case_file, "P50(npv)", "P99(payback)", "--json")
    found = command(*words).json
    (one,) = found["precision"]
    assert (one["target"], one["reached"]) == ("P50(npv)", True)
    assert one["trials"] > 1024
    given = command(*words, "--trials", one["trials"]).json
    assert given == {"schema": found["schema"], "answers": found["answers"]}
    plain = command("ask", case_file, "P50(npv)")
    assert f"{one['trials']:,} trials (sobol, seed 1)" in plain.out
    assert plain.err == ""
    # trials that are counted for a checkpoint are as many
    counted = command(*words, "--checkpoint", "saved").json
    assert counted["precision"] == found["precision"]


@pytest.mark.usefixtures("no_time")
def test_one_line_tells_which_number_has_fewer_digits(command: Command, case_file: Path) -> None:
    found = command("ask", case_file, "P50(npv)", "P(npv < 0)")
    assert found.code == 0
    (line,) = found.err.splitlines()
    assert line.startswith("note: P50(npv)")
    assert SHORT in line
    quiet = command("ask", case_file, "P50(npv)", "--quiet")
    assert (quiet.err, quiet.out.count("\n")) == ("", 1)
    assert command("ask", case_file, "P50(npv)", "--trials", "1024").err == ""


@pytest.mark.usefixtures("no_time")
def test_a_run_tells_it_among_its_limits_too(command: Command, case_file: Path) -> None:
    found = command("run", case_file, "--json")
    assert SHORT in found.err
    document = found.json
    assert SHORT in document["limits"][-1]
    assert document["provenance"]["command"].endswith("small.yaml --trials 1024 --seed 1 --sampler sobol")
    assert not all(one["reached"] for one in document["provenance"]["precision"])


def test_the_command_of_a_run_that_chose_finds_the_same_size(command: Command, case_file: Path) -> None:
    document = command("run", case_file, "--json").json
    assert document["provenance"]["trials"] > 1024
    assert document["provenance"]["command"].endswith("small.yaml --seed 1 --sampler sobol")
    given = command("run", case_file, "--json", "--trials", document["provenance"]["trials"]).json
    assert given["provenance"].pop("precision") == []
    assert document["provenance"].pop("precision") != []
    for one in (given, document):
        one["provenance"].pop("command")
    assert given == document


def test_what_if_and_stress_choose_for_their_differences(command: Command, case_file: Path) -> None:
    for name, change in (("what-if", "volume * 0.9"), ("stress", "volume below 10 %")):
        words = (name, case_file, change, "--ask", "P50(npv)", "--json")
        found = command(*words).json
        assert [one["target"] for one in found["precision"]][-1] == f'difference of P50(npv) in "{change}"'
        given = command(*words, "--trials", found["precision"][0]["trials"]).json
        assert given == {"schema": found["schema"], "comparisons": found["comparisons"]}


def test_an_interrupted_look_gives_what_is_done(
    command: Command, case_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from payback.cli.signals import Interrupts

    def soon(self: Interrupts) -> bool:
        if self._simulations and not self.code:
            self.receive(signal.SIGINT)
        return bool(self.code)

    monkeypatch.setattr(Interrupts, "__call__", soon)
    monkeypatch.setattr("payback.simulator.engine.numpy_engine.numpy_backend.BLOCK", 256)
    for words in (("run", case_file), ("ask", case_file, "P50(npv)", "P(npv < 0)")):
        found = command(*words, "--quiet", "--threads", "1")
        assert found.code == 130
        assert found.out.startswith("partial, interrupted: the first 256 of 1,024 trials")
        assert "npv" in found.out
    found = command("ask", case_file, "P50(npv)", "--quiet", "--threads", "1", "--json")
    assert found.json["partial"] == {"trials": 256, "of": 1024}
    assert "precision" not in found.json


@pytest.mark.parametrize("name", ["run", "ask", "what-if", "stress"])
def test_help_says_so(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert "take more where two honest digits need them" in " ".join(capsys.readouterr().out.split())
