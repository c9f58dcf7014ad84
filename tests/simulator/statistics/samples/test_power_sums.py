"""Sums of powers by group: against exact sums, and the same bits for any split."""

from __future__ import annotations

import math
from functools import reduce
from itertools import pairwise

import numpy as np
import pytest

from payback.simulator.statistics import LEAF, Grid, Sums, leaf_sums
from payback.simulator.statistics.samples.power_sums import POWERS

TRIALS = 21 * LEAF + 333
X = np.exp(3.0 * np.sin(np.arange(TRIALS) ** 1.5))
GRID = Grid.of(X[:LEAF])
LEAVES = leaf_sums(GRID, X, 16)


def test_leaves_against_exact_sums() -> None:
    y = (X - GRID.centre) * GRID.rate
    for leaf in (0, 7, 21):
        rows = y[leaf * LEAF : (leaf + 1) * LEAF]
        for power in range(1, POWERS + 1):
            expected = [math.fsum((rows[group::16] ** power).tolist()) for group in range(16)]
            assert LEAVES[leaf, power - 1] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("cuts", [(), range(1, 22), (3, 4, 9), (8, 16), (7, 15, 21), (1, 2, 20)])
def test_any_split_gives_the_same_bits(cuts: tuple[int, ...]) -> None:
    whole = Sums.of(0, LEAVES)
    pieces = [Sums.of(a * LEAF, LEAVES[a:b]) for a, b in pairwise([0, *cuts, len(LEAVES)])]
    for added in (reduce(Sums.add, pieces), reduce(lambda later, earlier: earlier.add(later), pieces[::-1])):
        assert (added.first, added.levels) == (0, whole.levels)
        assert np.array(added.nodes).tobytes() == np.array(whole.nodes).tobytes()


def test_a_range_holds_few_sums() -> None:
    # 2**12 leaves less one from the second on: of each length one at most on either side
    assert len(Sums.of(LEAF, np.ones((4_095, POWERS, 16))).nodes) == 12
    assert len(Sums.of(3 * LEAF, np.ones((4_095, POWERS, 16))).nodes) <= 24


def test_moments_of_groups() -> None:
    counts = np.array([X[group::16].size for group in range(16)])
    for group, moments in enumerate(Sums.of(0, LEAVES).moments(GRID, counts)):
        x = X[group::16]
        assert moments is not None
        assert moments.mean == pytest.approx(x.mean(), rel=1e-13)
        central = [np.sum((x - x.mean()) ** k) for k in (2, 3, 4)]
        assert (moments.second, moments.third, moments.fourth) == pytest.approx(central, rel=1e-11)
    assert Sums().moments(GRID, counts) == ()
    odd = X.copy()
    odd[5] = np.inf
    assert [m is None for m in Sums.of(0, leaf_sums(GRID, odd, 16)).moments(GRID, counts)] == [
        group == 5 for group in range(16)
    ]
