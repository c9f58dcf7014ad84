"""More than one process or machine: ranges of trials as tasks of dask.distributed, merged in order.

Tasks are pure: a task that is run again, because its worker died, gives the same counts. So the bits are those of one
process, on workers that have the same versions, which each task checks.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from platform import python_version
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from simulator.case.model import Model
from simulator.case.nodes import Expression
from simulator.engine.parts import Part, Work
from simulator.engine.run import prepared
from simulator.engine.sources import Cube
from simulator.errors import PaybackError, UsageError
from simulator.statistics import LEAF, Grid

CHUNK = 2**20
"""Trials a task: what it returns, a few megabytes, then costs little beside its work."""

WINDOW = 2
"""Tasks in flight for each thread of the workers."""

RETRIES = 3
PATIENCE = 600.0
"""Seconds to wait for one task before giving up."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")
PACKAGES = ("payback", "numpy", "scipy", "llvmlite")


@dataclass(frozen=True, eq=False)
class Job:
    """What workers count: equal for equal `key`."""

    key: str
    model: Model
    cube: Cube
    outputs: Mapping[str, Expression]
    grids: Mapping[str, Grid]
    engine: str
    versions: Mapping[str, str]

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Job) and self.key == other.key


class Cluster:
    """Workers of dask.distributed.

    Parameters
    ----------
    client : distributed.Client
    chunk : int
        Trials a task, a multiple of `LEAF`. Results do not depend on it.
    """

    def __init__(self, client: Any, chunk: int = CHUNK) -> None:
        self._client = client
        self._chunk = chunk

    def job(
        self, model: Model, cube: Cube, outputs: Mapping[str, Expression], grids: Mapping[str, Grid], engine: str
    ) -> Job:
        """Return what workers are to count."""
        return Job(token_hex(8), model, cube, dict(outputs), dict(grids), engine, versions())

    def map(self, job: Job, start: int, stop: int, pause: Callable[[], bool]) -> Iterator[Part]:
        """Yield the counts of trials `start` to `stop`, chunk by chunk, in order; `pause` as for threads.

        Raises
        ------
        PaybackError
            If the workers are lost; it names the first trials that are missing.
        """
        pending: deque[tuple[int, Any]] = deque()
        ends = iter(range(start, stop, self._chunk))
        threads = max(1, sum(self._client.nthreads().values()))
        more = True
        while more or pending:
            while more and len(pending) < WINDOW * threads:
                first = next(ends, None)
                more = first is not None and (first == start or not pause())
                if more and first is not None:
                    last = min(first + self._chunk, stop)
                    pending.append((first, self._client.submit(count, job, first, last, pure=False, retries=RETRIES)))
            if pending:
                yield self._result(*pending.popleft())

    def _result(self, first: int, task: Any) -> Part:
        try:
            found: Part = task.result(timeout=PATIENCE)
        except PaybackError:
            raise
        except Exception as error:
            self._client.cancel([task])
            reason = f"{type(error).__name__}: {error}".partition("\n")[0]
            raise PaybackError(f"the cluster gave no counts of the trials from {first:,} on: {reason}") from error
        return found


def count(job: Job, start: int, stop: int) -> Part:
    """Return the counts of trials `start` to `stop`; what a worker does.

    Raises
    ------
    UsageError
        If it has other versions than who asks.
    """
    if (here := versions()) != job.versions:
        different = [
            f"{name} {here[name]}, not {job.versions[name]}" for name in here if here[name] != job.versions[name]
        ]
        raise UsageError(f"a worker of the cluster has {'; '.join(different)} -> the same versions everywhere")
    work, size = _counter(job)()
    return work.chunk(start, stop, size)


@lru_cache(maxsize=2)
def _counter(job: Job) -> Callable[[], tuple[Work, int]]:
    """Return what gives the work of this thread, and its trials a block: a job is prepared once a process."""
    backend = prepared(job.model, job.cube, job.outputs, job.engine)
    local = threading.local()

    def own() -> tuple[Work, int]:
        if not hasattr(local, "work"):
            local.work = Work(backend, job.grids, job.cube)
        return local.work, -(-backend.block // LEAF) * LEAF

    return own


def versions() -> dict[str, str]:
    """Return the versions that bits depend on."""
    found = {"python": python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "none"
    return found


@contextmanager
def connect(address: str, *, trusted: bool = False, workers: int | None = None) -> Iterator[Cluster]:
    """Give the cluster at `address`.

    Parameters
    ----------
    address : str
        ``local`` starts a process for each core; ``tls://HOST:PORT`` or ``tcp://HOST:PORT`` is a scheduler.
    trusted : bool
        Whether a scheduler on another machine may be spoken to in the clear. Who reaches it can run code.
    workers : int, optional
        Processes of ``local``.

    Raises
    ------
    UsageError
        If dask.distributed is not installed, the address is none, or it is not safe.
    PaybackError
        If nobody answers there.
    """
    if find_spec("distributed") is None:
        raise UsageError("a cluster needs dask.distributed -> `pip install 'payback[dask]'`")
    if address != "local":
        _require_safe(address, trusted=trusted)
    distributed: Any = import_module("distributed")
    with ExitStack() as stack:
        target: Any = address
        if address == "local":
            target = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address=None,
                    # no dashboard, and its server, which begins all the same, for this machine alone
                    scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                    memory_limit=0,
                    silence_logs=50,
                )
            )
        try:
            client = stack.enter_context(distributed.Client(target, timeout=20, set_as_default=False))
        except OSError as error:
            raise PaybackError(f"no scheduler answers at {address}: {error}") from None
        yield Cluster(client)


def _require_safe(address: str, *, trusted: bool) -> None:
    parts = urlsplit(address)
    if parts.scheme not in {"tcp", "tls"} or not parts.hostname:
        raise UsageError(f"--cluster {address} -> local, tls://HOST:PORT or tcp://HOST:PORT")
    if parts.scheme == "tcp" and parts.hostname not in LOOPBACK and not trusted:
        raise UsageError(
            f"--cluster {address} speaks in the clear, and who reaches it can run code -> tls://, "
            "or --i-trust-this-cluster"
        )
