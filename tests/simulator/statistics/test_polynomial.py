"""Polynomials of values: against numpy's, one by one and in the mean."""

from __future__ import annotations

import numpy as np
import pytest

from payback.simulator.statistics import Moments
from payback.simulator.statistics.polynomial import Polynomial

X = 1e3 + np.exp(np.sin(np.arange(5_000.0)))


@pytest.mark.parametrize(
    "coefficients", [(0.0, 1.0), (0.5, 0.0, 3.0), (1.0, -3.0, 0.0, 1.0), (1.0, 2.0, 3.0, 4.0, 5.0)]
)
@pytest.mark.parametrize("scale", [1.0, 0.7])
def test_values_powers_and_means(coefficients: tuple[float, ...], scale: float) -> None:
    p = Polynomial(1001.5, scale, coefficients)
    expected = np.polynomial.Polynomial(coefficients)((X - 1001.5) / scale)
    before = X.copy()
    assert p(X) == pytest.approx(expected, rel=1e-12)
    assert (before == X).all()
    assert p.mean(Moments().add(X)) == pytest.approx(expected.mean(), rel=1e-12)
    assert (p**2).degree == 2 * p.degree
    assert (p**3)(X) == pytest.approx(expected**3, rel=1e-9, abs=1e-9)
