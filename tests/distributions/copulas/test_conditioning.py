"""Conditions on coupled axes: closed forms, and brute force that keeps the trials which meet them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr, ndtri

from payback.distributions.copulas.conditioning import Band
from payback.distributions.copulas.elliptical import Copula, GaussianCopula, TCopula
from tests.coupled import FOUR, Array, Matrix, independent, pair, textbook

Bands = dict[int, Band]

GAUSSIAN, STUDENT, CAUCHY = GaussianCopula(FOUR), TCopula(FOUR, 4.0), TCopula(FOUR, 1.0)
THREE = pytest.mark.parametrize("copula", [GAUSSIAN, STUDENT, CAUCHY], ids=["gaussian", "t(4)", "t(1)"])

RANK_TWO: Matrix = ((1.0, 0.0, 0.6), (0.0, 1.0, 0.8), (0.6, 0.8, 1.0))


def brute_force(copula: Copula, bands: Bands, trials: int = 2**20, seed: int = 10) -> Array:
    """Trials of the copula that lie in all bands."""
    u = textbook(copula, trials, seed)
    kept = np.ones(trials, dtype=bool)
    for axis, band in bands.items():
        kept &= (u[:, axis] >= band.low) & (u[:, axis] <= band.high)
    return u[kept]


def assert_same_law(coupled: Array, weights: Array | None, kept: Array) -> None:
    """Compare means, products and shares below points of all axes, with bounds from standard errors."""
    w = np.ones(len(coupled)) if weights is None else weights
    assert len(kept) > 1000
    for function in [
        lambda u: u,
        lambda u: u * np.roll(u, 1, axis=1),
        lambda u: u <= np.median(kept, axis=0),
        lambda u: u <= np.quantile(kept, 0.05, axis=0),
    ]:
        a, b = np.asarray(function(coupled), dtype=float), np.asarray(function(kept), dtype=float)
        mean = w @ a / w.sum()
        # the standard error of a ratio of weighted sums
        error = np.sqrt(((w[:, None] * (a - mean)) ** 2).sum(axis=0)) / w.sum()
        bound = 4.5 * np.sqrt(error**2 + b.var(axis=0) / len(b))
        assert (np.abs(mean - b.mean(axis=0)) <= bound + 1e-12).all()


def inside(u: Array, bands: Bands) -> bool:
    return all(((u[:, axis] >= band.low) & (u[:, axis] <= band.high)).all() for axis, band in bands.items())


@THREE
@pytest.mark.parametrize("axis", range(4))
@pytest.mark.parametrize(("low", "high"), [(0.0, 0.1), (0.9, 1.0), (0.3, 0.5)])
def test_one_band(copula: Copula, axis: int, low: float, high: float) -> None:
    bands, u = {axis: Band(low, high)}, independent(2**14, 4, seed=31)
    coupled = copula.couple(u, bands)
    assert inside(coupled, bands)
    assert copula.weights(u, bands) is None
    assert_same_law(coupled, None, brute_force(copula, bands, 2**17))


TWO_BANDS = [
    {0: Band(0.0, 0.1), 3: Band(0.0, 0.2)},
    {1: Band(0.9, 1.0), 2: Band(0.8, 1.0)},
    {2: Band(0.3, 0.5), 0: Band(0.9, 1.0)},
    {0: Band(0.7, 1.0), 1: Band(0.7, 1.0), 3: Band(0.5, 0.9)},
    {0: Band(0.5, 1.0), 1: Band(0.5, 1.0), 2: Band(0.0, 0.5), 3: Band(0.0, 0.6)},
]


@THREE
@pytest.mark.parametrize("bands", TWO_BANDS, ids=lambda bands: "-".join(map(str, bands)))
def test_several_bands(copula: Copula, bands: Bands) -> None:
    u = independent(2**15, 4, seed=20)
    coupled, weights = copula.couple(u, bands), copula.weights(u, bands)
    assert inside(coupled, bands)
    assert weights is not None
    assert (weights > 0).all()
    trials = 2**20
    kept = brute_force(copula, bands, trials)
    assert_same_law(coupled, weights, kept)
    # the mean weight is the probability of the bands
    p = len(kept) / trials
    bound = 4.5 * np.sqrt(p / trials + weights.var() / len(weights))
    assert weights.mean() == pytest.approx(p, abs=bound)


def test_probability_of_an_orthant() -> None:
    # P(u < 1/2, v < 1/2) = 1/4 + asin(rho) / (2 pi), for all elliptical copulas
    u, bands = independent(2**16, 2), {0: Band(0.0, 0.5), 1: Band(0.0, 0.5)}
    for copula in (GaussianCopula(pair(0.6)), TCopula(pair(0.6), 3.0)):
        weights = copula.weights(u, bands)
        assert weights is not None
        expected = 0.25 + np.arcsin(0.6) / (2 * np.pi)
        assert weights.mean() == pytest.approx(expected, abs=4 * weights.std() / 2**8)


def test_independent_bands_need_no_weights() -> None:
    u, bands = independent(1000, 3), {0: Band(0.0, 0.1), 1: Band(0.5, 1.0)}
    assert GaussianCopula(RANK_TWO).weights(u, bands) is None
    assert GaussianCopula(RANK_TWO).weights(u, {0: Band(0.0, 0.1), 2: Band(0.5, 1.0)}) is not None
    # a t copula knows no independence
    assert TCopula(RANK_TWO, 4.0).weights(u, bands) is not None


@THREE
def test_pins_and_bands_together(copula: Copula) -> None:
    # a pin by brute force is a narrow band
    bands = {3: Band(0.9, 0.9), 0: Band(0.0, 0.6), 2: Band(0.4, 1.0)}
    u = independent(2**15, 4, seed=21)
    coupled, weights = copula.couple(u, bands), copula.weights(u, bands)
    assert (coupled[:, 3] == 0.9).all()
    kept = brute_force(copula, bands | {3: Band(0.895, 0.905)})
    kept[:, 3] = 0.9
    assert_same_law(coupled, weights, kept)


def test_pins_of_a_gaussian_copula_are_regression_on_the_same_innovations() -> None:
    u, matrix = independent(1000, 4), np.array(FOUR)
    z = ndtri(GAUSSIAN.couple(u))
    pinned, target = [1, 3], np.array([0.1, 0.7])
    free = [0, 2]
    slopes = np.linalg.solve(matrix[np.ix_(pinned, pinned)], matrix[np.ix_(pinned, free)])
    expected = z[:, free] + (ndtri(target) - z[:, pinned]) @ slopes
    coupled = GAUSSIAN.couple(u, {1: Band(0.1, 0.1), 3: Band(0.7, 0.7)})
    assert (coupled[:, pinned] == target).all()
    np.testing.assert_allclose(ndtri(coupled[:, free]), expected, atol=1e-9)


@pytest.mark.parametrize("degrees", [1.0, 4.0])
def test_pins_of_a_t_copula_have_the_law_of_the_textbook(degrees: float) -> None:
    # Ding (2016): location and scale by regression, the scale times (nu + d) / (nu + pins), nu + pins degrees
    matrix, pinned, free = np.array(FOUR), [1, 3], [0, 2]
    law = stats.t(degrees)
    coupled = law.ppf(TCopula(FOUR, degrees).couple(independent(2**14, 4), {1: Band(0.05, 0.05), 3: Band(0.7, 0.7)}))
    at = law.ppf([0.05, 0.7])
    slopes = np.linalg.solve(matrix[np.ix_(pinned, pinned)], matrix[np.ix_(pinned, free)])
    scale = matrix[np.ix_(free, free)] - matrix[np.ix_(free, pinned)] @ slopes
    distance = at @ np.linalg.solve(matrix[np.ix_(pinned, pinned)], at)
    stretch = np.sqrt((degrees + distance) / (degrees + 2))
    for j, axis in enumerate(free):
        standard = (coupled[:, axis] - at @ slopes[:, j]) / np.sqrt(scale[j, j]) / stretch
        assert stats.kstest(standard, stats.t(degrees + 2).cdf).pvalue > 1e-4


def test_conditional_mean_in_closed_form() -> None:
    # E(u_1 given u_0) = Phi(rho z / sqrt(2 - rho^2))
    rho, trials = 0.7, 2**15
    for pin in (0.1, 0.5, 0.99):
        coupled = GaussianCopula(pair(rho)).couple(independent(trials, 2), {0: Band(pin, pin)})
        expected = ndtr(rho * ndtri(pin) / np.sqrt(2 - rho**2))
        assert coupled[:, 1].mean() == pytest.approx(expected, abs=4 * 0.29 / np.sqrt(trials))


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.2), (0.7, 1.0), (1e-9, 1e-6)])
def test_trials_keep_their_order_and_innovations(low: float, high: float) -> None:
    u = independent(2000, 4)
    plain, band = ndtri(GAUSSIAN.couple(u)), ndtri(GAUSSIAN.couple(u, {1: Band(low, high)}))
    order = np.argsort(plain[:, 1])
    assert (np.diff(band[order, 1]) >= 0).all()
    for j in (0, 2, 3):
        rho = FOUR[1][j]
        np.testing.assert_allclose(band[:, j] - rho * band[:, 1], plain[:, j] - rho * plain[:, 1], atol=1e-6)


@pytest.mark.parametrize("copula", [STUDENT, CAUCHY], ids=["t(4)", "t(1)"])
def test_trials_of_a_t_copula_keep_their_innovations(copula: TCopula) -> None:
    u, law = independent(2000, 4), stats.t(copula.degrees)
    plain, band = (law.ppf(copula.couple(u, bands)) for bands in ({}, {1: Band(0.0, 0.2)}))
    for j in (0, 2, 3):
        rest = [(x[:, j] - FOUR[1][j] * x[:, 1]) / np.sqrt(copula.degrees + x[:, 1] ** 2) for x in (plain, band)]
        np.testing.assert_allclose(rest[1], rest[0], atol=1e-8)


@THREE
def test_a_band_that_holds_everything_changes_nothing(copula: Copula) -> None:
    u = independent(500, 4)
    np.testing.assert_allclose(copula.couple(u, {2: Band(0.0, 1.0)}), copula.couple(u), atol=1e-9)


@THREE
def test_a_band_of_the_first_axis_is_exact(copula: Copula) -> None:
    u = independent(2000, 4)
    band = copula.couple(u, {0: Band(0.2, 0.6)})
    # two tables, each to half of 1e-9
    np.testing.assert_allclose(band[:, 0], 0.2 + 0.4 * u[:, 0], rtol=1e-9)


@pytest.mark.parametrize("degrees", [None, 4.0])
def test_perfect_correlation(degrees: float | None) -> None:
    matrix = ((1.0, 1.0, 0.5), (1.0, 1.0, 0.5), (0.5, 0.5, 1.0))
    copula = GaussianCopula(matrix) if degrees is None else TCopula(matrix, degrees)
    u = independent(2**14, 3)
    for bands in ({0: Band(0.3, 0.3)}, {1: Band(0.2, 0.4)}):
        coupled = copula.couple(u, bands)
        np.testing.assert_allclose(coupled[:, 0], coupled[:, 1], atol=1e-12)
    # two bands on what is one axis are their overlap
    both = {0: Band(0.0, 0.3), 1: Band(0.2, 0.9)}
    coupled = copula.couple(u, both)
    assert inside(coupled, both)
    assert copula.weights(u, both) is None
    np.testing.assert_allclose(coupled, copula.couple(u, {0: Band(0.2, 0.3)}), atol=1e-9)
    with pytest.raises(ValueError, match="no trial can meet"):
        copula.couple(u, {0: Band(0.0, 0.2), 1: Band(0.3, 0.9)})


@pytest.mark.parametrize("degrees", [None, 4.0])
def test_opposite_axes(degrees: float | None) -> None:
    copula = GaussianCopula(pair(-1.0)) if degrees is None else TCopula(pair(-1.0), degrees)
    coupled = copula.couple(independent(1000, 2), {0: Band(0.0, 0.5), 1: Band(0.6, 0.7)})
    assert (coupled[:, 0] >= 0.3 - 1e-12).all()
    assert (coupled[:, 0] <= 0.4 + 1e-12).all()
    np.testing.assert_allclose(coupled[:, 1], 1 - coupled[:, 0], atol=1e-12)


@pytest.mark.parametrize("degrees", [None, 4.0])
@pytest.mark.parametrize(
    "bands",
    [
        {0: Band(0.6, 1.0), 1: Band(0.5, 0.9), 2: Band(0.7, 0.95)},
        {0: Band(0.0, 0.5), 1: Band(0.5, 1.0), 2: Band(0.45, 0.55)},
    ],
    ids=["upwards", "apart"],
)
def test_bands_on_axes_that_determine_one_another(degrees: float | None, bands: Bands) -> None:
    copula = GaussianCopula(RANK_TWO) if degrees is None else TCopula(RANK_TWO, degrees)
    u = independent(2**15, 3, seed=22)
    coupled, weights = copula.couple(u, bands), copula.weights(u, bands)
    assert weights is not None
    assert inside(coupled[weights > 0], bands)
    np.testing.assert_allclose(
        (stats.norm if degrees is None else stats.t(degrees)).ppf(coupled[weights > 0]) @ [0.6, 0.8, -1.0], 0, atol=1e-6
    )
    kept = brute_force(copula, bands)
    assert_same_law(coupled, weights, kept)
    p = len(kept) / 2**20
    assert weights.mean() == pytest.approx(p, abs=4.5 * np.sqrt(p / 2**20 + weights.var() / len(weights)))


@THREE
def test_far_tails(copula: Copula) -> None:
    u = independent(2000, 4)
    for bands in ({0: Band(0.0, 1e-9), 3: Band(1 - 1e-9, 1.0)}, {1: Band(0.0, 1e-12), 2: Band(0.0, 1e-12)}):
        coupled, weights = copula.couple(u, bands), copula.weights(u, bands)
        assert weights is not None
        assert inside(coupled, bands)
        assert np.isfinite(weights).all()
        assert (weights >= 0).all()
        assert ((coupled > 0) & (coupled < 1)).all()


@THREE
def test_leading_axes_and_strips_stand_alone(copula: Copula) -> None:
    u, bands = independent(20_000, 4), {0: Band(0.2, 0.6), 1: Band(0.0, 0.5)}
    whole, weights = copula.couple(u, bands), copula.weights(u, bands)
    subset = np.asfortranarray(u[8_000:8_500, :2])
    assert (copula.couple(subset, bands) == whole[8_000:8_500, :2]).all()
    assert weights is not None
    assert (copula.weights(subset, bands) == weights[8_000:8_500]).all()


@pytest.mark.parametrize(
    "bands",
    [
        {0: Band(0.5, 0.5), 1: Band(0.5, 0.5), 2: Band(0.5, 0.5)},
        {0: Band(0.5, 0.5), 1: Band(0.5, 0.5), 2: Band(0.1, 0.2)},
    ],
)
@pytest.mark.parametrize("degrees", [None, 4.0])
def test_conditions_on_what_pins_determine(bands: Bands, degrees: float | None) -> None:
    copula = GaussianCopula(RANK_TWO) if degrees is None else TCopula(RANK_TWO, degrees)
    with pytest.raises(ValueError, match="determine axis 2"):
        copula.couple(np.empty((0, 3), order="F"), bands)


def test_a_band_that_the_pins_leave_empty() -> None:
    with pytest.raises(ValueError, match="nothing is left"):
        GaussianCopula(pair(0.9999999)).couple(independent(1, 2), {0: Band(0.01, 0.01), 1: Band(0.9, 1.0)})


@pytest.mark.parametrize(
    ("low", "high"), [(0.5, 0.4), (-0.1, 0.5), (0.5, 1.1), (0.0, 0.0), (1.0, 1.0), (0.5, float("nan"))]
)
def test_bands_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="band"):
        Band(low, high)
