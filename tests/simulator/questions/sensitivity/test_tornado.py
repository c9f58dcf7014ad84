from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from payback.simulator.case import loads
from payback.simulator.engine import evaluate
from payback.simulator.errors import CaseError
from payback.simulator.questions.sensitivity.tornado import base_values, tornado
from payback.simulator.questions.sensitivity.variance import variance
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling
from tests.catalogue import compared_with
from tests.simulator.questions.cases import COUPLED, small

differs = compared_with(Path(__file__).with_name("messages.txt"))

MONOTONE = """
horizon: 12
discount_rate: 0 %/year
inputs:
  a: lognormal(median=100, sigma=1)
  b: triangular(2, 5, 20)
  c: uniform(0, 1)
  gate: bernoulli(30 %)
  twin_b: uniform(1, 2)
  twin_a: uniform(1, 2)
  noise: {distribution: "normal(0, 1)", each: month}
  fixed: 3
cash_flows:
  upfront: {cost: -b}
  monthly: {income: (a * c + twin_a + twin_b) * gate + 0 * noise}
hold: {gate: 1}
"""


def test_bars_are_exact_at_the_quantiles_of_one_input_others_at_their_medians() -> None:
    swings = tornado(loads(MONOTONE))
    medians = {"a": 100.0, "b": 20 - np.sqrt(0.5 * 15 * 18), "c": 0.5, "twin_a": 1.5, "twin_b": 1.5}

    def gain(**changed: float) -> float:
        x = medians | changed
        return 12 * (x["a"] * x["c"] + x["twin_a"] + x["twin_b"]) - x["b"]

    assert swings.base == pytest.approx(gain(), rel=1e-9)
    quantiles = {
        "a": (100 * np.exp(-1.2815515655446004), 100 * np.exp(1.2815515655446004)),
        "b": (2 + np.sqrt(0.1 * 3 * 18), 20 - np.sqrt(0.1 * 15 * 18)),
        "c": (0.1, 0.9),
        "twin_a": (1.1, 1.9),
        "twin_b": (1.1, 1.9),
    }
    bars = {bar.input: bar for bar in swings.bars}
    assert set(bars) == set(quantiles)
    for name, (low, high) in quantiles.items():
        assert (bars[name].low_value, bars[name].high_value) == pytest.approx((low, high), rel=1e-9)
        assert (bars[name].low, bars[name].high) == pytest.approx((gain(**{name: low}), gain(**{name: high})), rel=1e-9)
        assert bars[name].swing == abs(bars[name].high - bars[name].low)


RARE = """
horizon: 24
inputs:
  margin: normal(9_000, 1_500)
  recall: bernoulli(8 %)
  recall_cost: lognormal(median=400_000, sigma=0.6)
  strike: "mixture(97 %: normal(1, 0.1), 3 %: normal(0.4, 0.1))"
  downtime: zero_inflated(95 %, lognormal(median=20_000, sigma=1))
  crew: "discrete({2: 25 %, 3: 50 %, 5: 25 %})"
  count: poisson(40)
cash_flows:
  upfront: {recall: -recall * recall_cost, downtime: -downtime, count: -count}
  monthly: {work: margin * strike, crew: -abs(crew - 3) * 1_000}
"""


def test_inputs_with_few_values_are_put_at_them_and_at_their_extreme_results() -> None:
    swings = tornado(loads(RARE))
    bars = {bar.input: bar for bar in swings.bars}
    recall, crew, downtime = bars["recall"], bars["crew"], bars["downtime"]
    base = swings.base or 0.0
    assert swings.bars[0] == recall
    assert (recall.low_value, recall.high_value, recall.low_share, recall.high_share) == (0.0, 1.0, 0.92, 0.08)
    assert (recall.low, recall.high) == pytest.approx((base, base - 400_000), rel=1e-12)
    # the result is largest at 3, its median, and smallest at 5
    assert (crew.low_value, crew.high_value, crew.low_share, crew.high_share) == (3.0, 5.0, 0.5, 0.25)
    assert crew.swing == pytest.approx(48_000, rel=1e-12)
    assert (downtime.low_value, downtime.low_share) == (0.0, 0.95)
    assert (downtime.high_value, downtime.high_share) == pytest.approx((20_000, 0.05), rel=1e-9)
    assert (bars["count"].low_u, bars["count"].low_share) == (0.1, None)
    assert not differs(swings.note, "rare events")


def test_parameters_of_an_event_are_those_of_the_base_case() -> None:
    case = loads(
        "{horizon: 1, inputs: {p: 'uniform(0, 0.1)', event: bernoulli(p)}, cash_flows: {monthly: {m: 1 - event}}}"
    )
    (event,) = (bar for bar in tornado(case).bars if bar.input == "event")
    assert (event.low, event.high) == (1.0, 0.0)
    assert (event.low_share, event.high_share) == pytest.approx((0.95, 0.05), rel=1e-12)


