"""Units, months and functions of formulas, row by row of the language page."""

from __future__ import annotations

import pytest

from payback.simulator.case.checker import check
from payback.simulator.model import Draw, Formula
from tests.declare import INPUTS, declare, formula, plain, refusal


@pytest.mark.parametrize(
    ("text", "tree", "monthly", "unit"),
    [
        ("volume * price", "volume * price", False, "USD/month"),
        ("volume * price * t", "volume * price * t", True, "USD/month"),
        ("share + 1", "share + 1", False, ""),
        ("price + 50 USD/request", "price + 50", False, "USD/request"),
        ("launch + delay", "launch + 0.23013698630136986 * delay", False, "month"),
        ("launch + 1 week", "launch + 0.23013698630136986", False, "month"),
        ("min(volume, 5 request/hour)", "min(volume, 3_650)", False, "request/month"),
        ("max(0, volume)", "max(0, volume)", False, "request/month"),
        ("volume > 0 and share", "volume > 0 and share", False, ""),
        ("not share", "not share", False, ""),
        ("abs(-price)", "abs(-price)", False, "USD/request"),
        ("sqrt(price * price)", "sqrt(price * price)", False, "USD/request"),
        ("price ** 2", "price ** 2", False, "USD**2/request**2"),
        ("2 ** t", "2 ** t", True, ""),
        ("exp(share)", "exp(share)", False, ""),
        ("growth * 12 month", "growth * 12", False, ""),
        ("t > delay", "t > 0.23013698630136986 * delay", True, ""),
        ("t - launch", "t - launch", True, ""),
        ("launch / 1 month", "launch / 1", False, ""),
        ("horizon - 3", "12 - 3", False, "month"),
        ("3 < horizon", "3 < 12", False, ""),
        ("horizon - launch", "12 - launch", False, "month"),
        ("horizon - t", "12 - t", True, ""),
        ("t >= horizon - 2", "t >= 12 - 2", True, ""),
        ("30 USD / horizon", "30 / 12", False, "USD/month"),
        ("pulse(horizon)", "pulse(12)", True, "1/month"),
        ("step(horizon - 1 week)", "step(12 - 0.23013698630136986)", True, ""),
        ("if(t > 3, volume, 0)", "if(t > 3, volume, 0)", True, "request/month"),
        ("if(share > 0.5, price, 0.5 USD/request)", "if(share > 0.5, price, 0.5)", False, "USD/request"),
        ("pick(share, 1, 2, 3)", "pick(share, 1, 2, 3)", False, ""),
        ("30 %", "0.3", False, ""),
        ("2 hour", "2", False, "hour"),
        ("price * (100 + 20) request", "price * (100 + 20)", False, "USD"),
    ],
)
def test_arithmetic(text: str, tree: str, monthly: bool, unit: str) -> None:
    checked = formula(text)
    assert (plain(text), checked.monthly, checked.unit) == (tree, monthly, unit)


def test_what_is_counted_is_scaled_before_it_is_rounded_up() -> None:
    assert plain("ceil(volume / (6 request/second))") == "ceil(volume / 6 / 2_628_000)"
    assert plain("ceil(volume * 3 second/request / 5)") == "ceil(volume * 3 / 5 / 2_628_000)"
    assert formula("ceil(volume / (6 request/second/GPU))").unit == "GPU"


@pytest.mark.parametrize(
    ("text", "tree", "unit"),
    [
        ("step(3)", "step(3)", ""),
        ("step(3 months)", "step(3)", ""),
        ("step(1 year)", "step(12)", ""),
        ("pulse(9) * -3_640 USD", "pulse(9) * -3_640", "USD/month"),
        ("pulse(launch, every=6)", "pulse(launch, 6)", "1/month"),
        ("series(1, 2, 3)", "series(1, 2, 3, first=1, every=1)", ""),
        ("series(1 USD, 2 USD, first=2, every=4)", "series(1, 2, first=2, every=4, lump=1)", "USD/month"),
        ("series(1 USD, lump=yes)", "series(1, first=1, every=1, lump=1)", "USD/month"),
        ("series(1 USD, lump=no)", "series(1, first=1, every=1)", "USD"),
        ("series(1 USD/month, every=6)", "series(1, first=1, every=6, lump=1)", "USD/month"),
        ("ramp(6 months)", "ramp(6)", ""),
        ("ramp(launch, launch + 6 month)", "ramp(launch, launch + 6)", ""),
        ("s_curve(t - launch, half=3, width=1 year)", "s_curve(t - launch, 3, 12)", ""),
        ("index(2 %/month)", "index(0.02, 1)", ""),
        ("index(-20 %/year)", "index(-0.2, 12)", ""),
        ("index(growth)", "index(growth, 1)", ""),
        ("lag(volume, 2 months)", "lag(volume, 2, 0)", "request/month"),
        ("lag(volume, launch, before=1 request/year)", "lag(volume, launch, 0.08333333333333333)", "request/month"),
        ("cumulative(volume)", "cumulative(volume)", "request"),
        ("cumulative(2 USD/hour)", "730 * cumulative(2)", "USD"),
        ("previous(it, 100 USD) * 1.1", "previous(it, 100) * 1.1", "USD"),
        ("previous(it, 0) + volume", "previous(it, 0) + volume", "request/month"),
        ("max(previous(it, 0), volume) * 1", "max(previous(it, 0), volume) * 1", "request/month"),
        ("previous(it, 1 hour) + 2 month", "previous(it, 1) + 1_460", "hour"),
        ("previous(it, 0) * 0.9", "previous(it, 0) * 0.9", ""),
        ("if(previous(it, 1) == 1 and t < 5, 1, 0)", "if(previous(it, 1) == 1 and t < 5, 1, 0)", ""),
    ],
)  # fmt: skip
def test_functions_of_the_month(text: str, tree: str, unit: str) -> None:
    checked = formula(text)
    assert (plain(text), checked.monthly, checked.unit) == (tree, True, unit)


