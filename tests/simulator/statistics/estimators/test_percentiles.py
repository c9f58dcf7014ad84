"""Percentiles of trials and their intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics import KeptSample, percentile
from payback.simulator.statistics.estimators.percentiles import order_ranks
from tests.reference_statistics import percentile_ends, quantile

VALUES = [-math.inf, -2.5, -0.0, 0.0, 1e-300, 1.0, 3.0, 1e300, math.inf]


def test_a17_inverse_cdf_of_the_trials() -> None:
    assert percentile(np.arange(1, 11), 25).value == 3.0


def test_a_sample_computes_each_percentile_once() -> None:
    sample = KeptSample(np.arange(1.0, 1601.0), 16)
    estimate = percentile(sample, 50)
    assert percentile(sample, 50) is estimate
    assert percentile(sample, 25) == percentile(KeptSample(sample.values, 16), 25) != estimate


@pytest.mark.parametrize(
    ("trials", "p", "ranks", "coverage"),
    [(1000, 0.9, (881, 919), 0.9549), (1000, 0.99, (983, 997), 0.9761), (100, 0.5, (40, 61), 0.9648)],
)
def test_a48_ranks_of_order_statistics(trials: int, p: float, ranks: tuple[int, int], coverage: float) -> None:
    assert order_ranks(trials, p) == ranks
    exact = binom.cdf(ranks[1] - 1, trials, p) - binom.cdf(ranks[0] - 1, trials, p)
    assert exact == pytest.approx(coverage, abs=5e-5)


@pytest.mark.parametrize("trials", [1, 2, 30, 4_999, 10**7])
@pytest.mark.parametrize("p", [0.001, 0.05, 0.5, 0.999])
def test_ranks_are_binomial_quantiles(trials: int, p: float) -> None:
    first, last = order_ranks(trials, p)
    assert first == binom.ppf(0.025, trials, p)
    assert last == binom.ppf(0.975, trials, p) + 1


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.sampled_from(VALUES), min_size=1), q=st.floats(0, 100))
def test_every_percentile_is_a_sorted_trial(values: list[float], q: float) -> None:
    expected = quantile(values, q)
    assert percentile(values, q).value == (expected if math.isfinite(expected) else None)


@pytest.mark.parametrize("q", [15.0, 50.0, 85.0])
@pytest.mark.parametrize("kind", ["smooth", "atoms", "censored", "undefined"])
def test_replicates_invert_the_cdf_as_the_twin(kind: str, q: float) -> None:
    # a third of the spread is common to a replicate, as if it were a scrambled net
    common = np.tile(uniforms(3, "common", 0, 16), 66)
    x = 10 * (uniforms(3, kind, 0, 1_056) + common / 2)
    if kind == "atoms":
        x = np.floor(x / 4)
    if kind == "censored":
        x[x > 9] = np.inf
    if kind == "undefined":
        x[x > 9] = np.nan
    estimate = percentile(x, q, 16)
    low, high = percentile_ends(x.tolist(), q)
    assert estimate.method == "inverted CDF of 16 replicates"
    assert (estimate.low, estimate.high) == tuple(None if end == math.inf else end for end in (low, high))


def test_beside_a_jump_the_neighbouring_atom_bounds() -> None:
    # every replicate holds exactly one half of zeros: no spread at 0, and still not "+-0"
    x = np.repeat(np.tile([0.0, 1.0], 64), 16)
    estimate = percentile(x, 50, 16)
    assert (estimate.value, estimate.low, estimate.high) == (0.0, 0.0, 1.0)
    inside = percentile(x, 40, 16)
    assert (inside.value, inside.low, inside.high) == (0.0, 0.0, 0.0)


def test_beyond_the_horizon_there_is_no_value() -> None:
    x = uniforms(6, "x", 0, 1600)
    x[x > 0.6] = np.inf
    for replicates in (None, 16):
        past = percentile(x, 75, replicates)
        assert (past.value, past.low, past.high) == (None, None, None)
        assert past.never == np.isinf(x).mean()
        assert "beyond the horizon" in past.warning
        near = percentile(x, 99 * (1 - past.never), replicates)
        assert near.value is not None
        assert near.low is not None
        assert near.high is None
        assert near.warning == ""


def test_undefined_trials_are_left_out_and_told() -> None:
    x = np.where(np.arange(2000) % 4 == 3, np.nan, np.arange(2000.0))
    estimate = percentile(x, 50)
    assert estimate.value == quantile(x[~np.isnan(x)].tolist(), 50)
    assert estimate.undefined == 0.25
    assert "0.75 of the trials" in estimate.warning
    nothing = percentile([math.nan, math.nan], 50)
    assert (nothing.value, nothing.low, nothing.high, nothing.undefined) == (None, None, None, 1.0)


def test_a_certain_value_has_no_error() -> None:
    for q in (0, 5, 50, 100):
        estimate = percentile([7.5] * 40, q, 16)
        assert (estimate.value, estimate.low, estimate.high, estimate.method) == (7.5, 7.5, 7.5, "exact")


@pytest.mark.parametrize("trials", [1, 5, 29])
def test_few_trials_that_do_not_vary_are_not_exact(trials: int) -> None:
    estimate = percentile([7.5] * trials, 99)
    assert (estimate.value, estimate.high) == (7.5, None)
    assert "too few trials" in estimate.warning


def test_a_thin_tail_falls_back_to_order_statistics() -> None:
    x = uniforms(5, "tail", 0, 16_000)
    assert percentile(x, 99.5, 16).method == "inverted CDF of 16 replicates"
    thin = percentile(x, 99.6, 16)
    assert thin.method == "order statistics"
    first, last = order_ranks(16_000, 0.996)
    assert (thin.low, thin.high) == (np.sort(x)[first - 1], np.sort(x)[last - 1])


def test_too_few_trials_are_told() -> None:
    short = percentile(np.arange(1000.0), 50, 16)
    assert (short.value, short.low, short.high) == (499.0, None, None)
    assert "too few trials" in short.warning
    extreme = percentile(np.arange(1000.0), 99.9)
    assert extreme.low is not None
    assert extreme.high is None
    assert "too few trials" in extreme.warning


@pytest.mark.parametrize("q", [-0.1, 100.1, math.nan])
def test_percent_out_of_range_is_refused(q: float) -> None:
    with pytest.raises(ValueError, match=r"`percentile\(q=...\)` must lie in \[0, 100\]"):
        percentile([1.0, 2.0], q)
