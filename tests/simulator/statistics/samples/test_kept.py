"""Samples whose trials are kept, and arrays as such samples."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from payback.simulator.statistics import CountedSample, KeptSample, WeightedSample
from payback.simulator.statistics.leaf_moments import Counts


@pytest.mark.parametrize("trials", [1, 15, 16, 1000, 40_001])
def test_search_equals_sort(trials: int) -> None:
    values = np.floor(np.sin(np.arange(trials) * 12.9898) * 1e4)
    ordered = np.sort(values)
    sample = KeptSample(values, 16)
    for rank in {1, trials // 3 + 1, trials}:
        assert sample.smallest(partial(_at_least, rank)) == ordered[rank - 1]


def _at_least(rank: int, counts: Counts) -> NDArray[np.bool_]:
    return np.asarray(counts.sum(axis=0) >= rank)


@pytest.mark.parametrize("trials", [1, 15, 16, 1_003])
def test_groups_are_interleaved(trials: int) -> None:
    values = np.sin(np.arange(trials) * 12.9898)
    sample = KeptSample(values)
    assert sample.groups == min(trials, 16)
    for group in range(sample.groups):
        own = np.sort(values[group :: sample.groups])
        assert sample.mass[group] == own.size
        assert sample.quantile_of(group, 1.0) == own[-1]
        every = sample.part(group, sample.groups)
        assert every is not None
        assert np.array_equal(np.sort(every.values), own)
    assert sample.part(trials, trials + 1) is None


@pytest.mark.parametrize("values", [[], [[1.0]]])
def test_a_sample_is_one_value_a_trial(values: list[float]) -> None:
    with pytest.raises(ValueError, match=r"`KeptSample\(values=...\)` must have shape"):
        KeptSample(np.array(values))
    with pytest.raises(ValueError, match=r"`WeightedSample\(values=...\)` must have shape"):
        WeightedSample(np.array(values), weights=np.array(values))
    with pytest.raises(ValueError, match=r"`CountedSample\(values=...\)` must have shape"):
        CountedSample(np.array(values), lows=np.array([]), highs=np.array([]), held=np.zeros((0, 16), dtype=np.int64))


def test_one_replicate_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        KeptSample(np.zeros(3), 1)
