"""Sums and moments under any cut and any order of merging."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics import Moments
from payback.simulator.statistics.leaf_moments import LEAF, error_of_mean, total
from tests.reference_statistics import central, replicate_error

NUMACC = {
    "NumAcc2": [1.2] + [1.1, 1.3] * 500,
    "NumAcc3": [1000000.2] + [1000000.1, 1000000.3] * 500,
    "NumAcc4": [10000000.2] + [10000000.1, 10000000.3] * 500,
}
"""NIST Statistical Reference Datasets, univariate: the certified standard deviation is 0.1, mean that of the first."""


@pytest.mark.parametrize("name", NUMACC)
@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, 1001), max_size=12), order=st.randoms(use_true_random=False))
def test_a16_nist_under_any_split_and_merge_order(name: str, cuts: list[int], order: Random) -> None:
    values = NUMACC[name]
    edges = [0, *sorted(cuts), len(values)]
    parts = [Moments().add(values[a:b]) for a, b in pairwise(edges)]
    order.shuffle(parts)
    while len(parts) > 1:
        parts.append(parts.pop().merge(parts.pop(0)))
    assert parts[0].count == 1001
    assert parts[0].mean == pytest.approx(values[0], rel=1e-15)
    # 10000000.1 itself is off by up to 9e-10, so 8.2 digits of the sd are in the data
    assert parts[0].sd == pytest.approx(0.1, rel=10**-8.2)


def test_one_value_at_a_time_is_as_good() -> None:
    moments = Moments()
    for value in NUMACC["NumAcc4"]:
        moments = moments.add([value])
    assert moments.sd == pytest.approx(0.1, rel=1e-8)


@pytest.mark.parametrize("offset", [0.0, -3.0, 1e9])
def test_moments_against_exact_sums(offset: float) -> None:
    values = np.exp(ndtri(uniforms(2, "x", 0, 3 * LEAF + 77))) + offset
    exact = [float(v) for v in values]
    moments = Moments().add(values)
    for power, moment in zip((2, 3, 4), (moments.second, moments.third, moments.fourth), strict=True):
        assert moment == pytest.approx(central(exact, power), rel=1e-6 if offset > 1 else 1e-11)
    assert moments.skewness == pytest.approx(
        central(exact, 3) / len(exact) / (central(exact, 2) / len(exact)) ** 1.5, rel=1e-6
    )


def test_cuts_on_leaves_change_no_bit() -> None:
    values = np.exp(ndtri(uniforms(2, "x", 0, 9 * LEAF + 5)))
    whole = Moments().add(values)
    for block in (1, 2, 5):
        moments = Moments()
        for start in range(0, values.size, block * LEAF):
            moments = moments.add(values[start : start + block * LEAF])
        assert moments == whole


def test_nothing_and_one_value() -> None:
    assert Moments().merge(Moments()) == Moments()
    assert Moments().add([]) == Moments()
    single = Moments().add([4.0])
    assert (single.count, single.mean, single.sd, single.skewness) == (1, 4.0, 0.0, 0.0)


def test_total_is_folded_over_leaves_in_order() -> None:
    values = uniforms(2, "x", 0, 2 * LEAF + 9) - 0.5
    leaves = [float(np.sum(values[start : start + LEAF])) for start in (0, LEAF, 2 * LEAF)]
    assert total(values) == (leaves[0] + leaves[1]) + leaves[2]


@pytest.mark.parametrize("trials", [1600, 1607])
def test_error_of_a_mean(trials: int) -> None:
    x = uniforms(2, "x", 0, trials)
    d = x - x.mean()
    assert error_of_mean(d, None) == pytest.approx(np.std(x, ddof=1) / math.sqrt(trials), rel=1e-12)
    tolerance = 1e-12 if trials == 1600 else 0.02  # replicates of unequal size weigh by their trials
    assert error_of_mean(d, 16) == pytest.approx(replicate_error(x.tolist()), rel=tolerance)
    assert error_of_mean(d[:1], None) == math.inf
