"""Influence functions: derivatives of a statistic, of mean 0."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics import KeptSample, WeightedSample
from payback.simulator.statistics.estimators.influence import (
    Statistic,
    cvar_of,
    heaviness,
    mean_of,
    sd_of,
    skew_of,
    top_share_of,
)

X: NDArray[np.float64] = np.exp(ndtri(uniforms(1, "x", 0, 437)) / 2)
STATISTICS = (mean_of, sd_of, skew_of, top_share_of, cvar_of(5), cvar_of(90))


@pytest.mark.parametrize("statistic", STATISTICS)
def test_influence_is_the_derivative(statistic: Statistic) -> None:
    # one more copy of a trial among `copies` of all moves the statistic by its influence
    of_sample = statistic(KeptSample(X))
    copies = np.tile(X, 2_000)
    same = statistic(KeptSample(copies))
    assert of_sample is not None
    assert same is not None
    for trial in (0, 17, int(np.argmax(X)), int(np.argmin(X))):
        more = statistic(KeptSample(np.append(copies, X[trial])))
        assert more is not None
        influence = float(of_sample[1](X[trial : trial + 1])[0])
        assert (more[0] - same[0]) * copies.size == pytest.approx(influence, rel=5e-3, abs=2e-3)


@pytest.mark.parametrize("statistic", [mean_of, sd_of, skew_of])
def test_the_weighted_mean_of_the_influences_is_0(statistic: Statistic) -> None:
    for sample in (KeptSample(X), WeightedSample(X, weights=np.sqrt(X))):
        of_sample = statistic(sample)
        assert of_sample is not None
        terms = of_sample[1](sample.values)
        # to the rounding of a sum of 437 terms
        assert abs(sample.average(terms)) <= 437 * np.finfo(float).eps * np.abs(terms).mean() * 8


def test_heaviness_is_the_share_of_the_top_trials_in_the_spread() -> None:
    x = np.concatenate([np.tile([-1.0, 1.0], 495), np.full(10, 100.0)])
    # the median of 495 x -1, 495 x 1 and 10 x 100 is 1: distances are 2, 0 and 99
    assert heaviness(KeptSample(x), mean_of) == pytest.approx(990 / (495 * 2 + 990))
    assert heaviness(KeptSample(x), sd_of) == pytest.approx(10 * 99**2 / (495 * 4 + 10 * 99**2))
    assert heaviness(KeptSample(np.append(x, math.inf)), mean_of) == 0.0
