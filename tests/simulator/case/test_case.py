"""The case as a value: what it tells, how it changes, what formulas it takes."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from payback.simulator.case import Case, load, loads
from payback.simulator.case.expressions.tree import Number
from payback.simulator.engine import evaluate
from payback.simulator.errors import CaseError, Location
from payback.simulator.model import Draw, Group
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))

EVERY_KEY = Path(__file__).parent / "every_key.yaml"

CASE = """\
case: One of everything
source: a page
currency: EUR
horizon: 24 months
discount_rate: 10 %
inputs:
  traffic: {distribution: "lognormal(median=100, p95=500)", unit: request/month, grade: guess, why: so, source: L1}
  price: 0.02 EUR/request
  chance: beta(5, 3)
  gate: bernoulli(chance)
  shock: {distribution: "normal(1, 0.1)", each: month}
calculations:
  revenue: gate * traffic * price * shock
  first_year: total(revenue, 1, 12)
cash_flows:
  upfront: {build: -100 EUR}
  monthly:
    revenue: revenue
    free tier: {amount: -1 EUR/month, investment: true, why: agreed}
what_if:
  volume halves: {traffic: traffic * 0.5}
hold: {gate: 1}
"""


@pytest.fixture(scope="module")
def case() -> Case:
    return loads(CASE, "one.yaml")


def draw(case: Case, name: str) -> Draw:
    return {drawn.name: drawn for drawn in case.model.draws}[name]


def refusal(case: Case, changes: str) -> str:
    with pytest.raises(CaseError) as error:
        case.change(changes)
    return str(error.value)


def test_a_case_tells_what_its_file_says(case: Case) -> None:
    assert (case.name, case.reference, case.currency, case.horizon, case.file) == (
        "One of everything", "a page", "EUR", 24, "one.yaml",
    )  # fmt: skip
    assert case.hold == {"gate": 1.0}
    assert [declared.name for declared in case.what_if] == ["volume halves"]
    assert case.units["monthly.revenue"] == "EUR/month"
    assert [(line.label, line.investment) for line in case.model.lines] == [
        ("build", False), ("revenue", False), ("free tier", True),
    ]  # fmt: skip
    assert case.declarations.lines[2].why == "agreed"


def test_a_case_without_a_name_is_called_by_its_file() -> None:
    assert loads(CASE.replace("case: One of everything\n", ""), "one.yaml").name == "one.yaml"


def test_every_key_is_read() -> None:
    case = load(EVERY_KEY)
    assert case.ladder == ("free hosting", "volume halves")
    assert [(band.target, band.low, band.high) for band in case.stress[1].bands] == [
        ("price", 0.9, 1.0), ("noise", 0.1, 0.3), ("gate", 0.8, 0.8),
    ]  # fmt: skip
    assert case.hurdles.limits == (("payback", "12 months"), ("npv", "0 EUR"))
    assert case.hurdles.confidence == 0.8
    assert [claim.check for claim in case.claims] == ["payback <= 3 months", "P(payback <= 12 months) >= 80 %"]


def test_groups_are_components_in_the_order_of_declaration() -> None:
    groups = load(EVERY_KEY).model.dependence
    assert [group.axes for group in groups] == [("traffic", "price", "gate", "setup"), ("shock", "noise")]
    spearman, kendall = 2 * math.sin(math.pi * -0.4 / 6), math.sin(math.pi * 0.2 / 2)
    pearson = groups[0].correlation[0][3]
    driven = 4 * math.sin(math.pi * 0.5 / 6) * math.sin(math.pi * 0.4 / 6)
    assert groups[0] == Group(
        ("traffic", "price", "gate", "setup"),
        (
            (1.0, spearman, driven, pearson),
            (spearman, 1.0, 0.0, kendall),
            (driven, 0.0, 1.0, 0.0),
            (pearson, kendall, 0.0, 1.0),
        ),
    )
    # heavy tails hide part of it from Pearson
    assert 0.1 < pearson < 0.2
    assert groups[1].correlation == ((1.0, 0.3), (0.3, 1.0))


def test_the_register_holds_exact_figures(case: Case) -> None:
    traffic = case.input("traffic")
    assert (traffic.distribution, traffic.unit) == ("lognormal(median=100, p95=500)", "request/month")
    assert (traffic.grade, traffic.why, traffic.reference, traffic.certain) == ("guess", "so", "L1", False)
    assert (traffic.p50, traffic.p95) == pytest.approx((100, 500), rel=1e-12)
    sigma = math.log(5) / 1.6448536269514722
    assert traffic.mean == pytest.approx(100 * math.exp(sigma**2 / 2), rel=1e-12)
    assert traffic.sd == pytest.approx(100 * math.exp(sigma**2 / 2) * math.sqrt(math.expm1(sigma**2)), rel=1e-12)
    price = case.input("price")
    assert (price.certain, price.mean, price.sd, price.p5, price.p95) == (True, 0.02, 0, 0.02, 0.02)
    gate = case.input("gate")
    assert (gate.mean, gate.sd, gate.p50) == (None, None, None)
    assert case.input("shock").monthly
    with pytest.raises(KeyError):
        case.input("nothing")


def test_a_case_is_frozen_and_equal_to_its_twin(case: Case) -> None:
    assert case == loads(CASE, "one.yaml")
    assert case != case.change("traffic * 0.5")
    with pytest.raises(FrozenInstanceError):
        case.declarations = case.declarations  # type: ignore[misc]  # that it cannot be set is what is tested


def test_a_change_gives_another_case_and_leaves_the_first(case: Case) -> None:
    before = case.model
    halved = case.change("traffic * 0.5")
    assert case.model == before
    assert draw(halved, "traffic").axis == "traffic"
    assert draw(halved, "traffic").distribution == draw(case, "traffic").distribution
    assert draw(halved, "traffic").change is not None
    assert halved.model == case.change("volume halves").model == case.change({"traffic": "traffic * 0.5"}).model
    assert case.change("horizon = 36 months; discount_rate = 0").horizon == 36
    assert case.change("monthly.free tier * 2").change("monthly.free tier = 0").units == case.units


@pytest.mark.parametrize("file", ["falcon3_api", "support_classifier"])
def test_a_what_if_that_was_checked_with_its_case_is_the_same_as_its_twin_that_is_checked_anew(file: str) -> None:
    case = load(Path(__file__).parents[3] / "configs" / f"{file}.yaml")
    twin = replace(case, checked_changes={})
    assert case.what_if
    for what_if in case.what_if:
        changed, again = case.change(what_if.name), twin.change(what_if.name)
        assert changed.checked.steps is case.checked_changes[what_if.name][1].steps
        assert changed == again
        assert (changed.model, changed.units, changed.notes) == (again.model, again.units, again.notes)
        assert changed.change("horizon * 2").model == again.change("horizon * 2").model


def test_what_a_case_asks_does_not_bind_its_changes() -> None:
    case = loads(CASE + "claims: [{says: x, check: 'at(cumulative_net, 24) > 0 EUR'}]\n")
    assert case.change("horizon = 12").horizon == 12


def test_changes_can_follow_each_other(case: Case) -> None:
    twice = case.change("traffic * 0.5").change("traffic * 0.5")
    once = case.change("traffic * 0.25")
    values = [
        evaluate(
            changed.model,
            {"traffic": 80.0, "chance": 0.5, "gate": 1.0, "shock": 1.0},
            {"x": changed.formula("first_year").expression},
        )
        for changed in (twice, once)
    ]
    assert values[0]["x"] == pytest.approx(values[1]["x"], rel=1e-15)


def test_the_digest_is_of_the_content_and_of_every_change(case: Case) -> None:
    assert case.digest == loads(CASE, "other.yaml").digest
    assert len(case.digest) == 32
    assert len({case.digest, loads(CASE + "# remark\n").digest, case.change("traffic * 0.5").digest,
                case.change("traffic * 0.4").digest}) == 4  # fmt: skip
    assert case.change("traffic*0.5").digest == case.change("volume halves").digest


def test_a_change_that_makes_no_sense_is_told_where_it_was_typed(case: Case) -> None:
    assert refusal(case, "trafic * 0.5").startswith("<change>:1:1: ")
    assert refusal(case, "trafic * 0.5").endswith("(did you mean traffic?)")
    assert "<change>:1:9: " in refusal(case, "price = 3 USD/request")
    assert "1 to 1_200" in refusal(case, "horizon = 0")


def test_a_formula_is_scalar_over_inputs_calculations_and_measures(case: Case) -> None:
    assert case.formula("at(cumulative_net, 12) / first_year").unit == ""
    assert case.formula("npv - first_year").unit == "EUR"
    assert case.formula("traffic * 1 month").after_ledger is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("revenue", "at(x, 12), total(x)"),
        ("npv <", "<formula>:1:6: the formula ends too early"),
        ("npv < 3 months", "<formula>:1:"),
        ("npw", "(did you mean npv?)"),
    ],
)
def test_a_formula_that_makes_no_sense_is_told(case: Case, text: str, message: str) -> None:
    with pytest.raises(CaseError) as error:
        case.formula(text)
    assert message in str(error.value)


def test_unknown_units_and_rates_are_noted() -> None:
    plain = loads("{horizon: 12, inputs: {saved: 1 to 3}, cash_flows: {monthly: {saved: saved}}}")
    assert any(not differs(note, "a case without units") for note in plain.notes)
    assert any(not differs(note, "a case without a discount rate") for note in plain.notes)
    assert not any("discount_rate" in note for note in plain.change("discount_rate = 5 %").notes)


def test_ties_under_dependence_are_noted() -> None:
    text = CASE + "dependence: [{between: [traffic, gate], spearman: 0.3}]\n"
    case = loads(text.replace("bernoulli(chance)", "bernoulli(0.5)"))
    assert any(note.startswith("gate is discrete") for note in case.notes)


def test_places_are_those_of_the_file(case: Case) -> None:
    assert case.declarations.inputs[0].source.at == Location("one.yaml", 7, 28)


def test_a_call_without_arguments_is_told_in_a_change_too(case: Case) -> None:
    assert "previous" in refusal(case, "revenue = previous()")


def test_quantiles_of_counts_at_shares_in_decimals() -> None:
    case = loads(
        "horizon: 12 months\ninputs: {n: 'integers(1, 10)', gate: bernoulli(0.1)}\n"
        "cash_flows: {upfront: {a: -n * gate}}\n"
    )
    values = {text: case.formula(text).expression for text in ("quantile(n, 90 %)", "quantile(gate, 90 %)")}
    assert values == {"quantile(n, 90 %)": Number(9.0), "quantile(gate, 90 %)": Number(0.0)}
