"""Dependence in a case file: copulas, targets, drivers, repairs, and what is achieved."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from payback.simulator.case import Case, loads
from payback.simulator.case.expressions.tree import Name
from payback.simulator.cube.cube import Cube
from payback.simulator.engine import simulate
from payback.simulator.errors import CaseError
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))

CASE = """
horizon: 12
inputs:
  traffic: lognormal(median=1, sigma=1)
  price: lognormal(median=2, sigma=1)
  cost: triangular(1, 2, 4)
  runs: poisson(2)
  won: bernoulli(0.3)
  share: truncated(normal(0, 1), 0, 3)
  odds: uniform(0, 1)
  passed: bernoulli(odds)
  shock: {distribution: "normal(1, 0.1)", each: month}
  noise: {distribution: "normal(1, 0.2)", each: month}
cash_flows: {monthly: {net: traffic * price * cost * runs * won * share * passed * shock * noise}}
"""


def case(text: str) -> Case:
    return loads(CASE + text)


def refusal(text: str) -> str:
    with pytest.raises(CaseError) as error:
        case(text)
    return str(error.value)


def test_a_t_copula() -> None:
    entries = "{between: [traffic, price], kendall: 0.3}, {between: [shock, noise], spearman: 0.5}"
    text = f"copula: t(4)\ndependence: [{entries}]"
    groups = case(text).model.dependence
    assert [group.degrees for group in groups] == [4.0, 4.0]
    assert groups[0].correlation[0][1] == pytest.approx(math.sin(0.15 * math.pi), abs=1e-12)
    # above 2 sin(pi r / 6) = .5176, the parameter of a Gaussian copula
    assert groups[1].correlation[0][1] == pytest.approx(0.531853, abs=1e-6)
    assert case(text.replace("t(4)", "t(degrees=2.5)")).model.dependence[0].degrees == 2.5
    assert case("copula: gaussian").model.dependence == ()


@pytest.mark.parametrize("word", ["t", "t()", "t(x)", "student(4)", "clayton(2)", "t(4, 5)"])
def test_copulas_that_there_are_not(word: str) -> None:
    message = refusal(f"copula: {word}\n")
    assert f" `{word}` " in message
    assert not differs(message, "a copula that there is not")


@pytest.mark.parametrize("word", ["t(0)", "t(-1)", "t(0.5)"])
def test_too_few_degrees_of_freedom(word: str) -> None:
    assert not differs(refusal(f"copula: {word}\n"), "too few degrees of freedom")


def test_a_pearson_target() -> None:
    coupled = case("dependence: [{between: [traffic, price], pearson: 0.377540668798}]")
    assert coupled.model.dependence[0].correlation[0][1] == pytest.approx(0.5, abs=1e-8)
    (agreement,) = coupled.agreements
    assert (agreement.between, agreement.kind, agreement.method) == (("traffic", "price"), "pearson", "quadrature")
    assert agreement.achieved == pytest.approx(0.377540668798, abs=1e-9)


def test_what_a_pearson_target_cannot_be() -> None:
    beyond, varying = ("[traffic, price], pearson: -0.6", "[traffic, passed], pearson: 0.1")
    assert not differs(refusal(f"dependence: [{{between: {beyond}}}]"), "a target out of reach")
    assert not differs(refusal(f"dependence: [{{between: {varying}}}]"), "a target of parameters that vary")


def test_of_truncated_and_discrete_inputs_the_achieved_value_is_known() -> None:
    coupled = case(
        "dependence: [{between: [share, cost], pearson: 0.4}, {between: [traffic, won], spearman: 0.5},"
        " {between: [runs, price], kendall: 0.5}, {between: [odds, passed], spearman: 0.2}]"
    )
    share, won, runs, passed = coupled.agreements
    assert share.achieved == pytest.approx(0.4, abs=1e-9)
    assert (won.asked, won.method) == (0.5, "quadrature")
    assert won.achieved == pytest.approx(0.5 * math.sqrt(3 * 0.3 * 0.7), abs=0.02)
    # tau b makes up for ties, here for more than all of them
    assert runs.achieved == pytest.approx(0.528, abs=5e-4)
    # nothing is known of an input whose parameters vary by trial
    assert (passed.achieved, passed.method) == (pytest.approx(0.2, abs=1e-12), "exact")


def test_among_and_its_achieved_values_pair_by_pair() -> None:
    coupled = case("dependence: [{among: [traffic, cost, runs], spearman: 0.5, why: so}]")
    assert [agreement.between for agreement in coupled.agreements] == [
        ("traffic", "cost"),
        ("traffic", "runs"),
        ("cost", "runs"),
    ]
    assert [agreement.method for agreement in coupled.agreements] == ["exact", "quadrature", "quadrature"]
    assert {agreement.why for agreement in coupled.agreements} == {"so"}


def test_a_driver_hits_many_lines() -> None:
    coupled = case("dependence: [{driver: a boom, parameter: {traffic: 0.8, price: -0.5, cost: 0.5}, why: all move}]")
    (group,) = coupled.model.dependence
    assert group.axes == ("traffic", "price", "cost")
    assert group.correlation == ((1.0, -0.4, 0.4), (-0.4, 1.0, -0.25), (0.4, -0.25, 1.0))
    assert [agreement.between for agreement in coupled.agreements] == [
        ("a boom", "traffic"),
        ("a boom", "price"),
        ("a boom", "cost"),
    ]
    assert [agreement.achieved for agreement in coupled.agreements] == [0.8, -0.5, 0.5]


def test_drivers_add_and_stand_beside_pairs() -> None:
    coupled = case(
        "dependence: [{driver: boom, parameter: {traffic: 0.6, price: 0.5}},"
        " {driver: taste, parameter: {traffic: 0.5, price: -0.2}}, {between: [price, cost], parameter: 0.3}]"
    )
    (group,) = coupled.model.dependence
    assert group.axes == ("traffic", "price", "cost")
    assert group.correlation[0][1] == pytest.approx(0.6 * 0.5 - 0.5 * 0.2)
    assert group.correlation[1][2] == 0.3


def test_months_have_drivers_too() -> None:
    (group,) = case("dependence: [{driver: weather, spearman: {shock: 0.5, noise: 0.5}}]").model.dependence
    assert group.axes == ("shock", "noise")
    assert group.correlation[0][1] == pytest.approx((2 * math.sin(math.pi / 12)) ** 2)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{driver: traffic, spearman: {price: 0.5, cost: 0.5}}", "`traffic` is an input"),
        ("{driver: boom, spearman: 0.5}", "dependence[0].spearman: `0.5` is given -> a mapping"),
        ("{driver: boom, spearman: {price: 0.5}}", "1 names -> two inputs or more"),
        ("{driver: boom, spearman: {price: 0.5, prise: 0.5}}", "did you mean price?"),
        ("{driver: boom, spearman: {price: 0.5, cost: 2}}", "dependence[0].spearman.cost: `2` is no correlation"),
        ("{driver: boom, spearman: {price: 0.5, shock: 0.2}}", "`shock` is drawn each month"),
        ("{driver: boom, pearson: 0.5}", "nothing says how strongly -> one of spearman, kendall, parameter"),
        ("{driver: boom, between: [price, cost], spearman: 0.5}", "`between` and `driver` are both given"),
        ("{between: [price, cost], spearman: {price: 0.5, cost: 0.5}}", "a mapping is given -> a number"),
    ],
)
def test_entries_refused(entry: str, says: str) -> None:
    assert says in refusal(f"dependence: [{entry}]")


def test_drivers_that_explain_more_than_all() -> None:
    entries = "{driver: a, parameter: {traffic: 0.8, price: 0.5}}, {driver: b, parameter: {traffic: 0.8, cost: 0.5}}"
    assert not differs(refusal(f"dependence: [{entries}]"), "drivers of more than all")


def test_a_pair_has_a_target_or_drivers() -> None:
    entries = "{between: [price, traffic], spearman: 0.2}, {driver: b, parameter: {traffic: 0.8, price: 0.5}}"
    assert not differs(refusal(f"dependence: [{entries}]"), "a pair twice")


IMPOSSIBLE = """
dependence:
  - {between: [traffic, price], parameter: 1}
  - {between: [price, cost], parameter: 1}
  - {between: [traffic, cost], parameter: 0}
