"""What commands print, as the transcripts in this folder say: `$` and the words, then the text of either stream.

A line of stderr begins with ``!``; ``exit`` and a number is the exit code where it is not 0. Commands run in a folder
that holds the cases and data below, and write nothing into it that they are not told to.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from payback.distributions import Lognormal
from payback.simulator.cube.streams import uniforms
from tests.catalogue import catalogue, misfit
from tests.payback.commands import Command
from tests.simulator.questions.cases import SMALL

FOLDER = Path(__file__).parent / "transcripts"
TRANSCRIPTS = {
    f"{path.stem}: {line.removeprefix('$ ')}": (line, expected)
    for path in sorted(FOLDER.iterdir())
    for line, expected in catalogue(path).items()
}

HURDLE_NOT_MET = 4

VALUES = Lognormal(1e5, 0.8).ppf(uniforms(1, "data", 0, 80)).tolist()
ROWS = [f"{k},{value:.0f},{int(value > 2e5)}" for k, value in enumerate(VALUES)]
PLUS = """
horizon: 12 months
discount_rate: 10 %/year
inputs: {cost: 800 to 1_200 USD, saved: 90 USD/month}
cash_flows:
  upfront: {build: cost}
  monthly: {saved: saved, dismantle: pulse(14) * -300 USD}
what_if:
  shorter: {horizon: 6 months, monthly.saved: step(7) * saved}
stress:
  dear: {cost: above 90 %}
"""
"""A cost without a minus, and one after the horizon."""

FILES = {
    "small.yaml": SMALL,
    "odd.yaml": SMALL.replace("inputs:\n", "inputs:\n  odd: normal(10, 8) hour\n  heavy: pareto(1.2, 5) USD\n", 1),
    "root.yaml": SMALL.replace("step(2)", "step(2) * log(volume / 900 request/month) ** 0.5"),
    "sure.yaml": SMALL.replace("confidence: 60 %", "confidence: 99 %"),
    "lean.yaml": SMALL[: SMALL.index("what_if:")],
    "easy.yaml": SMALL[: SMALL.index("hurdles:")],
    "typo.yaml": SMALL.replace("check: roi >= 1", "check: P90(roii) >= 1"),
    "plus.yaml": PLUS,
    "several.yaml": "horizon: 0\ninputs: {x: lognrmal(1, 2)}\ncash_flows: {monthly: {m: y}}\n",
    "volume.csv": "\n".join(["day,requests,open", *ROWS, ""]),
    "gap.csv": "\n".join(["day,requests,open", *ROWS[:15], "15,lots,0", *ROWS[16:], ""]),
    "two.csv": "x\n1\n2\n",
    "alike.csv": "x\n" + "5\n" * 20,
    "mine/thesis.txt": "do not lose",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def spoken(out: str, err: str, code: int) -> list[str]:
    """Return an outcome as the lines of a transcript."""
    lines = [*out.splitlines(), *(f"! {line}".rstrip() for line in err.splitlines())]
    return [*lines, *[f"exit {code}"] * bool(code)]


@pytest.mark.usefixtures("without_figures")
@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_command_prints_what_its_transcript_says(name: str, folder: Path, command: Command) -> None:
    line, expected = TRANSCRIPTS[name]
    outcome = command(*shlex.split(line.removeprefix("$ ")))
    difference = misfit(spoken(outcome.out, outcome.err, outcome.code), expected)
    assert not difference, difference
    assert outcome.out == "" or outcome.code in (0, HURDLE_NOT_MET)
    assert "--out" in line or {str(path.relative_to(folder)) for path in folder.rglob("*.*")} == set(FILES)
