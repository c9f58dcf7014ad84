"""Monthly processes in the language: what they come to, in which unit, and what is refused."""

from __future__ import annotations

import pytest

from payback.distributions import Normal, Poisson
from payback.simulator.case.checker import check
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.load import loads
from payback.simulator.case.overrides import change
from payback.simulator.errors import CaseError
from payback.simulator.model import Draw
from tests.declare import changes, declare, definitions, formula, refusal, require_refusal, trees


@pytest.mark.parametrize(
    ("text", "state", "unit"),
    [
        (
            "gbm(3 USD/request, 5 %/year, 20 %)",
            "previous(it.gbm.path, 3) * exp((0.05 - 0.2 ** 2 / 2) / 12 + 0.2 * sqrt(1 / 12) * it.gbm)",
            "USD/request",
        ),
        (
            "gbm(price, growth, share)",
            "previous(it.gbm.path, price) * exp((12 * growth - share ** 2 / 2) / 12 + share * sqrt(1 / 12) * it.gbm)",
            "USD/request",
        ),
        (
            "ar1(price, 2 USD/request, share, 10 USD/request)",
            "2 + share * (previous(it.ar1.path, price) - 2) + 10 * it.ar1",
            "USD/request",
        ),
        ("ar1(0, t * 2 USD, 0.5, 0)", "t * 2 + 0.5 * (previous(it.ar1.path, 0) - t * 2) + 0 * it.ar1", "USD"),
        (
            "random_walk(volume, -120 request/year, 50 request/month)",
            "previous(it.random_walk.path, volume) + -120 / 12 + 50 * it.random_walk",
            "request/month",
        ),
        (
            "random_walk(9 USD, -1.2 USD/year, 2 USD)",
            "previous(it.random_walk.path, 9) + -1.2 / 12 + 2 * it.random_walk",
            "USD",
        ),
        ("random_walk(0, 0, 2 USD)", "previous(it.random_walk.path, 0) + 0 + 2 * it.random_walk", "USD"),
        (
            "jumps(price, 0.25 1/year, normal(-0.3, 0.9))",
            "previous(it.jumps.path, price) * exp(it.jumps.size)",
            "USD/request",
        ),
    ],
)
def test_states_are_written_in_the_language(text: str, state: str, unit: str) -> None:
    states = trees(text)
    assert states.popitem()[1] == next(iter(states))
    assert list(states.values()) == [state]
    assert formula(text).unit == unit


def test_draws_of_a_process_are_monthly_and_belong_to_it() -> None:
    count, size = (
        definition
        for definition in definitions("jumps(price, 3 1/year, gamma(share, 0.1))")
        if isinstance(definition, Draw)
    )
    assert (count.name, count.axis, count.monthly, count.process) == ("it.jumps", "it.jumps", True, "it.jumps")
    assert count.distribution == Poisson(0.25)
    assert (size.name, size.axis, size.monthly, size.process) == ("it.jumps.size", "it.jumps.size", True, "it.jumps")
    assert [to_text(definition) for definition in size.parameters] == ["share", "it.jumps"]
    shock = definitions("gbm(price, 5 %, 20 %)")[0]
    assert isinstance(shock, Draw)
    assert shock.distribution == Normal(0.0, 1.0)


def test_each_process_of_a_calculation_has_axes_of_its_own() -> None:
    text = "gbm(price, 1 %, gbm(20 %, 0, 1)) * random_walk(1, 0, 1) * gbm(1, 0, 1)"
    draws = [definition.axis for definition in definitions(text) if isinstance(definition, Draw)]
    assert draws == ["it.gbm", "it.gbm.2", "it.random_walk", "it.gbm.3"]


def test_an_overridden_process_keeps_its_axes() -> None:
    base = declare(calculations={"it": "gbm(price, 5 %, 20 %)"})
    changed = check(change(base, changes(it="it * 0.5")), check(base)).model
    shock = next(draw for draw in changed.draws if draw.process)
    assert (shock.name, shock.axis, shock.process) == ("it.base.gbm", "it.gbm", "it.gbm")


def test_events_with_a_size_are_sums() -> None:
    assert trees("events(2 1/year, gamma(2, 30) USD)") == {"it": "it.events.size"}
    assert formula("events(2 1/year, gamma(2, 30) USD)").unit == "USD/month"
    assert trees("events(2 1/year, gamma(2, 30) USD/month)")["it"] == "it.events.size"
    assert formula("events(2 1/year, 5)").unit == "1/month"


