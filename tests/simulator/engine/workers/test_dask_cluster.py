"""Workers of dask.distributed: the bits of one process, whatever happens to them; nothing unsafe by default."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import zlib
from collections.abc import Iterator
from concurrent.futures import CancelledError
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from payback.distributions import Lognormal
from payback.simulator.engine import accumulate, simulate
from payback.simulator.engine.run.checkpoints import Checkpoint
from payback.simulator.engine.run.count_trials import Counting
from payback.simulator.engine.run.keep_trials import Keeping
from payback.simulator.engine.workers import dask_executor
from payback.simulator.engine.workers.dask_cluster import Cluster, ClusterError
from payback.simulator.engine.workers.versions import MISSING, differences, versions
from payback.simulator.errors import NumericalError, UsageError
from payback.simulator.statistics import LEAF, CountedSample, Grid
from tests.catalogue import compared_with
from tests.simulator.engine.models import model, outputs
from tests.simulator.engine.run.test_count_trials import ASKED, Killed, bits, killed_after
from tests.simulator.engine.run.test_keep_trials import M, cube

differs = compared_with(Path(__file__).with_name("messages.txt"))

TRIALS = 40 * LEAF + 112
CUBE = cube(M, "sobol", TRIALS)

pytestmark = pytest.mark.filterwarnings(
    # sockets of a worker that was killed
    "ignore:unclosed:ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)


HANGS = 300.0
"""Seconds after which a cluster is taken to hang; no test asks how fast one is."""


@pytest.fixture(scope="module")
def begun() -> Iterator[list[Cluster]]:
    """The clusters that were begun, the last of them in use."""
    clusters: list[Cluster] = []
    yield clusters
    for cluster in clusters:
        cluster.close()


@pytest.fixture
def workers(begun: list[Cluster]) -> Cluster:
    """Two processes: those that tests before have left alive, else new ones."""
    return alive(begun, 2, 2)


def alive(begun: list[Cluster], workers: int, least: int) -> Cluster:
    """Return the last cluster if `least` of its workers are alive, else a new one: not every killed one comes again."""
    if not begun or begun[-1].threads < least:
        begun.append(Cluster("local", workers=workers, patience=HANGS))
    return begun[-1]


@pytest.fixture(autouse=True)
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_executor, "FIRST", 2 * LEAF)
    monkeypatch.setattr(dask_executor, "SECONDS", 0.0)


@pytest.fixture(scope="module")
def alone() -> dict[str, CountedSample]:
    return accumulate(M, CUBE, ASKED, threads=2)


def processes(cluster: Cluster) -> dict[str, int]:
    pids: dict[str, int] = cluster._client.run(os.getpid)
    return pids


def test_b3_workers_give_the_bits_of_one_process(workers: Cluster, alone: dict[str, CountedSample]) -> None:
    calls: list[int] = []
    samples = accumulate(M, CUBE, ASKED, cluster=workers, progress=lambda done, _: calls.append(done))
    assert bits(samples) == bits(alone)
    assert calls == sorted(calls)
    assert calls[-1] == TRIALS


def test_b3_workers_keep_the_values_that_one_process_keeps(workers: Cluster) -> None:
    here, there = (simulate(M, CUBE, ASKED, cluster=cluster) for cluster in (None, workers))
    assert all(np.array_equal(here[name], there[name], equal_nan=True) for name in ASKED)


def test_c6_a_worker_that_is_killed_changes_nothing(workers: Cluster, alone: dict[str, CountedSample]) -> None:
    killed = []

    def progress(*_: int) -> None:
        if not killed:
            killed.append(min(processes(workers).values()))
            os.kill(killed[0], signal.SIGKILL)

    assert bits(accumulate(M, CUBE, ASKED, cluster=workers, progress=progress)) == bits(alone)
    assert killed


def test_c2_signals_of_a_terminal_are_not_for_workers(workers: Cluster, alone: dict[str, CountedSample]) -> None:
    before = processes(workers)
    for pid in before.values():
        os.kill(pid, signal.SIGINT)
    assert bits(accumulate(M, CUBE, ASKED, cluster=workers)) == bits(alone)
    assert processes(workers) == before


def test_c6_a_worker_that_stands_still_changes_nothing(workers: Cluster, alone: dict[str, CountedSample]) -> None:
    stood: list[threading.Timer] = []

    def progress(*_: int) -> None:
        if not stood:
            pid = max(processes(workers).values())
            os.kill(pid, signal.SIGSTOP)
            stood.append(threading.Timer(0.3, os.kill, (pid, signal.SIGCONT)))
            stood[0].start()

    assert bits(accumulate(M, CUBE, ASKED, cluster=workers, progress=progress)) == bits(alone)
    stood[0].join()


def test_a_killed_run_goes_on_with_workers_or_without(
    workers: Cluster, alone: dict[str, CountedSample], tmp_path: Path
) -> None:
    places = Checkpoint(tmp_path / "saved", "this", every=0.0).run("run")
    with pytest.raises(Killed):
        accumulate(M, CUBE, ASKED, cluster=workers, store=places, progress=killed_after(2))
    again = Checkpoint(tmp_path / "saved", "this", resume=True).run("run")
    assert bits(accumulate(M, CUBE, ASKED, store=again)) == bits(alone)


def test_a_pause_ends_with_the_first_trials(workers: Cluster) -> None:
    samples = accumulate(M, CUBE, ASKED, cluster=workers, pause=lambda: True)
    assert 0 < samples["npv"].trials < TRIALS
    first = samples["npv"].trials
    assert simulate(M, CUBE, ASKED, cluster=workers, pause=lambda: True)["npv"].size % 16 == 0
    assert first % LEAF == 0


def test_a_pause_waits_for_no_task_that_stands_in_a_queue(workers: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[None] = []
    dropped: list[int] = []
    plain = Cluster.forget
    monkeypatch.setattr(
        Cluster, "forget", lambda self, of: (dropped.append(len(kept := list(of))), plain(self, kept))[1]
    )
    monkeypatch.setattr(Cluster, "threads", 2)  # of which one may have been killed just now
    many = cube(M, "sobol", 2**20)
    samples = accumulate(M, many, ASKED, cluster=workers, pause=lambda: calls.append(None) or len(calls) > 4)
    assert len(dropped) > 1  # the last tasks, and in the end the recipe
    assert set(dropped) == {1}
    first = samples["npv < 0"].trials
    assert 0 < first < 2**20
    kept = simulate(M, many, outputs("npv < 0"))["npv < 0"][:first]
    assert samples["npv < 0"].average(samples["npv < 0"].values) == pytest.approx(kept.mean(), rel=1e-14)


def test_formulas_that_go_wrong_are_blamed_alike(workers: Cluster) -> None:
    m = model({"volume": Lognormal(100.0, 0.8)}, {"m_wrong": "log(volume - 3)"}, {"build": "-300"}, {"in": "m_wrong"})
    messages = []
    for run in (simulate, accumulate):
        for cluster in (None, workers):
            with pytest.raises(NumericalError) as error:
                run(m, cube(m, "sobol", TRIALS), outputs("npv"), cluster=cluster)
            messages.append(str(error.value))
    assert len(set(messages)) == 1


def listening(pid: int) -> set[str]:
    """Return the addresses that the process `pid` listens on, as the kernel writes them."""
    held = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    lines = [
        line.split() for kind in ("tcp", "tcp6") for line in Path(f"/proc/{pid}/net/{kind}").read_text().splitlines()
    ]
    return {line[1].partition(":")[0] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in held}


@pytest.mark.skipif(sys.platform != "linux", reason="the sockets of other processes")
def test_e16_a_cluster_of_ones_own_listens_on_the_loopback_interface_alone(workers: Cluster) -> None:
    for pid in (os.getpid(), *processes(workers).values()):
        assert listening(pid) == {"0100007F"}  # 127.0.0.1


def test_c7_workers_of_other_versions_are_refused_before_they_compute(
    workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda name: "0.1" if name == "numpy" else version(name))
    monkeypatch.setattr(workers, "_checked", set())
    with pytest.raises(ClusterError, match=rf"worker tcp://.* numpy {np.__version__} there, 0\.1 here -> the same"):
        simulate(M, CUBE, ASKED, cluster=workers, engine="numpy")


def test_c7_a_worker_that_comes_later_is_refused_too() -> None:
    recipe = zlib.compress(pickle.dumps(Keeping(M, CUBE, ASKED, "numpy")))
    expected = versions(("numpy", "payback"))
    with pytest.raises(ClusterError, match=rf"numpy {np.__version__} there, 0\.1 here"):
        dask_executor.work(recipe, "late", expected | {"numpy": "0.1"}, 0, LEAF)
    done, seconds, kept = dask_executor.work(recipe, "late", expected, 0, LEAF)
    assert done == LEAF
    assert seconds >= 0.0
    assert np.array_equal(kept.values["npv"], simulate(M, CUBE, ASKED, engine="numpy")["npv"][:LEAF])


def test_versions_that_differ_are_told_with_both() -> None:
    assert not differences({"numpy": "2.1"}, {"numpy": "2.1"})
    text = differences({"python": "3.11", "numpy": "2.1"}, {"python": "3.12", "numpy": MISSING})
    assert not differs(text, "versions that differ")


class Silent:
    """A client whose futures are never done."""

    status = "running"
    scheduler = SimpleNamespace(ncores=None)

    def __init__(self, ncores: dict[str, int] | Exception) -> None:
        self.ncores = ncores

    def sync(self, *_: object, callback_timeout: float) -> dict[str, int]:
        assert callback_timeout > 0
        if isinstance(self.ncores, Exception):
            raise self.ncores
        return self.ncores


class Never:
    def __init__(self, fault: BaseException) -> None:
        self.fault = fault

    def done(self) -> bool:
        return False

    def result(self, timeout: float) -> None:
        assert timeout > 0
        raise self.fault


@pytest.mark.parametrize(
    ("ncores", "fault", "says"),
    [
        ({}, TimeoutError(), "no worker came to the cluster local for 0.01 s"),
        (OSError(), TimeoutError(), "the scheduler of the cluster local is gone"),
        (TimeoutError(), TimeoutError(), "the scheduler of the cluster local is gone"),
        ({"one": 1}, CancelledError(), "the scheduler of the cluster local is gone"),
    ],
)
def test_c6_a_cluster_that_is_gone_is_told(
    workers: Cluster, monkeypatch: pytest.MonkeyPatch, ncores: Any, fault: BaseException, says: str
) -> None:
    monkeypatch.setattr(workers, "_client", Silent(ncores))
    monkeypatch.setattr(workers, "patience", 0.01)
    with pytest.raises(ClusterError, match=says):
        workers.result(Never(fault))


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("tcp://10.0.0.1:8786", "another machine, without encryption.*--i-trust-this-cluster"),
        ("tcp://example.org:8786", "can run code here"),
        ("tcp://127.0.0.1.example.org:8786", "can run code here"),
        ("http://localhost:8786", "local, tcp://host:port, or tls://host:port"),
        ("tcp://localhost", "local, tcp://host:port, or tls://host:port"),
        ("10.0.0.1", "local, tcp://host:port, or tls://host:port"),
        ("", "local, tcp://host:port, or tls://host:port"),
        ("tls://10.0.0.1:8786", "needs the certificate of its authority"),
    ],
)
def test_e16_what_is_not_safe_is_refused(address: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        Cluster(address)


@pytest.mark.parametrize(("address", "trusted"), [("tcp://127.0.0.1:1", False), ("tcp://[::1]:1", False)])
def test_c6_nobody_who_answers_is_told(address: str, trusted: bool) -> None:
    with pytest.raises(ClusterError, match="no scheduler answers at"):
        Cluster(address, trusted=trusted, patience=0.2)


def test_a_cluster_needs_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'payback\[dask\]'"):
        Cluster("local")


def test_what_is_sent_is_small() -> None:
    grids = {name: Grid.of(values) for name, values in simulate(M, CUBE, ASKED).values.items()}
    sent = zlib.compress(pickle.dumps(Counting(M, CUBE, ASKED, grids, "numpy")), 1)
    assert len(sent) < 2_000_000
