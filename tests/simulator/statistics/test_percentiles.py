"""Percentiles of trials and their intervals."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from simulator.statistics import Sample, percentile
from simulator.statistics.percentiles import order_ranks
from simulator.statistics.sample import Counts


def test_a17_inverse_cdf_of_the_trials() -> None:
    assert percentile(np.arange(1, 11), 25).value == 3.0


@pytest.mark.parametrize(
    ("trials", "p", "ranks"), [(1000, 0.9, (881, 919)), (1000, 0.99, (983, 997)), (100, 0.5, (40, 61))]
)
def test_a48_ranks_of_order_statistics(trials: int, p: float, ranks: tuple[int, int]) -> None:
    assert order_ranks(trials, p) == ranks


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.sampled_from([-math.inf, -2.5, -0.0, 0.0, 1e-300, 1.0, 3.0, 1e300, math.inf]), min_size=1),
    q=st.floats(0, 100),
)
def test_every_percentile_is_a_sorted_trial(values: list[float], q: float) -> None:
    expected = sorted(values)[max(1, math.ceil(len(values) * q / 100 * (1 - 1e-15))) - 1]
    found = percentile(values, q).value
    assert found == (None if expected == math.inf else expected)


@pytest.mark.parametrize("trials", [1, 15, 16, 1000, 40_001])
def test_search_equals_sort(trials: int) -> None:
    values = np.floor(np.sin(np.arange(trials) * 12.9898) * 1e4)
    ordered = np.sort(values)
    sample = Sample(values, 16)
    for rank in {1, trials // 3 + 1, trials}:
        assert sample.smallest(partial(_at_least, rank)) == ordered[rank - 1]


def _at_least(rank: int, counts: Counts) -> NDArray[np.bool_]:
    return counts.sum(axis=0) >= rank
