"""The rare parts of distributions: their weights against counts of draws."""

from __future__ import annotations

import math

import pytest

from payback.distributions import (
    Bernoulli,
    Binomial,
    Compound,
    Discrete,
    Distribution,
    Highest,
    Integers,
    Lognormal,
    Mixture,
    Normal,
    Poisson,
    Rounded,
    Scaled,
    Shifted,
    Truncated,
    ZeroInflated,
)

REGIMES = Mixture((Normal(0, 1), Normal(100, 1)), (0.9999, 0.0001))


@pytest.mark.parametrize(
    ("distribution", "weights"),
    [
        (Bernoulli(1e-4), [1e-4]),
        (Bernoulli(0.9999), [1e-4]),
        (Bernoulli(0.5), [0.5]),
        (Poisson(1e-3), [-math.expm1(-1e-3)]),
        (Poisson(3), []),
        (Binomial(5, 0.01), [1 - 0.99**5]),
        (Integers(1, 6), []),
        (Discrete((0, 1, 1000), (0.5, 0.4999, 0.0001)), [0.0001, 0.4999]),
        (REGIMES, [1e-4]),
        (Mixture((REGIMES, Normal(5, 1)), (0.99, 0.01)), [0.99e-4, 0.01]),
        (ZeroInflated(0.999, Lognormal(1, 1)), [1e-3]),
        (ZeroInflated(0.001, REGIMES), [0.999e-4, 1e-3]),
        (Compound(Poisson(1e-4), Lognormal(1, 1)), [-math.expm1(-1e-4)]),
        (Compound(Poisson(3), Mixture((Lognormal(1, 1), Lognormal(99, 1)), (0.999, 0.001))), [-math.expm1(-3e-3)]),
        (Shifted(Scaled(Bernoulli(1e-4), -3.0), 1.0), [1e-4]),
        (Rounded(Normal(0, 0.1)), [math.erfc(5 / math.sqrt(2))]),
        (Highest((Bernoulli(1e-4), Bernoulli(2e-4))), [1e-4, 2e-4, 3e-4 - 2e-8]),
        (Truncated(REGIMES, -5.0, 50.0), []),
        (Truncated(REGIMES, 1.0, 200.0), [1e-4 / (1e-4 + 0.9999 * math.erfc(1 / math.sqrt(2)) / 2)]),
        (Truncated(Poisson(0.01), 0.0, 4.0), [-math.expm1(-0.01)]),
        (Lognormal(1, 3), []),
    ],
    ids=lambda x: x.name if isinstance(x, Distribution) else "",
)
def test_rare_parts_have_their_exact_weights(distribution: Distribution, weights: list[float]) -> None:
    assert sorted(distribution.rare_parts()) == pytest.approx(sorted(weights), rel=1e-6)


@pytest.mark.parametrize("p", [1e-3, 1e-9, 1e-15])
def test_weights_of_unchecked_parameters_are_those_of_checked_ones(p: float) -> None:
    assert Bernoulli(p, checked=False).rare_parts() == Bernoulli(p).rare_parts() == (p,)
