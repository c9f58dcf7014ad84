"""Commands that nobody gives a number of trials: they choose one, and tell how."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.catalogue import misfit
from tests.payback.commands import MESSAGES, Command

SHORT = MESSAGES["fewer digits than two"]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A base size that is too small for the small case."""
    for module in ("size.default_size", "size.cost_budget", "size.compared_trials", "appendix.appendix"):
        monkeypatch.setattr(f"payback.simulator.questions.{module}.TRIALS", 2**10)


@pytest.fixture
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payback.simulator.questions.size.cost_budget.WORK", 1e-9)


def test_ask_tells_how_its_size_was_chosen(command: Command, case_file: Path) -> None:
    words = ("ask", case_file, "P50(npv)", "P99(payback)", "--json")
    document = command(*words).json
    (size,) = document["precision"]
    assert (size["target"], size["reached"]) == ("P50(npv)", True)
    assert size["trials"] > 1024
    given = command(*words, "--trials", size["trials"]).json
    assert given == {"schema": document["schema"], "answers": document["answers"]}
    plain = command("ask", case_file, "P50(npv)")
    assert f"{size['trials']:,} trials (sobol, seed 1)" in plain.out
    assert plain.err == ""
    # trials that are counted for a checkpoint are as many
    counted = command(*words, "--checkpoint", "saved").json
    assert counted["precision"] == document["precision"]


@pytest.mark.usefixtures("no_time")
def test_one_line_tells_which_number_has_fewer_digits(command: Command, case_file: Path) -> None:
    outcome = command("ask", case_file, "P50(npv)", "P(npv < 0)")
    assert outcome.code == 0
    assert outcome.err.startswith("note: P50(npv)")
    assert not misfit(outcome.err.splitlines(), SHORT)
    quiet = command("ask", case_file, "P50(npv)", "--quiet")
    assert (quiet.err, quiet.out.count("\n")) == ("", 1)
    assert command("ask", case_file, "P50(npv)", "--trials", "1024").err == ""


@pytest.mark.usefixtures("no_time")
def test_a_run_tells_it_among_its_limits_too(command: Command, case_file: Path) -> None:
    outcome = command("run", case_file, "--json")
    assert not misfit(outcome.err.splitlines(), SHORT)
    document = outcome.json
    assert outcome.err.strip() == "note: " + document["limits"][-1].removesuffix(".")
    provenance = document["provenance"]
    assert provenance["command"].split()[-6:] == ["--trials", "1024", "--seed", "1", "--sampler", "sobol"]
    assert not all(size["reached"] for size in provenance["precision"])


def test_the_command_of_a_run_that_chose_finds_the_same_size(command: Command, case_file: Path) -> None:
    document = command("run", case_file, "--json").json
    assert document["provenance"]["trials"] > 1024
    assert document["provenance"]["command"].split()[-4:] == ["--seed", "1", "--sampler", "sobol"]
    assert "--trials" not in document["provenance"]["command"]
    given = command("run", case_file, "--json", "--trials", document["provenance"]["trials"]).json
    assert given["provenance"].pop("precision") == []
    assert document["provenance"].pop("precision") != []
    for either in (given, document):
        either["provenance"].pop("command")
    assert given == document


def test_what_if_and_stress_choose_for_their_differences(command: Command, case_file: Path) -> None:
    for name, change in (("what-if", "volume * 0.9"), ("stress", "volume below 10 %")):
        words = (name, case_file, change, "--ask", "P50(npv)", "--json")
        document = command(*words).json
        assert document["precision"][-1]["target"] == f'difference of P50(npv) in "{change}"'
        given = command(*words, "--trials", document["precision"][0]["trials"]).json
        assert given == {"schema": document["schema"], "comparisons": document["comparisons"]}


def test_what_if_and_stress_show_the_figures_of_the_run(command: Command, case_file: Path) -> None:
    document = command("run", case_file, "--json").json
    assert document["provenance"]["trials"] > 1024
    for verb, key in (("what-if", "what_if"), ("stress", "stress")):
        own = command(verb, case_file, "--json").json
        assert own["comparisons"] == document[key]
        assert own["precision"] == document["provenance"]["precision"]
    ad_hoc = command("what-if", case_file, "volume * 0.5", "--json").json["comparisons"][0]
    assert ad_hoc["answers"] == document["what_if"][0]["answers"]


def test_they_do_so_where_a_long_run_compares_its_first_trials(
    command: Command, case_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payback.simulator.questions.size.compared_trials.most_trials", lambda _: 1024)
    document = command("run", case_file, "--json").json
    assert "What-ifs, stresses and the ladder are of the first 1,024 trials" in " ".join(document["limits"])
    for verb, key in (("what-if", "what_if"), ("stress", "stress")):
        assert command(verb, case_file, "--json").json["comparisons"] == document[key]
    assert "(the first 1,024 trials" in command("what-if", case_file).out


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
        outcome = command(*words, "--quiet", "--threads", "1")
        assert outcome.code == 130
        assert not misfit(outcome.out.splitlines()[:1], MESSAGES["a look that is interrupted"])
        assert "npv" in outcome.out
    document = command("ask", case_file, "P50(npv)", "--quiet", "--threads", "1", "--json").json
    assert document["partial"] == {"trials": 256, "of": 1024}
    assert "precision" not in document
