"""The Gaussian copula: targets, factors, margins, and conditions against brute force."""

from __future__ import annotations

import numpy as np
import openturns as ot
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtr, ndtri

from distributions.copulas import (
    Band,
    GaussianCopula,
    kendall_to_parameter,
    parameter_to_kendall,
    parameter_to_spearman,
    require_correlation,
    spearman_to_parameter,
)
from simulator.cube import uniforms

Array = NDArray[np.float64]

FOUR = (
    (1.0, -0.4, 0.3, 0.5),
    (-0.4, 1.0, 0.2, -0.3),
    (0.3, 0.2, 1.0, 0.6),
    (0.5, -0.3, 0.6, 1.0),
)


def independent(trials: int, axes: int, seed: int = 1) -> Array:
    return np.asfortranarray(np.column_stack([uniforms(seed, f"axis {i}", 0, trials) for i in range(axes)]))


@pytest.mark.parametrize(
    ("spearman", "parameter"),
    [
        (0.3, 0.312868930080),
        (0.5, 0.517638090205),
        (0.7, 0.716735899091),
        (0.9, 0.907980999479),
        (-0.4, -0.415823381636),
    ],
)
def test_spearman_targets(spearman: float, parameter: float) -> None:
    assert spearman_to_parameter(spearman) == pytest.approx(parameter, abs=1e-12)
    assert parameter_to_spearman(parameter) == pytest.approx(spearman, abs=1e-12)
    trials = 2**17
    coupled = GaussianCopula(((1.0, parameter), (parameter, 1.0))).couple(independent(trials, 2))
    achieved = float(stats.spearmanr(coupled).statistic)
    # the standard error of a rank correlation is below 1.1 / sqrt(n)
    assert achieved == pytest.approx(spearman, abs=4 * 1.1 / np.sqrt(trials))


@pytest.mark.parametrize(("kendall", "parameter"), [(0.3, 0.453990499740), (0.5, 0.707106781187)])
def test_kendall_targets(kendall: float, parameter: float) -> None:
    assert kendall_to_parameter(kendall) == pytest.approx(parameter, abs=1e-12)
    assert parameter_to_kendall(parameter) == pytest.approx(kendall, abs=1e-12)
    trials = 2**16
    coupled = GaussianCopula(((1.0, parameter), (parameter, 1.0))).couple(independent(trials, 2))
    achieved = float(stats.kendalltau(coupled[:, 0], coupled[:, 1]).statistic)
    # the standard error of Kendall's tau is below 2/3 (1 + tau) / sqrt(n)
    assert achieved == pytest.approx(kendall, abs=4 / np.sqrt(trials))


@given(st.floats(-1, 1))
def test_targets_round_trip(value: float) -> None:
    assert parameter_to_spearman(spearman_to_parameter(value)) == pytest.approx(value, abs=1e-12)
    assert parameter_to_kendall(kendall_to_parameter(value)) == pytest.approx(value, abs=1e-7)


@pytest.mark.parametrize("convert", [spearman_to_parameter, kendall_to_parameter])
@pytest.mark.parametrize("value", [1.0001, -2.0, float("nan")])
def test_targets_out_of_range(convert: object, value: float) -> None:
    with pytest.raises(ValueError, match=r"\[-1, 1\]"):
        convert(value)  # type: ignore[operator]  # a table of functions