"""


def test_correlations_that_cannot_hold_together() -> None:
    assert not differs(refusal(IMPOSSIBLE), "correlations that cannot hold together")


def test_repair_is_shown() -> None:
    repaired = case(IMPOSSIBLE + "repair: nearest\n")
    (group,) = repaired.model.dependence
    assert group.correlation[0] == pytest.approx((1.0, 0.760689853, 0.157298108), abs=3e-9)
    (note,) = (note for note in repaired.notes if "repaired" in note)
    assert "traffic with price 1 -> 0.7607" in note
    assert "traffic with cost 0 -> 0.1573" in note
    assert [(agreement.asked, round(agreement.achieved or 0, 4)) for agreement in repaired.agreements] == [
        (1.0, 0.7607),
        (1.0, 0.7607),
        (0.0, 0.1573),
    ]
    assert repaired.change("cost = 2").notes[0] == note
    assert not any("repaired" in agreement for agreement in case("repair: nearest").notes)


def test_a_change_leaves_the_dependence_of_the_draws_alone() -> None:
    coupled = case("dependence: [{between: [traffic, price], pearson: 0.5}]")
    for change in ("traffic = 5", "traffic = normal(3, 1)", "price * 2", "traffic = bernoulli(0.01)"):
        assert coupled.change(change).model.dependence == coupled.model.dependence
    (gone,) = coupled.change("traffic = 5").agreements
    assert gone.achieved is None


@pytest.mark.parametrize("copula", ["gaussian", "t(4)"])
def test_a_rank_correlation_of_1_gives_inputs_of_one_distribution_equal_values(copula: str) -> None:
    case = loads(
        "horizon: 12 months\n"
        "inputs: {a: 'normal(10, 1)', b: 'normal(10, 1)', c: 'gamma(2, 1)'}\n"
        f"copula: {copula}\n"
        "dependence:\n  - {between: [a, b], spearman: 1}\n  - {between: [b, c], kendall: -1}\n"
        "  - {between: [a, c], spearman: -1}\n"
        "cash_flows: {upfront: {x: -a - b - c}}\n"
    )
    cube = Cube(axes=tuple("abc"), trials=256, seed=3, dependence=case.model.dependence)
    values = simulate(case.model, cube, {name: Name(name) for name in "abc"})
    assert np.array_equal(values["a"], values["b"])
    assert np.array_equal(np.argsort(values["a"]), np.argsort(-values["c"]))
