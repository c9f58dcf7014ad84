"""What may happen to workers and schedulers: the bits of one process, or one error that names the missing trials."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dask
import numpy as np
import pytest
from distributed import Client, LocalCluster

from payback.simulator.engine import accumulate, simulate
from payback.simulator.engine.run.checkpoints import Checkpoint
from payback.simulator.engine.run.count_trials import Counting
from payback.simulator.engine.run.partial_counts import PartialCounts
from payback.simulator.engine.workers import dask_cluster as clusters
from payback.simulator.engine.workers import dask_executor
from payback.simulator.engine.workers.dask_cluster import Cluster, ClusterError
from payback.simulator.engine.workers.dask_executor import DaskExecutor
from payback.simulator.engine.workers.threads import Task
from payback.simulator.errors import UsageError
from payback.simulator.statistics import LEAF, CountedSample, Grid
from tests.catalogue import compared_with
from tests.simulator.engine.run.test_count_trials import ASKED, bits
from tests.simulator.engine.run.test_keep_trials import M
from tests.simulator.engine.workers.test_dask_cluster import CUBE, HANGS, TRIALS, Never, alive, processes

differs = compared_with(Path(__file__).with_name("messages.txt"))

ROOT = Path(__file__).resolve().parents[4]
QUIET: dict[str, Any] = {
    "host": clusters.LOOPBACK,
    "dashboard_address": None,
    "scheduler_kwargs": {"dashboard": False, "dashboard_address": f"{clusters.LOOPBACK}:0"},
    "silence_logs": 50,
}

pytestmark = pytest.mark.filterwarnings(
    # sockets and processes of what was killed
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)


@pytest.fixture(autouse=True)
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_executor, "FIRST", 2 * LEAF)
    monkeypatch.setattr(dask_executor, "SECONDS", 0.0)
    monkeypatch.setattr(clusters, "LONGEST", HANGS)  # not to wait for ten minutes where there is a mistake


@pytest.fixture(scope="module")
def alone() -> dict[str, CountedSample]:
    return accumulate(M, CUBE, ASKED, threads=2)


def once(act: Callable[[], object]) -> Callable[[int, int], None]:
    """Return a progress that calls `act` the first time."""
    left = iter([act])

    def progress(*_: int) -> None:
        for do in left:
            do()

    return progress


@pytest.fixture(scope="module")
def clusters_begun() -> Iterator[list[Cluster]]:
    begun_so_far: list[Cluster] = []
    yield begun_so_far
    for cluster in begun_so_far:
        cluster.close()


@pytest.fixture
def four(clusters_begun: list[Cluster]) -> Cluster:
    """Four processes, or three of them; where tests before have left fewer alive, new ones."""
    return alive(clusters_begun, 4, 3)


@pytest.mark.parametrize("which", range(4))
def test_c6_any_worker_may_be_killed(four: Cluster, alone: dict[str, CountedSample], which: int) -> None:
    running = sorted(processes(four).items())
    _, pid = running[which % len(running)]
    samples = accumulate(M, CUBE, ASKED, cluster=four, progress=once(lambda: os.kill(pid, signal.SIGKILL)))
    assert bits(samples) == bits(alone)


def test_b1_four_workers_in_any_order_give_the_bits_of_one_process(
    four: Cluster, alone: dict[str, CountedSample]
) -> None:
    """Each worker first waits for a while of its own, so that tasks end out of order."""
    four._client.run(_dawdle)
    assert bits(accumulate(M, CUBE, ASKED, cluster=four)) == bits(alone)


def _dawdle() -> None:
    plain = dask_executor.work

    def late(*of: Any) -> Any:
        time.sleep(0.02 * (hash((os.getpid(), of[3])) % 4))
        return plain(*of)

    dask_executor.work = late


WORKER = """
import asyncio, sys
from distributed import Worker
async def main():
    async with Worker(sys.argv[1], nthreads=1, host="127.0.0.1", dashboard=False) as worker:
        await worker.finished()
