"""Renewals in the language: the chain of gaps that they come to, and what is refused."""

from __future__ import annotations

import pytest

from payback.simulator.case.expressions.printer import to_text
from payback.simulator.model import Draw, Formula
from tests.declare import definitions, formula, require_refusal, trees


def test_a_renewal_is_a_chain_of_gaps() -> None:
    chain = definitions("renewal(gamma(12.6, 1.8) month, age=2 week)")
    gap, first, *rest = chain
    assert isinstance(gap, Draw)
    assert isinstance(first, Draw)
    assert (gap.axis, gap.monthly, first.axis, first.monthly) == ("it.renewal", True, "it.renewal.first", False)
    assert first.process == gap.process == "it.renewal"
    assert first.distribution is not None
    assert first.distribution.mean == pytest.approx(12.6 * 1.8 - 2 * 7 * 24 / 730, rel=1e-6)
    assert trees("renewal(gamma(12.6, 1.8) month)") == {
        "it.renewal.due": "previous(it.renewal.due, it.renewal.first) + it.renewal * "
        "(previous(it.renewal.due, it.renewal.first) <= t)",
        "it.renewal.count": "lag(it.renewal.due, 1, it.renewal.first) <= t",
        "it": "it.renewal.count",
    }
    assert formula("renewal(gamma(12.6, 1.8) month)").unit == "1/month"
    assert isinstance(rest[-1], Formula)


def test_gaps_may_be_written_in_any_time_and_differ_by_trial() -> None:
    gap = definitions("renewal(uniform(1, 2) year)")[0]
    assert isinstance(gap, Draw)
    assert gap.distribution is not None
    assert gap.distribution.support == (12.0, 24.0)
    by_trial = [
        definition
        for definition in definitions("renewal(exponential(launch))")
        if isinstance(definition, Draw) and definition.monthly
    ]
    assert [definition.axis for definition in by_trial] == ["it.renewal", *(f"it.renewal.gap{n}" for n in (2, 3, 4))]
    assert all(to_text(definition.parameters[0]) == "launch" for definition in by_trial)


@pytest.mark.parametrize(
    ("text", "column", "given", "allowed"),
    [
        ("renewal(normal(9, 1) month)", 18, "a gap below 0", "a distribution above 0"),
        ("renewal(normal(launch, 1))", 18, "a gap below 0", "a distribution above 0"),
        ("renewal(gamma(2, 3) USD)", 18, "its `unit` is month", "one unit"),
        ("renewal(exponential(1 day))", 18, "over 32", "`events(rate)`"),
        ("renewal(exponential(t * 1 month))", 18, "differs by month", "one value a trial"),
        ("renewal(uniform(1, 9) month, age=9)", 43, "no gap lasts longer", "an age that a gap may reach"),
        ("renewal(uniform(1, 9) month, age=-1)", 43, "`age` is `-1`", "0 or more"),
        ("renewal(uniform(1, 9) month, most=0)", 44, "`most` is `0`", "1 or more"),
        ("renewal(uniform(1, 9) month, most=99)", 44, "`most` is `99`", "at most 32"),
    ],
)
def test_what_a_renewal_is_refused_for(text: str, column: int, given: str, allowed: str) -> None:
    require_refusal(text, column, given, allowed)
