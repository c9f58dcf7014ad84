"""Counted runs: the bits depend on neither blocks nor threads nor where a run was taken up again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from payback.simulator.engine import accumulate, simulate
from payback.simulator.engine.run import count_trials
from payback.simulator.engine.run.checkpoints import Checkpoint
from payback.simulator.errors import NumericalError
from payback.simulator.statistics import (
    LEAF,
    CountedSample,
    Estimate,
    KeptSample,
    Sample,
    mean,
    percentile,
    probability,
)
from tests.simulator.engine.models import model, outputs
from tests.simulator.engine.run.test_keep_trials import M, cube

TRIALS = 9 * LEAF + 112
ASKED = outputs("npv", "payback", "roi", "npv < 0")


def bits(samples: dict[str, CountedSample]) -> dict[str, bytes]:
    arrays = {
        name: (sample.lows, sample.highs, sample.held, np.array([(k.offset, k.second) for k in sample.known if k]))
        for name, sample in samples.items()
    }
    return {name: b"".join(array.tobytes() for array in parts) for name, parts in arrays.items()}


class Killed(Exception):
    """What stands for kill -9: nothing runs behind it."""


def killed_after(blocks: int) -> Callable[[int, int], None]:
    left = iter(range(blocks))

    def progress(*_: int) -> None:
        if next(left, None) is None:
            raise Killed

    return progress


@pytest.fixture(scope="module", params=["sobol", "monte_carlo"])
def sampler(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def whole(sampler: str) -> dict[str, CountedSample]:
    return accumulate(M, cube(M, sampler, TRIALS), ASKED, threads=1)


@pytest.mark.parametrize(("block", "threads"), [(1, 2), (7, 1), (10_000, 3), (2**16, 8), (TRIALS, 2)])
def test_any_block_size_and_thread_count_gives_the_same_bits(
    whole: dict[str, CountedSample], sampler: str, block: int, threads: int
) -> None:
    samples = accumulate(M, cube(M, sampler, TRIALS), ASKED, block=block, threads=threads)
    assert bits(samples) == bits(whole)


def test_counted_and_kept_trials_give_the_same_statistics(whole: dict[str, CountedSample], sampler: str) -> None:
    kept = simulate(M, cube(M, sampler, TRIALS), ASKED)
    statistics: list[Callable[[Sample], Estimate]] = [
        mean,
        probability,
        *(lambda x, q=q: percentile(x, q) for q in (5, 50, 95)),
    ]
    for name, counted in whole.items():
        sample = KeptSample(kept[name], kept.replicates)
        assert (counted.trials, counted.never, counted.undefined) == (sample.trials, sample.never, sample.undefined)
        for statistic in statistics:
            a, b = statistic(sample), statistic(counted)
            assert (a.value is None, a.method) == (b.value is None, b.method)
            if a.value is None or a.low is None or a.high is None:
                continue
            assert b.value == pytest.approx(a.value, abs=0.3 * (a.high - a.low) + 1e-12)
            if statistic in (mean, probability):
                assert (b.value, b.low, b.high) == pytest.approx((a.value, a.low, a.high), rel=1e-12)


@pytest.mark.parametrize("kills", [[1], [3], [2, 1], [0, 4, 2]])
def test_a_killed_run_goes_on_to_the_same_bits(
    whole: dict[str, CountedSample], sampler: str, kills: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "run.checkpoint"
    c = cube(M, sampler, TRIALS)
    for first, blocks in enumerate(kills):
        store = Checkpoint(path, "id", resume=first > 0, every=0.0).run("x")
        with pytest.raises(Killed):
            accumulate(M, c, ASKED, block=LEAF, threads=1, store=store, progress=killed_after(blocks))
    seen: list[int] = []
    store = Checkpoint(path, "id", resume=True, every=0.0).run("x")
    samples = accumulate(M, c, ASKED, block=LEAF, threads=2, store=store, progress=lambda done, _: seen.append(done))
    assert bits(samples) == bits(whole)
    assert seen[0] > LEAF or not sum(kills)


def test_a_pause_gives_the_first_trials(sampler: str) -> None:
    c, calls = cube(M, sampler, TRIALS), []

    def pause() -> bool:
        calls.append(None)
        return len(calls) > 4

    samples = accumulate(M, c, ASKED, block=LEAF, threads=1, pause=pause)
    done = samples["npv"].trials
    assert 0 < done < TRIALS
    kept = simulate(M, c, ASKED)["npv < 0"][:done]
    assert samples["npv < 0"].average(samples["npv < 0"].values) == pytest.approx(kept.mean(), rel=1e-14)


@pytest.mark.parametrize("formula", ["log(volume - 3)", "1 / max(volume - 3.2, 0)"])
def test_numbers_that_are_not_finite_are_counted_and_blamed(formula: str) -> None:
    from payback.distributions import Lognormal

    m = model({"volume": Lognormal(100.0, 0.8)}, {"m_wrong": formula}, {"build": "-300"}, {"in": "m_wrong"})
    c = cube(m, "sobol", 2**16)
    with pytest.raises(NumericalError) as counted:
        accumulate(m, c, outputs("npv"), block=LEAF)
    with pytest.raises(NumericalError) as kept:
        simulate(m, c, outputs("npv"))
    assert str(counted.value) == str(kept.value)


def test_memory_does_not_grow_with_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    import tracemalloc

    monkeypatch.setattr(count_trials, "PILOT", 2**12)
    peaks = []
    for trials in (2**16, 2**19):
        tracemalloc.start()
        accumulate(M, cube(M, "monte_carlo", trials), outputs("npv"), threads=2, block=2**13)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0] + 2**20


@pytest.mark.parametrize(
    ("trials", "threads", "wanted"), [(10**9, 2, 2**18), (10**9, 10**4, 2**16), (2**21, 2, 2**17), (10_000, 1, 2**16)]
)
def test_blocks_are_long_if_there_are_enough_for_all_threads(trials: int, threads: int, wanted: int) -> None:
    backend = SimpleNamespace(block=2**16, long_block=2**18)
    assert count_trials._size(backend, trials, threads) == wanted
