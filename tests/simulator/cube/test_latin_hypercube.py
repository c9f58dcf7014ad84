"""Latin hypercube points: strata, permutations as good as chance, any block, and what they gain."""

from __future__ import annotations

import math
from collections import Counter
from itertools import permutations
from typing import Any

import numpy as np
import pytest

from payback.simulator.cube import Cube, LatinHypercube, MonteCarlo, Sampler, Sobol, latin_hypercube
from payback.simulator.cube.latin_hypercube import strata
from payback.simulator.cube.streams import Stream
from tests import reference_cube as twin

AXES = tuple(f"x{i}" for i in range(6))


@pytest.mark.parametrize("points", [1, 2, 3, 5, 16, 63, 64, 625, 1000, 4096, 62_500])
def test_one_point_in_each_stratum_and_column(points: int) -> None:
    cube = Cube(AXES[:3], 16 * points, 4, LatinHypercube())
    block = cube.block(0, cube.trials)
    assert ((block > 0) & (block < 1)).all()
    for replicate in range(16):
        for column in block[replicate::16].T:
            assert (np.sort(np.floor(column * points)) == np.arange(points)).all()


@pytest.mark.parametrize("points", [2**18 - 1, 2**18, 3 * 2**16 + 1])
def test_strata_are_a_permutation_in_every_replicate(points: int) -> None:
    permutations = strata(7, points, np.arange(16 * points)).reshape(points, 16)
    for replicate in (0, 7, 15):
        assert (np.bincount(permutations[:, replicate], minlength=points) == 1).all()


@pytest.mark.parametrize("trials", [16, 48, 1008, 16 * 4097, 2**30, 2**34])
def test_scalar_twin(trials: int) -> None:
    cube = Cube(AXES, trials, 11, LatinHypercube())
    for trial in {0, trials // 3, trials - 1}:
        expected = [twin.latin(11, name, trials, trial) for name in AXES]
        assert cube.block(trial, trial + 1)[0].tolist() == expected


def test_every_permutation_is_as_likely() -> None:
    # 4! permutations in 16 replicates of 600 axes: chi-square(23), bound at p = 1e-4
    counts = Counter()
    for axis in range(600):
        table = strata(Stream(1, f"axis {axis}").key("strata"), 4, np.arange(64)).reshape(4, 16)
        counts.update(map(tuple, table.T.tolist()))
    expected = 600 * 16 / math.factorial(4)
    chi2 = sum((counts[p] - expected) ** 2 / expected for p in permutations(range(4)))
    assert chi2 < 56.0


@pytest.mark.parametrize("points", [16, 64, 90, 1024])
def test_two_points_meet_strata_as_chance_would_have_it(points: int) -> None:
    # the variance of a Latin hypercube rests on the law of two strata: of neighbours, and of points far apart
    count, cells = 25_600 // points, 8
    tables = [strata(Stream(2, f"axis {a}").key("strata"), points, np.arange(16 * points)) for a in range(count)]
    table = np.stack(tables).reshape(count, points, 16)
    for other in (1, 2, math.isqrt(points - 1) + 1, points // 3):
        pairs = cells * table // points * cells + cells * np.roll(table, other, axis=1) // points
        seen = np.bincount(pairs.ravel(), minlength=cells**2)
        level = np.bincount(cells * np.arange(points) // points, minlength=cells)
        both = np.outer(level, level) - np.diag(level)
        expected = both.ravel() / both.sum() * seen.sum()
        # 63 cells, the sums of rows and columns being fixed 49 are free: chi-square, bound at p = 1e-5
        assert ((seen - expected) ** 2 / expected).sum() < 105.0


def test_replicates_and_names_are_independent() -> None:
    points = 256
    tables = [strata(Stream(3, f"axis {a}").key("strata"), points, np.arange(16 * points)) for a in range(8)]
    columns = np.concatenate([table.reshape(points, 16) for table in tables], axis=1)
    correlations = np.corrcoef(columns.T)[np.triu_indices(128, 1)]
    # 8,128 correlations of standard error 1 / sqrt(255): the largest, and their sum of squares, sd sqrt(2 pairs)
    assert np.abs(correlations).max() < 5.5 / np.sqrt(255)
    assert abs((255 * correlations**2).sum() - correlations.size) < 4 * np.sqrt(2 * correlations.size)


def test_a_run_of_another_length_has_other_trials() -> None:
    short, long = (Cube(AXES, trials, 1, LatinHypercube()).block(0, 1024) for trials in (1024, 2048))
    assert not np.isin(short, long).any()
    assert "number of trials" in LatinHypercube().note
    assert not Sobol().note


def smooth(x: np.ndarray) -> np.ndarray:
    return np.asarray((1.0 + (x - 0.5) / np.arange(1, x.shape[-1] + 1)).prod(axis=-1))


def test_error_of_the_mean_is_half_that_of_chance_and_seen_in_the_replicates() -> None:
    points = 256

    def replicate_means(sampler: Sampler) -> np.ndarray:
        means = [smooth(Cube(AXES, 16 * points, s, sampler).block(0, 16 * points)).reshape(-1, 16) for s in range(20)]
        return np.stack(means).mean(axis=1) - 1.0

    latin, chance = replicate_means(LatinHypercube()), replicate_means(MonteCarlo())
    # a root mean square of 320 has a standard error of 4 %; the ratio is about .3
    assert np.sqrt((latin**2).mean()) < 0.5 * np.sqrt((chance**2).mean())
    # variance of the pooled mean, over 20 seeds, against its estimate from 16 replicates: F(20, 300) at p = 1e-4
    estimated = latin.var(axis=1, ddof=1).mean() / 16
    assert 0.25 < (latin.mean(axis=1) ** 2).mean() / estimated < 3.0


def test_too_many_trials() -> None:
    with pytest.raises(ValueError, match="at most 17,179,869,184"):
        Cube(AXES, 2**34 + 1, 1, LatinHypercube())


@pytest.mark.parametrize("points", [1_000, 4_097, 62_500])
def test_few_points_walk_through_the_network_twice(points: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A coordinate costs `rounds(points)` look-ups, and a second walk only where the first leaves the points."""
    walked: list[int] = []
    through = latin_hypercube._through

    def counted(*arguments: Any) -> np.ndarray:
        walked.append(arguments[3].size)
        return through(*arguments)

    monkeypatch.setattr(latin_hypercube, "_through", counted)
    strata(7, points, np.arange(16 * points))
    assert latin_hypercube.rounds(points) <= 16
    assert sum(walked) <= 1.1 * 16 * points
