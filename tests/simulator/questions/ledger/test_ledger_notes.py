"""What a reader must know of a ledger before any number, and that it is not said of ledgers that are in order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payback import simulate
from payback.simulator.case import Case, load, loads
from payback.simulator.questions.ledger.beyond_horizon import MOST
from payback.simulator.questions.ledger.ledger_notes import ledger_notes, scenario_notes
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))
ROOT = Path(__file__).resolve().parents[4]

TEXT = """
horizon: {months} months
discount_rate: 10 %/year
inputs:
  cost: 10_000 to 20_000 USD
  launch: uniform(10, 30) month
  gate: bernoulli(0.001)
calculations:
  usage: 900 USD/month
  {calculation}
cash_flows:
  upfront: {{{upfront}}}
  monthly:
    back: usage
    {monthly}
"""


def case(monthly: str = "", upfront: str = "build: -cost", calculation: str = "", months: int = 36) -> Case:
    return loads(TEXT.format(monthly=monthly, upfront=upfront, calculation=calculation, months=months))


def test_a_cost_with_a_plus_is_asked_about() -> None:
    assert not differs(ledger_notes(case(upfront="build: cost")), "a cost with a plus")


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("pulse(37) * -50_000 USD", "a lump after the horizon"),
        ("pulse(37) * -cost", "a lump of an uncertain amount"),
        ("pulse(37) * -50 USD * t", "a lump of another amount each month"),
        ("pulse(40, every=2) * -50 USD", "a lump that comes again"),
        ("step(60) * -50 USD/month", "a step"),
        ("step(60 month) * -50 USD/month", "a step"),
        ("ramp(36, 40) * -50 USD/month", "a ramp"),
        ("lag(usage, 36)", "a delay"),
        ("(t == 37) * -50 USD/month", "a month"),
        ("if(36 < t, -50 USD/month, 0)", "a month, written the other way round"),
        ("series(1, 2, 3, 4, first=30, every=5) * -1 USD/month", "some elements"),
        ("series(1, 2, first=36) * -1 USD/month", "the last element"),
        ("pulse(launch + 20 month) * -50 USD", "an uncertain month"),
    ],
)
def test_what_is_dated_after_the_horizon_is_noted(line: str, entry: str) -> None:
    noted = case(f"dismantle: {line}")
    assert not differs(ledger_notes(noted), entry)
    assert ledger_notes(loads(TEXT.format(
        monthly=f"dismantle: {line}", upfront="build: -cost", calculation="", months=61
    ))) == ()  # fmt: skip


def test_a_lump_in_a_calculation_is_noted_with_its_amount() -> None:
    noted = case("dismantle: -removal", calculation="removal: pulse(3 * 12 + 1) * 50_000 USD")
    assert not differs(ledger_notes(noted), "a lump in a calculation")


@pytest.mark.parametrize(
    "line",
    [
        "pulse(36) * -50_000 USD",
        "pulse((0.1 + 0.2) * 120) * -50_000 USD",
        "series(-1 USD, -2 USD, every=35)",
        "series(-1 USD, -2 USD, lump=yes)",
        "step(36) * -50 USD/month",
        "lag(usage, 35) * -0.1",
        "(t <= 40) * -50 USD/month",
        "series(1, 2, 0, first=35) * -1 USD/month",
        "pulse(launch) * -50 USD",
        "-50 USD/month * season(1, 2, 0)",
        "-events(3 1/year) * 90 USD",
        "-renewal(gamma(mean=50, sd=6) month) * 90 USD",
    ],
)
def test_what_falls_within_the_horizon_is_not_noted(line: str) -> None:
    assert ledger_notes(case(f"dismantle: {line}")) == ()


def test_a_what_if_and_a_stress_that_move_dates_are_noted_by_name() -> None:
    noted = loads(
        """
        horizon: 12 months
        discount_rate: 10 %/year
        inputs: {delay: "pert(1, 2, 30) month", start: 10}
        cash_flows:
          upfront: {build: -900 USD}
          monthly:
            step: step(10) * 60 USD/month
            lump: pulse(12) * -70 USD
            late: step(delay) * 500 USD/month
            begun: step(start) * 1 USD/month
        what_if:
          shorter: {horizon: 6 months, start: 1}
          later: {monthly.step: step(2 * 10) * 60 USD/month}
          dearer: {upfront.build: -1_900 USD}
        stress:
          slow: {delay: above 95 %}
          fast: {delay: below 95 %}
        """
    )
    assert not differs(scenario_notes(noted), "what-ifs and a stress")
    assert ledger_notes(noted) == ()


@pytest.mark.parametrize(
    ("label", "amount", "text"),
    [
        ("wages", "900 USD/month", "-900 USD/month"),
        ("hosting", "900 USD/month", "-900 USD/month"),
        ("GPU cost", "usage * 3", "-usage * 3"),
        ("Tax", "usage + 3 USD/month", "-(usage + 3 USD/month)"),
        ("running", "gpu_cost", "-gpu_cost"),
        ("anything", "gpu_cost", "-gpu_cost"),
    ],
)
def test_a_label_that_names_a_cost_is_asked_about(label: str, amount: str, text: str) -> None:
    (note,) = ledger_notes(case(f"{label}: {amount}", calculation="gpu_cost: 30 USD/month"))
    assert note == f"monthly.{label} only brings money in: is it a cost? Then write `{text}`"


@pytest.mark.parametrize(
    ("label", "amount"),
    [
        ("rent received", "900 USD/month"),
        ("support revenue", "usage * 2"),
        ("wages saved", "900 USD/month"),
        ("licences", "usage * uniform_share"),
        ("avoided cost", "gpu_cost"),
        ("fewer repairs", "900 USD/month"),
        ("training", "saved_hours"),
        ("costly", "900 USD/month"),
        ("wages", "-900 USD/month"),
        ("wages", "gate * -900 USD/month + 1 USD/month"),
        ("tax", "if(t > 3, 1, -1) * 5 USD/month"),
    ],
)
def test_a_label_that_says_why_it_pays_is_not(label: str, amount: str) -> None:
    calculation = "gpu_cost: 30 USD/month\n  saved_hours: 10 USD/month\n  uniform_share: 0.5"
    assert ledger_notes(case(f"{label}: {amount}", calculation=calculation)) == ()


@pytest.mark.parametrize(
    "line", ["gate * -5 USD/month", "(1 - gate) * 5 USD/month - 4 USD/month", "pulse(36) * -1 USD"]
)
def test_a_rare_outflow_is_an_outflow(line: str) -> None:
    assert ledger_notes(case(f"other: {line}", upfront="")) == ()


def test_an_investment_that_pays_now_and_then_is_noted() -> None:
    line = "platform: {amount: launch * 1 USD/month/month - 15 USD/month, investment: true}"
    assert not differs(ledger_notes(case(line)), "an investment that pays now and then")


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("configs/*.yaml"), *ROOT.glob("tests/golden/*.yaml")]), ids=lambda path: path.stem
)
def test_cases_in_order_have_no_notes(path: Path) -> None:
    assert scenario_notes(load(path)) == ()


def test_what_is_dated_after_the_horizon_is_listed_up_to_a_number() -> None:
    noted = case("dismantle: -1 USD/month * (" + " + ".join(f"step({month})" for month in range(40, 60)) + ")")
    notes = ledger_notes(noted)
    assert len(notes) == MOST + 1
    assert notes[-1] == "8 more parts of formulas begin after the horizon of 36 months: they are in no figure"


LINES = (
    "cost",
    "-cost",
    "gate * -cost",
    "gate * cost",
    "cost * (late - 20 month) / 1 month",
    "900 USD",
    "-900 USD",
    "0 USD",
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=3), st.lists(st.sampled_from(LINES), min_size=1, max_size=3))
def test_no_money_out_is_noted_exactly_where_no_trial_has_a_cost(upfront: list[str], monthly: list[str]) -> None:
    drawn = loads(
        "horizon: 6 months\n"
        'inputs: {cost: 10_000 to 20_000 USD, late: "uniform(10, 30) month", gate: bernoulli(0.3)}\n'
        "cash_flows:\n"
        f"  upfront: {{{', '.join(f'a{k}: {text}' for k, text in enumerate(upfront))}}}\n"
        f"  monthly: {{{', '.join(f'b{k}: {text} / 1 month' for k, text in enumerate(monthly))}}}\n"
    )
    trials = simulate(drawn, trials=512, seed=1).trials  # a gate that stays shut in all of them: 0.7^512
    noted = any("no money goes out" in note for note in ledger_notes(drawn))
    assert noted == (trials["total_cost"].max() == 0.0 and (trials["net_0"] + trials["gain"]).max() > 0.0)
