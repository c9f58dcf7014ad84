"""`payback options`."""

from __future__ import annotations

from pathlib import Path

import pytest

from payback.cli.verbs.options import LEAST_WIDTH
from tests.payback.commands import Command
from tests.simulator.questions.cases import OPTIONS, SMALL

SIZE = ("--trials", 4096)


@pytest.fixture
def choice_file(case_file: Path) -> Path:
    path = case_file.parent / "choice.yaml"
    path.write_text(SMALL.replace("case: A", "case: Another") + OPTIONS, encoding="utf-8")
    return path


def test_options(command: Command, choice_file: Path) -> None:
    outcome = command("options", choice_file, *SIZE)
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0].startswith("`as it is` leads by mean(npv): ")
    heads = [line.split() for line in lines if line.startswith(" " * 15)]
    assert [head[0] for head in heads] == ["mean(npv)", "mean(npv)"]
    for name in ("as it is", "smaller machine", "do nothing"):
        assert sum(line.startswith(name) for line in lines) == 2
    assert lines[-1].startswith("4,096 trials; every option on the same trials")
    sentences = lines[: lines.index("")]
    assert max(map(len, sentences)) <= LEAST_WIDTH


def test_options_fit_a_terminal(command: Command, choice_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payback.cli.verbs.options.terminal_width", lambda: 80)
    lines = command("options", choice_file, "--quiet", *SIZE).out.splitlines()
    head = next(k for k, line in enumerate(lines) if "behind the first" in line)
    assert max(map(len, lines[:head])) <= 80
    assert " to " in lines[head + 2]  # an interval below its value
    assert len(lines) <= 24


def test_another_criterion(command: Command, choice_file: Path) -> None:
    document = command("options", choice_file, "--by", "P(npv < 0)", *SIZE, "--json").json
    assert (document["decide_by"], document["better"], document["stated"]) == ("P(npv < 0)", "low", True)
    assert document["options"][0]["name"] == "do nothing"
    refused = command("options", choice_file, "--by", "sd(npv)", *SIZE)
    assert refused.code == 2
    assert "`sd(npv)` has no better side" in refused.err


def test_several_cases(command: Command, case_file: Path, choice_file: Path) -> None:
    outcome = command("options", case_file, choice_file, *SIZE, "--set", "volume * 1")
    assert outcome.code == 0
    assert "the options declared in" in outcome.err
    assert "tie: it is the same." in outcome.out
    refused = command("options", case_file, case_file, *SIZE)
    assert refused.code == 2
    assert "the same case twice" in refused.err


def test_a_case_without_options(command: Command, case_file: Path) -> None:
    refused = command("options", case_file, *SIZE)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("the case declares no `options:` -> some, as in")


def test_a_run_shows_the_options_of_its_case(command: Command, choice_file: Path) -> None:
    assert command("run", choice_file, "--out", "out", *SIZE).code == 0
    page = Path("out/appendix.md").read_text(encoding="utf-8")
    assert "## Options" in page
    assert "`as it is` leads by mean(npv)" in page.replace("\\", "")
    assert sorted(path.suffix for path in Path("out/figures").glob("options.*")) == [".png", ".svg"]
    assert "option,do nothing,best" in Path("out/summary.csv").read_text(encoding="utf-8")


def test_a_run_without_options_has_no_word_of_them(command: Command, case_file: Path) -> None:
    assert command("run", case_file, "--out", "out", *SIZE).code == 0
    assert "## Options" not in Path("out/appendix.md").read_text(encoding="utf-8")
    assert not list(Path("out/figures").glob("options.*"))
