"""Means, sd, skewness and tail means of trials."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from payback.distributions import Distribution, Exponential, StudentT
from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics import cvar, mean, mean_difference, sd, skew, top_share
from tests.reference_statistics import T15, central, mean_ends, tail_mean

Floats = NDArray[np.float64]
MIDPOINTS = (np.arange(2**18) + 0.5) / 2**18


def normal(name: str, trials: int, seed: int = 1) -> Floats:
    return np.asarray(ndtri(uniforms(seed, name, 0, trials)))


def test_mean_and_sd_of_independent_trials() -> None:
    x = np.exp(normal("x", 5_000) / 2)
    estimate = mean(x)
    assert estimate.value == pytest.approx(math.fsum(x) / 5_000, rel=1e-14)
    low, high = mean_ends(x.tolist(), 1.959963984540054)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), rel=1e-12)
    assert sd(x).value == pytest.approx(np.std(x, ddof=1), rel=1e-12)
    assert skew(x).value == pytest.approx(central(x.tolist(), 3) / 5_000 / np.std(x) ** 3, rel=1e-10)


@pytest.mark.parametrize("values", [[3.0], [3.0] * 29, [1.0, 2.0], list(range(29))])
def test_few_trials_give_no_interval(values: list[float]) -> None:
    for estimate in (mean(values), sd(values), mean_difference(values, [0.0] * len(values))):
        assert (estimate.low, estimate.high) == (None, None)
        assert "too few trials" in estimate.warning
    assert mean(values).value == pytest.approx(math.fsum(values) / len(values))


def test_error_of_the_mean_from_replicates() -> None:
    x = normal("x", 4_096) + np.tile(normal("common", 16), 256)
    estimate = mean(x, 16)
    low, high = mean_ends(x.reshape(-1, 16).mean(axis=0).tolist(), T15)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), rel=1e-10)
    assert estimate.method == "t of 16 replicates"


def test_a_skewed_mean_reaches_further_on_the_side_of_the_tail() -> None:
    estimate = mean(np.exp(1.5 * normal("x", 4_096)), 16)
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.high - float(estimate.value or 0) > float(estimate.value or 0) - estimate.low


def test_the_mean_of_terms_without_skewness_has_an_even_interval() -> None:
    x = normal("x", 4_096)
    estimate = mean(np.concatenate([x, -x]))
    assert estimate.value == pytest.approx(0, abs=1e-15)
    half = 1.959963984540054 * np.std(np.concatenate([x, -x]), ddof=1) / math.sqrt(8_192)
    assert (estimate.low, estimate.high) == pytest.approx((-half, half), rel=1e-9)


@pytest.mark.parametrize(("q", "expected"), [(5, -2.06271280750743), (1, -2.66521422034581), (95, 2.06271280750743)])
def test_a18_tail_mean_of_a_normal(q: float, expected: float) -> None:
    estimate = cvar(ndtri(MIDPOINTS), q)
    assert estimate.value == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("q", "expected"), [(95, 8.55722686679672), (99, 15.2279603008781)])
def test_a19_tail_mean_of_a_lognormal(q: float, expected: float) -> None:
    # midpoints understate the outermost cell, by 2.3e-4 of the tail mean at 2**18 points
    assert cvar(np.exp(ndtri(MIDPOINTS)), q).value == pytest.approx(expected, rel=3e-4)


@pytest.mark.parametrize(
    ("d", "expected"), [(Exponential(1.0), 3.99573227355399), (StudentT(4.0), 3.20287040209488)], ids=str
)
def test_a20_tail_mean_of_an_exponential_and_of_students_t(d: Distribution, expected: float) -> None:
    # Midpoints understate the outermost of 2**18 cells: by 1 / 2**18 / 5 % of the tail, times its share of the mean.
    estimate = cvar(d.ppf(MIDPOINTS), 95)
    assert estimate.value == pytest.approx(expected, rel=2e-4)
    # To 1e-12 from the quantile function itself: v = s^4 / 20 makes the integrand smooth at the end.
    nodes, weights = np.polynomial.legendre.leggauss(200)
    s = 0.5 * (nodes + 1.0)
    exact = np.sum(0.5 * weights * 4.0 * s**3 * d.isf(0.05 * s**4))
    assert exact == pytest.approx(expected, rel=1e-11 if d.name == "student_t" else 1e-9)


@pytest.mark.parametrize("q", [0.5, 5, 33.3, 66, 90, 99.9])
@pytest.mark.parametrize("kind", ["smooth", "atoms"])
def test_tail_means_against_the_twin(kind: str, q: float) -> None:
    x = normal("x", 1_001) * 3
    x = np.floor(x) if kind == "atoms" else x
    assert cvar(x, q).value == pytest.approx(tail_mean(x.tolist(), q), rel=1e-12)


def test_a_tail_of_never_has_no_mean_and_one_without_has() -> None:
    x = np.where(np.arange(4_000) % 10 == 0, np.inf, np.arange(4_000.0))
    for statistic in (mean, sd, skew, top_share):
        refused = statistic(x)
        assert (refused.value, refused.low, refused.high, refused.never) == (None, None, None, 0.1)
        assert "never in some trials" in refused.warning
    assert cvar(x, 95).value is None
    assert cvar(x, 60).value is None
    assert cvar(x, 5).value == pytest.approx(tail_mean(x.tolist(), 5), rel=1e-12)


def test_undefined_trials_leave_no_mean() -> None:
    x = np.where(np.arange(4_000) % 10 == 0, np.nan, np.arange(4_000.0))
    for estimate in (mean(x), sd(x, 16), skew(x), cvar(x, 5), top_share(x)):
        assert (estimate.value, estimate.low, estimate.high, estimate.undefined) == (None, None, None, 0.1)
        assert "undefined in some trials" in estimate.warning


def test_a_certain_value_has_no_error() -> None:
    for estimate in (mean([3.25] * 40), cvar([3.25] * 40, 5)):
        assert (estimate.value, estimate.low, estimate.high, estimate.method) == (3.25, 3.25, 3.25, "exact")
    assert (sd([3.25] * 40).value, sd([3.25] * 40).high) == (0.0, 0.0)
    assert skew([3.25] * 40).value is None
    assert top_share([0.0] * 40).value is None
    assert mean([0.0] * 40).low == 0.0


def test_a_large_offset_costs_no_digits() -> None:
    x = np.array([10000000.2] + [10000000.1, 10000000.3] * 500)
    assert mean(x).value == pytest.approx(10000000.2, rel=1e-15)
    assert sd(x).value == pytest.approx(0.1, rel=10**-8.2)


@pytest.mark.parametrize("replicates", [None, 16])
def test_a_heavy_lognormal_warns_and_a_light_one_does_not(replicates: int | None) -> None:
    z = normal("z", 16_384)
    light, heavy = np.exp(0.5 * z), np.exp(1.6 * z)
    assert mean(light, replicates).warning == ""
    assert "top 1 %" in mean(heavy, replicates).warning
    assert "top 1 %" in mean(1_000 - heavy, replicates).warning
    # a normal around 0 has a small mean, and no trial that makes it
    assert mean(z, replicates).warning == ""
    assert sd(z, replicates).warning == ""
    assert "% of the spread" in sd(heavy, replicates).warning


def test_share_of_the_top_trials() -> None:
    x = np.concatenate([np.full(9_900, 1.0), np.full(100, 101.0)])
    assert top_share(x).value == pytest.approx(10_100 / 20_000)
    assert top_share(-x).value == pytest.approx(10_100 / 20_000)
    # lognormal: Phi(sigma - z), z the 99 % point
    assert top_share(np.exp(1.6 * ndtri(MIDPOINTS))).value == pytest.approx(ndtr(1.6 - ndtri(0.99)), abs=3e-4)


def test_too_few_trials_are_told() -> None:
    short = mean(np.arange(160.0), 16)
    assert (short.value, short.low, short.high) == (79.5, None, None)
    assert "too few trials" in short.warning
    thin = cvar(np.arange(1_000.0), 5)
    assert (thin.value, thin.low) == (24.5, None)
    assert "too few trials" in thin.warning


@pytest.mark.parametrize("q", [0, 50, 100, -3, math.nan])
def test_a_tail_must_be_named(q: float) -> None:
    with pytest.raises(ValueError, match=r"`cvar\(q=...\)` must lie in"):
        cvar([1.0, 2.0], q)
