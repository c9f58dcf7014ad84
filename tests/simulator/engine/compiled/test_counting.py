"""Compiled counting against numpy's: the same counts, the same bits, and where it is used."""

from __future__ import annotations

import numpy as np
import pytest

from payback.simulator.engine import simulate
from payback.simulator.engine.compiled import counting
from payback.simulator.statistics import LEAF, Grid, Tally, leaf_sums
from tests.simulator.engine.models import outputs
from tests.simulator.engine.run.test_keep_trials import M, cube

TRIALS = 9 * LEAF + 112


@pytest.mark.parametrize("start", [0, 5 * LEAF])
@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
def test_compiled_counting_gives_the_same_counts(sampler: str, start: int) -> None:
    pytest.importorskip("llvmlite")
    trials = simulate(M, cube(M, sampler, TRIALS), outputs("npv", "payback", "roi", "npv < 0"))
    for name, values in trials.values.items():
        odd = np.concatenate([values, [0.0, -0.0, 1e308, -1e308, 5e-324, np.nan, np.inf]])
        grid = Grid.of(values[:LEAF])
        plain, fast = Tally(grid, 16), counting.compiled().make(grid, 16)
        for tally in (plain, fast):
            tally.add(start, odd)
        states = plain.state(), fast.take().state()
        assert {key: array.tobytes() for key, array in states[0].items()} == {
            key: array.tobytes() for key, array in states[1].items()
        }, name


def test_compiled_sums_have_the_same_bits() -> None:
    pytest.importorskip("llvmlite")
    values = np.exp(np.sin(np.arange(5.0 * LEAF + 112)))
    values[[LEAF, 2 * LEAF + 3, 3 * LEAF + 17]] = np.nan, np.inf, 1e200
    grid = Grid.of(values[:LEAF])
    plain, fast = leaf_sums(grid, values, 16), leaf_sums(grid, values, 16, counting.compiled().add)
    assert np.array_equal(plain, fast, equal_nan=True)
    finite = np.isfinite(plain)
    assert plain[finite].tobytes() == fast[finite].tobytes()
    assert list(finite.all(axis=(1, 2))) == [True, False, False, False, True, True]


def test_compiled_counting_is_used_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, fast = counting.Counter(), counting.Counter(print, print)
    assert counting.counter(10**6) == plain
    monkeypatch.setattr(counting, "compiled", lambda: fast)
    assert counting.counter(10**9) == (fast if counting.find_spec("llvmlite") else plain)
    monkeypatch.setattr(counting, "find_spec", lambda _: None)
    assert counting.counter(10**9) == plain
