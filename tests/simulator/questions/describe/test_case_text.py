"""A case in words: what moves together, as asked and as achieved."""

from __future__ import annotations

from payback.simulator.case import Case, loads
from payback.simulator.questions.describe.case_text import coupled, repaired, sections
from tests.simulator.questions.cases import differs

CASE = """
horizon: 3
inputs:
  a: lognormal(median=1, sigma=1)
  b: lognormal(median=2, sigma=1)
  c: poisson(2)
  lam: uniform(1, 2)
  d: poisson(lam)
  s: {distribution: "normal(0, 1)", each: month}
  r: {distribution: "normal(0, 1)", each: month}
{DEPENDENCE}
cash_flows: {monthly: {saved: a + b + c + d + s + r}}
stress: {low: {s: below 10 %, a: below 5 % alone}}
"""


def case(*dependence: str) -> Case:
    return loads(CASE.replace("{DEPENDENCE}", "\n".join(dependence)))


def test_asked_and_achieved_stand_side_by_side() -> None:
    coupled_case = case(
        "dependence:",
        "  - {among: [a, b, c], kendall: 0.5}",
        "  - {between: [lam, d], spearman: 0.2}",
        "  - {driver: weather, spearman: {s: 0.5, r: 0.6}}",
    )
    rows = coupled(coupled_case)
    assert rows[0] == ("a and b", "kendall 0.5", "achieved 0.5")
    assert rows[1][:2] == ("a and c", "kendall 0.5")
    assert rows[1][2].startswith("achieved 0.5")  # tau b: ties leave more
    assert rows[-2:] == [
        ("weather and s", "spearman 0.5", "achieved 0.5"),
        ("weather and r", "spearman 0.6", "achieved 0.6"),
    ]
    assert repaired(coupled_case) == []


def test_a_repaired_matrix_is_shown_whole() -> None:
    """Higham (2002): the nearest to entries 1, 0, 1 has .7607, .1573, .7607 (see tests of correlations)."""
    coupled_case = case(
        "repair: nearest",
        "dependence:",
        "  - {between: [a, b], parameter: 1}",
        "  - {between: [b, c], parameter: 1}",
        "  - {between: [s, r], parameter: 0.5}",
    )
    assert repaired(coupled_case) == [
        [
            ("repaired", "a", "b", "c"),
            ("a", "1", "0.7607", "0.1573"),
            ("b", "0.7607", "1", "0.7607"),
            ("c", "0.1573", "0.7607", "1"),
        ]
    ]
    assert ("parameters of the copula", repaired(coupled_case)[0]) in sections(coupled_case)


def test_a_stress_of_a_monthly_input_is_one_of_every_month() -> None:
    rows = next(rows for title, rows in sections(case()) if title.startswith("stresses"))
    ((name, bands),) = rows
    assert name == "low"
    assert not differs(bands, "stresses of every month and alone")
