"""Workers of dask.distributed: the bits of one process, whatever happens to them; nothing unsafe by default."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from simulator.engine import accumulate
from simulator.engine.cluster import Cluster, Job, connect, count, versions
from simulator.errors import NumericalError, PaybackError, UsageError
from simulator.statistics import LEAF, Streamed
from tests.simulator.engine.models import model, outputs
from tests.simulator.engine.test_counting import ASKED, bits
from tests.simulator.engine.test_run import M, cube

TRIALS = 40 * LEAF
SIZE = 2 * LEAF


class Now:
    """A task that is done at once, in this process; `fault` is what it raises."""

    def __init__(self, found: Any, fault: Exception | None = None) -> None:
        self.found, self.fault = found, fault

    def result(self, timeout: float) -> Any:
        assert timeout > 0
        if self.fault is not None:
            raise self.fault
        return self.found


class Here:
    """A client whose workers are this process; what is sent is sent as bytes."""

    def __init__(self, faults: dict[int, Exception] | None = None) -> None:
        self.faults = faults or {}
        self.sent: list[int] = []

    def nthreads(self) -> dict[str, int]:
        return {"one": 1, "other": 1}

    def submit(self, function: Any, job: Job, first: int, last: int, **_: object) -> Now:
        self.sent.append(first)
        there = pickle.loads(pickle.dumps(job.grids)) if first == 0 else job.grids
        return Now(function(replace(job, grids=there), first, last), self.faults.get(first))

    def cancel(self, _: object) -> None:
        pass


@pytest.fixture(scope="module")
def alone() -> dict[str, Streamed]:
    return accumulate(M, cube(M, "sobol", TRIALS), ASKED, threads=1, engine="numpy")


@pytest.mark.parametrize("chunk", [LEAF, 3 * LEAF, 64 * LEAF])
def test_chunks_give_the_bits_of_one_process(alone: dict[str, Streamed], chunk: int) -> None:
    there = Cluster(Here(), chunk)
    assert bits(accumulate(M, cube(M, "sobol", TRIALS), ASKED, cluster=there, engine="numpy")) == bits(alone)


def test_a_pause_ends_with_what_was_sent() -> None:
    client = Here()
    found = accumulate(
        M, cube(M, "sobol", TRIALS), ASKED, cluster=Cluster(client, SIZE), engine="numpy", pause=lambda: True
    )
    assert client.sent == [0]
    assert found["npv"].trials == SIZE


def test_lost_workers_are_told_with_the_trials_that_are_missing() -> None:
    client = Here({2 * SIZE: ConnectionError("the scheduler is gone\nand more")})
    with pytest.raises(
        PaybackError, match=r"no counts of the trials from 16,384 on: ConnectionError: the scheduler is gone$"
    ):
        accumulate(M, cube(M, "sobol", TRIALS), ASKED, cluster=Cluster(client, SIZE), engine="numpy")


def test_formulas_that_go_wrong_are_blamed() -> None:
    from distributions import Lognormal

    m = model({"volume": Lognormal(100.0, 0.8)}, {"m_wrong": "log(volume - 3)"}, {"build": "-300"}, {"in": "m_wrong"})
    messages = []
    for cluster in (None, Cluster(Here(), SIZE)):
        with pytest.raises(NumericalError) as told:
            accumulate(m, cube(m, "sobol", TRIALS), outputs("npv"), cluster=cluster, engine="numpy")
        messages.append(str(told.value))
    assert messages[0] == messages[1]


def test_c7_a_worker_with_other_versions_is_refused() -> None:
    job = Job("x", M, cube(M, "sobol", LEAF), ASKED, {}, "numpy", versions() | {"numpy": "1.0"})
    with pytest.raises(UsageError, match=r"a worker of the cluster has numpy .*, not 1\.0 -> the same versions"):
        count(job, 0, LEAF)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("tcp://10.0.0.1:8786", "--i-trust-this-cluster"),
        ("tcp://example.org:8786", "who reaches it can run code"),
        ("http://localhost:8786", "local, tls://HOST:PORT"),
        ("10.0.0.1", "local, tls://HOST:PORT"),
        ("", "local, tls://HOST:PORT"),
    ],
)
def test_what_is_not_safe_is_refused(address: str, says: str) -> None:
    with pytest.raises(UsageError, match=says), connect(address):
        pass


def test_a_cluster_needs_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.engine.cluster.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'payback\[dask\]'"), connect("local"):
        pass


@pytest.fixture
def two_workers() -> Iterator[Cluster]:
    with connect("local", workers=2) as cluster:
        yield Cluster(cluster._client, SIZE)


@pytest.mark.filterwarnings("ignore")  # what distributed itself warns of while a worker dies
def test_c6_a_killed_worker_changes_nothing(alone: dict[str, Streamed], two_workers: Cluster) -> None:
    client = two_workers._client
    workers = client.run(os.getpid)
    assert len(workers) == 2
    killed: list[int] = []

    def progress(*_: int) -> None:
        if not killed:
            killed.append(min(workers.values()))
            os.kill(killed[0], signal.SIGKILL)

    found = accumulate(M, cube(M, "sobol", TRIALS), ASKED, cluster=two_workers, engine="numpy", progress=progress)
    assert killed
    assert bits(found) == bits(alone)
    assert client.scheduler_info()["address"].startswith("tcp://127.0.0.1:")
    with pytest.raises(HTTPError, match="404"):
        urlopen(client.dashboard_link)
