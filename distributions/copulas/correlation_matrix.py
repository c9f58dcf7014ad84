"""Correlation matrices: validation, and the nearest valid one (Higham).

References
----------
N. J. Higham, "Computing the nearest correlation matrix - a problem from finance", IMA J. Numer. Anal. 22(3),
329-343 (2002), doi:10.1093/imanum/22.3.329.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-10
"""Eigenvalues and variances below it are zero."""

_STEPS = 10_000
_CLOSE = 1e-13


def require_correlation(correlation: Sequence[Sequence[float]]) -> None:
    """Raise ValueError unless `correlation` is a correlation matrix.

    Raises
    ------
    ValueError
        If `correlation` is not square, symmetric, with ones on the diagonal and entries in [-1, 1], or has a
        negative eigenvalue; then the entries that cannot hold together are named.
    """
    matrix = _require_entries(correlation)
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < -ROUNDING:
        # the smallest eigenvalue is the sum of these parts, so a negative one is at fault
        parts = matrix * np.outer(vectors[:, 0], vectors[:, 0])
        pairs = sorted(combinations(range(len(matrix)), 2), key=lambda pair: float(parts[pair]))
        named = ", ".join(f"({i}, {j}) = {matrix[i, j]:g}" for i, j in pairs[:3] if parts[i, j] < 0)
        raise ValueError(
            f"these correlations cannot hold together: the smallest eigenvalue is {values[0]:.3g}; "
            f"weaken one of the entries {named}"
        )


def _require_entries(correlation: ArrayLike) -> NDArray[np.float64]:
    matrix = np.array(correlation, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"a correlation matrix must be square, got shape {matrix.shape}")
    if not ((matrix == matrix.T).all() and (np.diag(matrix) == 1.0).all() and (np.abs(matrix) <= 1.0).all()):
        raise ValueError("a correlation matrix must be symmetric, with a diagonal of 1 and entries in [-1, 1]")
    return matrix


def nearest_correlation(correlation: ArrayLike) -> NDArray[np.float64]:
    """Return the correlation matrix nearest to `correlation` in the Frobenius norm.

    Alternating projections on the matrices without negative eigenvalues and on those with a unit diagonal, with
    Dykstra's correction: Higham (2002), algorithm 3.3.

    Parameters
    ----------
    correlation : array_like of float, shape (k, k)
        Symmetric, with ones on the diagonal and entries in [-1, 1].

    Returns
    -------
    ndarray of float, shape (k, k)
        Accepted by `require_correlation`; `correlation` itself if that accepts it.

    Raises
    ------
    ValueError
        If `correlation` is not square, symmetric, with such a diagonal and such entries.

    Examples
    --------
    >>> nearest_correlation([[1, 1, 0], [1, 1, 1], [0, 1, 1]]).round(6).tolist()[0]
    [1.0, 0.76069, 0.157298]
    """
    matrix = _require_entries(correlation)
    if np.linalg.eigvalsh(matrix)[0] >= -ROUNDING:
        return matrix
    nearest, correction = matrix, np.zeros_like(matrix)
    for _ in range(_STEPS):
        corrected = nearest - correction
        projected = _without_negative_eigenvalues(corrected)
        correction = projected - corrected
        nearest = projected.copy()
        np.fill_diagonal(nearest, 1.0)
        if np.abs(nearest - projected).max() < _CLOSE:
            break
    nearest = _without_negative_eigenvalues(nearest)
    scale = np.sqrt(np.diag(nearest))
    nearest = np.clip(nearest / np.outer(scale, scale), -1.0, 1.0)
    np.fill_diagonal(nearest, 1.0)
    return np.asarray((nearest + nearest.T) / 2.0)


def _without_negative_eigenvalues(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    values, vectors = np.linalg.eigh(matrix)
    kept = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return np.asarray((kept + kept.T) / 2.0)
