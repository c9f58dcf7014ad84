"""What the tests of copulas share: a matrix, and independent coordinates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.cube import uniforms

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
