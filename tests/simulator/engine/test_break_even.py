"""Cases that break even exactly, or just not, as a reader writes them: whole cases on both engines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import accumulate

import numpy as np
import pytest

from payback.simulator.case.checker import check, check_formula
from payback.simulator.case.expressions.parser import parse
from payback.simulator.cube import Cube
from tests.declare import declare
from tests.simulator.engine.compiled.side_by_side import both

TRIALS = 2_048
PRICE = {"price": "60 to 140 USD"}


def answers(
    inputs: Mapping[str, str], upfront: Mapping[str, str], monthly: Mapping[str, str], expected: Mapping[str, float],
    **others: object,
) -> None:  # fmt: skip
    """Require that each formula has its value in every trial on both engines."""
    checked = check(declare(inputs={**PRICE, **inputs}, upfront=upfront, monthly=monthly, **others))  # type: ignore[arg-type]
    formulas = {text: check_formula(checked.scope, parse(text)).expression for text in expected}
    axes = tuple(draw.axis for draw in checked.model.draws if not draw.monthly)
    for engine in both(checked.model, formulas, Cube(axes, TRIALS, 1)):
        for text, value in expected.items():
            # within a month the balance has its rounding errors; all else is exact
            wanted = value if math.isinf(value) or value == round(value) else pytest.approx(value, rel=1e-13)
            assert (np.min(engine[text]), np.max(engine[text])) == (wanted, wanted), text


def test_what_is_never_out_of_pocket_pays_back_at_once():
    answers({}, {}, {"in": "price / 1 month"}, {"payback": 0, "peak_funding": 0, "never(payback)": 0})
    answers({}, {"grant": "price", "cost": "-price"}, {"in": "price / 1 month"}, {"payback": 0, "peak_funding": 0})


def test_what_costs_money_later_pays_back_after_that_or_never():
    late = {"rent": "-price / 1 month", "sales": "price * step(3) / 10 month"}
    answers({}, {}, late, {"payback": math.inf, "discounted_payback": math.inf, "stays_paid_back": 0}, horizon=12)
    grant = {"rent": "-price / 1 month * (t <= 4)", "sales": "price * step(5) / 2 month"}
    answers({}, {"grant": "2 * price"}, grant, {"payback": 8, "peak_funding > 0 USD": 1}, horizon=12)


def test_the_first_return_counts_where_a_balance_falls_twice():
    once = {"fees": "-price * (pulse(1) + pulse(6))", "back": "price / 2 month * (t > 1)"}
    answers({}, {}, once, {"payback": 3, "stays_paid_back": 1}, horizon=12)


@pytest.mark.parametrize(
    ("back", "month"),
    [
        ("pulse(7) * price * 1.2", 7),
        ("series(1.2 * price, first=7, every=12)", 7),
        ("series(0 USD, 0 USD, 0 USD, 0 USD, 0 USD, 0 USD, 1.2 * price, lump=yes)", 7),
        ("lag(pulse(4), 3 months) * price * 1.2", 7),
        ("if(price > 0 USD, pulse(7) * price * 1.2, 0)", 7),
        ("sold * price * 1.2", 7),
        ("pulse(7) * price * 1.2 + price / 100 month", 7),
        ("(pulse(7) - 0.5 * pulse(9)) * price * 1.2", 7),
        # half of it is spread over months 1 to 7, and back after 6.5; the lump comes too late to matter
        ("price / 6.5 month + pulse(7) * price", 6.5),
        # a step of a sum of pulses is money of every month
        ("cumulative(pulse(7)) * price / 1 month", 7),
        ("cumulative(pulse(7)) * price * 2 / 1 month", 6.5),
        ("once * price * 2", 6.5),
    ],
)
def test_a_lump_falls_at_the_end_of_its_month(back: str, month: float):
    calculations = {"sold": "pulse(7)", "once": "if(previous(once, 0 1/month) == 0, pulse(7), 0)"}
    expected = {"payback": month, f"payback <= {month - 0.01} months": 0, f"payback <= {month} months": 1}
    answers({}, {"build": "-price"}, {"back": back}, expected, calculations=calculations, horizon=12)


@pytest.mark.parametrize(
    ("upfront", "monthly"),
    [
        ("-12 month * fee", "fee"),
        ("-6 month * fee - 6 month * fee", "0.3 * fee + 0.7 * fee"),
        ("-12 month * 9.99 USD/month", "9.99 USD/month"),
        ("-1.2 month * fee", "0.1 * fee"),
    ],
)
def test_a_case_that_breaks_even_exactly_does(upfront: str, monthly: str):
    expected = {
        "payback": 12, "discounted_payback": 12, "gain": 0, "npv": 0, "roi": 0, "gain < 0 USD": 0, "npv < 0 USD": 0,
        "roi < 0": 0, "never(payback)": 0, "stays_paid_back": 1, "payback <= 12 months": 1, "payback < 12 months": 0,
        "at(cumulative_net, 12)": 0, "irr_count": 1, "irr": 0, "irr >= 0 %/year": 1, "irr < 0 %/year": 0,
        "multiple": 1, "multiple < 1": 0, "first_year_net": 0,
    }  # fmt: skip
    answers({"fee": "80 to 120 USD/month"}, {"build": upfront}, {"fee": monthly}, expected, rate="0 %/year")


def test_a_cent_short_is_short():
    late = {"fee": "fee", "short": "pulse(12) * -0.01 USD"}
    expected = {"gain < 0 USD": 1, "never(payback)": 1, "npv < 0 USD": 1, "roi < 0": 1, "stays_paid_back": 0}
    answers({"fee": "80 to 120 USD/month"}, {"build": "-12 month * fee"}, late, expected, rate="0 %/year")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.2 USD/year >= 0.1 USD/month", 1),
        ("1.2 USD/year == 0.1 USD/month", 1),
        ("price * 1.2 / 1 year >= price * 0.1 / 1 month", 1),
        ("price * 1.2 / 1 year > price * 0.1 / 1 month", 0),
        ("ceil(100 * (1 + 10 %))", 110),
        ("floor(0.3 / 0.1)", 3),
        ("floor(0.3 * price / (0.1 * price))", 3),
        ("ceil(price * 110 / price * (1 + 10 %))", 121),
        ("0.1 + 0.2 == 0.3", 1),
        ("price + 0.1 USD - price == 0.1 USD", 1),
        ("price * 0.3 - price * 0.1 - price * 0.2 == 0 USD", 1),
        ("price * 0.3 - price * 0.1 - price * 0.2 > 0 USD", 0),
        ("price == price + 1e-9 USD", 0),
        ("first_month(cumulative(fee) - 1.2 month * fee >= 0 USD)", 2),
        ("total(price * 1 / 1 month, 1, 12) >= 12 * price", 1),
    ],
)
def test_numbers_that_are_equal_on_paper_compare_as_equal(text: str, value: float):
    answers({"fee": "80 to 120 USD/month"}, {"build": "-price"}, {"fee": "fee"}, {text: value})


def test_a_renewal_that_is_due_at_the_end_of_a_month_falls_in_it():
    """Fifteen gaps of 1.6 months add up to more than 24 in binary."""
    assert list(accumulate([1.6] * 15))[-1] > 24  # `sum` itself rounds once from Python 3.12 on
    calculations = {"replaced": "renewal(1.6 month)"}
    answers({}, {"build": "-price"}, {"back": "price / 1 month"}, {"total(replaced)": 15, "at(replaced, 24)": 1},
            calculations=calculations, horizon=24)  # fmt: skip
