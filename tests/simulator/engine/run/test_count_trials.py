"""Counted runs: the bits depend on neither blocks nor threads nor where a run was taken up again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from payback.simulator.engine import accumulate, simulate
from payback.simulator.engine.compiled import counter
from payback.simulator.engine.run import count_trials
from payback.simulator.engine.run.checkpoints import Checkpoint
from payback.simulator.errors import NumericalError, UsageError
from payback.simulator.statistics import (
    LEAF,
    CountedSample,
    Estimate,
    Grid,
    KeptSample,
    Sample,
    Tally,
    leaf_sums,
    mean,
    percentile,
    probability,
)
from tests.simulator.engine.models import model, outputs
from tests.simulator.engine.run.test_keep_trials import M, cube

TRIALS = 9 * LEAF + 112
ASKED = outputs("npv", "payback", "roi", "npv < 0")


def bits(found: dict[str, CountedSample]) -> dict[str, bytes]:
    arrays = {
        name: (one.lows, one.highs, one.held, np.array([(k.offset, k.second) for k in one.known if k]))
        for name, one in found.items()
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
    found = accumulate(M, cube(M, sampler, TRIALS), ASKED, block=block, threads=threads)
    assert bits(found) == bits(whole)


def test_counted_and_kept_trials_give_the_same_statistics(whole: dict[str, CountedSample], sampler: str) -> None:
    kept = simulate(M, cube(M, sampler, TRIALS), ASKED)
    statistics: list[Callable[[Sample], Estimate]] = [
        mean,
        probability,
        *(lambda x, q=q: percentile(x, q) for q in (5, 50, 95)),
    ]
    for name, one in whole.items():
        sample = KeptSample(kept[name], kept.replicates)
        assert (one.trials, one.never, one.undefined) == (sample.trials, sample.never, sample.undefined)
        for statistic in statistics:
            a, b = statistic(sample), statistic(one)
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
    found = accumulate(M, c, ASKED, block=LEAF, threads=2, store=store, progress=lambda done, _: seen.append(done))
    assert bits(found) == bits(whole)
    assert seen[0] > LEAF or not sum(kills)


def test_a_pause_gives_the_first_trials(sampler: str) -> None:
    c, asked = cube(M, sampler, TRIALS), []

    def pause() -> bool:
        asked.append(None)
        return len(asked) > 4

    found = accumulate(M, c, ASKED, block=LEAF, threads=1, pause=pause)
    done = found["npv"].trials
    assert 0 < done < TRIALS
    kept = simulate(M, c, ASKED)["npv < 0"][:done]
    assert found["npv < 0"].average(found["npv < 0"].values) == pytest.approx(kept.mean(), rel=1e-14)


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


@pytest.mark.parametrize("start", [0, 5 * LEAF])
def test_compiled_counting_gives_the_same_counts(sampler: str, start: int) -> None:
    pytest.importorskip("llvmlite")
    trials = simulate(M, cube(M, sampler, TRIALS), ASKED)
    for name, values in trials.values.items():
        odd = np.concatenate([values, [0.0, -0.0, 1e308, -1e308, 5e-324, np.nan, np.inf]])
        grid = Grid.of(values[:LEAF])
        plain, fast = Tally(grid, 16), Tally(grid, 16, counter.compiled().count)
        for tally in (plain, fast):
            tally.add(start, odd)
        states = plain.state(), fast.state()
        assert {key: part.tobytes() for key, part in states[0].items()} == {
            key: part.tobytes() for key, part in states[1].items()
        }, name


def test_compiled_sums_have_the_same_bits() -> None:
    pytest.importorskip("llvmlite")
    values = np.exp(np.sin(np.arange(5.0 * LEAF + 112)))
    values[[LEAF, 2 * LEAF + 3, 3 * LEAF + 17]] = np.nan, np.inf, 1e200
    grid = Grid.of(values[:LEAF])
    plain, fast = leaf_sums(grid, values, 16), leaf_sums(grid, values, 16, counter.compiled().add)
    assert np.array_equal(plain, fast, equal_nan=True)
    finite = np.isfinite(plain)
    assert plain[finite].tobytes() == fast[finite].tobytes()
    assert list(finite.all(axis=(1, 2))) == [True, False, False, False, True, True]


def test_compiled_counting_is_used_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, fast = counter.Counter(), counter.Counter(print, print)
    assert counter.counter(10**6) == plain
    monkeypatch.setattr(counter, "compiled", lambda: fast)
    assert counter.counter(10**9) == (fast if counter.find_spec("llvmlite") else plain)
    monkeypatch.setattr(counter, "find_spec", lambda _: None)
    assert counter.counter(10**9) == plain


class TestCheckpoint:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "run.checkpoint"
        checkpoint = Checkpoint(path, "id", every=0.0)
        accumulate(M, cube(M, "sobol", 2 * LEAF), outputs("npv"), store=checkpoint.run("x"))
        return path

    def test_any_damage_is_seen(self, path: Path) -> None:
        data = path.read_bytes()
        cuts = [data[:end] for end in range(0, len(data), max(1024, len(data) // 100))]
        flips = [
            data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            for at in (0, 30, 90, 200, len(data) // 2, -1 % len(data))
        ]
        for damaged in (*cuts, *flips, b"", data + b"\0"):
            path.write_bytes(damaged)
            with pytest.raises(UsageError, match=r"run\.checkpoint (is damaged|is no checkpoint)"):
                Checkpoint(path, "id", resume=True)

    def test_an_older_format_is_refused(self, path: Path) -> None:
        path.write_bytes(path.read_bytes().replace(b"payback-checkpoint/3", b"payback-checkpoint/1", 1))
        with pytest.raises(UsageError, match="is no checkpoint of this version of payback -> remove it"):
            Checkpoint(path, "id", resume=True)

    def test_another_command_is_refused(self, path: Path) -> None:
        with pytest.raises(UsageError, match="of another case"):
            Checkpoint(path, "another id", resume=True)

    def test_what_is_there_is_not_overwritten(self, path: Path) -> None:
        with pytest.raises(UsageError, match="exists -> --resume"):
            Checkpoint(path, "id")

    def test_first_trials_with_other_bits_are_refused(self, path: Path) -> None:
        store = Checkpoint(path, "id", resume=True).run("x")
        with pytest.raises(UsageError, match="other bits"):
            accumulate(M, cube(M, "sobol", 2 * LEAF, seed=2), outputs("npv"), store=store)

    @pytest.mark.parametrize("call", ["fsync", "write", "replace"])
    def test_a_full_disk_leaves_what_was_there(self, path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
        import errno
        import os

        from payback.simulator.engine.run.checkpoints import CheckpointError

        before = path.read_bytes()
        checkpoint = Checkpoint(path, "id", resume=True)

        def full(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        owner, name = {"fsync": (os, "fsync"), "replace": (Path, "replace"), "write": (Path, "open")}[call]
        with monkeypatch.context() as faulty:
            faulty.setattr(owner, name, full)
            with pytest.raises(CheckpointError, match=r"run\.checkpoint, [\d,]+ bytes: No space left"):
                checkpoint.put("y", {}, {})
        assert path.read_bytes() == before
        assert [one.name for one in path.parent.iterdir()] == [path.name]
