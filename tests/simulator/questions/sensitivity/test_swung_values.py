from __future__ import annotations

import math

import pytest

from payback.distributions import (
    Bernoulli,
    Binomial,
    Certain,
    Compound,
    Discrete,
    Distribution,
    Integers,
    Lognormal,
    Mixture,
    Normal,
    Poisson,
    Rounded,
    Scaled,
    ZeroInflated,
)
from payback.simulator.questions.sensitivity.swung_values import extremes, stops


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        (Bernoulli(0.08), [(0, 0.92), (1, 0.08)]),
        (Bernoulli(1e-12), [(0, 1 - 1e-12), (1, 1e-12)]),
        (Scaled(Bernoulli(0.3), -2.0), [(-2, 0.3), (0, 0.7)]),
        (Discrete((0, 1, 1000), (0.5, 0.4999, 0.0001)), [(0, 0.5), (1, 0.4999), (1000, 0.0001)]),
        (Discrete((0, 1, 1000), (0.5, 0.49999, 0.00001)), [(0, 0.5), (1, 0.49999)]),
        (Integers(2, 5), [(2, 0.25), (3, 0.25), (4, 0.25), (5, 0.25)]),
        (Binomial(5, 0.01), [(0, 0.99**5), (1, 0.05 * 0.99**4), (2, 10e-4 * 0.99**3)]),
        (Poisson(0.05), [(0, math.exp(-0.05)), (1, -math.expm1(-0.05))]),
        (ZeroInflated(0.95, Lognormal(100, 1)), [(0, 0.95), (100, 0.05)]),
        (Compound(Poisson(0.01), Certain(3.0)), [(0, math.exp(-0.01)), (3, -math.expm1(-0.01))]),
        (Rounded(Normal(0, 0.3)), [(-1, 0.04779), (0, 0.90442), (1, 0.04779)]),
    ],
    ids=lambda x: x.name if isinstance(x, Distribution) else "",
)
def test_an_input_with_few_values_stands_at_each_and_around_a_usual_one_on_either_side(
    distribution: Distribution, expected: list[tuple[float, float]]
) -> None:
    places = stops(distribution, 0.1, 0.9)
    assert [float(distribution.ppf(stop.u)) for stop in places] == pytest.approx([x for x, _ in expected], rel=1e-9)
    assert [stop.share for stop in places] == pytest.approx([share for _, share in expected], abs=1e-5)


@pytest.mark.parametrize(
    "distribution",
    [Lognormal(1, 1), Poisson(3), Integers(1, 20), Mixture((Normal(0, 1), Normal(50, 1)), (0.95, 0.05))],
    ids=lambda d: d.name,
)
def test_other_inputs_stand_at_two_quantiles(distribution: Distribution) -> None:
    assert [(stop.u, stop.share) for stop in stops(distribution, 0.1, 0.9)] == [(0.1, None), (0.9, None)]


def test_a_value_that_is_drawn_always_leaves_the_quantiles() -> None:
    """The other values have a probability of 1e-23."""
    assert [stop.u for stop in stops(Rounded(Normal(0, 0.05)), 0.1, 0.9)] == [0.1, 0.9]


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([3.0, 1.0], (0, 1)),
        ([2.0, 5.0, 1.0, 3.0], (1, 2)),
        ([4.0, 4.0, 4.0], (0, 2)),
        ([math.nan, 2.0, 1.0], (1, 2)),
        ([math.nan, math.nan, math.nan], (0, 2)),
        ([9.0, math.inf, 3.0, math.inf], (1, 2)),
    ],
)
def test_a_bar_reaches_between_the_smallest_and_the_largest_result(values: list[float], ends: tuple[int, int]) -> None:
    assert extremes(values) == ends
