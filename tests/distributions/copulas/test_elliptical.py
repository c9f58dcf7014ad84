"""Copulas: factors, margins, laws against other people's, perfect dependence."""

from __future__ import annotations

import numpy as np
import openturns as ot
import pytest
from scipy import stats
from scipy.special import ndtri

from payback.distributions.copulas.calibration import achieved
from payback.distributions.copulas.elliptical import Copula, GaussianCopula, TCopula
from tests.coupled import FOUR, Array, Matrix, independent, pair

NONE: Matrix = tuple(tuple(row) for row in np.eye(3).tolist())
BOTH = pytest.mark.parametrize("make", [GaussianCopula, lambda m: TCopula(m, 4.0)], ids=["gaussian", "t"])


def matrices() -> list[Array]:
    matrices = []
    for size in (2, 3, 5, 8):
        for rank in (1, 2, size):
            loads = ndtri(independent(size, rank, seed=100 * size + rank))
            matrix = loads @ loads.T
            scale = np.sqrt(np.diag(matrix))
            matrix = np.clip(matrix / scale / scale[:, None], -1, 1)
            np.fill_diagonal(matrix, 1.0)
            matrices.append((matrix + matrix.T) / 2)
    return matrices


@pytest.mark.parametrize("matrix", matrices(), ids=lambda m: f"{len(m)}-{np.linalg.matrix_rank(m)}")
def test_factor(matrix: Array) -> None:
    factor = GaussianCopula(tuple(map(tuple, matrix.tolist()))).factor
    assert (np.triu(factor, 1) == 0).all()
    np.testing.assert_allclose(factor @ factor.T, matrix, atol=1e-9)
    if np.linalg.eigvalsh(matrix)[0] > 1e-6:
        np.testing.assert_allclose(factor, np.linalg.cholesky(matrix), atol=1e-9)


@BOTH
def test_perfect_dependence(make: type[Copula]) -> None:
    u = independent(1000, 3)
    coupled = make(((1.0, 1.0, -1.0), (1.0, 1.0, -1.0), (-1.0, -1.0, 1.0))).couple(u)
    assert (coupled[:, 0] == u[:, 0]).all()
    np.testing.assert_allclose(coupled[:, 1], u[:, 0], rtol=1e-12)
    np.testing.assert_allclose(coupled[:, 2], 1 - u[:, 0], rtol=0, atol=1e-12)


def test_no_dependence_changes_no_bit() -> None:
    u = independent(1000, 3)
    assert (GaussianCopula(NONE).couple(u) == u).all()


@BOTH
def test_coordinates_stay_inside(make: type[Copula]) -> None:
    ends = [2.0**-53, 1 - 2.0**-53]
    u = np.asfortranarray([(a, b) for a in ends for b in ends])
    for rho in (1.0, 0.99, 0.5, -0.5, -0.99, -1.0):
        coupled = make(pair(rho)).couple(u)
        assert ((coupled > 0) & (coupled < 1)).all()


CORNERS = [(0.5, 0.5, 0.5, 0.5), (0.1, 0.9, 0.3, 0.2), (0.05, 0.95, 0.1, 0.1), (1.0, 0.2, 0.8, 1.0)]


def test_gaussian_copula_against_openturns() -> None:
    trials = 2**16
    coupled = GaussianCopula(FOUR).couple(independent(trials, 4))
    oracle = ot.NormalCopula(ot.CorrelationMatrix(4, [x for row in FOUR for x in row]))
    for corner in CORNERS:
        p = oracle.computeCDF(corner)
        # standard error of a share; openturns integrates to about 1e-5
        assert (coupled <= corner).all(axis=1).mean() == pytest.approx(p, abs=4 * np.sqrt(p / trials) + 2e-5)
    for column in coupled.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("degrees", [1.0, 2.7, 4.0])
