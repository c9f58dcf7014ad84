"""Intervals of means against the transformation that they invert."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from payback.simulator.cube.cube import Cube
from payback.simulator.cube.samplers import SAMPLERS
from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics.estimate import critical
from payback.simulator.statistics.mean_interval import (
    GROWTH,
    UNLUCKY,
    largest,
    offsets_of_mean,
    offsets_of_moments,
    source_of_error,
)
from tests.reference_statistics import T15, mean_ends, replicate_error, tail_reach

Floats = NDArray[np.float64]


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


def exponential(seed: int, trials: int) -> Floats:
    """Sobol' points of one input, less their mean."""
    u = Cube(("x",), trials, seed, SAMPLERS["sobol"]).block(0, trials)[:, 0]
    return np.asarray(-np.log1p(-u) + np.log1p(-u).mean())


@pytest.mark.parametrize("trials", [1_024, 16_384])
def test_an_interval_reaches_as_far_as_the_tail_of_its_terms(trials: int) -> None:
    longer = 0
    for seed in range(20):
        d = exponential(seed, trials)
        below, above = offsets_of_mean(d, 16)
        reach = tail_reach(d.tolist(), 16)
        plain = mean_ends(d.reshape(-1, 16).mean(axis=0).tolist(), T15)
        assert (below, above) == pytest.approx((-plain[0], max(plain[1], reach)), rel=1e-9)
        longer += reach > plain[1]
    assert longer > 0


def test_without_the_skewness_of_its_terms_an_interval_is_even_but_for_its_tail() -> None:
    d = exponential(1, 4_096)
    below, above = offsets_of_mean(d, 16, even=True)
    half = T15 * replicate_error(d.tolist())
    assert (below, above) == pytest.approx((half, max(half, tail_reach(d.tolist(), 16))), rel=1e-9)


def test_replicates_that_agree_on_an_atom_have_the_error_of_rounding() -> None:
    # 51 of 1,024 points of each replicate are 1: the true share may be anything from 50 to 52 of 1,024
    d = np.where(np.arange(16 * 1_024) < 16 * 51, 1.0, 0.0) - 51 / 1_024
    reach = T15 * math.sqrt(1 / 6 / 16) / 1_024
    assert offsets_of_mean(d, 16) == pytest.approx((reach, reach), rel=1e-9)
    assert offsets_of_mean(np.zeros(1_024), 16) == (0.0, 0.0)


@pytest.mark.parametrize("size", [10, 300, 8_191, 8_192, 100_000])
def test_the_largest_are_those_of_all_in_order(size: int) -> None:
    x = uniforms(3, "x", 0, size)
    assert largest(x).tolist() == sorted(x.tolist())[-32:]


@pytest.mark.parametrize("index", [0.0, 0.2, 0.45, 0.7])
def test_an_unlucky_mean_of_outermost_trials_is_that_of_simulation(index: float) -> None:
    # a Pareto tail: u**-index; of index 0 it is exponential
    u = uniforms(7, "x", 0, 16 * 40_000).reshape(-1, 16)
    excesses = -np.log(u) if index == 0.0 else (u**-index - 1.0) / index
    means = np.sort(excesses.mean(axis=1))
    # order statistics 4.5 standard deviations of their binomial number off the 2.5 % point; 1.2 % for the fit
    spread = int(4.5 * math.sqrt(40_000 * 0.025 * 0.975))
    low, high = means[1_000 - spread], means[1_000 + spread]
    assert low * 0.988 <= UNLUCKY * math.exp(GROWTH * index) <= high * 1.012
