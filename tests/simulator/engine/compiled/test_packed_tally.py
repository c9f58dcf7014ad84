"""Short counts of compiled code against numpy's tally: the same counts, sums and extremes, whatever the values are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from payback.simulator.cube.streams import uniforms
from payback.simulator.engine.compiled import packed_tally
from payback.simulator.engine.compiled.packed_tally import PackedTally
from payback.simulator.statistics import Grid, Tally, TrialCounter

Floats = NDArray[np.float64]

PILOT = 4_096
TRIALS = 3 * PILOT
SPLITS = {"one block": (0, TRIALS), "odd blocks": (0, 5, 16, 1_000, 1_001, 9_001, TRIALS)}
NORMAL = ndtri(uniforms(7, "values", 0, TRIALS))


def with_odd_values(x: Floats) -> Floats:
    odd = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, 1e60, -1e60, 1e308, -1e308, 5e-324]
    x = x.copy()
    x[PILOT + 3 :: 97] = np.resize(odd, x[PILOT + 3 :: 97].size)
    return x


MEASURES: dict[str, Callable[[], Floats]] = {
    "continuous": lambda: np.exp(NORMAL),
    "odd": lambda: with_odd_values(NORMAL),
    "wide tails": lambda: NORMAL**9 * 1e12,
    "often never": lambda: np.where(NORMAL > 0.0, np.inf, NORMAL),
    "often undefined": lambda: np.where(NORMAL > 0.0, np.nan, NORMAL),
    "always never": lambda: np.full(TRIALS, np.inf),
    "whole numbers": lambda: np.round(8.0 * NORMAL),
    "anchors and between": lambda: np.where(NORMAL > 0.0, np.round(NORMAL, 2), NORMAL),
    "signed zeros": lambda: np.where(NORMAL > 0.0, 0.0, -0.0),
    "truth": lambda: (NORMAL > 0.3).astype(np.float64),
    "true": lambda: np.ones(TRIALS),
    "truth, then a half": lambda: np.where(np.arange(TRIALS) == PILOT + 1_234, 0.5, NORMAL > 0.3),
    "truth after a half": lambda: np.where(np.arange(TRIALS) < PILOT, 0.5, NORMAL > 0.3),
    "small set": lambda: np.where(NORMAL > 0.3, 2.0, 1.0),
}


def bits(trials: TrialCounter, x: Floats, splits: Sequence[int], first: int) -> dict[str, bytes]:
    for start, stop in pairwise(splits):
        trials.add(first + start, x[start:stop])
    return {key: array.tobytes() for key, array in trials.take().state().items()}


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("groups", [1, 3, 8, 16, 20, 64])
@pytest.mark.parametrize("measure", MEASURES)
def test_packed_counts_are_those_of_numpy(measure: str, groups: int, split: str) -> None:
    pytest.importorskip("llvmlite")
    x = MEASURES[measure]()
    grid = Grid.of(x[:PILOT])
    plain, packed = Tally(grid, groups), PackedTally(grid, groups)
    assert bits(packed, x, SPLITS[split], 7) == bits(plain, x, (0, TRIALS), 7)


def test_counts_are_moved_before_they_overflow(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("llvmlite")
    monkeypatch.setattr(packed_tally, "MOST_COUNTED", 63)
    moved = []
    unpack = PackedTally._unpack
    monkeypatch.setattr(PackedTally, "_unpack", lambda tally: moved.append(unpack(tally)))
    grid = Grid.of(NORMAL[:PILOT])
    plain, packed = Tally(grid, 16), PackedTally(grid, 16)
    assert bits(packed, NORMAL, SPLITS["odd blocks"], 0) == bits(plain, NORMAL, (0, TRIALS), 0)
    assert len(moved) >= TRIALS // (16 * 63)


def test_a_count_holds_as_many_trials_as_it_says() -> None:
    pytest.importorskip("llvmlite")
    trials = packed_tally.MOST_COUNTED // packed_tally.NARROW * packed_tally.NARROW
    grid = Grid.of(NORMAL[:PILOT])
    least = np.nextafter(grid.edges[grid.edges > grid.centre][300], -np.inf)  # with the largest place of its cell
    x = np.full(trials + 8, least)
    plain, packed = Tally(grid, 1), PackedTally(grid, 1)
    assert bits(packed, x, (0, trials, trials + 8), 0) == bits(plain, x, (0, x.size), 0)


def test_a_tally_that_was_taken_begins_anew() -> None:
    pytest.importorskip("llvmlite")
    for x in (NORMAL, MEASURES["truth"]()):
        grid = Grid.of(x)
        packed, plain = PackedTally(grid, 16), Tally(grid, 16)
        first, again = bits(packed, x, (0, TRIALS), 0), bits(packed, x, (0, TRIALS), 0)
        assert first == again == bits(plain, x, (0, TRIALS), 0) == bits(plain, x, (0, TRIALS), 0)
        assert not packed.take().counts.any()
