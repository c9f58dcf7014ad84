"""Sums of a random number of draws against closed forms, recursions and quadrature."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from mpmath import besseli, binomial, exp, mp, mpf, quad, sqrt

from payback.distributions import (
    Bernoulli,
    Binomial,
    Certain,
    Compound,
    Discrete,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Geometric,
    Histogram,
    Integers,
    Laplace,
    Lognormal,
    Lomax,
    Mixture,
    NegativeBinomial,
    Normal,
    Pareto,
    Pert,
    Poisson,
    Scaled,
    Shifted,
    Triangular,
    Uniform,
    ZeroInflated,
    inverter,
)
from payback.distributions.compound.fourier import transform
from payback.distributions.compound.series import Series
from payback.simulator.cube.streams import uniforms

SHARES = np.array([0.06, 0.2, 0.5, 0.8, 0.95, 0.999, 1.0 - 1e-6])


@pytest.mark.parametrize("rate", [0.3, 3.0])
def test_poisson_of_exponential_draws_against_the_bessel_form(rate: float) -> None:
    """Feller (1971), An Introduction to Probability Theory, Volume 2, 2nd ed., section II.7."""
    d, scale = Compound(Poisson(rate), Exponential(5.0)), 5.0
    with mp.workdps(25):

        def density(x: mpf) -> mpf:
            return exp(-rate - x / scale) * sqrt(rate / (scale * x)) * besseli(1, 2 * sqrt(rate * x / scale))

        assert float(d.cdf(0.0)) == pytest.approx(math.exp(-rate), rel=1e-15)
        for share in (0.8, 0.97, 1.0 - 1e-7, 1.0 - 1e-13):
            x = float(d.ppf(share))
            assert float(d.pdf(x)) == pytest.approx(float(density(mpf(x))), rel=1e-12)
            beyond = quad(density, [mpf(x), 2 * x + 10, 4 * x + 60, mp.inf])
            assert float(d.sf(x)) == pytest.approx(float(beyond), rel=1e-11)
            assert float(beyond) == pytest.approx(1.0 - share, rel=1e-9, abs=2.0**-53)


def test_a_geometric_number_of_exponential_draws_is_exponential() -> None:
    d = Compound(Geometric(0.2), Exponential(3.0))
    assert np.allclose(d.ppf(SHARES), Exponential(15.0).ppf(SHARES), rtol=1e-9)
    fast = inverter(d)
    assert fast.kind == "table"
    assert np.allclose(fast(SHARES), Exponential(15.0).ppf(SHARES), rtol=3e-9)


@pytest.mark.parametrize(
    "frequency", [Poisson(2.5), NegativeBinomial(2.0, 0.4), Binomial(8, 0.3)], ids=lambda d: d.name
)
def test_draws_on_steps_against_the_recursion_of_panjer(frequency: Distribution) -> None:
    """Panjer (1981), doi:10.1017/S0515036100006796: p(n) = (a + b / n) p(n - 1)."""
    values, weights = (1.0, 2.0, 5.0), (0.5, 0.3, 0.2)
    f = np.zeros(200)
    f[[1, 2, 5]] = weights
    p0, p1, p2 = (float(frequency.pdf(k)) for k in (0.0, 1.0, 2.0))
    b = 2.0 * (p1 / p0 - p2 / p1)
    a = p1 / p0 - b
    g = np.zeros(60)
    g[0] = p0
    for s in range(1, g.size):
        j = np.arange(1, s + 1)
        g[s] = np.sum((a + b * j / s) * f[j] * g[s - j])
    d = Compound(frequency, Scaled(Discrete(values, weights), 0.25))
    assert np.allclose(d.pdf(0.25 * np.arange(g.size)), g, rtol=1e-9, atol=1e-16)
    assert inverter(d).kind == "steps"


def test_draws_of_a_uniform_distribution_against_irwin_and_hall() -> None:
    """By transform, to the error stated. Johnson, Kotz and Balakrishnan (1995), Volume 2, section 26.9."""
    d = Compound(Poisson(3.0), Uniform(0.0, 1.0))
    x = np.array([0.0, 0.3, 1.0, 1.7, 2.5, 4.1, 6.0])
    with mp.workdps(60):
        wanted = []
        for y in x.tolist():
            total = exp(mpf(-3))
            for n in range(1, 60):
                ways = sum((-1) ** k * binomial(n, k) * (mpf(y) - k) ** n for k in range(math.floor(y) + 1))
                total += exp(mpf(-3)) * mpf(3) ** n / mp.factorial(n) * min(ways / mp.factorial(n), 1)
            wanted.append(float(total))
    assert 0.0 < d.error < 1e-6
    assert np.max(np.abs(d.cdf(x) - wanted)) <= d.error
    assert float(d.cdf(0.0)) == pytest.approx(math.exp(-3.0), rel=1e-12)


def test_the_sum_of_two_lognormal_draws_against_quadrature() -> None:
    """Row A14 of the catalogue: medians 1, sigmas 1."""
    d = Compound(Certain(2.0), Lognormal(1.0, 1.0))
    wanted = [0.726911713171, 2.443165882197, 8.635587513387]
    assert np.max(np.abs(d.cdf(wanted) - [0.05, 0.5, 0.95])) <= d.error
    assert np.allclose(d.ppf([0.05, 0.5, 0.95]), wanted, rtol=3e-6)


def test_moments_of_twelve_lognormal_draws() -> None:
    """Row A15 of the catalogue."""
    d = Compound(Certain(12.0), Lognormal(1.0, 0.5))
    assert d.mean == pytest.approx(13.597781436802, rel=1e-12)
    assert d.sd == pytest.approx(2.091972812478, rel=1e-12)


@pytest.mark.parametrize("frequency", [Poisson(3.0), NegativeBinomial.from_mean(8.0, 4.0)], ids=lambda d: d.name)
@pytest.mark.parametrize("severity", [Gamma(2.5, 2.0), Gamma(0.6, 10.0)], ids=str)
def test_the_transform_keeps_its_stated_error_beside_the_series(frequency: Distribution, severity: Gamma) -> None:
    d = Compound(frequency, severity)
    inner = d.law
    assert isinstance(inner, ZeroInflated)
    assert isinstance(inner.distribution, Series)
    numbers = frequency.pdf(np.arange(float(frequency.isf(1e-30)) + 1.0))

    def generating(z: np.ndarray) -> np.ndarray:
        return np.polynomial.polynomial.polyval(z, numbers)

    grid = transform(generating, frequency.mean, severity)
    x = d.ppf(np.linspace(d.cdf(0.0) + 1e-6, 1.0 - 1e-6, 300))
    interpolated = np.interp(x, grid.line.values, grid.line.below)
    assert grid.error < 1e-6
    assert np.max(np.abs(interpolated - d.cdf(x))) <= grid.error


@pytest.mark.parametrize(
    "d",
    [
        Compound(Poisson(3.0), Exponential(5.0)),
        Compound(NegativeBinomial(4.0, 0.6), Gamma(2.5, 2.0)),
        Compound(Poisson(3.0), Lognormal(100.0, 1.0)),
        Compound(Binomial(12, 0.1), Pert(1.0, 2.0, 5.0)),
        Compound(Poisson(2.0), ZeroInflated(0.5, Triangular(0.0, 1.0, 4.0))),
        Compound(Integers(1, 6), Integers(1, 6)),
    ],
    ids=str,
)
def test_moments_are_exact_and_simulation_agrees(d: Compound) -> None:
    """20,000 sums drawn one by one: each share within 4.5 standard errors of its probability."""
    n, x = d.frequency, d.severity
    assert d.mean == pytest.approx(n.mean * x.mean, rel=1e-12)
    assert d.sd == pytest.approx(math.sqrt(n.mean * x.sd**2 + n.sd**2 * x.mean**2), rel=1e-12)
    numbers = n.ppf(uniforms(5, "numbers", 0, 20_000)).astype(int)
    draws = x.ppf(uniforms(5, "draws", 0, int(numbers.sum())))
    sums = np.zeros(numbers.size)
    np.add.at(sums, np.repeat(np.arange(numbers.size), numbers), draws)
    for share in (0.3, 0.6, 0.9, 0.99):
        at = float(d.ppf(share))
        p = float(d.cdf(at))
        assert abs(np.mean(sums <= at * (1 + 1e-12)) - p) <= 4.5 * math.sqrt(p * (1.0 - p) / sums.size)


def test_special_numbers_and_draws() -> None:
    assert Compound(Poisson(0.0), Lognormal(1.0, 1.0)).law == Certain(0.0)
    assert Compound(Poisson(3.0), Certain(12.5)).law == Scaled(Poisson(3.0), 12.5)
    assert Compound(Poisson(3.0), Certain(0.0)).law == Certain(0.0)
    single = Compound(Bernoulli(0.3), Lognormal(1.0, 1.0))
    assert (
        np.max(np.abs(single.cdf([0.5, 1.0, 9.0]) - (0.7 + 0.3 * Lognormal(1.0, 1.0).cdf([0.5, 1.0, 9.0]))))
        <= single.error
    )
    dice = Compound(Certain(2.0), Integers(1, 6))
    assert np.allclose(dice.pdf(np.arange(2.0, 13.0)), np.array([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]) / 36, rtol=1e-12)
    assert Compound(Poisson(3.0), Empirical((4.0, 1.0, 2.5))).discrete
    negative = Compound(Poisson(3.0), Scaled(Gamma(2.0, 1.0), -1.0))
    mirrored = Compound(Poisson(3.0), Gamma(2.0, 1.0))
    assert np.allclose(negative.isf(SHARES), -mirrored.ppf(SHARES), rtol=1e-9)


def test_a_heavy_tail_is_that_of_the_largest_draw() -> None:
    """P(S > x) is about E[N] P(X > x) far out: Embrechts, Klüppelberg and Mikosch (1997), theorem 1.3.9."""
    for severity in (Pareto(1.5, 20.0), Lomax(2.0, 5.0)):
        d = Compound(Poisson(3.0), severity)
        x = float(d.isf(1e-12))
        assert float(d.sf(x)) == pytest.approx(3.0 * float(severity.sf(x)), rel=1e-2)


@pytest.mark.parametrize(
    ("frequency", "severity", "says"),
    [
        (Normal(3.0, 1.0), Exponential(1.0), "`Compound(frequency=...)` must be a whole number, at least 0"),
        (Shifted(Poisson(3.0), -1.0), Exponential(1.0), "`Compound(frequency=...)` must be a whole number, at least 0"),
        (Pareto(1.5, 1.0), Exponential(1.0), "`Compound(frequency=...)` must be a whole number, at least 0"),
        (Poisson(np.array([1.0, 2.0]), checked=False), Gamma(2.0, 1.0), "must have constant parameters"),
        (
            Poisson(3.0),
            Laplace(1.0, 1.0),
            "`Compound(severity=...)` must be at least 0, or of a family with known sums",
        ),
        (
            Poisson(3.0),
            Mixture((Certain(5.0), Lognormal(1.0, 1.0)), (0.5, 0.5)),
            "`Compound(severity=...)` must have no value with a probability of its own beside a density, but for 0",
        ),
        (Poisson(1e5), Lognormal(1.0, 1.0), "`Compound(frequency=...)` must have a mean of at most 8000.0"),
        (Poisson(3.0), Uniform(1.0, 1.0001), "`Compound(severity=...)` gives sums known to"),
        (Poisson(2.0), Discrete((0.1, 3.14159), (0.5, 0.5)), "must give sums of at most 1,048,576 steps of 1e-05"),
    ],
)
def test_what_cannot_be_is_refused(frequency: Distribution, severity: Distribution, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        Compound(frequency, severity)


def test_a_histogram_may_be_a_draw() -> None:
    severity = Histogram((0.0, 1.0, 10.0), (3.0, 1.0))
    d = Compound(Certain(1.0), severity)
    x = np.linspace(0.0, 10.0, 41)
    assert np.max(np.abs(d.cdf(x) - severity.cdf(x))) <= d.error
