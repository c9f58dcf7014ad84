"""Percentiles of discrete distributions at shares in decimals, against exact rational arithmetic."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from payback.distributions import (
    Bernoulli,
    Binomial,
    Discrete,
    Distribution,
    Geometric,
    Hypergeometric,
    Integers,
    NegativeBinomial,
    Normal,
    Scaled,
    Shifted,
    ZeroInflated,
)
from payback.distributions.inversion.stated_percentiles import percentile

Law = tuple[Distribution, list[tuple[int, Fraction]]]


def _p(draw: random.Random) -> Fraction:
    return Fraction(draw.randint(1, 19), 20)


def integers(draw: random.Random) -> Law:
    low, size = draw.randint(-20, 20), draw.randint(2, 60)
    return Integers(low, low + size - 1), [(low + k, Fraction(1, size)) for k in range(size)]


def bernoulli(draw: random.Random) -> Law:
    p = Fraction(draw.randint(1, 999), 1000)
    return Bernoulli(float(p)), [(0, 1 - p), (1, p)]


def binomial(draw: random.Random) -> Law:
    n, p = draw.randint(1, 12), _p(draw)
    masses = [(k, math.comb(n, k) * p**k * (1 - p) ** (n - k)) for k in range(n + 1)]
    return Binomial(n, float(p)), masses


def geometric(draw: random.Random) -> Law:
    p = _p(draw)
    return Geometric(float(p)), [(k, p * (1 - p) ** (k - 1)) for k in range(1, 12)]


def negative_binomial(draw: random.Random) -> Law:
    n, p = draw.randint(1, 4), _p(draw)
    return NegativeBinomial(n, float(p)), [(k, math.comb(k + n - 1, k) * p**n * (1 - p) ** k) for k in range(9)]


def hypergeometric(draw: random.Random) -> Law:
    population = draw.randint(4, 30)
    good, drawn = draw.randint(1, population - 1), draw.randint(1, population - 1)
    ways = math.comb(population, drawn)
    masses = [
        (k, Fraction(math.comb(good, k) * math.comb(population - good, drawn - k), ways))
        for k in range(max(0, drawn + good - population), min(good, drawn) + 1)
    ]
    return Hypergeometric(population, good, drawn), masses


def discrete(draw: random.Random) -> Law:
    cuts = sorted(draw.sample(range(1, 100), draw.randint(1, 8)))
    edges = [0, *cuts, 100]
    masses = [(k, Fraction(b - a, 100)) for k, (a, b) in enumerate(pairwise(edges))]
    return Discrete(tuple(float(k) for k, _ in masses), tuple(float(mass) for _, mass in masses)), masses


FAMILIES: list[Callable[[random.Random], Law]] = [
    integers, bernoulli, binomial, geometric, negative_binomial, hypergeometric, discrete,
]  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_the_percentile_at_each_exact_share_is_the_value_that_reaches_it(
    family: Callable[[random.Random], Law],
) -> None:
    """The share is the float nearest to the exact sum of probabilities, in both halves of the axis."""
    draw = random.Random(family.__name__)
    for _ in range(60):
        law, masses = family(draw)
        below = Fraction(0)
        for value, mass in masses:
            above, below = 1 - below, below + mass
            if min(below, 1 - below) > Fraction(1, 10**9):
                assert float(percentile(law, float(below))) == value, (law, below)
            if min(above, 1 - above) > Fraction(1, 10**9):
                assert float(percentile(law, float(above), above=True)) == value, (law, above)
                assert float(percentile(Scaled(law, -2.0), float(above))) == -2.0 * value, (law, above)


def test_percentiles_of_wrapped_values_and_at_the_ends() -> None:
    assert float(percentile(Integers(1, 10), 0.9)) == 9.0
    assert float(percentile(Shifted(Scaled(Integers(1, 10), 3.0), 1.0), 0.9)) == 28.0
    assert float(percentile(ZeroInflated(0.7, Integers(1, 10)), 0.7)) == 0.0
    ends = percentile(Integers(1, 10), np.array([0.0, 1.0, -0.1]))
    assert np.array_equal(ends, [1.0, 10.0, np.nan], equal_nan=True)


def test_a_continuous_distribution_has_the_bits_of_its_quantiles() -> None:
    shares = np.array([0.01, 0.5, 0.9])
    law = Normal(3.0, 2.0)
    assert np.array_equal(percentile(law, shares), law.ppf(shares))
    assert np.array_equal(percentile(law, shares, above=True), law.isf(shares))