def test_correlations_that_cannot_hold_together() -> None:
    with pytest.raises(ValueError, match=r"-0\.414.*\(0, 1\) = 1, \(1, 2\) = 1$"):
        GaussianCopula(((1.0, 1.0, 0.0), (1.0, 1.0, 1.0), (0.0, 1.0, 1.0)))


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        (((1.0, 0.5),), "square"),
        (((1.0, 0.5), (0.4, 1.0)), "symmetric"),
        (((1.0, 0.5), (0.5, 0.9)), "diagonal"),
        (((1.0, 1.2), (1.2, 1.0)), "entries"),
        (((1.0, float("nan")), (float("nan"), 1.0)), "entries"),
    ],
)
def test_what_is_no_correlation_matrix(matrix: tuple[tuple[float, ...], ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        require_correlation(matrix)


def matrices() -> list[Array]:
    found = []
    for size in (2, 3, 5, 8):
        for rank in (1, 2, size):
            loads = ndtri(independent(size, rank, seed=100 * size + rank))
            matrix = loads @ loads.T
            scale = np.sqrt(np.diag(matrix))
            matrix = np.clip(matrix / scale / scale[:, None], -1, 1)
            np.fill_diagonal(matrix, 1.0)
            found.append((matrix + matrix.T) / 2)
    return found


@pytest.mark.parametrize("matrix", matrices(), ids=lambda m: f"{len(m)}-{np.linalg.matrix_rank(m)}")
def test_factor(matrix: Array) -> None:
    factor = GaussianCopula(tuple(map(tuple, matrix.tolist()))).factor
    assert (np.triu(factor, 1) == 0).all()
    np.testing.assert_allclose(factor @ factor.T, matrix, atol=1e-9)
    if np.linalg.eigvalsh(matrix)[0] > 1e-6:
        np.testing.assert_allclose(factor, np.linalg.cholesky(matrix), atol=1e-9)


def test_perfect_dependence() -> None:
    u = independent(1000, 3)
    coupled = GaussianCopula(((1.0, 1.0, -1.0), (1.0, 1.0, -1.0), (-1.0, -1.0, 1.0))).couple(u)
    assert (coupled[:, 0] == u[:, 0]).all()
    np.testing.assert_allclose(coupled[:, 1], u[:, 0], rtol=1e-12)
    np.testing.assert_allclose(coupled[:, 2], 1 - u[:, 0], rtol=0, atol=1e-14)


def test_no_dependence_changes_no_bit() -> None:
    u = independent(1000, 3)
    assert (GaussianCopula(tuple(map(tuple, np.eye(3).tolist()))).couple(u) == u).all()


def test_coordinates_stay_inside() -> None:
    ends = [2.0**-53, 1 - 2.0**-53]
    u = np.asfortranarray([(a, b) for a in ends for b in ends])
    for rho in (1.0, 0.99, 0.5, -0.5, -0.99, -1.0):
        coupled = GaussianCopula(((1.0, rho), (rho, 1.0))).couple(u)
        assert ((coupled > 0) & (coupled < 1)).all()


def test_against_openturns() -> None:
    trials = 2**16
    coupled = GaussianCopula(FOUR).couple(independent(trials, 4))
    oracle = ot.NormalCopula(ot.CorrelationMatrix(4, [x for row in FOUR for x in row]))
    for corner in [(0.5, 0.5, 0.5, 0.5), (0.1, 0.9, 0.3, 0.2), (0.05, 0.95, 0.1, 0.1), (1.0, 0.2, 0.8, 1.0)]:
        p = oracle.computeCDF(corner)
        # standard error of a share; openturns integrates to about 1e-5
        assert (coupled <= corner).all(axis=1).mean() == pytest.approx(p, abs=4 * np.sqrt(p / trials) + 2e-5)
    for column in coupled.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4


def test_pins_are_regression_on_the_same_innovations() -> None:
    u = independent(1000, 4)
    copula, matrix = GaussianCopula(FOUR), np.array(FOUR)
    z = ndtri(copula.couple(u))
    pinned, target = [1, 3], np.array([0.1, 0.7])
    free = [0, 2]
    slopes = np.linalg.solve(matrix[np.ix_(pinned, pinned)], matrix[np.ix_(pinned, free)])
    expected = z[:, free] + (ndtri(target) - z[:, pinned]) @ slopes
    coupled = copula.couple(u, {1: Band(0.1, 0.1), 3: Band(0.7, 0.7)})
    assert (coupled[:, pinned] == target).all()
    np.testing.assert_allclose(ndtri(coupled[:, free]), expected, atol=1e-9)


@pytest.mark.parametrize("axis", range(4))
@pytest.mark.parametrize(("low", "high"), [(0.0, 0.1), (0.9, 1.0), (0.3, 0.5)])
def test_a_band_is_the_condition(axis: int, low: float, high: float) -> None:
    trials = 2**17
    copula = GaussianCopula(FOUR)
    plain = copula.couple(independent(trials, 4, seed=10))
    kept = plain[(plain[:, axis] > low) & (plain[:, axis] < high)]
    band = copula.couple(independent(2**15, 4, seed=11), {axis: Band(low, high)})
    assert ((band[:, axis] >= low) & (band[:, axis] <= high)).all()
    # brute force keeps at least trials / 10; a uniform's standard deviation is at most .29, a product's .3
    bound = 4 * 0.3 * np.sqrt(1 / len(kept) + 1 / len(band))
    assert np.abs(band.mean(axis=0) - kept.mean(axis=0)).max() < bound
    assert np.abs(band.T @ band / len(band) - kept.T @ kept / len(kept)).max() < bound
    for j in range(4):
        assert stats.ks_2samp(band[:, j], kept[:, j]).pvalue > 1e-4


def test_a_band_given_pins_is_the_condition() -> None:
    u = independent(2**15, 4, seed=4)
    coupled = GaussianCopula(FOUR).couple(u, {3: Band(0.9, 0.9), 0: Band(0.0, 0.3)})
    assert (coupled[:, 3] == 0.9).all()
    mean, sd = 0.5 * ndtri(0.9), np.sqrt(1 - 0.25)
    # z_0 given z_3 is normal, truncated at the band's end
    law = stats.truncnorm(-np.inf, (ndtri(0.3) - mean) / sd, loc=mean, scale=sd)
    assert stats.kstest(ndtri(coupled[:, 0]), law.cdf).pvalue > 1e-4
    matrix = np.array(FOUR)
    slopes = np.linalg.solve(matrix[np.ix_([0, 3], [0, 3])], matrix[np.ix_([0, 3], [1, 2])])
    residual = ndtri(coupled[:, [1, 2]]) - ndtri(coupled[:, [0, 3]]) @ slopes
    law_of_rest = matrix[np.ix_([1, 2], [1, 2])] - matrix[np.ix_([1, 2], [0, 3])] @ slopes
    # standard errors: of a mean 1 / sqrt(n), of a covariance at most sqrt(2 / n)
    assert np.abs(residual.mean(axis=0)).max() < 4 / np.sqrt(len(u))
    assert np.abs(np.cov(residual.T) - law_of_rest).max() < 4 * np.sqrt(2 / len(u))


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.2), (0.7, 1.0), (1e-9, 1e-6)])
def test_trials_keep_their_order_and_innovations(low: float, high: float) -> None:
    u = independent(2000, 4)
    copula = GaussianCopula(FOUR)
    plain, band = ndtri(copula.couple(u)), ndtri(copula.couple(u, {1: Band(low, high)}))
    order = np.argsort(plain[:, 1])
    assert (np.diff(band[order, 1]) >= 0).all()
    for j in (0, 2, 3):
        rho = FOUR[1][j]
        np.testing.assert_allclose(band[:, j] - rho * band[:, 1], plain[:, j] - rho * plain[:, 1], atol=1e-6)


