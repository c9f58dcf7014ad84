"""Counts and searches over cells against sorted values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics.samples.cell_order import Ranked, rank_of


def _uniform(n):
    return uniforms(20, "values", 0, n)


def _normal(n):
    return ndtri(_uniform(n))


def _shuffled(n):
    return uniforms(20, "which", 0, n)


KINDS = {
    "normal": _normal,
    "heavy": lambda n: np.exp(4.0 * _normal(n)),
    "whole": lambda n: np.floor(3.0 * _uniform(n)),
    "constant": lambda n: np.full(n, 3.0),
    "never": lambda n: np.where(_shuffled(n) < 0.5, np.inf, _uniform(n)),
    "undefined and huge": lambda n: np.where(_shuffled(n) < 0.1, np.nan, _normal(n) * 1e300),
    "rounded": lambda n: np.round(_normal(n), 1),
    "far from zero": lambda n: 1e9 + _normal(n) * 1e-5,
    "scales apart": lambda n: np.where(_shuffled(n) < 0.6, _normal(n) * 1e-3, -np.exp(100.0 + 30.0 * _normal(n))),
    "mostly one value": lambda n: np.where(_shuffled(n) < 0.97, 7.0, _normal(n)),
    "signed zeros": lambda n: np.where(_shuffled(n) < 0.5, -0.0, 0.0),
    "tiny": lambda n: _normal(n) * 1e-310,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("size", "groups"), [(1, 1), (5, 5), (100, 16), (3001, 7), (70_003, 16)])
def test_cells_answer_as_sorted_values_do(kind, size, groups):
    values = KINDS[kind](size)
    if np.isnan(values).all():
        values[0] = 1.0
    ranked = Ranked.of(values, groups)
    ordered = np.sort(values[~np.isnan(values)])
    assert ranked.range == (ordered[0], ordered[-1])
    for p in (0.001, 0.05, 0.3, 0.5, 0.9, 0.999, 1.0):
        rank = rank_of(ordered.size, p)
        assert ranked.smallest(lambda counts, rank=rank: counts.sum(axis=0) >= rank) == ordered[rank - 1]
    assert ranked.smallest(lambda counts: counts.sum(axis=0) > ordered.size) is None

    points = np.concatenate([ordered[:: max(1, size // 7)], [1e308, -1e308, 0.0, np.inf, -np.inf]])
    by_group = [np.sort(values[group::groups]) for group in range(groups)]
    by_group = [trials[~np.isnan(trials)] for trials in by_group]
    assert np.array_equal(ranked.sizes, [trials.size for trials in by_group])
    assert np.array_equal(ranked.counts(points), [trials.searchsorted(points, side="right") for trials in by_group])
    for group, trials in enumerate(by_group):
        for rank in {1, trials.size // 2 + 1, trials.size} if trials.size > 1 else ():
            assert ranked.at(group, rank) == trials[rank - 1]
