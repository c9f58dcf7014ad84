"""Coordinates and values of inputs in compiled code: the bits of the cube and of the inverters."""

from __future__ import annotations

from functools import partial

import pytest

from payback.distributions import (
    FAMILIES,
    Beta,
    Certain,
    Discrete,
    Distribution,
    Empirical,
    Histogram,
    Integers,
    Lognormal,
    Mixture,
    Normal,
    Poisson,
    Quantiles,
    Rounded,
    Scaled,
    Shifted,
    Triangular,
    Truncated,
    Uniform,
)
from payback.distributions.inversion.inverter import Exact, inverter
from payback.simulator.case.expressions.parser import parse
from payback.simulator.cube import SAMPLERS, Cube, Sampler
from payback.simulator.model import Draw, Group, Line, Model
from tests.simulator.engine.compiled.side_by_side import backends, both, filled, same_bits

LAWS: tuple[Distribution, ...] = (
    Uniform(0.9, 2.5),
    Uniform(-5.0, -1.0),
    Triangular(8.3, 10.4, 30.0),
    Scaled(Triangular(1.0, 2.0, 4.0), -3.0),
    Truncated(Triangular(1.0, 2.0, 5.0), 1.5, 4.0),
    Lognormal(0.001, 3.0),
    Beta(0.4, 0.3, -5.0, 0.0),
    Poisson(1.2),
    Poisson(4_000.0),
    Discrete((3.0, 1.0, 2.5), (0.2, 0.5, 0.3)),
    Integers(1, 5_000),
    Rounded(Normal(10.0, 300.0)),
    Mixture((Normal(0.0, 1.0), Uniform(5.0, 6.0)), (0.5, 0.5)),
    Certain(41.7),
    Quantiles((0.1, 0.5, 0.9), (1.0, 2.0, 8.0)),
    Empirical(tuple(1.001**k for k in range(3_000))),
    Histogram(
        (0.0, *(3.0 + 1e-6 * k for k in range(1_000)), 9.0), (2e4, *(1.0,) * 999, 2e4)
    ),  # lines too narrow for a guide
    Scaled(Uniform(1.0, 2.0), -2.0),
    Shifted(Scaled(Uniform(1.0, 2.0), -1.0), 5.0),
    Scaled(Histogram((0.0, 1.0, 2.0, 10.0), (3.0, 1.0, 1.0)), -2.0),
)
NAMES = tuple(f"x{k}" for k in range(len(LAWS)))
INPUTS = {name: parse(name) for name in NAMES}


def model(*more: Draw, dependence: tuple[Group, ...] = ()) -> Model:
    draws = tuple(Draw(name, name, law) for name, law in zip(NAMES, LAWS, strict=True))
    return Model((*draws, *more), (Line("monthly", "line", parse("1")),), 3, parse("0.1"), dependence)


def cube(sampler: Sampler, **others) -> Cube:
    return Cube(NAMES, 40_000, 3, sampler, **others)


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
@pytest.mark.parametrize(("start", "stop"), [(0, 4_000), (20_007, 20_900), (39_999, 40_000)])
def test_every_kind_of_input(sampler: Sampler, start: int, stop: int) -> None:
    assert not same_bits(*both(model(), INPUTS, cube(sampler), start, stop))


@pytest.mark.parametrize("name", [name for name, law in zip(NAMES, LAWS, strict=True) if "Scaled(" in str(law)])
def test_a_mirrored_input_rises_with_its_coordinate_on_both_engines(name: str) -> None:
    low, high = (cube(SAMPLERS["sobol"]).pin(name, u, follow=False) for u in (0.1, 0.9))
    expressions = {name: parse(name)}
    for at_low, at_high in zip(*(both(model(), expressions, pinned, 0, 16) for pinned in (low, high)), strict=True):
        assert at_low[name][0] < at_high[name][0]


def test_conditions_and_borrowed_axes() -> None:
    sobol = SAMPLERS["sobol"]
    changed = cube(sobol).restrict("x5", 0.2, 0.9).pin("x0", 0.25, follow=False).restrict("x7", 0.9, 1.0, follow=False)
    mixed = changed.mix(changed.twin(), ["x1", "x5", "x8"])
    assert not same_bits(*both(model(), INPUTS, mixed, 17, 3_000))