def test_a_band_of_the_first_axis_is_exact() -> None:
    u = independent(2000, 4)
    band = GaussianCopula(FOUR).couple(u, {0: Band(0.2, 0.6)})
    np.testing.assert_allclose(band[:, 0], 0.2 + 0.4 * u[:, 0], rtol=1e-13)


def test_leading_axes_stand_alone() -> None:
    u = independent(1000, 4)
    copula = GaussianCopula(FOUR)
    assert (copula.couple(u)[:, :2] == copula.couple(np.asfortranarray(u[:, :2]))).all()


@pytest.mark.parametrize(
    ("bands", "says"),
    [
        ({0: Band(0.0, 0.1), 1: Band(0.5, 1.0)}, "cannot both"),
        ({0: Band(0.5, 0.5), 1: Band(0.5, 0.5), 2: Band(0.5, 0.5)}, "determine axis 2"),
        ({0: Band(0.5, 0.5), 1: Band(0.5, 0.5), 2: Band(0.1, 0.2)}, "determine axis 2"),
    ],
)
def test_conditions_refused(bands: dict[int, Band], says: str) -> None:
    matrix = ((1.0, 0.0, 0.6), (0.0, 1.0, 0.8), (0.6, 0.8, 1.0))
    with pytest.raises(ValueError, match=says):
        GaussianCopula(matrix).couple(np.empty((0, 3), order="F"), bands)


def test_a_band_that_the_pins_leave_empty() -> None:
    rho = 0.9999999
    copula = GaussianCopula(((1.0, rho), (rho, 1.0)))
    with pytest.raises(ValueError, match="nothing is left"):
        copula.couple(independent(1, 2), {0: Band(0.01, 0.01), 1: Band(0.9, 1.0)})


@pytest.mark.parametrize(
    ("low", "high"), [(0.5, 0.4), (-0.1, 0.5), (0.5, 1.1), (0.0, 0.0), (1.0, 1.0), (0.5, float("nan"))]
)
def test_bands_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="band"):
        Band(low, high)


def test_conditional_mean_in_closed_form() -> None:
    # E(u_1 given u_0) = Phi(rho z / sqrt(2 - rho^2))
    rho, trials = 0.7, 2**15
    u = independent(trials, 2)
    for pin in (0.1, 0.5, 0.99):
        coupled = GaussianCopula(((1.0, rho), (rho, 1.0))).couple(u, {0: Band(pin, pin)})
        expected = ndtr(rho * ndtri(pin) / np.sqrt(2 - rho**2))
        assert coupled[:, 1].mean() == pytest.approx(expected, abs=4 * 0.29 / np.sqrt(trials))
