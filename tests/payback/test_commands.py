from __future__ import annotations

import json
from pathlib import Path

import pytest

from payback.cli.commands import COMMANDS
from payback.ready_made_cases import ready_made
from payback.simulator.document.document import from_json
from tests.payback.commands import ROOT, Command

FEW = ("--trials", "2048")
ANSWER = ["question", "value", "low", "high", "level", "unit", "never", "undefined", "verdict", "method", "text"]


def test_ask_prints_answers_in_order(command: Command, case_file: Path) -> None:
    found = command("ask", case_file, "P90(payback)", "P(npv < 0) <= 90 %", "mean(payback)", *FEW)
    assert found.code == 0
    first, second, third, footer = found.out.splitlines()
    assert first.startswith("P90(payback): not within 12 months")
    assert second.startswith("P(npv < 0) <= 90 %: supported; ")
    assert third.startswith("mean(payback): not defined; never in")
    assert footer == "2,048 trials (sobol, seed 1); intervals: 95 %, simulation error alone"
    assert found.err == ""


def test_ask_as_json(command: Command, case_file: Path) -> None:
    found = command("ask", case_file, "P90(payback)", "P(npv < 0) <= 90 %", "P50(payback)", "--json", *FEW)
    assert found.json["schema"] == "payback-answers/1"
    beyond, verdict, within = found.json["answers"]
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
    asked = ("ask", case_file, "P(npv < 0)", "P90(payback)", "P50(irr)", *FEW)
    texts = {command(*asked, "--engine", name).out for name in ("auto", "numpy", "Compiled")}
    assert len(texts) == 1


def test_set_changes_the_case_first(command: Command, case_file: Path) -> None:
    changed = command("ask", case_file, "mean(npv)", "--set", "volume = volume * 0.5", "--json", *FEW)
    asked = command("ask", case_file, "mean(npv) in 'volume halves'", "--json", *FEW)
    assert changed.json["answers"][0]["value"] == asked.json["answers"][0]["value"]
    two = command("ask", case_file, "mean(npv)", "--set", "volume=volume*0.5", "--set", "fee=0 USD/month", *FEW)
    assert two.code == 0


@pytest.mark.parametrize(
    ("words", "note"),
    [
        (["--trials", "1000"], "note: 1,000 trials are too few for Sobol' points: plain Monte Carlo instead"),
        (["--trials", "2001"], "note: 2,001 trials become 2,016"),
        (["--trials", "1000", "--sampler", "sobol"], "note: 1,000 trials become 1,008"),
        (["--trials", "1000", "--sampler", "monte-carlo"], ""),
        (["--trials", "1008", "--sampler", "latin-hypercube"], "note: the points of a Latin hypercube belong to one"),
    ],
)
def test_what_must_be_known_of_the_trials_is_told_on_stderr(
    command: Command, case_file: Path, words: list[str], note: str
) -> None:
    loud = command("ask", case_file, "P(npv < 0)", *words)
    quiet = command("ask", case_file, "P(npv < 0)", *words, "--quiet")
    assert loud.err.startswith(note)
    assert bool(loud.err) == bool(note)
    assert quiet.err == ""
    assert len(quiet.out.splitlines()) == 1


def test_what_if_answers_in_one_screen(command: Command, case_file: Path) -> None:
    found = command("what-if", case_file, "volume * 0.5", *FEW)
    lines = found.out.splitlines()
    assert found.code == 0
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
    found = command("what-if", case_file, "--json", "--ask", "P(npv < 0)", "--ask", "sd(npv)", *FEW)
    assert found.json["schema"] == "payback-comparisons/1"
    assert [one["name"] for one in found.json["comparisons"]] == ["volume halves", "two years"]
    pair = found.json["comparisons"][0]["answers"]["P(npv < 0)"]
    assert pair["difference"]["value"] == pytest.approx(pair["after"]["value"] - pair["before"]["value"])
    assert pair["difference"]["low"] <= pair["difference"]["value"] <= pair["difference"]["high"]


def test_stress_says_how_it_reads(command: Command, case_file: Path) -> None:
    for condition in ([], ["thin demand"], ["volume below 10 %"]):
        found = command("stress", case_file, *condition, *FEW)
        assert found.code == 0
        assert "volume below 10 %" in found.out
        assert "no other input depends on it" in found.out


def test_a_case_without_what_ifs_says_how_to_give_one(command: Command, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text[: text.index("what_if:")], encoding="utf-8")
    assert "declares no `what_if:`" in command("what-if", case_file).err
    assert "declares no `stress:`" in command("stress", case_file).err


def test_tornado(command: Command, case_file: Path) -> None:
    found = command("tornado", case_file)
    assert found.code == 0
    assert "held: works = 1" in found.out
    assert found.out.splitlines()[0].startswith("npv with all inputs at their medians: ")
    document = command("tornado", case_file, "--measure", "payback", "--json").json
    assert (document["schema"], document["measure"], document["unit"]) == ("payback-tornado/1", "payback", "month")
    assert {bar["input"] for bar in document["bars"]} == {"volume", "price", "cost", "fee", "chance"}


def test_a_tornado_of_a_rate_is_in_percent(command: Command, case_file: Path) -> None:
    first, heading, *_ = command("tornado", case_file, "--measure", "irr").out.splitlines()
    assert first.endswith("%/year")
    assert "irr, %/year: at P10" in heading