MATRICES = {
    "three": ((1.0, 0.5, 0.2), (0.5, 1.0, 0.3), (0.2, 0.3, 1.0)),
    "two apart": ((1.0, 0.0, 0.7), (0.0, 1.0, 0.0), (0.7, 0.0, 1.0)),
    "twins": ((1.0, -1.0, 0.6), (-1.0, 1.0, -0.6), (0.6, -0.6, 1.0)),
}


@pytest.mark.parametrize("degrees", [None, 4.0])
@pytest.mark.parametrize("matrix", MATRICES.values(), ids=MATRICES)
def test_axes_that_depend_on_one_another(matrix: tuple[tuple[float, ...], ...], degrees: float | None) -> None:
    groups = (Group(("x2", "x5", "x7"), matrix, degrees),)
    coupled = cube(SAMPLERS["sobol"], dependence=groups).restrict("x5", 0.1, 0.7, follow=False)
    _, compiled = backends(model(dependence=groups), INPUTS, coupled)
    assert not filled(compiled)
    assert not same_bits(*both(model(dependence=groups), INPUTS, coupled, 5, 2_000))
    last = {"x5": parse("x5")}
    assert not same_bits(*both(model(dependence=groups), last, coupled.mix(coupled.twin(), ["x2"]), 5, 2_000))
    conditioned = cube(SAMPLERS["monte_carlo"], dependence=groups).restrict("x5", 0.5, 1.0)
    assert not same_bits(*both(model(dependence=groups), INPUTS, conditioned, 5, 2_000))


def test_inputs_of_each_month_that_depend_on_one_another() -> None:
    draws = [Draw(name, name, Normal(0.0, 1.0), monthly=True) for name in ("p", "q")]
    groups = (Group(("p", "q"), ((1.0, 0.8), (0.8, 1.0))), Group(("x1", "x7"), ((1.0, -0.5), (-0.5, 1.0)), 3.0))
    expressions = {text: parse(text) for text in ("at(p, 1)", "at(q, 1)", "at(q, 3)", "at(p, 3)", "x1", "x7")}
    of = model(*draws, dependence=groups), expressions, cube(SAMPLERS["sobol"], dependence=groups)
    assert not filled(backends(*of)[1])
    assert not same_bits(*both(*of, 100, 900))


def test_inputs_of_each_month() -> None:
    noise = Draw("noise", "noise", Normal(0.0, 1.0), monthly=True)
    count = Draw("count", "count", Poisson(3.0), monthly=True)
    expressions = {
        f"at({name}, {month})": parse(f"at({name}, {month})") for name in ("noise", "count") for month in (1, 3)
    }
    for sampler in SAMPLERS.values():
        assert not same_bits(*both(model(noise, count), expressions | INPUTS, cube(sampler), 31, 2_031))


def test_exact_quantiles_and_parameters_by_trial_come_from_numpy() -> None:
    slow = Beta(0.001, 0.002)
    assert isinstance(inverter(slow), Exact)
    normal = partial(FAMILIES["normal"].forms[0].build, checked=False)
    by_trial = Draw("y", "y", None, normal, (parse("x5 * 2"), parse("x0")))
    of_it = Draw("w", "w", None, normal, (parse("y"), parse("x0")))
    expressions = {name: parse(name) for name in ("slow", "y", "w", "y + w + x3", "npv")}
    outputs = both(
        model(Draw("slow", "slow", slow), by_trial, of_it), expressions, Cube((*NAMES, "slow", "y", "w"), 4_000), 3, 999
    )
    assert not same_bits(*outputs)


def test_parameters_by_trial_of_inputs_of_each_month() -> None:
    poisson = partial(FAMILIES["poisson"].forms[0].build, checked=False)
    events = Draw("events", "events", None, poisson, (parse("x0 * 2"),), monthly=True)
    rising = Draw("rising", "rising", None, poisson, (parse("t / 2"),), monthly=True)
    lines = Line("upfront", "cost", parse("-x3")), Line("monthly", "line", parse("events * x0 - rising"))
    case = Model((*model().definitions, events, rising), lines, 6, parse("0.1"))
    expressions = {
        text: parse(text) for text in ("npv", "payback", "irr_count", "at(events, 2)", "at(lag(events, 2), 5)")
    }
    assert not same_bits(*both(case, expressions, cube(SAMPLERS["sobol"]), 40, 3_000))