asyncio.run(main())
"""


@contextmanager
def begun(*commands: list[str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run commands of Python beside this process."""
    running = [
        subprocess.Popen(
            [sys.executable, *command], env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL
        )
        for command in commands
    ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def test_c6_a_worker_that_stands_still_until_it_is_given_up_changes_nothing(alone: dict[str, CountedSample]) -> None:
    """The scheduler gives it up at once, where `QUIET` has it wait for a minute."""
    with (
        LocalCluster(n_workers=0, **QUIET) as own,
        Client(own, set_as_default=False) as client,
        begun(*[["-c", WORKER, own.scheduler_address]] * 2),
    ):
        client.wait_for_workers(2, timeout=HANGS)
        pids = client.run(os.getpid)

        def stop() -> None:
            tasks = client.processing()
            worker = max(tasks, key=lambda name: len(tasks[name]))
            os.kill(pids[worker], signal.SIGSTOP)
            own.loop.call_later(0.5, lambda: own.scheduler.remove_worker(worker, stimulus_id="stands still"))

        samples = accumulate(M, CUBE, ASKED, cluster=Cluster(client, patience=HANGS), progress=once(stop))
        assert bits(samples) == bits(alone)
    assert clusters.QUIET["distributed.scheduler.worker-ttl"] == "60s"


@dataclass(frozen=True, eq=False)
class Hungry:
    """A recipe whose tasks from `first` on take more memory than a worker has, but for one if `eaten` is there."""

    recipe: Counting
    first: int
    eaten: Path | None = None
    engine: str = "numpy"
    most: int = 2 * LEAF

    def tasks(self) -> Callable[[], Task[PartialCounts]]:
        make = self.recipe.tasks()

        def hungry() -> Task[PartialCounts]:
            work = make()

            def task(start: int, stop: int) -> PartialCounts:
                if start >= self.first and not (self.eaten and self.eaten.exists()):
                    if self.eaten:
                        self.eaten.touch()
                    held = [np.ones(2**21)]
                    while sum(array.nbytes for array in held) < 2**29:
                        held.append(np.ones(2**21))
                    time.sleep(60.0)
                return work(start, stop)

            return task

        return hungry


@pytest.fixture(scope="module")
def small_workers() -> Iterator[Client]:
    """A client of workers that are killed beyond 400 MB; what two of them died of is given up."""
    memory = {"monitor-interval": "100ms", "pause": False, "spill": False, "target": False}
    limits = {f"distributed.worker.memory.{name}": value for name, value in memory.items()}
    with (
        dask.config.set(clusters.QUIET | limits | {"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(n_workers=2, threads_per_worker=1, memory_limit="400MB", **QUIET) as own,
        Client(own, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def counting() -> Counting:
    grids = {name: Grid.of(values) for name, values in simulate(M, CUBE, ASKED).values.items()}
    return Counting(M, CUBE, ASKED, grids, "numpy")


def test_c6_a_worker_out_of_memory_is_begun_anew(small_workers: Client, counting: Counting, tmp_path: Path) -> None:
    recipe = Hungry(counting, 8 * LEAF, tmp_path / "eaten")
    with (
        Cluster(small_workers, patience=HANGS) as cluster,
        DaskExecutor(cluster, recipe, lambda counts: counts.stop) as pool,
    ):
        stops = list(pool.map(0, TRIALS, LEAF))
    assert recipe.eaten is not None
    assert recipe.eaten.exists()
    assert stops == sorted(stops)
    assert stops[-1] == TRIALS
    assert small_workers.status == "running"


def test_c6_trials_that_no_worker_has_memory_for_are_named(small_workers: Client, counting: Counting) -> None:
    recipe = Hungry(counting, 8 * LEAF)
    stops: list[int] = []
    with (
        Cluster(small_workers, patience=HANGS) as cluster,
        DaskExecutor(cluster, recipe, lambda counts: counts.stop) as pool,
        pytest.raises(ClusterError) as error,
    ):
        stops.extend(pool.map(0, TRIALS, LEAF))
    assert f"trials {8 * LEAF:,} to {TRIALS - 1:,} are missing" in error.value.wrong
    assert not differs(str(error.value), "trials that no worker has memory for")


SCHEDULER = """
import asyncio
from distributed import Scheduler
async def main():
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False, dashboard_address="127.0.0.1:0") as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()
asyncio.run(main())
"""


def test_c6_one_worker_and_a_scheduler_that_is_killed_is_told_and_what_was_done_is_kept(
    alone: dict[str, CountedSample], tmp_path: Path
) -> None:
    places = Checkpoint(tmp_path / "saved", "this").run("run")
    with subprocess.Popen([sys.executable, "-c", SCHEDULER], stdout=subprocess.PIPE, text=True) as scheduler:
        assert scheduler.stdout is not None
        address = scheduler.stdout.readline().strip()
        with (
            begun(["-c", WORKER, address]),
            Cluster(address, patience=HANGS) as cluster,
        ):
            cluster.patience = clusters.PATIENCE  # for the answer of a scheduler that is gone
            assert bits(accumulate(M, CUBE, ASKED, cluster=cluster)) == bits(alone)
            with pytest.raises(ClusterError, match=f" {address} is gone") as error:
                accumulate(M, CUBE, ASKED, cluster=cluster, store=places, progress=once(scheduler.kill))
    assert f" to {TRIALS - 1:,} are missing" in error.value.wrong
    assert not differs(str(error.value), "a scheduler that is killed")
    again = Checkpoint(tmp_path / "saved", "this", resume=True).run("run")
    done: list[int] = []
    assert bits(accumulate(M, CUBE, ASKED, store=again, progress=lambda d, _: done.append(d))) == bits(alone)
    assert done[0] > 2 * LEAF


def test_c6_a_result_that_never_comes_is_not_waited_for(four: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "LONGEST", -1.0)
    with pytest.raises(ClusterError, match="no result came for"):
        four.result(Never(TimeoutError()))


def test_an_error_is_the_same_when_it_comes_from_a_worker() -> None:
    error = pickle.loads(pickle.dumps(ClusterError("wrong", "way")))
    assert (str(error), error.way) == ("wrong -> way", "way")


def test_a_client_must_be_one_that_can_be_waited_for(small_workers: Client) -> None:
    with pytest.raises(UsageError, match=r"5 -> local, .*dask\.distributed"):
        Cluster(5)
    closed = type(small_workers)(small_workers.scheduler.address, set_as_default=False)
    closed.close()
    with pytest.raises(UsageError, match="is closed"):
        Cluster(closed)
