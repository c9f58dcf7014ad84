"""`payback ask`: answers in order, as text and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.payback.commands import Command

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
