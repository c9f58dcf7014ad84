"""Changes as a reader types them."""

from __future__ import annotations

import pytest

from payback.simulator.case.declarations.change_text import read_changes
from payback.simulator.case.declarations.declarations import Change, Declarations, LedgerLine, WhatIf
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tree import Binary, Name, Number
from payback.simulator.errors import CaseError

HALVES = Change("traffic", parse("traffic * 0.5"))
CASE = Declarations(
    lines=(LedgerLine("monthly", "free tier", Number(0.0)), LedgerLine("upfront", "labels", Number(0.0))),
    what_if=(WhatIf("volume halves", (HALVES,)),),
)


def read(text: str) -> list[tuple[str, object]]:
    return [(change.target, change.expression) for change in read_changes(text, CASE)]


@pytest.mark.parametrize(
    ("text", "target", "formula"),
    [
        ("traffic * 0.5", "traffic", "traffic * 0.5"),
        ("traffic*0.5", "traffic", "traffic * 0.5"),
        ("  price + 0.01 USD/request ", "price", "price + 0.01 USD/request"),
        ("growth - 2 %", "growth", "growth - 2 %"),
        ("traffic ** 2", "traffic", "traffic ** 2"),
        ("traffic / -2", "traffic", "traffic / -2"),
        ("traffic = traffic * (1 + growth)", "traffic", "traffic * (1 + growth)"),
        ("traffic=5", "traffic", "5"),
        ("gate = if(a == 1, 2, 3)", "gate", "if(a == 1, 2, 3)"),
        ("horizon = 24 months", "horizon", "24 months"),
        ("upfront.labels = -3 USD", "upfront.labels", "-3 USD"),
        ("monthly.free tier = 0 USD/month", "monthly.free tier", "0 USD/month"),
        ("upfront.labels * 2", "upfront.labels", "upfront.labels * 2"),
    ],
)
def test_one_change(text: str, target: str, formula: str) -> None:
    assert read(text) == [(target, parse(formula))]


def test_a_label_with_a_blank_can_be_scaled() -> None:
    assert read("monthly.free tier * 2") == [
        ("monthly.free tier", Binary("*", Name("monthly.free tier"), Number(2.0))),
    ]


def test_several_are_joined_and_a_what_if_is_called_by_name() -> None:
    assert read("price = 3; volume halves ; horizon = 24") == [
        ("price", Number(3.0)),
        ("traffic", HALVES.expression),
        ("horizon", Number(24.0)),
    ]
    assert read_changes("volume halves", CASE) == (HALVES,)


def test_a_program_gives_a_mapping_or_changes() -> None:
    (change,) = read_changes({"traffic": "traffic * 0.5"}, CASE)
    assert (change.target, change.expression) == (HALVES.target, HALVES.expression)
    assert read_changes({"traffic": 3}, CASE)[0].expression == Number(3.0)
    assert read_changes([HALVES], CASE) == (HALVES,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "<change>: no change is given"),
        (" ; ", "<change>: no change is given"),
        ("volume halvs", "<change>:1:1: `volume halvs` is no change and no what-if of the case -> `traffic * 0.5`"),
        ("volume halvs", "(did you mean volume halves?)"),
        ("traffic * growth", "<change>:1:11: `growth` is no constant -> `traffic = traffic * growth` for a formula"),
        ("traffic * ", "<change>:1:10: an empty formula"),
        ("a = 1; b = 2 *", "<change>:1:15: the formula ends too early"),
        ("traffic = no", "<change>:1:11: `no` is not a number"),
        ("= 3", "<change>:1:1: `= 3` is no change"),
    ],
)
def test_what_is_no_change_is_told(text: str, message: str) -> None:
    with pytest.raises(CaseError) as error:
        read_changes(text, CASE)
    assert message in str(error.value)


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(CaseError) as error:
        read_changes("a = 2 *; b = ; c ^ 2", CASE)
    assert len(error.value.problems) == 3
