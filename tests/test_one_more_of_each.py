"""A function, a measure, a section and a verb, added in a copy of the tree: what CONTRIBUTING.md counts."""

from __future__ import annotations

import json
from pathlib import Path

from tests.copies import changed_copy, run

CASE = """
horizon: 6 months
inputs: {saved: 10 USD/month}
calculations: {gone: "saved * early(2)"}
cash_flows: {upfront: {cost: -15 USD}, monthly: {saved: gone}}
"""

SECOND_YEAR = '''    @cached_property
    def second_year_net(self) -> Node:
        """Net of months 13 to 24."""
        return self.total(self.net, 13, 24)

'''


def test_a_function_of_formulas_touches_three_files(tmp_path: Path) -> None:
    """Its row in the table of the language, the rule that checks a call, and its steps in the graph."""
    touched = changed_copy(
        tmp_path,
        {},
        {
            "simulator/case/language/functions.py": [
                (
                    '    _row("step",',
                    '    _row("early", "months", "k", 1, "1 up to month k, 0 after"),\n    _row("step",',
                )
            ],
            "simulator/case/formulas/monthly.py": [('"step": _step,', '"step": _step, "early": _step,')],
            "simulator/engine/plan/function_steps.py": [
                (
                    '    "step": _step,',
                    '    "step": _step,\n    "early": lambda g, k: g.as_float(g.elementwise("less_equal", g.t, k)),',
                )
            ],
        },
    )
    assert len(touched) == 3
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    answer = run(tmp_path, "-m", "payback", "ask", "case.yaml", "mean(gain)", "--trials", 16, "--json", "--quiet")
    assert json.loads(answer)["answers"][0]["value"] == 2 * 10 - 15


def test_a_measure_touches_two_files(tmp_path: Path) -> None:
    """Its row in the table of measures, which words, questions and reports read, and its steps."""
    touched = changed_copy(
        tmp_path,
        {},
        {
            "simulator/case/language/measures.py": [
                (
                    '    Measure("upfront",',
                    '    Measure("second_year_net", CURRENCY, "net of months 13 to 24"),\n    Measure("upfront",',
                )
            ],
            "simulator/engine/plan/ledger_measures.py": [
                (
                    "    @cached_property\n    def first_year_net(",
                    SECOND_YEAR + "    @cached_property\n    def first_year_net(",
                )
            ],
        },
    )
    assert len(touched) == 2
    case = CASE.replace("horizon: 6", "horizon: 24").replace("saved * early(2)", "saved")
    (tmp_path / "case.yaml").write_text(case, encoding="utf-8")
    question = ("ask", "case.yaml", "mean(second_year_net)", "--trials", 16, "--json", "--quiet")
    assert json.loads(run(tmp_path, "-m", "payback", *question))["answers"][0]["value"] == 120
    document = json.loads(run(tmp_path, "-m", "payback", "run", "case.yaml", "--trials", 16, "--json", "--quiet"))
    assert document["measures"]["second_year_net"]["percentiles"]["P50"]["value"] == 120


VERB = '''
"""``payback months``: the horizon of a case."""

from __future__ import annotations

from typing import Any

import click

from payback.cli.shared_options import case_options
from payback.cli.output import say
from payback.cli.session import load_case


@click.command()
@case_options
def months(case_file: str, changes: tuple[str, ...], **_: Any) -> None:
    """Print the horizon of a case in months."""
    say(str(load_case(case_file, changes).horizon))
'''


def test_a_verb_touches_two_files(tmp_path: Path) -> None:
    """A file of its own and a row of the table of commands."""
    touched = changed_copy(
        tmp_path,
        {"payback/cli/verbs/months.py": VERB},
        {
            "payback/cli/commands.py": [
                (
                    '    "init": (',
                    '    "months": ("payback.cli.verbs.months:months", "Print the horizon."),\n    "init": (',
                )
            ]
        },
    )
    assert len(touched) == 2
    (tmp_path / "case.yaml").write_text(CASE.replace("early", "step"), encoding="utf-8")
    assert run(tmp_path, "-m", "payback", "months", "case.yaml", "--set", "saved=1 USD/month") == "6\n"
    assert "months" in run(tmp_path, "-m", "payback", "--help")


TABLE = '''
"""The horizon of a case as a table."""

from __future__ import annotations

from payback.reports.tables.table import Cell, Row, Table
from payback.simulator.document.document import Document


def horizon(document: Document) -> Table:
    """Return the horizon of the case."""
    return Table(("horizon",), (Row((Cell(f"{document.case.horizon} months in all"),)),), "horizon")
'''

SECTION = """def _horizon(document: Document) -> Section:
    return Section("horizon", "How long it runs", parts=(horizon.horizon(document),))


"""


def test_a_section_touches_two_files(tmp_path: Path) -> None:
    """Its table, and its function with its place in the order of the appendix."""
    touched = changed_copy(
        tmp_path,
        {"reports/tables/horizon.py": TABLE},
        {
            "reports/pages/sections.py": [
                ("import assumption_register, comparisons, ", "import assumption_register, comparisons, horizon, "),
                ("def _limits(", f"{SECTION}def _limits("),
                ("    _omissions,\n", "    _horizon,\n    _omissions,\n"),
            ]
        },
    )
    assert len(touched) == 2
    (tmp_path / "case.yaml").write_text(CASE.replace("early", "step"), encoding="utf-8")
    run(tmp_path, "-m", "payback", "run", "case.yaml", "--trials", 16, "--quiet", "--out", "out")
    for page in ("appendix.md", "appendix.html"):
        text = (tmp_path / "out" / page).read_text(encoding="utf-8")
        assert "How long it runs" in text
        assert "6 months in all" in text