def test_t_copula_against_scipy(degrees: float) -> None:
    trials = 2**16
    coupled = TCopula(FOUR, degrees).couple(independent(trials, 4))
    oracle = stats.multivariate_t(shape=FOUR, df=degrees, seed=1)
    for corner in CORNERS:
        p = oracle.cdf(np.minimum(stats.t(degrees).ppf(corner), 1e9))
        # standard error of a share; scipy integrates to about 1e-4
        assert (coupled <= corner).all(axis=1).mean() == pytest.approx(p, abs=4 * np.sqrt(p / trials) + 2e-4)
    for column in coupled.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("degrees", [None, 1.0, 4.0])
def test_rank_correlations_of_trials(degrees: float | None) -> None:
    trials, rho = 2**16, 0.6
    copula = GaussianCopula(pair(rho)) if degrees is None else TCopula(pair(rho), degrees)
    x, y = copula.couple(independent(trials, 2)).T
    # the standard errors are below 1.1 / sqrt(n) and 2/3 (1 + tau) / sqrt(n) for a Gaussian copula, and 1.5 times that
    for kind, sample in (("spearman", stats.spearmanr(x, y).statistic), ("kendall", stats.kendalltau(x, y).statistic)):
        assert sample == pytest.approx(achieved(kind, rho, degrees=degrees).value, abs=4 * 1.6 / np.sqrt(trials))


def test_tail_dependence() -> None:
    # Demarta and McNeil (2005): 2 t5(-sqrt(5 (1 - rho) / (1 + rho)))
    limit = 2 * stats.t(5).cdf(-np.sqrt(5 * 0.5 / 1.5))
    assert limit == pytest.approx(0.253169995100, abs=1e-12)
    trials, depth = 2**17, 1e-3
    for copula, expected in ((TCopula(pair(0.5), 4.0), limit), (GaussianCopula(pair(0.5)), 0.0)):
        u = independent(trials, 2)
        u[:, 0] *= depth
        shares = [(copula.couple(v)[:, 1] < depth).mean() for v in (u, np.asfortranarray(u * 1e-9))]
        # a share among trials so far out; the first has not reached the limit, the second is past any second axis
        assert shares[0] == pytest.approx(expected, abs=0.06)
    # given that the first is at a depth, the second is deeper in half as many trials
    u = independent(trials, 2)
    u[:, 0] = 1e-13
    deeper = (TCopula(pair(0.5), 4.0).couple(u)[:, 1] < 1e-13).mean()
    assert deeper == pytest.approx(limit / 2, abs=4 * np.sqrt(limit / 2 / trials))


def test_coordinates_may_be_coupled_where_they_stand() -> None:
    for copula in (TCopula(FOUR, 4.0), GaussianCopula(FOUR)):
        u = independent(20_000, 4)
        expected = copula.couple(u)
        assert (copula.couple(u, out=u) == expected).all()


def test_many_degrees_of_freedom_are_the_gaussian_copula() -> None:
    u = independent(1000, 4)
    np.testing.assert_allclose(TCopula(FOUR, 1e8).couple(u), GaussianCopula(FOUR).couple(u), atol=1e-6)


def test_a_t_copula_has_dependence_without_correlation() -> None:
    trials = 2**16
    first, second, _ = TCopula(NONE, 3.0).couple(independent(trials, 3)).T
    far = np.abs(first - 0.5) > 0.49
    # by chance 2 % of the others are as far out
    assert (np.abs(second - 0.5) > 0.49)[far].mean() > 0.1
    assert stats.spearmanr(first, second).statistic == pytest.approx(0.0, abs=4 * 1.6 / np.sqrt(trials))


@BOTH
def test_leading_axes_stand_alone(make: type[Copula]) -> None:
    u = independent(1000, 4)
    copula = make(FOUR)
    assert (copula.couple(u)[:, 0] == u[:, 0]).all()
    assert (copula.couple(u)[:, :2] == copula.couple(np.asfortranarray(u[:, :2]))).all()


@pytest.mark.parametrize("degrees", [0.0, 0.99, -3.0, float("inf"), float("nan")])
def test_degrees_refused(degrees: float) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        TCopula(pair(0.5), degrees)
