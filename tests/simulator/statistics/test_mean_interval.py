"""Intervals of means against the transformation that they invert."""

from __future__ import annotations

import math

import numpy as np
import pytest

from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics.estimate import critical
from payback.simulator.statistics.mean_interval import offsets_of_mean, offsets_of_moments, source_of_error


def transformed(studentised: float, skewness: float, count: int) -> float:
    """Hall (1992), equation (2.2): the studentised mean with its skewness taken out."""
    third = skewness**2 * studentised**3 / 27.0
    return studentised + skewness * studentised**2 / 3.0 + third + skewness / (6.0 * count)


@pytest.mark.parametrize("replicates", [None, 16])
@pytest.mark.parametrize("power", [1, 3])
def test_each_end_is_students_or_the_inverse_of_the_transformation(power: int, replicates: int | None) -> None:
    deviations = -(np.log(uniforms(1, "x", 0, 1_600)) ** power)
    deviations -= deviations.mean()
    terms = deviations if replicates is None else deviations.reshape(-1, replicates).mean(axis=0)
    skewness = float(np.mean(terms**3) / np.mean(terms**2) ** 1.5)
    error = float(np.sqrt(np.sum(terms**2) / (terms.size - 1) / terms.size))
    reach = critical(replicates)
    assert abs(skewness) > 0.1
    for offset, sign in zip(offsets_of_mean(deviations, replicates), (1.0, -1.0), strict=True):
        assert offset >= reach * error * (1 - 1e-12)
        if offset > reach * error * (1 + 1e-9):
            # T = sqrt(n) offset / spread of n - 1, the transformation is of T / sqrt(n)
            studentised = sign * offset / error / math.sqrt(terms.size)
            assert transformed(studentised, skewness, terms.size) * math.sqrt(terms.size) == pytest.approx(sign * reach)
    below, above = offsets_of_mean(deviations, replicates)
    assert max(below, above) > reach * error * (1 + 1e-9)


def test_what_never_varies_has_no_error_and_one_term_any() -> None:
    assert offsets_of_mean(np.zeros(40), None) == (0.0, 0.0)
    assert offsets_of_mean(np.array([1.0]), None) == (math.inf, math.inf)


def test_without_skewness_the_interval_is_students() -> None:
    half = critical(16) * math.sqrt(4.0 / 15)
    assert offsets_of_moments(16, 4.0, 0.0, 16) == pytest.approx((half, half), rel=1e-15)


def test_the_source_of_an_error_in_words() -> None:
    assert (source_of_error(None), source_of_error(8)) == ("normal", "t of 8 replicates")
