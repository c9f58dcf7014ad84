"""Months from a data file: in order, in blocks that are drawn again, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from payback.simulator.case import Case, load
from payback.simulator.errors import CaseError
from payback.simulator.questions.sensitivity.tornado import tornado
from tests.catalogue import compared_with
from tests.simulator.engine.processes import errors, require_twin, trials_of

differs = compared_with(Path(__file__).with_name("messages.txt"))

ROWS = [4.0, 8.0, 15.0, 16.0, 23.0, 42.0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a year's half of requests."""
    (tmp_path / "volume.csv").write_text("requests,gap\n" + "".join(f"{x},{x if x < 20 else ''}\n" for x in ROWS))
    return tmp_path


def case_of(folder: Path, formula: str, months: int = 6) -> Case:
    text = f"horizon: {months}\ninputs: {{idle: 1 to 3}}\ncalculations:\n  x: {formula}\n"
    path = folder / "case.yaml"
    path.write_text(f"{text}cash_flows: {{monthly: {{saved: x * idle}}}}\n", encoding="utf-8")
    return load(path)


def test_a_history_has_a_row_for_each_month(folder: Path) -> None:
    case = case_of(folder, "history('volume.csv', column='requests') * 2")
    months = trials_of(case, [f"at(x, {month})" for month in range(1, 7)], trials=1)
    assert [x[0] for x in months] == [2 * row for row in ROWS]
    assert any(not differs(note, "rows of a history") for note in case.notes)


def test_a_history_carries_the_unit_behind_it(folder: Path) -> None:
    text = "horizon: 6\ninputs: {fee: 2 USD/request}\ncash_flows: {monthly: {saved: x * fee}}\ncalculations:\n"
    (folder / "case.yaml").write_text(f"{text}  x: history('volume.csv', 'requests') request/month\n")
    assert load(folder / "case.yaml").units["x"] == "request/month"


@pytest.mark.parametrize("block", [1, 2, 4])
def test_blocks_keep_rows_together_and_begin_anywhere(folder: Path, block: int) -> None:
    """Every row is as likely in each month; inside a block the next row follows, from block to block any."""
    case = case_of(folder, f"history('volume.csv', column='requests', block={block})", months=5)
    months = trials_of(case, [f"at(x, {month})" for month in range(1, 6)])
    position = {row: index for index, row in enumerate(ROWS)}
    rows = np.vectorize(position.__getitem__)(np.column_stack(months))
    for month in range(5):
        for row in range(6):
            assert errors(rows[:, month] == row, 1 / 6) < 4
        if month % block:
            assert ((rows[:, month] - rows[:, month - 1]) % 6 == 1).all()
        elif month:
            assert errors((rows[:, month] - rows[:, month - 1]) % 6 == 1, 1 / 6) < 4


def test_a_drawn_history_is_a_process(folder: Path) -> None:
    case = case_of(folder, "history('volume.csv', column='requests', block=3)")
    assert {(draw.axis, draw.monthly) for draw in case.model.draws if draw.process == "x.history"} == {
        ("x.history", True),
        ("x.history.value", True),
    }
    assert "x.history" in tornado(case).note
    require_twin(case, "x")


@pytest.mark.parametrize(
    ("formula", "column", "given", "allowed"),
    [
        ("history('volume.csv')", 14, "volume.csv: 2 columns and none is named", "one of `requests`, `gap`"),
        ("history('volum.csv', 'requests')", 14, "volum.csv: no such file", "in the folder of the case"),
        ("history('../volume.csv', 'requests')", 14, "leads out of a folder", "under the folder of the case"),
        ("history('volume.csv', 'request')", 14, "volume.csv: no column `request`", "`gap`"),
        ("history('volume.csv', 'gap')", 14, "row 5 of `gap` in volume.csv has no value (2 of 6", "each row"),
        ("history(idle, 'gap')", 14, "`file` is `idle`", "a text in quotes"),
        ("history('volume.csv', 'requests', sheet='May')", 14, "sheet `May`", ""),
        ("history('volume.csv', 'requests', block=7)", 46, "blocks of `7` from 6 rows", "7 to 1200 rows"),
        ("history('volume.csv', 'requests', block=0)", 46, "`block` is `0`", "1 or more"),
        ("history('volume.csv', 'requests', block=idle)", 46, "`block` is `idle`", "1 or more"),
    ],
)
def test_what_is_no_history_is_refused_at_its_place(
    folder: Path, formula: str, column: int, given: str, allowed: str
) -> None:
    with pytest.raises(CaseError) as caught:
        case_of(folder, formula)
    (problem,) = caught.value.problems
    assert (problem.path, problem.at.line, problem.at.column) == ("calculations.x", 4, column)
    assert given in problem.given
    assert allowed in problem.allowed


def test_a_history_must_cover_the_horizon_and_no_more(folder: Path) -> None:
    with pytest.raises(CaseError) as refused:
        case_of(folder, "history('volume.csv', 'requests')", months=7)
    assert not differs(str(refused.value), "a history too short")
    with pytest.raises(CaseError, match="the horizon 12 months"):
        case_of(folder, "history('volume.csv', 'requests')").change("horizon = 12 months")


def test_a_history_is_no_input(folder: Path) -> None:
    text = "horizon: 6\ninputs:\n  x: history('volume.csv')\ncash_flows: {monthly: {saved: x}}\n"
    (folder / "case.yaml").write_text(text)
    with pytest.raises(CaseError, match=r"inputs\.x: text in quotes"):
        load(folder / "case.yaml")
