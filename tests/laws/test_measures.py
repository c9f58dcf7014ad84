"""Laws of the measures of a ledger, over random ones and in both engines: what their words promise a reader."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from payback.distributions import Normal, Uniform
from payback.simulator.cube import Cube, MonteCarlo
from tests.simulator.engine.compiled.side_by_side import both
from tests.simulator.engine.models import model, outputs

TRIALS = 64
DRAWS = {"a": Normal(0.2, 1.0), "b": Uniform(-1.0, 3.0), "z": Normal(0.0, 1.0)}
TERMS = ("a", "b", "z", "-b", "-2", "1", "a * b", "b * (t - 3)", "pulse(2) * a", "step(3) * b", "if(z > 0, a, -1)")
ONCE = ("a", "-b", "-5", "4", "a * b", "-3 * b", "0")
MEASURES = ("gain", "invested", "roi", "multiple", "first_year_net", "net_0", "irr", "irr_count", "total_cost")

LINES = st.dictionaries(st.sampled_from(["p", "q", "r", "s"]), st.sampled_from(TERMS), min_size=1)
START = st.dictionaries(st.sampled_from(["f", "g"]), st.sampled_from(ONCE), max_size=2)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(START, LINES, st.sets(st.sampled_from(["p", "q", "r", "s"])), st.integers(1, 30))
def test_measures_of_random_ledgers(
    upfront: dict[str, str], monthly: dict[str, str], marked: set[str], horizon: int
) -> None:
    month = min(12, horizon)
    case = model(
        DRAWS, {}, upfront, monthly, horizon=horizon, each_month=("z",), investment=tuple(marked & set(monthly))
    )
    asked = (*MEASURES, f"at(cumulative_net, {month})")
    for x in both(case, outputs(*asked), Cube(("a", "b"), TRIALS, 3, MonteCarlo())):
        scale = x["total_cost"] + np.abs(x["gain"]) + x["net_0"] + 1.0
        assert (x["invested"] >= 0.0).all()
        assert (x["invested"] <= x["total_cost"] + 1e-12 * scale).all()
        assert (np.isnan(x["roi"]) == (x["invested"] == 0.0)).all()
        assert (np.isnan(x["multiple"]) == (x["invested"] == 0.0)).all()
        clear = (np.abs(x["gain"]) > 1e-12 * scale) & (x["invested"] > 0.0)
        assert (np.sign(x["roi"]) == np.sign(x["gain"]))[clear].all()
        assert ((x["multiple"] < 1.0) == (x["gain"] < 0.0))[clear & (np.abs(x["roi"]) > 1e-12)].all()
        assert x["first_year_net"].tolist() == x[f"at(cumulative_net, {month})"].tolist()
        assert (x["irr_count"][~np.isnan(x["irr"])] == 1.0).all()


def certain(upfront: dict[str, str], monthly: dict[str, str], *, investment: tuple[str, ...] = (), horizon: int = 24):
    case = model(DRAWS, {}, upfront, monthly, horizon=horizon, investment=investment)
    plain, compiled = both(case, outputs(*MEASURES), Cube(("a", "b"), 16, 1, MonteCarlo()))
    assert all(plain[name] == pytest.approx(compiled[name], rel=1e-9, nan_ok=True) for name in MEASURES)
    return {name: first(values) for name, values in plain.items()}


def first(values: NDArray[np.float64]) -> float:
    assert np.array_equal(values, np.full(values.shape, values[0]), equal_nan=True)
    return float(values[0])


def test_a_grant_at_the_start_and_running_costs_above_the_income() -> None:
    values = certain({"build": "-1000", "grant": "300"}, {"income": "150", "running": "-175"})
    assert values["gain"] == -1000 + 300 - 25 * 24
    assert values["multiple"] == pytest.approx(1 + values["gain"] / 1000)  # -0.3, where money in is 3.9 of the outlay
    assert values["first_year_net"] == -1000 + 300 - 25 * 12


def test_an_investment_counts_the_money_out_of_its_lines_alone() -> None:
    values = certain({"build": "-100"}, {"machine": "if(t < 4, -50, 40)", "income": "30"}, investment=("machine",))
    assert values["invested"] == 100 + 3 * 50
    assert values["gain"] == -100 - 3 * 50 + 21 * 40 + 24 * 30
    assert values["roi"] == values["gain"] / 250


def test_a_marked_line_that_brings_money_in_is_no_investment() -> None:
    values = certain({}, {"refund": "40", "running": "-60"}, investment=("refund",))
    assert values["invested"] == 0.0
    assert np.isnan([values["roi"], values["multiple"]]).all()


@pytest.mark.parametrize("months", [13, 24])
def test_a_deposit_before_the_work_has_no_rate_of_return(months: int) -> None:
    values = certain({"deposit": "100"}, {"work": "pulse(12) * -130"}, horizon=months)
    assert (values["irr_count"], values["gain"]) == (1.0, -30.0)
    assert np.isnan(values["irr"])
    invested = certain({"deposit": "-100"}, {"back": "pulse(12) * 130"}, horizon=months)
    assert invested["irr"] == pytest.approx(0.3)
