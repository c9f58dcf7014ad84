from __future__ import annotations

import json
from pathlib import Path

import pytest

from payback.cli.commands import COMMANDS
from payback.ready_made_cases import ready_made
from payback.simulator.document.document import from_json
from tests.catalogue import misfit
from tests.payback.commands import MESSAGES, ROOT, Command

FEW = ("--trials", "2048")
ANSWER = ["question", "value", "low", "high", "level", "unit", "never", "undefined", "verdict", "method", "text"]


def test_ask_prints_answers_in_order(command: Command, case_file: Path) -> None:
    questions = ["P90(payback)", "P(npv < 0) <= 90 %", "mean(payback)"]
    outcome = command("ask", case_file, *questions, *FEW)
    assert (outcome.code, outcome.err) == (0, "")
    *answers, footer = outcome.out.splitlines()
    assert [answer.split(": ")[0] for answer in answers] == questions
    assert footer.startswith("2,048 trials ")


def test_ask_as_json(command: Command, case_file: Path) -> None:
    document = command("ask", case_file, "P90(payback)", "P(npv < 0) <= 90 %", "P50(payback)", "--json", *FEW).json
    assert document["schema"] == "payback-answers/1"
    beyond, verdict, within = document["answers"]
    assert list(beyond) == ANSWER
    assert (beyond["value"], beyond["high"]) == (None, None)
    assert beyond["text"].startswith("not within 12 months")
    assert (within["level"], within["unit"], within["verdict"]) == (0.95, "month", None)
    assert within["low"] <= within["value"] <= within["high"]
    assert 0 < within["never"] < 1
    assert (verdict["verdict"], verdict["never"], verdict["unit"]) == ("supported", None, "")


def test_ask_is_the_same_however_it_is_asked(command: Command, case_file: Path) -> None:
    texts = {
        command("ask", case_file, "P(npv < 0)", "--trials", trials, "--threads", threads, "--json").out
        for trials in ("2048", "2_048", "2.048e3")
        for threads in ("1", "2")
    }
    assert len(texts) == 1
    other = command("ask", case_file, "P(npv < 0)", "--trials", "2048", "--seed", "2", "--json").out
    assert other not in texts


def test_every_engine_gives_the_same_answers(command: Command, case_file: Path) -> None:
    words = ("ask", case_file, "P(npv < 0)", "P90(payback)", "P50(irr)", *FEW)
    texts = {command(*words, "--engine", name).out for name in ("auto", "numpy", "Compiled")}
    assert len(texts) == 1


def test_set_changes_the_case_first(command: Command, case_file: Path) -> None:
    changed = command("ask", case_file, "mean(npv)", "--set", "volume = volume * 0.5", "--json", *FEW)
    named = command("ask", case_file, "mean(npv) in 'volume halves'", "--json", *FEW)
    assert changed.json["answers"][0]["value"] == named.json["answers"][0]["value"]
    two = command("ask", case_file, "mean(npv)", "--set", "volume=volume*0.5", "--set", "fee=0 USD/month", *FEW)
    assert two.code == 0


@pytest.mark.parametrize(
    ("words", "noted"),
    [
        (["--trials", "1000"], True),
        (["--trials", "2001"], True),
        (["--trials", "1000", "--sampler", "sobol"], True),
        (["--trials", "1000", "--sampler", "monte-carlo"], False),
        (["--trials", "1008", "--sampler", "latin-hypercube"], True),
    ],
)
def test_what_must_be_known_of_the_trials_is_a_note_on_stderr(
    command: Command, case_file: Path, words: list[str], noted: bool
) -> None:
    loud = command("ask", case_file, "P(npv < 0)", *words)
    quiet = command("ask", case_file, "P(npv < 0)", *words, "--quiet")
    assert loud.err.startswith("note: ") == noted
    assert bool(loud.err) == noted
    assert quiet.err == ""
    assert len(quiet.out.splitlines()) == 1


def test_what_if_answers_in_one_screen(command: Command, case_file: Path) -> None:
    outcome = command("what-if", case_file, "volume * 0.5", *FEW)
    lines = outcome.out.splitlines()
    assert outcome.code == 0
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 140
    assert lines[0] == "volume * 0.5"
    two = command("what-if", case_file, "volume*0.5; price * 0.9", *FEW).out
    assert two.splitlines()[0] == "volume*0.5; price * 0.9"
    assert lines[2].split() == ["before", "after", "difference,", "paired"]
    mean = next(line for line in lines if line.startswith("mean(npv)"))
    assert mean.count("USD (") == 3


