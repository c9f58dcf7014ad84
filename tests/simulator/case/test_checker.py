"""A case as a whole: order, circles, the ledger, notes, and every problem at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from payback.simulator.case.checker import check, check_formula, is_condition
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Number
from payback.simulator.case.source.source_text import Source
from payback.simulator.errors import CaseError, Location
from payback.simulator.model import Formula
from tests.catalogue import compared_with
from tests.declare import INPUTS, declare, refusal

differs = compared_with(Path(__file__).with_name("messages.txt"))


def test_a_model_holds_definitions_in_reading_order_and_floats_alone() -> None:
    declared = declare(
        calculations={"sales": "volume * price", "late": "npv * 2", "months": "t * share"},
        upfront={"build": "-40 hour * 91 USD/hour"},
        monthly={"sales": "sales", "gpu": "-0.9 USD/hour * 2"},
    )
    checked = check(declared)
    model = checked.model
    assert [d.name for d in model.definitions] == [*INPUTS, "sales", "late", "months"]
    formulas = {d.name: d for d in model.definitions if isinstance(d, Formula)}
    assert formulas["late"].after_ledger
    assert formulas["months"].monthly
    assert not formulas["sales"].monthly
    assert [(line.section, line.label, to_text(line.expression)) for line in model.lines] == [
        ("upfront", "build", "-40 * 91"),
        ("monthly", "sales", "sales"),
        ("monthly", "gpu", "730 * (-0.9 * 2)"),
    ]
    assert (model.horizon, to_text(model.discount_rate)) == (12, "0.1")
    assert checked.units["sales"] == "USD/month"
    assert checked.units["upfront.build"] == "USD"
    assert checked.units["monthly.gpu"] == "USD/month"


@pytest.mark.parametrize(
    ("rate", "tree"),
    [
        ("10 %/year", "0.1"),
        ("10 %", "0.1"),
        ("2 * growth", "(1 + 2 * growth) ** 12 - 1"),
        ("share / 2", "share / 2"),
    ],
)
def test_a_discount_rate_is_per_year(rate: str, tree: str) -> None:
    assert to_text(check(declare(rate=rate)).model.discount_rate) == tree


@pytest.mark.parametrize(("rate", "periods"), [("1 %/month", 12), ("1 %/week", 365 / 7), ("0.1 %/day", 365)])
def test_a_discount_rate_of_a_shorter_time_compounds(rate: str, periods: float) -> None:
    discount_rate = check(declare(rate=rate)).model.discount_rate
    assert isinstance(discount_rate, Number)
    assert discount_rate.value == pytest.approx((1 + float(rate.split(maxsplit=1)[0]) / 100) ** periods - 1, rel=1e-12)


@pytest.mark.parametrize(
    ("section", "text", "column", "given", "allowed"),
    [
        ("monthly", "-5 USD", 10, "`-5 USD` is in USD", "`pulse(k) * ...`"),
        ("monthly", "-5", 10, "is a plain number", "in USD/month"),
        ("monthly", "price", 10, "in USD/request", "in USD/month"),
        ("monthly", "-5 EUR/month", 10, "in EUR/month", "USD/EUR"),
        ("monthly", "npv / 1 month", 10, "`npv` is a measure", "no line reads"),
        ("monthly", "after * 1 1/month", 10, "`after` reads a measure", "no line reads"),
        ("monthly", "previous(it, 0)", 19, "`previous` of `it`", "the calculation itself"),
        ("upfront", "-volume * price", 18, "in USD/month", "a `monthly` line"),
        ("upfront", "-5 USD * t", 17, "a value for each month", "at(x, k)"),
        ("upfront", "-5", 10, "is a plain number", "in USD"),
    ],
)
def test_lines_are_money(section: str, text: str, column: int, given: str, allowed: str) -> None:
    message = refusal(declare(calculations={"after": "npv"}, **{section: {"it": text}}))
    assert f":{column}: {section}.it: " in message, message
    assert given in message.partition(" -> ")[0], message
    assert allowed in message, message


def test_a_line_of_zero_needs_no_unit() -> None:
    assert len(check(declare(monthly={"it": "0"}, upfront={"that": "0"})).model.lines) == 2


def test_formulas_read_top_to_bottom() -> None:
    message = refusal(declare(calculations={"a": "b + 1", "b": "3"}))
    assert not differs(message, "a definition below")


def test_a_circle_is_told_once_and_whole() -> None:
    message = refusal(declare(calculations={"a": "b + 1", "b": "c * 2", "c": "a", "d": "a + 3"}))
    assert not differs(message, "a circle")


def test_independent_problems_are_told_together_and_followers_not_at_all() -> None:
    message = refusal(
        declare(
            inputs={"x": "normal(0, 0)", "y": "normal(x, 1)"},
            calculations={"a": "volme", "b": "prise", "c": "a + b + x", "d": "c"},
            monthly={"e": "d", "f": "-5 USD"},
        )
    )
    assert [line.split(": ")[1] for line in message.splitlines()] == [
        "inputs.x", "calculations.a", "calculations.b", "monthly.f",
    ]  # fmt: skip


def test_what_could_not_be_read_is_not_complained_of_again() -> None:
    checked = check(declare(calculations={"a": "lost * 2", "b": "a + volume"}, broken=frozenset({"lost"})))
    assert "a" not in checked.units
    with pytest.raises(CaseError):
        check_formula(checked.scope, parse("a"))


def test_a_name_is_no_unit_of_the_same_case() -> None:
    message = refusal(declare(inputs={"run": "5", "hours": "3 hour/run"}))
    assert not differs(message, "a name that is a unit")
    check(declare(inputs={"runs": "5 run", "hours": "3 hour/run"}))


def test_notes_tell_what_is_read_by_nothing_and_what_has_no_unit() -> None:
    notes = check(declare(inputs={"x": "3", "y": "4"}, calculations={"z": "x"}, monthly={"m": "z"})).notes
    assert not differs(notes, "no unit and an input that nothing reads")


def test_a_case_without_units_is_plain_numbers() -> None:
    checked = check(
        declare(
            inputs={"fee": "uniform(1, 3)", "growth": "0.02", "launch": "3"},
            calculations={
                "ramped": "fee * 100 * index(2 %/month) * step(3 months) * (1 + growth) ** (t - 1)",
                "late": "launch + 2 month",
                "paid": "payback <= 1 year",
            },
            upfront={"build": "-100"},
            monthly={"fees": "ramped * (t > late) + pulse(9) * 3"},
        )
    )
    assert set(checked.units.values()) == {""}
    formulas = {d.name: to_text(d.expression) for d in checked.model.definitions if isinstance(d, Formula)}
    assert formulas["late"] == "launch + 2"
    assert formulas["paid"] == "payback <= 12"
    assert "index(0.02, 1) * step(3)" in formulas["ramped"]


def test_one_unit_switches_the_check_on() -> None:
    message = refusal(declare(inputs={"fee": "5 USD", "launch": "3"}, monthly={"fees": "fee + launch"}))
    assert not differs(message, "one unit and a plain number")


def test_a_curve_tells_what_it_hides() -> None:
    calculations = {"a": "s_curve(t, 3, 4)"}
    notes = check(declare(calculations=calculations)).notes
    assert not differs(notes, "a curve")


@pytest.mark.parametrize(
    ("text", "tree", "unit"),
    [
        ("npv", "npv", "USD"),
        ("payback <= 1 year", "payback <= 12", ""),
        ("irr > 10 %/year", "irr > 0.1", ""),
        ("at(cumulative_net, 12)", "at(cumulative_net, 12)", "USD"),
        ("total(sales) / total(net)", "total(sales, 1, 12) / total(net, 1, 12)", ""),
        ("never(payback) or undefined(irr)", "never(payback) or undefined(irr)", ""),
        ("roi >= 10 and volume < 0", "roi >= 10 and volume < 0", ""),
        ("npv > limit", "npv > limit", ""),
    ],
)
def test_formulas_of_questions(text: str, tree: str, unit: str) -> None:
    scope = check(declare(calculations={"sales": "volume * price * t"})).scope
    checked = check_formula(scope, parse(text), known={"limit": "USD"})
    assert (to_text(checked.expression), checked.unit, checked.monthly) == (tree, unit, False)
    assert is_condition(checked.expression) == (("<" in text) or (">" in text) or "or" in text)
    assert "limit" not in scope.names


@pytest.mark.parametrize(
    ("text", "column", "given", "allowed"),
    [
        ("net", 1, "a value for each month", "at(x, 12), total(x), lowest(x)"),
        ("payback < 12 USD", 9, "month and USD", "same unit"),
        ("npv < 12 months", 5, "USD and month", "same unit"),
        ("npw", 1, "not defined", "did you mean npv?"),
        ("events(1 1/month)", 1, "draws anew", "calculation"),
        ("previous(npv, 0)", 10, "`previous` of `npv`", "a calculation"),
    ],
)
def test_what_a_question_may_not_ask(text: str, column: int, given: str, allowed: str) -> None:
    scope = check(declare()).scope
    with pytest.raises(CaseError) as caught:
        check_formula(scope, parse(text), parse_source(text))
    message = str(caught.value)
    assert message.startswith(f"question:1:{column}: "), message
    assert given in message
    assert allowed in message


def parse_source(text: str) -> Source:
    return Source(at=Location("question", 1, 1), text=text)