def test_claims(command: Command, case_file: Path) -> None:
    found = command("claims", case_file, *FEW)
    assert found.code == 0
    assert "doubles the money (page 1)" in found.out
    assert "of trials lie below the claimed figure" in found.out
    assert "hurdle payback <= 12 months" in found.out
    assert "supported if it holds in at least 60 % of the trials" in found.out
    document = command("claims", case_file, "--json", *FEW).json
    assert [one["verdict"] for one in document["claims"]] == ["inconclusive", "supported"]
    assert document["hurdles"][0]["required"] == 0.6


def test_check(command: Command, case_file: Path) -> None:
    found = command("check", case_file)
    assert (found.code, found.err) == (0, "")
    assert "ok; 6 inputs, 3 calculations, 3 lines, 2 claims, 2 what-ifs, 1 stress" in found.out
    assert command("check", case_file, "--json").json["ok"] is True
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("check: roi >= 1", "check: P90(roii) >= 1"), encoding="utf-8")
    wrong = command("check", case_file)
    assert wrong.code == 2
    assert f"{case_file}:22:42: claims[0].check: `roii`" in wrong.err


def test_explain_tells_the_case_in_words(command: Command, case_file: Path) -> None:
    found = command("explain", case_file)
    assert found.code == 0
    for part in (
        "A machine that saves labour: 12 months, amounts in USD", "lognormal(median=1_000, sigma=0.5)", "1,133",
        "request/month", "volume * works * step(2)", "doubles the money", "volume below 10 %", "guess",
        "first month in which cumulative net is >= 0", "730 hours",
    ):  # fmt: skip
        assert part in found.out
    document = command("explain", case_file, "--json").json
    assert document["inputs"][0]["mean"] == pytest.approx(1133.148453)


def test_init_copies_a_ready_made_case_once(command: Command, case_file: Path, tmp_path: Path) -> None:
    assert case_file.exists()
    listed = command("init")
    assert all(name in listed.out for name in ready_made())
    made = command("init", "ref1")
    assert made.code == 0
    assert (tmp_path / "ref1.yaml").read_bytes() == (ROOT / "configs" / "ref1.yaml").read_bytes()
    again = command("init", "ref1")
    assert again.code == 2
    assert "is there already" in again.err
    assert command("init", "ref1", "--out", "nowhere").code == 2


def test_schema(command: Command) -> None:
    assert command("schema").json["title"] == "A payback case"


def test_run_writes_an_appendix_and_replaces_it(command: Command, case_file: Path, tmp_path: Path) -> None:
    for seed in (1, 2):
        found = command("run", case_file, "--seed", seed, *FEW)
        assert found.code == 0, found.err
        assert "never pay back within 12 months" in found.out
        assert "out/small/appendix.html" in found.out
        document = from_json((tmp_path / "out" / "small" / "result.json").read_bytes())
        assert document.provenance.seed == seed
        assert document.provenance.command.endswith(f"small.yaml --trials 2048 --seed {seed} --sampler sobol")


def test_run_as_json_prints_the_document_and_writes_only_if_asked(
    command: Command, case_file: Path, tmp_path: Path
) -> None:
    found = command("run", case_file, "--json", *FEW)
    document = found.json
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
    assert "hurdle not met: payback <= 12 months: refuted" in missed.err
    assert command("run", case_file, "--json", *FEW).code == 0
    case_file.write_text(text[: text.index("hurdles:")], encoding="utf-8")
    assert command("run", case_file, "--gate", *FEW).code == 2


def test_formulas_without_a_value_end_with_code_3(command: Command, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("step(2)", "step(2) * log(volume / 900 request/month) ** 0.5"), encoding="utf-8")
    found = command("ask", case_file, "P(npv < 0)", *FEW)
    assert found.code == 3
    assert "is not a finite number in" in found.err
    assert found.out == ""


def test_an_unexpected_error_is_one_message_and_debug_shows_where(
    command: Command, case_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr("payback.simulator.questions.size.default_size.answered", fail)
    found = command("ask", case_file, "P(npv < 0)")
    assert (found.code, found.out) == (1, "")
    assert found.err == "payback failed: RuntimeError: no luck -> run again with --debug and report it\n"
    with pytest.raises(RuntimeError):
        command("--debug", "ask", case_file, "P(npv < 0)")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(command: Command, name: str) -> None:
    found = command(name, "--help")
    assert found.code == 0
    assert f"payback {name}" in found.out


def test_check_shows_what_inputs_imply(command: Command, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(
        text.replace("inputs:\n", "inputs:\n  odd: normal(10, 8) hour\n  heavy: pareto(1.2, 5) USD\n", 1),
        encoding="utf-8",
    )
    found = command("check", case_file)
    assert found.code == 0
    line = next(line for line in found.out.split("\n") if line.startswith("odd"))
    assert line.split()[-8:] == ["10", "8", "-8.61", "10", "28.6", "10.6", "%", "hour"]
    assert "█" in line
    heavy = next(line for line in found.out.split("\n") if line.startswith("heavy"))
    assert heavy.split()[-6:] == ["30.0", "none", "5.04", "8.91", "232", "USD"]
    assert "warning: odd: 11 % of the values are negative, but a number in hour is not" in found.out
    odd = command("check", case_file, "--json").json["inputs"][0]
    assert (odd["name"], odd["mean"], odd["p50"]) == ("odd", 10, 10)
    assert odd["doubts"][0].startswith("11 % of the values are negative")