def test_what_if_fits_a_small_terminal(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payback.cli.compare.terminal_width", lambda: 80)
    lines = command("what-if", ROOT / "configs" / "falcon3_api.yaml", "traffic * 0.5").out.splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    at = next(index for index, line in enumerate(lines) if line.startswith("mean(npv)"))
    assert lines[at].count("USD") == 3
    assert lines[at + 1].count(" to ") == 3


def test_what_if_of_every_change_of_the_case(command: Command, case_file: Path) -> None:
    document = command("what-if", case_file, "--json", "--ask", "P(npv < 0)", "--ask", "sd(npv)", *FEW).json
    assert document["schema"] == "payback-comparisons/1"
    assert [comparison["name"] for comparison in document["comparisons"]] == ["volume halves", "two years"]
    pair = document["comparisons"][0]["answers"]["P(npv < 0)"]
    assert pair["difference"]["value"] == pytest.approx(pair["after"]["value"] - pair["before"]["value"])
    assert pair["difference"]["low"] <= pair["difference"]["value"] <= pair["difference"]["high"]


def test_a_stress_by_name_is_the_stress_of_its_condition(command: Command, case_file: Path) -> None:
    conditions: list[list[str]] = [[], ["thin demand"], ["volume below 10 %"]]
    answers = [
        command("stress", case_file, *condition, "--json", *FEW).json["comparisons"][0]["answers"]
        for condition in conditions
    ]
    assert answers[0] == answers[1] == answers[2]


def test_tornado(command: Command, case_file: Path) -> None:
    document = command("tornado", case_file, "--measure", "payback", "--json").json
    assert (document["schema"], document["measure"], document["unit"]) == ("payback-tornado/1", "payback", "month")
    assert {bar["input"] for bar in document["bars"]} == {"volume", "price", "cost", "fee", "chance"}
    assert document["held"] == [{"name": "works", "value": 1}]


def test_claims(command: Command, case_file: Path) -> None:
    document = command("claims", case_file, "--json", *FEW).json
    assert [claim["verdict"] for claim in document["claims"]] == ["inconclusive", "supported"]
    assert document["hurdles"][0]["required"] == 0.6


def test_check(command: Command, case_file: Path) -> None:
    assert command("check", case_file, "--json").json["ok"] is True
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("check: roi >= 1", "check: P90(roii) >= 1"), encoding="utf-8")
    wrong = command("check", case_file)
    assert wrong.code == 2
    assert wrong.err.startswith(f"{case_file}:22:42: claims[0].check: ")


def test_explain_as_json_tells_what_inputs_imply(command: Command, case_file: Path) -> None:
    document = command("explain", case_file, "--json").json
    assert document["inputs"][0]["mean"] == pytest.approx(1133.148453)


def test_init_copies_a_ready_made_case_once(command: Command, case_file: Path, tmp_path: Path) -> None:
    assert case_file.exists()
    assert all(name in command("init").out for name in ready_made())
    assert command("init", "ref1").code == 0
    copy = (tmp_path / "ref1.yaml").read_bytes()
    assert copy == (ROOT / "configs" / "ref1.yaml").read_bytes()
    assert command("init", "ref1").code == 2
    assert (tmp_path / "ref1.yaml").read_bytes() == copy


def test_schema(command: Command) -> None:
    assert command("schema").json["title"] == "A payback case"


@pytest.mark.usefixtures("without_figures")
def test_run_writes_an_appendix_and_replaces_it(command: Command, case_file: Path, tmp_path: Path) -> None:
    for seed in (1, 2):
        outcome = command("run", case_file, "--seed", seed, *FEW)
        assert outcome.code == 0, outcome.err
        assert "out/small/appendix.html" in outcome.out
        document = from_json((tmp_path / "out" / "small" / "result.json").read_bytes())
        assert document.provenance.seed == seed
        words = document.provenance.command.split()
        assert words[-6:] == ["--trials", "2048", "--seed", str(seed), "--sampler", "sobol"]


@pytest.mark.usefixtures("without_figures")
def test_run_as_json_prints_the_document_and_writes_only_if_it_must(
    command: Command, case_file: Path, tmp_path: Path
) -> None:
    document = command("run", case_file, "--json", *FEW).json
    assert document["schema"] == "payback-result/1"
    assert {"value", "low", "high"} <= set(document["measures"]["npv"]["percentiles"]["P50"])
    assert {"value", "low", "high"} <= set(document["measures"]["npv"]["mean"])
    assert 0 < document["measures"]["payback"]["never"] < 1
    assert document["probabilities"]
    assert document["claims"]
    assert document["provenance"]["trials"] == 2048
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]
    both = command("run", case_file, "--json", "--out", "here", "--keep", *FEW)
    assert json.loads((tmp_path / "here" / "result.json").read_text()) == both.json
    assert (tmp_path / "here" / "trials.npz").exists()


def test_the_gate(command: Command, case_file: Path) -> None:
    assert command("run", case_file, "--gate", "--json", *FEW).code == 0
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("confidence: 60 %", "confidence: 99 %"), encoding="utf-8")
    missed = command("run", case_file, "--gate", "--json", *FEW)
    assert missed.code == 4
    assert missed.json["hurdles"][0]["verdict"] == "refuted"
    assert command("run", case_file, "--json", *FEW).code == 0


def test_an_unexpected_error_is_one_message_and_debug_shows_where(
    command: Command, case_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr("payback.simulator.questions.size.default_size.answered", fail)
    outcome = command("ask", case_file, "P(npv < 0)")
    assert (outcome.code, outcome.out) == (1, "")
    assert not misfit(outcome.err.splitlines(), MESSAGES["an unexpected error"])
    with pytest.raises(RuntimeError):
        command("--debug", "ask", case_file, "P(npv < 0)")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(command: Command, name: str) -> None:
    outcome = command(name, "--help")
    assert outcome.code == 0
    assert f"payback {name}" in outcome.out


def test_check_shows_what_inputs_imply(command: Command, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("inputs:\n", "inputs:\n  odd: normal(10, 8) hour\n", 1), encoding="utf-8")
    odd = command("check", case_file, "--json").json["inputs"][0]
    assert (odd["name"], odd["mean"], odd["p50"]) == ("odd", 10, 10)
    assert len(odd["doubts"]) == 1
