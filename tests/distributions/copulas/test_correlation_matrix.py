"""Correlation matrices: those that cannot be, and the nearest that can."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from payback.distributions.copulas.correlation_matrix import nearest_correlation, require_correlation
from payback.distributions.copulas.elliptical import GaussianCopula
from tests.coupled import Array, Matrix, independent

IMPOSSIBLE: Matrix = ((1.0, 1.0, 0.0), (1.0, 1.0, 1.0), (0.0, 1.0, 1.0))


def test_correlations_that_cannot_hold_together() -> None:
    with pytest.raises(ValueError, match=r"smallest eigenvalue is -0\.414.*\(0, 1\) = 1, \(1, 2\) = 1$"):
        GaussianCopula(IMPOSSIBLE)


@pytest.mark.parametrize("check", [require_correlation, nearest_correlation])
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
def test_what_is_no_correlation_matrix(check: object, matrix: Matrix, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check(matrix)  # type: ignore[operator]  # a table of functions


def test_repair_as_published() -> None:
    # Higham (2002), the example of his introduction; with entries a, a, b it is singular where b = 2 a^2 - 1, and
    # then nearest where 4 a^3 - a - 1 = 0
    nearest = nearest_correlation(IMPOSSIBLE)
    a = float(np.roots([4.0, 0.0, -1.0, -1.0])[0].real)
    assert (a, 2 * a * a - 1) == pytest.approx((0.760689853, 0.157298108), abs=3e-9)
    assert nearest[0, 1:].tolist() == pytest.approx([a, 2 * a * a - 1], abs=1e-11)
    assert nearest[1, 2] == pytest.approx(a, abs=1e-11)


def asked(size: int, seed: int) -> Array:
    entries = 2 * independent(size, size, seed) - 1
    matrix = np.triu(entries, 1)
    return matrix + matrix.T + np.eye(size)


@pytest.mark.parametrize("size", [3, 6, 15])
def test_repair_is_a_correlation_matrix(size: int) -> None:
    matrix = asked(size, 4)
    assert np.linalg.eigvalsh(matrix)[0] < -0.1
    nearest = nearest_correlation(matrix)
    require_correlation(nearest.tolist())
    assert np.abs(np.linalg.cholesky(nearest + 1e-9 * np.eye(size))).max() <= 1.0 + 1e-8
    assert (nearest_correlation(nearest) == nearest).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_nearer(seed: int) -> None:
    size = 4
    matrix = asked(size, seed)
    matrix[0, 1:3] = matrix[1:3, 0] = 0.9
    matrix[1, 2] = matrix[2, 1] = -0.9
    nearest = nearest_correlation(matrix)

    def distance(loads: Array) -> float:
        rows = loads.reshape(size, size)
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return float(((rows @ rows.T - matrix) ** 2).sum())

    starts = [independent(size * size, 1, seed=s)[:, 0] - 0.5 for s in range(5)]
    best = min(minimize(distance, start, tol=1e-12).fun for start in starts)
    assert ((nearest - matrix) ** 2).sum() == pytest.approx(best, rel=1e-5)


def test_a_correlation_matrix_needs_no_repair() -> None:
    matrix = [[1.0, 0.3], [0.3, 1.0]]
    assert nearest_correlation(matrix).tolist() == matrix
