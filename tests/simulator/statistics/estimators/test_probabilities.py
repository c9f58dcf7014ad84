"""Probabilities of trials and their intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binomtest

from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics import cumulative, probability
from tests.reference_statistics import T15, share, wilson


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"), [(0, 100, 0.0, 0.036993498), (8, 10, 0.490162472, 0.943317849)]
)
def test_a49_wilson(hits: int, trials: int, low: float, high: float) -> None:
    estimate = probability([1] * hits + [0] * (trials - hits))
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(("hits", "trials"), [(1, 7), (40, 50), (999, 1000)])
def test_wilson_against_scipy(hits: int, trials: int) -> None:
    estimate = probability(np.arange(trials) < hits)
    theirs = binomtest(hits, trials).proportion_ci(method="wilson")
    assert (estimate.low, estimate.high) == pytest.approx((theirs.low, theirs.high), rel=1e-12)


def test_no_hit_and_hits_alone_give_a_one_sided_bound() -> None:
    for replicates in (None, 16):
        none = probability(np.zeros(2048), replicates)
        assert (none.value, none.low) == (0.0, 0.0)
        assert none.high is not None
        assert 0 < none.high < 0.003
        every = probability(np.ones(2048), replicates)
        assert (every.value, every.high) == (1.0, 1.0)
        assert every.low == pytest.approx(1 - none.high, rel=1e-12)
        assert "one-sided" in every.method


def test_replicates_set_the_effective_number_of_trials() -> None:
    common = np.tile(uniforms(3, "common", 0, 16), 128)
    x = uniforms(3, "x", 0, 2048) + common / 4
    estimate = probability(x < 0.3, 16)
    p, error = share(x.tolist(), lambda v: v < 0.3, 16)
    assert estimate.value == p
    assert (estimate.low, estimate.high) == pytest.approx(wilson(p, p * (1 - p) / error**2, T15), rel=1e-12)


def test_replicates_that_agree_count_every_trial() -> None:
    hits = np.repeat(np.tile([0.0, 1.0], 64), 16)
    estimate = probability(hits, 16)
    assert (estimate.low, estimate.high) == pytest.approx(wilson(0.5, 2048, T15), rel=1e-12)


def test_an_undefined_trial_is_no_hit() -> None:
    estimate = probability([1.0, math.nan, 0.0, 1.0])
    assert (estimate.value, estimate.undefined) == (0.5, 0.25)


def test_short_replicates_give_no_interval() -> None:
    estimate = probability(np.arange(160) < 40, 16)
    assert (estimate.value, estimate.low, estimate.high) == (0.25, None, None)
    assert "too few trials" in estimate.warning


@pytest.mark.parametrize("replicates", [None, 16])
def test_a_cumulative_curve_is_a_probability_at_every_point(replicates: int | None) -> None:
    x = 12 * uniforms(4, "x", 0, 2051) + 3 * np.tile(uniforms(4, "common", 0, 16), 129)[:2051]
    x[x > 11] = np.inf
    x[5:900:7] = np.nan
    points = [-1.0, 0.5, 6.0, 11.0, 100.0]
    curve = cumulative(x, points, replicates)
    for k, point in enumerate(points):
        estimate = probability(np.where(np.isnan(x), np.nan, x <= point), replicates)
        assert (estimate.value, estimate.low, estimate.high) == pytest.approx([ends[k] for ends in curve], rel=1e-12)