POOL = (
    "normal(1, 1)",
    "uniform(0, 2)",
    "lognormal(median=1, sigma=1)",
    "bernoulli({p})",
    "zero_inflated(1 - {p}, lognormal(median=1, sigma=1))",
    "mixture({p}: normal(20, 1), 1 - {p}: normal(0, 1))",
    "poisson({p})",
    "integers(1, 4)",
    "discrete({{0: 1 - {p}, 3: {p} / 2, -3: {p} / 2}})",
)


@pytest.mark.parametrize("seed", range(40))
def test_an_input_that_makes_a_twentieth_of_the_variance_has_a_bar_or_is_named(seed: int) -> None:
    """Random cases: sums and products of gates, mixtures, losses that are mostly 0, and ordinary inputs."""
    random = Random(seed)
    names = [f"x{k}" for k in range(6)]
    inputs = {name: random.choice(POOL).format(p=round(random.uniform(0.01, 0.3), 3)) for name in names}
    terms = [
        f"{random.choice([-10, -1, 1, 10])} * " + " * ".join(random.sample(names, random.randint(1, 2)))
        for _ in range(6)
    ]
    lines = "\n".join(f'  {name}: "{law}"' for name, law in inputs.items())
    case = loads(f"horizon: 1\ninputs:\n{lines}\ncash_flows: {{monthly: {{m: '{' + '.join(terms)}'}}}}\n")
    swings, shared = tornado(case), variance(Frame(case, Sampling(2**12).cube(case)), Execution())
    bars = {bar.input: bar for bar in swings.bars}
    for share in shared.shares:
        (name,) = share.inputs
        # an interval of fewer than 16 events may say anything
        if (share.total.low or 0.0) > 0.05 and bars[name].swing == 0.0:
            assert name in swings.note.rpartition("no swing")[2], (name, inputs, terms)


def test_longest_first_and_ties_by_name() -> None:
    swings = tornado(loads(MONOTONE))
    assert [bar.input for bar in swings.bars] == ["a", "c", "b", "twin_a", "twin_b"]


def test_gates_are_held_and_named_and_monthly_inputs_are_not_swung() -> None:
    swings = tornado(loads(MONOTONE))
    assert [(held.name, held.value) for held in swings.held] == [("gate", 1.0)]
    assert "Held: gate = 1" in swings.note
    assert not differs(swings.note, "monthly inputs")


def test_a_gate_that_a_change_shuts_is_not_held_open() -> None:
    shut = loads(MONOTONE).change("gate = 0")
    assert shut.hold == {}
    assert tornado(shut).base == pytest.approx(-(20 - np.sqrt(0.5 * 15 * 18)), rel=1e-12)
    assert loads(MONOTONE).change("gate = bernoulli(60 %)").hold == {"gate": 1.0}


def test_dependence_is_not_followed_and_the_note_says_so() -> None:
    coupled, alone = (tornado(loads(COUPLED.format(rho=rho)), "x + y") for rho in (0.9, 0.0))
    assert coupled.bars == alone.bars
    assert "Dependence is not followed" in coupled.note


def test_inputs_that_depend_on_a_swung_one_stand_at_their_own_median() -> None:
    swings = tornado(small(), "npv")
    assert "works" not in [bar.input for bar in swings.bars]
    free = loads("{horizon: 1, inputs: {p: 'uniform(0.2, 0.9)', open: bernoulli(p)}, cash_flows: {monthly: {m: open}}}")
    (first, _) = tornado(free).bars
    assert (first.input, first.low, first.high) == ("open", 0.0, 1.0)
    assert {bar.input: bar.swing for bar in tornado(free).bars}["p"] == 1.0


def test_never_is_none_and_stands_first() -> None:
    case = loads(
        "{horizon: 12, inputs: {x: 'uniform(0.5, 3)', y: 'uniform(0, 0.1)'},"
        " cash_flows: {upfront: {c: -10}, monthly: {m: x + y}}}"
    )
    swings = tornado(case, "payback")
    assert swings.bars[0].input == "x"
    assert (swings.bars[0].low, swings.bars[0].swing) == (None, None)
    assert swings.bars[0].high is not None
    assert swings.unit == ""


def test_the_base_case_holds_gates_too() -> None:
    case = small()
    values = base_values(case, {"npv": case.formula("npv").expression})
    direct = evaluate(case.model, {"works": 1.0}, {"npv": case.formula("npv").expression})
    assert values["npv"] == direct["npv"][0]
    assert values["npv"] == tornado(case).base


def test_a_measure_that_makes_no_sense() -> None:
    with pytest.raises(CaseError, match="sold"):
        tornado(small(), "sold")


def test_a_process_is_not_swung_and_named_once() -> None:
    case = loads(
        "{horizon: 3, inputs: {old: 'uniform(0, 9)'}, calculations: {n: 'renewal(gamma(2, 3), age=old)',"
        " s: 'jumps(1, 1, normal(0, 1))'}, cash_flows: {upfront: {c: -10}, monthly: {m: n + s + old}}}"
    )
    swings = tornado(case)
    assert [bar.input for bar in swings.bars] == ["old"]
    assert not differs(swings.note, "processes")
