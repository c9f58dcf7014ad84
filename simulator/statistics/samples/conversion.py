"""Conversion of arrays to samples, by which every statistic accepts both."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from payback.simulator.statistics.samples.counted import CountedSample
from payback.simulator.statistics.samples.kept import KeptSample
from payback.simulator.statistics.samples.sample_protocol import Sample
from payback.simulator.statistics.samples.weighted import WeightedSample


def as_sample(trials: ArrayLike | Sample, replicates: int | None = None) -> Sample:
    """Return an array of values, shape (trials,), as a sample; a sample is returned as it is.

    Parameters
    ----------
    trials : array of shape (trials,), or Sample
    replicates : int or None
        Of an array, see `Sample`; a sample knows its own.

    Examples
    --------
    >>> sample = as_sample([3, 1, 2])
    >>> sample.quantile(0.5), as_sample(sample) is sample
    (2.0, True)
    """
    if isinstance(trials, KeptSample | WeightedSample | CountedSample):
        return trials
    return KeptSample(np.asarray(trials, dtype=np.float64), replicates)
