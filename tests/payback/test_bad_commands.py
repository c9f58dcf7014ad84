"""Wrong command lines: one message on stderr, exit code 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.payback.commands import Command

CLUSTER = ["ask", "small.yaml", "mean(npv)", "--cluster"]
ASK = ["ask", "small.yaml", "mean(npv)", "--precision"]
ROWS = [
    ("trials 0", ["ask", "small.yaml", "P(npv < 0)", "--trials", "0"], ["'--trials'", "0 -> at least 1"]),
    ("trials -5", ["ask", "small.yaml", "P(npv < 0)", "--trials", "-5"], ["'--trials'", "-5 -> at least 1"]),
    ("trials 12.5", ["ask", "small.yaml", "P(npv < 0)", "--trials", "12.5"], ["12.5 is not whole"]),
    ("trials many", ["ask", "small.yaml", "P(npv < 0)", "--trials", "many"], ["`many` is no number", "1e6"]),
    ("trials nan", ["ask", "small.yaml", "P(npv < 0)", "--trials", "nan"], ["`nan` is no number"]),
    ("trials 1e12", ["ask", "small.yaml", "P(npv < 0)", "--trials", "1e12"], ["at most 100,000,000,000"]),
    ("seed -1", ["ask", "small.yaml", "P(npv < 0)", "--seed", "-1"], ["'--seed'", "0 or more"]),
    ("seed 1.5", ["ask", "small.yaml", "P(npv < 0)", "--seed", "1.5"], ["no whole number"]),
    ("threads 0", ["ask", "small.yaml", "P(npv < 0)", "--threads", "0"], ["'--threads'", "1<=x"]),
    ("percentile 150", ["ask", "small.yaml", "P150(npv)"], ["question:1:1: `P150`", "q in [0, 100]"]),
    ("unknown measure", ["ask", "small.yaml", "P90(nvp)"], ["question:1:5: `nvp`", "did you mean npv?"]),
    ("monthly", ["ask", "small.yaml", "P90(sold)"], ["question:1:5:", "at(x, 12), total(x)"]),
    ("unit of a limit", ["ask", "small.yaml", "P(payback < 12 USD)"], ["question:1:", "month", "USD"]),
    ("not yet", ["ask", "small.yaml", "spearman(npv, volume)"], ["`spearman` is not yet in this version"]),
    ("two questions", ["ask", "small.yaml", "P(npv", "P90(nvp)"], ["question 1:1:6", "ends too early"]),
    ("no question", ["ask", "small.yaml"], ["Missing argument 'QUESTION...'"]),
    ("unknown flag", ["run", "small.yaml", "--trails", "5"], ["no option `--trails`", "did you mean --trials?"]),
    ("missing value", ["run", "small.yaml", "--seed"], ["'--seed' requires an argument"]),
    ("set a wrong type", ["run", "small.yaml", "--set", "volume=abc"], ["`abc`"]),
    ("set another unit", ["run", "small.yaml", "--set", "volume=3 USD"], ["USD", "request/month"]),
    ("set what is not there", ["run", "small.yaml", "--set", "volme=1"], ["did you mean volume?"]),
    ("unknown command", ["rnu", "small.yaml"], ["no command `rnu`", "did you mean run?"]),
    ("no such sampler", ["run", "small.yaml", "--sampler", "sobl"], ["`sobl` is no sampler"]),
    ("no such engine", ["ask", "small.yaml", "P(npv < 0)", "--engine", "fast"], ["`fast` is no engine", "compiled"]),
    ("no such file", ["run", "smal.yaml"], ["smal.yaml", "small.yaml"]),
    ("a folder", ["check", "."], ["is a directory"]),
    ("what-if of nothing", ["what-if", "small.yaml", "volme * 2"], ["did you mean volume?"]),
    ("what-if without a change", ["what-if", "small.yaml", "volume"], ["is no change"]),
    ("what-if question", ["what-if", "small.yaml", "volume * 2", "--ask", "P(npv < 0) < 3 %"], ["one statistic"]),
    ("stress of nothing", ["stress", "small.yaml", "volme below 10 %"], ["did you mean volume?"]),
    ("tornado of a month", ["tornado", "small.yaml", "--measure", "sold"], ["at(x, 12)"]),
    ("variance of a month", ["variance", "small.yaml", "--measure", "sold"], ["at(x, 12)"]),
    ("variance of never", ["variance", "small.yaml", "--measure", "payback"], ["`min(payback, 12 months)`"]),
    ("no ready-made case", ["init", "falcon"], ["no ready-made case `falcon`", "did you mean falcon3_api?"]),
    ("no half-width", [*ASK, "P90(payback)"], ["precision:1:13: `P90(payback)` has no half-width", "0.1 months"]),
    ("half-width of another unit", [*ASK, "P90(payback), 1 USD"], ["precision:1:", "month and USD"]),
    ("half-width of nothing", [*ASK, "P90(payback), 0 months"], ["the half-width is not above 0"]),
    ("half-width of no statistic", [*ASK, "npv, 1 USD"], ["`npv, 1 USD` is not about one statistic"]),
    ("half-width of two", [*ASK, "mean(npv) - P50(npv), 1 USD"], ["is not about one statistic"]),
    (
        "half-width of an unknown name",
        [*ASK, "P90(paybck), 1 month"],
        ["`paybck` is not", "did you mean payback?"],
    ),
    ("half-width in words", [*ASK, "P90(payback), soon"], ["is not about one statistic"]),
    ("seconds for nothing", ["ask", "small.yaml", "mean(npv)", "--seconds", "2"], ["--seconds is for --precision"]),
    ("seconds below 0", [*ASK, "P(npv < 0), 1 %", "--seconds", "0"], ["--seconds", "0"]),
    ("resume from nothing", ["ask", "small.yaml", "mean(npv)", "--resume"], ["give --checkpoint FILE as well"]),
    ("a cluster in the clear", [*CLUSTER, "tcp://10.1.2.3:8786"], ["tls://", "--i-trust-this-cluster"]),
    ("a cluster nowhere", [*CLUSTER, "8786"], ["local, tcp://host:port, or tls://host:port"]),
    ("trust in nothing", [*CLUSTER[:-1], "--i-trust-this-cluster"], ["is for --cluster"]),
    ("keep nowhere", ["run", "small.yaml", "--json", "--keep"], ["--out FOLDER"]),
]


@pytest.mark.usefixtures("case_file")
@pytest.mark.parametrize(("words", "says"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_wrong_command_line(command: Command, tmp_path: Path, words: list[str], says: list[str]) -> None:
    found = command(*words)
    assert found.code == 2, found.err
    assert found.out == ""
    for part in says:
        assert part in found.err
    assert "Traceback" not in found.err
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


@pytest.mark.usefixtures("case_file")
def test_an_output_folder_with_something_else_in_it_is_refused_before_the_simulation(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("do not lose", encoding="utf-8")
    found = command("run", "small.yaml", "--out", "mine", "--trials", "1e8")
    assert found.code == 2
    assert "not empty" in found.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


@pytest.mark.usefixtures("case_file")
def test_an_ill_case_lists_every_error_and_writes_nothing(command: Command, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(
        "horizon: 0\ninputs: {x: lognrmal(1, 2)}\ncash_flows: {monthly: {m: y}}\n", encoding="utf-8"
    )
    found = command("run", "small.yaml")
    assert found.code == 2
    lines = found.err.splitlines()
    assert [line.split(": ")[0] for line in lines][:1] == ["small.yaml:1:10"]
    assert len(lines) >= 3
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


def test_control_characters_are_shown_not_sent(command: Command, case_file: Path) -> None:
    hostile = "\x1b]0;owned\x07\u202e"
    for words in (
        ["ask", case_file, f"P(npv < 0){hostile}"],
        ["ask", f"{hostile}.yaml", "P(npv < 0)"],
        ["what-if", case_file, f"{hostile} * 2"],
        ["stress", case_file, f"{hostile} below 10 %"],
        [hostile],
        ["init", hostile],
    ):
        found = command(*words)
        assert found.code == 2
        assert not set(hostile) & {"\x1b", "\x07", "\u202e"} & set(found.err)
        assert "\\x1b" in found.err


def test_names_of_a_case_are_shown_escaped(command: Command, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(
        text.replace("case: A machine that saves labour", 'case: "owned \\e]0;x\\a \\u202e"'), encoding="utf-8"
    )
    for words in (["explain", case_file], ["run", case_file, "--trials", "64", "--out", "out"]):
        found = command(*words)
        assert found.code == 0, found.err
        assert not {"\x1b", "\x07", "\u202e"} & set(found.out)