@pytest.mark.parametrize(
    ("text", "tree", "unit"),
    [
        ("total(volume * t)", "total(volume * t, 1, 12)", "request"),
        ("total(volume * t, 3)", "total(volume * t, 3, 12)", "request"),
        ("total(volume, first=2, last=6 months)", "total(volume, 2, 6)", "request"),
        ("total(2 USD/hour * t)", "730 * total(2 * t, 1, 12)", "USD"),
        ("at(volume * t, 12)", "at(volume * t, 12)", "request/month"),
        ("at(volume * t, launch)", "at(volume * t, launch)", "request/month"),
        ("lowest(price * t)", "lowest(price * t)", "USD/request"),
        ("highest(price * t) + average(price * t)", "highest(price * t) + average(price * t)", "USD/request"),
        ("first_month(volume * t > 5 request/month)", "first_month(volume * t > 5)", "month"),
        ("present(volume * price)", "present(volume * price)", "USD"),
        ("present(volume, rate=100 %/month)", "present(volume, rate=4_095)", "request"),
        ("present(volume, rate=5 %)", "present(volume, rate=0.05)", "request"),
        ("quantile(launch, 50 %)", "2", "month"),
        ("expected(launch) * 2", "2 * 2", "month"),
        ("sd_of(growth)", "0", "1/month"),
    ],
)
def test_functions_that_leave_one_value(text: str, tree: str, unit: str) -> None:
    checked = formula(text)
    assert (plain(text), checked.monthly, checked.unit) == (tree, False, unit)


def test_events_are_a_hidden_draw_before_the_formula() -> None:
    text = "events(2 1/year) * 5 USD - events(share * 1 1/month) * 1 USD"
    checked = check(declare(calculations={"it": text}))
    first, second, last = checked.model.definitions[-3:]
    assert isinstance(first, Draw)
    assert isinstance(second, Draw)
    assert isinstance(last, Formula)
    assert (first.name, first.axis, first.monthly) == ("it.events", "it.events", True)
    assert first.distribution is not None
    assert first.distribution.mean == pytest.approx(1 / 6)
    assert second.name == "it.events.2"
    assert second.build is not None
    assert second.build(3.0).mean == 3
    assert (plain(text), last.unit) == ("it.events * 5 - it.events.2 * 1", "USD/month")


@pytest.mark.parametrize("name", ["npv", "roi", "net", "cumulative_net", "upfront", "payback"])
def test_calculations_that_read_measures_come_after_the_ledger(name: str) -> None:
    checked = formula(f"{name} * 2")
    assert checked.after_ledger
    assert checked.monthly == (name in ("net", "cumulative_net"))


