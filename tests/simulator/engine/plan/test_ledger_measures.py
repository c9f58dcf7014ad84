"""Ledgers in cents against exact arithmetic: payback by its definition, and what breaks even exactly."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from payback.distributions import Integers
from payback.simulator.cube import Cube, MonteCarlo
from payback.simulator.model import Model
from tests.simulator.engine.compiled.side_by_side import both
from tests.simulator.engine.models import model, outputs

MONTHS, TRIALS, FEW = 6, 2_000, 64
PRICE = {"cents": Integers(1, 99_999)}
AMOUNTS = {"first": Integers(-9, 3), "even": Integers(-3, 4), "lump": Integers(-2, 2)}
LINES = {
    "spread": {"spread": "price * even"},
    "lumps": {"lumps": "price * lump * pulse(1, every=1)"},
    "both": {"spread": "price * even", "lumps": "price * m_lumps"},
    "in tenths": {"a": "0.1 * price * even", "b": "0.7 * price * even", "c": "0.2 * price * even"},
}
MONEY = ("gain", "npv", "peak_funding", "annual_net_benefit", "at(cumulative_net, 5)", "at(net, 3)")
PAYBACKS = ("payback", "discounted_payback")
CONDITIONS = ("payback <= 4", "gain >= 0", "npv < 0", "stays_paid_back", "never(payback)", "gain == 0", "roi < 0")


def ledger(lines: dict[str, str]) -> Model:
    """Return a ledger of whole multiples, drawn each month, of a price in cents, whose dollars are binary fractions."""
    formulas = {"price": "cents / 100", "m_lumps": "lump * pulse(1, every=1)"}
    upfront = {"first": "price * first", "and": "-0.3 * price", "more": "0.1 * price", "rest": "0.2 * price"}
    each_month = ("even", "lump")
    return model(PRICE | AMOUNTS, formulas, upfront, lines, horizon=MONTHS, rate="0", each_month=each_month)


def payback(start: int, spread: list[int], lumps: list[int]) -> float:
    """Return the payback by its definition, in exact arithmetic."""
    balance, was_below = Fraction(start), start < 0
    for month, (even, lump) in enumerate(zip(spread, lumps, strict=True), 1):
        before, balance = balance, balance + even + lump
        if was_below and balance >= 0:
            return float(month - 1 - before / even) if before + even > 0 else float(month)
        was_below = was_below or balance < 0
    return math.inf if was_below else 0.0


@pytest.mark.parametrize("lines", LINES)
def test_a_ledger_in_cents_is_that_of_exact_arithmetic(lines: str):
    drawn = [f"at({name}, {month})" for name in ("even", "lump") for month in range(1, MONTHS + 1)]
    texts = ("price", "first", *drawn, *PAYBACKS, *MONEY, *CONDITIONS)
    results = both(ledger(LINES[lines]), outputs(*texts), Cube(("cents", "first"), TRIALS, 3, MonteCarlo()))
    for engine in results:
        amounts = np.array([engine[text] for text in drawn]).astype(int).T
        even = amounts[:, :MONTHS] * (lines != "lumps")
        lump = amounts[:, MONTHS:] * (lines in ("lumps", "both"))
        start = engine["first"].astype(int)
        balances = start[:, None] + np.cumsum(even + lump, axis=1)
        expected = np.array([payback(int(s), *map(list, months)) for s, *months in zip(start, even, lump, strict=True)])
        ends = ~np.isfinite(expected) | (expected == np.round(expected))
        for name in PAYBACKS:
            assert (engine[name][ends] == expected[ends]).all()
            # a share of a month is off by the rounding of the balance over the flow, of which each is a price or more
            assert engine[name][~ends] == pytest.approx(expected[~ends], abs=1e-12)
        lowest = np.minimum(start, balances.min(axis=1))
        prices = (
            balances[:, -1], balances[:, -1], np.maximum(0, -lowest), (balances[:, -1] - start) * 12 / MONTHS,
            balances[:, 4], even[:, 2] + lump[:, 2],
        )  # fmt: skip
        for name, exact in zip(MONEY, prices, strict=True):
            assert engine[name] == pytest.approx(engine["price"] * exact, rel=1e-12, abs=0), name
        gain = balances[:, -1]
        holds = (expected <= 4, gain >= 0, gain < 0, gain >= 0, np.isinf(expected), gain == 0, gain < 0)
        for name, exact in zip(CONDITIONS, holds, strict=True):
            assert (engine[name] == exact).all(), name
        assert ((engine["payback"] == 0) == (engine["peak_funding"] == 0)).all()
        assert (gain == 0).any()
        assert ends.any()


def test_a_cent_in_ten_billion_is_kept():
    (numpy, compiled) = both(
        model(PRICE, {}, {"out": "-1e10 * cents"}, {"in": "pulse(6) * (1e10 * cents + 0.01 * cents)"}, rate="0"),
        outputs("gain > 0", "payback", "stays_paid_back"),
        Cube(("cents",), FEW, 3, MonteCarlo()),
    )
    for engine in (numpy, compiled):
        assert engine["gain > 0"].all()
        assert engine["stays_paid_back"].all()
        assert (engine["payback"] == 6).all()


@pytest.mark.parametrize("count", [12, 120, 1_200])
@pytest.mark.parametrize("growth", ["1", "1.01 ** (t - 1)", "(1 + 1 / cents) ** (t - 1)"])
def test_what_is_paid_back_to_the_cent_after_any_number_of_months_is_paid_back(count: int, growth: str):
    """The running sum over months against the sum of the same months that is paid at the start."""
    m = model(
        PRICE,
        {"m_fee": f"cents / 100 * {growth}", "fees": f"total(m_fee, 1, {count})"},
        {"out": "-fees"},
        {"in": "m_fee * 0.3", "more": "m_fee * 0.7"},
        horizon=count,
        rate="0",
    )
    numpy, compiled = both(m, outputs("gain", "payback", "irr_count"), Cube(("cents",), FEW, 3, MonteCarlo()))
    for engine in (numpy, compiled):
        assert (engine["gain"] == 0).all()
        assert (engine["payback"] == count).all()


def test_money_of_a_month_that_cancels_is_no_change_of_sign():
    lines = {"in": "0.3 * cents", "out": "-0.1 * cents", "rest": "-0.2 * cents", "back": "pulse(3) * 20 * cents"}
    m = model(PRICE, {}, {"build": "-10 * cents"}, lines, rate="0")
    for engine in both(m, outputs("irr_count", "at(net, 1)"), Cube(("cents",), FEW, 3, MonteCarlo())):
        assert (engine["irr_count"] == 1).all()
        assert not np.abs(engine["at(net, 1)"]).any()
