"""What the tests of copulas share: a matrix, and independent coordinates."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtr, ndtri

from payback.distributions.copulas.elliptical import Copula, TCopula
from payback.simulator.cube import uniforms

Array = NDArray[np.float64]
Matrix = tuple[tuple[float, ...], ...]

FOUR: Matrix = (
    (1.0, -0.4, 0.3, 0.5),
    (-0.4, 1.0, 0.2, -0.3),
    (0.3, 0.2, 1.0, 0.6),
    (0.5, -0.3, 0.6, 1.0),
)


def pair(parameter: float) -> Matrix:
    return ((1.0, parameter), (parameter, 1.0))


def independent(trials: int, axes: int, seed: int = 1) -> Array:
    return np.asfortranarray(np.column_stack([uniforms(seed, f"axis {i}", 0, trials) for i in range(axes)]))


@lru_cache(maxsize=4)
def textbook(copula: Copula, trials: int, seed: int) -> Array:
    """Trials of the copula by its textbook form, one mixing variable for all axes."""
    size = len(copula.correlation)
    values, vectors = np.linalg.eigh(np.array(copula.correlation))
    x = ndtri(independent(trials, size, seed)) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    if isinstance(copula, TCopula):
        mixing = stats.chi2(copula.degrees).ppf(independent(trials, 1, seed + 1)) / copula.degrees
        u = np.asarray(stats.t(copula.degrees).cdf(x / np.sqrt(mixing)))
    else:
        u = ndtr(x)
    u.setflags(write=False)
    return u
