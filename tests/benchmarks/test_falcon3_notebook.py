"""The notebook by hand against payback: the same case, on trials of its own."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.peers import falcon3_notebook
from benchmarks.whole_process import ROOT
from payback.simulator.case import load
from payback.simulator.document.comparisons import Paired
from payback.simulator.questions.compare.comparison import compare
from payback.simulator.questions.compare.default_questions import usual_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, what_if
from payback.simulator.questions.trials.sampling import Sampling

TRIALS = 2**14

MOST = 5.0
"""Standard errors between two estimates of one number: of 200, one beyond has a probability of 1e-4."""


@pytest.fixture(scope="module")
def pairs() -> dict[str, dict[str, tuple[Paired, dict[str, float]]]]:
    """Every statistic of every what-if, by payback and by hand."""
    case = load(ROOT / "configs" / "falcon3_api.yaml")
    base = Frame(case, Sampling(TRIALS).cube(case))
    frames = [what_if(base, declared.name) for declared in case.what_if]
    comparisons = compare(base, frames, usual_questions(case), Execution())
    x = falcon3_notebook.draws(1, TRIALS)
    changes = falcon3_notebook.what_ifs(x)
    assert list(changes) == [comparison.name for comparison in comparisons]
    by_hand = (falcon3_notebook.statistics_of(falcon3_notebook.changed(x, change)) for change in changes.values())
    return {
        comparison.name: {question: (pair, table[question]) for question, pair in comparison.answers.items()}
        for comparison, table in zip(comparisons, by_hand, strict=True)
    }


def test_all_what_ifs_agree_within_their_errors(
    pairs: dict[str, dict[str, tuple[Paired, dict[str, float]]]],
) -> None:
    compared = 0
    for name, answers in pairs.items():
        for question, (pair, row) in answers.items():
            after = pair.after
            if after.value is None:
                assert math.isinf(row["value"]), (name, question)
                continue
            low, high = (after.value if end is None else end for end in (after.low, after.high))
            error = math.hypot((high - low) / 3.92, row["se"])
            assert abs(after.value - row["value"]) <= MOST * error, (name, question)
            compared += 1
    assert compared > 150


def test_the_base_case_and_the_difference_of_a_pair() -> None:
    x = falcon3_notebook.draws(1, TRIALS)
    base = falcon3_notebook.measures(x)
    halved = falcon3_notebook.compared(base, falcon3_notebook.changed(x, {"traffic": x["traffic"] * 0.5}))
    alone = falcon3_notebook.statistics_of(base)
    for question, row in halved.items():
        assert row["before"] == alone[question]["value"]
    mean = halved["mean(npv)"]
    assert mean["difference"] == pytest.approx(mean["after"] - mean["before"])
    assert mean["se"] < alone["mean(npv)"]["se"]


def written(folder: Path) -> Iterator[str]:
    return (path.name for path in sorted(folder.iterdir()))


def test_it_writes_five_figures_twice_and_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["falcon3_notebook", "2048", str(tmp_path)])
    falcon3_notebook.main()
    report = json.loads(capsys.readouterr().out)
    assert report["trials"] == 2048
    names = ("fan", "drivers", "outcome", "payback", "tornado")
    assert set(written(tmp_path)) == {"report.html", *(f"{n}.{kind}" for n in names for kind in ("png", "svg"))}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<table") == 3 + 25 + 5
    assert page.count("<img") == len(names)