@pytest.mark.parametrize(
    ("text", "column", "given", "allowed"),
    [
        ("volume + price", 17, "request/month and USD/request", "same unit"),
        ("npv + npv / 1 month", 14, "USD and USD/month", "total(x)"),
        ("npv + 1 EUR", 14, "USD and EUR", "conversion rate"),
        ("1 + growth", 12, "a plain number and 1/month", "`index(growth)`"),
        ("growth > 0.02", 17, "a plain number", "2 %/month"),
        ("volume + -5", 17, "a plain number", "`-5 request/month`"),
        ("if(t > 3, volume, 5)", 10, "`volume` or `5`", "5 request/month"),
        ("min(price, 3)", 10, "`price` and `3`", "3 USD/request"),
        ("lag(volume, 2, before=5)", 10, "`volume` before `5`", "5 request/month"),
        ("exp(price)", 14, "in USD/request", "without a unit"),
        ("2 ** price", 15, "in USD/request", "an exponent"),
        ("price ** t", 10, "a power that varies", "without a unit"),
        ("not volume", 14, "in request/month", "without a unit"),
        ("ceil(launch)", 15, "in month", "`ceil(launch / 1 month)`"),
        ("round(volume)", 16, "in request/month", "`round(volume * 1 month)`"),
        ("(volume * 2) USD", 18, "already", "no further unit"),
        ("index(share)", 16, "a plain number", "a rate per time"),
        ("events(2)", 17, "a plain number", "a rate in 1/month"),
        ("price / 0", 18, "a division by 0", "not 0"),
        ("step(price)", 15, "in USD/request", "3 months"),
        ("step(t)", 15, "varies by month", "at(x, k)"),
        ("lag(volume, -1)", 22, "a lag of -1", "0 or more"),
        ("ramp(0)", 10, "a ramp of 0", "step(k)"),
        ("s_curve(t, 3, 0)", 24, "of width 0", "more than 0"),
        ("pulse(3, every=1.5)", 25, "`every` is `1.5`", "whole number"),
        ("series(1, first=0)", 26, "`first` is `0`", "1 or more"),
        ("series(1, lump=maybe)", 25, "`lump` is `maybe`", "`yes` or `no`"),
        ("at(volume, 13)", 21, "month 13", "from 1 to 12"),
        ("at(volume, 2.5)", 21, "month 2.5", "a whole month"),
        ("total(volume, 1, 24)", 27, "month 24", "the horizon"),
        ("total(volume, 5, 3)", 10, "from month 5 to 3", "first <= last"),
        ("expected(volum)", 19, "`expected` of `volum`", "did you mean volume?"),
        ("expected(volume * 2)", 26, "`expected` of", "the name of an input"),
        ("quantile(price, 80)", 26, "a share of `80`", "below 100 %"),
        ("previous(price, 0)", 19, "`previous` of `price`", "`previous(it, start)`"),
        ("previous(it, t)", 23, "varies by month", "one value"),
        ("previous(it, 0) + previous(it, 1)", 41, "two different starts", "one start"),
        ("total(previous(it, 0))", 10, "all months", "calculation of its own"),
        ("previous(it, 1 USD) * 1 hour", 30, "in USD*hour", "as its start is in USD"),
        ("it * 2", 10, "reads itself", "`previous(it, start)`"),
        ("volme", 10, "`volme` is not defined", "did you mean volume?"),
        ("hour", 10, "`hour` is a unit", "`2 hour`"),
        ("volume / month", 19, "`month` is a unit", "without blanks"),
        ("2 volume", 10, "`volume` is a name, not a unit", "`2 * volume`"),
        ("2 USD/price", 10, "`price` is a name, not a unit", "`2 USD / price`"),
        ("2 h", 10, "`h` is no unit", "did you mean hour?"),
        ("max", 10, "`max` is a function", "max(a, b, ...)"),
        ("True", 10, "`True` is not defined", "1 or 0"),
        ("sqr(2)", 10, "unknown function `sqr`", "did you mean sqrt?"),
        ("__import__('os')", 10, "unknown function `__import__`", "one of"),
        ("normal(0, 1)", 10, "`normal` draws a value", "`inputs`"),
        ("1 to 3", 12, "a range in a formula", "`inputs`"),
        ("mean(volume)", 10, "statistic over trials", "`expected(x)`"),
        ("P90(npv)", 10, "statistic over trials", "questions"),
        ("'text'", 10, "text in quotes", "no text"),
        ("monthly.fee", 10, "the label of a ledger line", "`calculations`"),
        ("fee", 10, "the label of a ledger line", "`calculations`"),
        ("step()", 10, "`step` without `k`", "step(k)"),
        ("step(1, 2)", 10, "with 2 arguments", "step(k)"),
        ("step(k=1, j=2)", 22, "`j=`", "step(k)"),
        ("total(volume, last=6)", 10, "without `first`", "total(x, first=, last=)"),
        ("lag(volume, 1, k=2)", 27, "for the second time", "lag(x, k, before=)"),
        ("min(volume)", 10, "`min` without `b`", "min(a, b, ...)"),
    ],
)
def test_what_does_not_fit_is_told_with_the_way_out(text: str, column: int, given: str, allowed: str) -> None:
    message = refusal(declare(calculations={"it": text}, monthly={"fee": "-1 USD/month"}))
    assert message.startswith(f"c.yaml:{len(INPUTS) + 1}:{column}: calculations.it: "), message
    before, _, after = message.partition(" -> ")
    assert given in before, message
    assert allowed in after, message


def test_of_names_that_differ_in_capitals_alone_a_measure_is_meant() -> None:
    message = refusal(declare(inputs={**INPUTS, "Npv": "1 to 2 USD"}, calculations={"it": "npw"}))
    assert "did you mean npv?" in message