@pytest.mark.parametrize(
    ("text", "column", "given", "allowed"),
    [
        ("gbm(0, 5 %, 20 %)", 14, "the start of `gbm` is `0`", "more than 0"),
        ("gbm(t, 5 %, 20 %)", 14, "varies by month", "at(x, k)"),
        ("gbm(price, price, 20 %)", 21, "in USD/request", "a drift a year"),
        ("gbm(price, 5 %, 6 %/month)", 26, "a volatility in 1/month", "times sqrt(12)"),
        ("gbm(price, 5 %, -20 %)", 26, "the volatility is `-0.2`", "0 or more"),
        ("gbm(price, 5 %)", 10, "without `volatility`", "gbm(start, drift, volatility)"),
        ("gbm(1, previous(it, 1), 20 %)", 17, "the month before of `it`", "calculations above"),
        ("events(previous(it, 1) * 1 1/month)", 17, "the month before of `it`", "calculations above"),
        ("gbm(upfront, 5 %, 20 %)", 10, "draws anew", "before the ledger"),
        ("ar1(price, 2 USD, 0.5, 1 USD/request)", 10, "USD/request and USD", "the same unit"),
        ("ar1(1, 2, 1, 1)", 20, "`phi` is `1`", "`random_walk` does not return"),
        ("ar1(1, 2, price, 1)", 20, "in USD/request", "`phi`, the share kept"),
        ("ar1(1, 2, 0.5, -1)", 25, "`sd` is `-1`", "0 or more"),
        ("random_walk(1 USD, 2, 1 USD)", 29, "a plain number", "a drift, what each month adds, in USD"),
        ("random_walk(1, 2, -1)", 28, "`sd` is `-1`", "0 or more"),
        ("jumps(price, 2, normal(0, 1))", 23, "a plain number", "`jumps` takes a rate"),
        ("jumps(price, -2 1/year, normal(0, 1))", 23, "the rate of `jumps` is `-2 1/year`", "0 or more"),
        ("events(-2 1/year)", 17, "the rate of `events` is `-2 1/year`", "0 or more"),
        ("jumps(price, 2 1/year, uniform(0, 1))", 33, "is of no known family", "normal"),
        ("jumps(price, 2 1/year, normal(0, 1) USD)", 33, "in USD", "one unit"),
        ("jumps(price, 2 1/year, share)", 33, "`share` is no constant", "a distribution"),
        ("jumps(price, 2 1/year, normal(npv, 1))", 40, "`npv` is a measure", "out of the ledger"),
        ("jumps(price, 2 1/year, normal(events(1 1/month) * 1 month, 1))", 40, "draws anew", "of its own"),
        ("events(2 1/year, lognormal(5, 1) USD)", 27, "is of no known family", "gamma"),
    ],
)
def test_what_a_process_is_refused_for(text: str, column: int, given: str, allowed: str) -> None:
    require_refusal(text, column, given, allowed)


@pytest.mark.parametrize("text", ["gbm(1, 5 %, 20 %)", "renewal(exponential(9))", "jumps(1, 1 1/year, normal(0, 1))"])
def test_a_process_is_no_input(text: str) -> None:
    message = refusal(declare(inputs={"price": text}))
    assert "inputs.price" in message
    assert "calculation" in message


COUPLED = """horizon: 6
inputs:
  x: 1 to 3
  noise: {{distribution: "normal(0, 1)", each: month}}
calculations:
  price: gbm(1, 5 %, 20 %) * jumps(1, 1, 0.1)
  volume: x * gbm(100, 0, 30 %) + events(2)
  two: gbm(1, 0, 1) + gbm(1, 0, 1)
  gone: renewal(exponential(6))
  odd: gbm(1, 0,
cash_flows: {{upfront: {{cost: -20}}, monthly: {{saved: price * volume + noise}}}}
dependence:
  - {{between: [{pair}], spearman: 0.5}}
"""
SOUND = COUPLED.replace("  odd: gbm(1, 0,\n", "")


@pytest.mark.parametrize(
    ("pair", "axes"),
    [
        ("volume.gbm, price.gbm", ("price.gbm", "volume.gbm")),
        ("volume.events, noise", ("noise", "volume.events")),
        ("volume.events, price.jumps", ("price.jumps", "volume.events")),
    ],
)
def test_processes_are_coupled_by_their_draws(pair: str, axes: tuple[str, str]) -> None:
    case = loads(SOUND.format(pair=pair))
    for changed in (case, case.change("price * 2"), case.change("volume = 5")):
        assert [group.axes for group in changed.model.dependence] == [axes]
        assert [declared.name for declared in case.declarations.inputs] == ["x", "noise"]


@pytest.mark.parametrize(
    ("pair", "given", "near"),
    [
        ("price, volume.gbm", "`price` is no input but a calculation", "price.gbm"),
        ("price.gmb, noise", "`price.gmb` is no input", "price.gbm"),
        ("price.gbm, x", "`price.gbm` is drawn each month, another of these inputs once", ""),
        ("two.gbm, noise", "`two.gbm` is no input", ""),
        ("gone.renewal, noise", "`gone.renewal` is no input", ""),
        ("price.gbm, price.gbm", "`price.gbm` is paired with itself", ""),
    ],
)
def test_what_is_no_draw_of_a_process_is_not_coupled(pair: str, given: str, near: str) -> None:
    with pytest.raises(CaseError) as caught:
        loads(SOUND.format(pair=pair))
    (problem,) = caught.value.problems
    assert problem.path.startswith("dependence[0].between")
    assert (problem.given, problem.near) == (given, near)


def test_a_process_that_cannot_be_read_is_told_of_once() -> None:
    with pytest.raises(CaseError) as caught:
        loads(COUPLED.format(pair="odd.gbm, noise"))
    assert [problem.path for problem in caught.value.problems] == ["calculations.odd"]
