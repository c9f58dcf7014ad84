"""Arrays as samples."""

from __future__ import annotations

import numpy as np
import pytest

from payback.simulator.statistics import CountedSample, Grid, KeptSample, Sample, Sums, Tally, WeightedSample
from payback.simulator.statistics.samples.conversion import as_sample


def test_an_array_becomes_a_kept_sample_of_floats() -> None:
    sample = as_sample([True, False, True], 2)
    assert isinstance(sample, KeptSample)
    assert (sample.values.dtype, sample.replicates) == (np.dtype(np.float64), 2)


def test_a_sample_stays_what_it_is() -> None:
    x = np.arange(64.0)
    tally = Tally(Grid.of(x), 16)
    tally.add(0, x)
    samples: list[Sample] = [KeptSample(x), WeightedSample(x, weights=x), CountedSample.of_tally(tally, None, Sums())]
    for sample in samples:
        assert as_sample(sample, 16) is sample


@pytest.mark.parametrize("values", [[], [[1.0]]])
def test_an_array_has_one_axis_and_trials(values: list[float]) -> None:
    with pytest.raises(ValueError, match="must have shape"):
        as_sample(values)
