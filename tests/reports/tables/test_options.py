from __future__ import annotations

import pytest

from payback.reports.tables.options import data_frame, dominances, outcomes, ranking, section, statistics
from tests.reports.sample import choice, sample


def test_the_section_of_options_says_who_leads_before_any_table() -> None:
    made = section(sample(), choice())
    assert made.sentences[0] == "`do nothing` leads by P50(npv): 0 USD."
    assert made.sentences[-1].startswith("4,096 trials, the first of the run")
    assert len(made.parts) == 4


def test_tables_have_a_row_for_each_option_best_first() -> None:
    names = ["do nothing", "sell elsewhere", "as it is"]
    for table in (ranking(choice()), outcomes(choice()), dominances(choice())):
        assert [row.cells[0].text for row in table.rows] == names
        assert all(len(row.cells) == len(table.headings) for row in table.rows)
    assert [row.cells[2].text for row in ranking(choice()).rows] == ["–", "−2,900 USD", "−10,600 USD"]
    assert [[cell.text for cell in row.cells[1:]] for row in dominances(choice()).rows] == [
        ["–", "sell elsewhere, as it is", "–"],
        ["–", "as it is", "do nothing"],
        ["–", "–", "do nothing, sell elsewhere"],
    ]


def test_every_figure_has_a_row_once() -> None:
    rows = [(name, statistic) for kind, name, statistic, _ in statistics(choice()) if kind == "option"]
    assert len(rows) == len(set(rows))
    assert ("as it is", "P50(npv) less that of do nothing") in rows
    assert ("do nothing", "regret(npv)") in rows
    assert sum(statistic == "P50(npv)" for _, statistic in rows) == 3


def test_the_table_of_pandas() -> None:
    table = data_frame(choice())
    assert list(table.index) == ["do nothing", "sell elsewhere", "as it is"]
    assert table.loc["as it is", "behind"] == pytest.approx(-10_640)
    assert table.loc["do nothing", ["best", "loss"]].tolist() == pytest.approx([0.58, 0.0])
    assert table.attrs == {"decide_by": "P50(npv)", "unit": "USD", "leading": ("do nothing",)}
