"""A cluster of other processes or machines: a scheduler of dask.distributed and its workers.

Tasks and results are pickled: whoever reaches the scheduler, or is mistaken for it, can run code on both sides. So a
cluster begun here listens only on the loopback interface, and any other needs TLS or explicit trust.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from importlib import import_module
from typing import Any, Self

from payback.simulator.engine.workers.threads import cores
from payback.simulator.engine.workers.versions import differences, packages_of, short, versions
from payback.simulator.errors import PaybackError, UsageError

Client = Any
Future = Any
"""The classes of dask.distributed of these names, which has no complete types."""

LOCAL = "local"
ADDRESSES = "local, tcp://host:port, or tls://host:port"
LOOPBACK = "127.0.0.1"

PATIENCE = 30.0
"""Seconds that a cluster may be without workers, or its scheduler without an answer."""

POLL = 1.0
"""Seconds between looks at the workers while a result is awaited."""

LONGEST = 600.0
"""Seconds that a result may take: tasks last seconds, and not every scheduler gives up a worker that hangs."""

PARTING = 5.0
"""Seconds that workers may take to stop."""

RETRIES = 2
"""How often a failed task is retried; tasks of a worker that dies are counted by the scheduler."""

QUIET = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.scheduler.worker-ttl": "60s",
    "distributed.scheduler.allowed-failures": 5,
}
"""Configuration of a cluster begun here: no pages, and workers that hang are given up sooner."""

PRELOAD = "payback.simulator.engine.workers.dask_executor"
"""The module that workers begun here import first."""


class ClusterError(PaybackError):
    """The error of a cluster that cannot do the work; the message says what is wrong, and a way out."""

    def __init__(self, wrong: str, way: str) -> None:
        self.wrong, self.way = wrong, way
        super().__init__(wrong, way)

    def __str__(self) -> str:
        return f"{self.wrong} -> {self.way}"


class Cluster:
    """Workers that compute trials in other processes. Leaving the context stops those that it started.

    Parameters
    ----------
    address : str, or a client of dask.distributed
        "local": processes of this machine, begun here. ``tcp://host:port`` or ``tls://host:port``: a scheduler that
        runs already; TLS is set up as dask documents it. A client stays open when this is closed.
    workers : int, optional
        Number of processes that "local" begins; by default the number of cores.
    trusted : bool
        Whether a scheduler on another machine may be used without TLS.
    patience : float
        Seconds that the cluster may be without workers, or without an answer.

    Raises
    ------
    UsageError
        If the address is malformed or not trusted, or `workers` is below 1, or the client is asynchronous or closed, or
        dask.distributed is not installed.
    ClusterError
        If no scheduler answers there, or it has no workers.
    """

    def __init__(
        self, address: str | Client, *, workers: int | None = None, trusted: bool = False, patience: float = PATIENCE
    ) -> None:
        self.patience = patience
        self._closed_with_this: list[Any] = []
        self._checked: set[tuple[str, ...]] = set()
        if workers is not None and workers < 1:
            raise UsageError(f"workers: {workers} -> at least 1")
        if isinstance(address, str):
            _require_safe(address, trusted=trusted)
        try:
            self._dask = import_module("distributed")
        except ImportError:
            raise UsageError("a cluster needs dask -> `pip install 'payback[dask]'`") from None
        if isinstance(address, str):
            self.address = address
            self._client = self._local(workers or cores()) if address == LOCAL else self._remote()
            self._closed_with_this.insert(0, self._client)
        else:
            self._client = self._found(address)
            self.address = str(self._client.scheduler.address)
        try:
            self._client.wait_for_workers(1, timeout=patience)
        except (TimeoutError, OSError):
            self.close()
            raise self._without_workers() from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the workers that were begun here."""
        while self._closed_with_this:
            with suppress(TimeoutError):
                self._closed_with_this.pop(0).close(timeout=PARTING)

    def _local(self, workers: int) -> Client:
        with import_module("dask").config.set(QUIET):
            try:
                own = self._dask.LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    host=LOOPBACK,
                    dashboard_address=None,
                    scheduler_kwargs={"dashboard": False, "dashboard_address": f"{LOOPBACK}:0"},
                    silence_logs=logging.CRITICAL,
                    preload=(PRELOAD,),
                )
            except (TimeoutError, OSError, RuntimeError) as error:
                raise ClusterError(
                    f"{workers} workers cannot be begun on this machine: {error}",
                    'fewer --threads; a script begins them under `if __name__ == "__main__":`',
                ) from None
            self._closed_with_this.append(own)
            return self._dask.Client(own, direct_to_workers=True, set_as_default=False)

    def _remote(self) -> Client:
        security = self._dask.Security(require_encryption=True) if self.address.startswith("tls:") else None
        if security is not None and not security.tls_ca_file:
            raise UsageError(
                f"cluster: {self.address} needs the certificate of its authority -> distributed.comm.tls.ca-file in "
                "the configuration of dask, or DASK_DISTRIBUTED__COMM__TLS__CA_FILE"
            )
        try:
            return self._dask.Client(self.address, security=security, timeout=self.patience, set_as_default=False)
        except (TimeoutError, OSError) as error:
            raise ClusterError(
                f"no scheduler answers at {self.address}: {error}", "`dask scheduler`, or another address"
            ) from None

    def _found(self, client: Client) -> Client:
        if not isinstance(client, self._dask.Client):
            raise UsageError(f"cluster: {client!r} -> {ADDRESSES}, or a client of dask.distributed")
        if client.asynchronous:
            raise UsageError("cluster: a client that is asynchronous -> one that is not")
        if client.status != "running":
            raise UsageError("cluster: a client that is closed -> one that is open")
        return client

    @property
    def threads(self) -> int:
        """Number of threads of all workers.

        Raises
        ------
        ClusterError
            If the scheduler does not answer.
        """
        if self._client.status != "running":
            raise self._lost()
        try:
            ncores: Mapping[str, int] = self._client.sync(self._client.scheduler.ncores, callback_timeout=self.patience)
        except (TimeoutError, OSError):
            raise self._lost() from None
        return sum(ncores.values())

    def require_versions(self, *, compiled: bool) -> None:
        """Raise ClusterError if the versions of a worker differ from those of this process.

        Parameters
        ----------
        compiled : bool
            Whether they are to compile code.

        Raises
        ------
        ClusterError
            If they differ; the message states both versions.
        """
        packages = packages_of(compiled=compiled)
        if packages in self._checked:
            return
        try:
            workers = self._client.get_versions(packages=list(packages))["workers"]
        except (TimeoutError, OSError):
            raise self._lost() from None
        ours = versions(packages)
        for worker, of in workers.items():
            theirs = {name: short(name, of["packages"].get(name)) for name in ours}
            if wrong := differences(ours, theirs):
                raise ClusterError(f"worker {worker} differs from this process: {wrong}", "the same versions on both")
        self._checked.add(packages)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future:
        """Return the future of ``function(*arguments)``, which begins on a worker; arguments may be futures.

        Raises
        ------
        ClusterError
            If the connection to the scheduler is lost.
        """
        try:
            return self._client.submit(function, *arguments, pure=False, retries=RETRIES)
        except (RuntimeError, ValueError):
            if self._client.status == "running":
                raise
            raise self._lost() from None

    def result(self, future: Future) -> Any:
        """Return the result of `future`, once it is there.

        Raises
        ------
        ClusterError
            If the workers or the scheduler are lost, so that it cannot come any more.
        """
        return self._awaited(future, lambda seconds: future.result(timeout=seconds))

    def wait_for(self, future: Future) -> None:
        """Wait until `future` is done, wherever its result lies; errors as for `result`."""
        self._awaited(future, lambda seconds: future.exception(timeout=seconds))

    def _awaited(self, future: Future, ask: Callable[[float], Any]) -> Any:
        """Return the answer of `ask`, which is given a number of seconds and raises TimeoutError after them."""
        begun = seen = time.monotonic()
        wait = POLL
        while True:
            try:
                return ask(wait)
            except self._dask.KilledWorker:
                raise self._starved("workers died one after another at the same trials") from None
            except CancelledError:
                raise self._lost() from None
            except UnboundLocalError:  # distributed raises it where a future is cancelled while it is awaited
                if not future.cancelled():
                    raise
                raise self._lost() from None
            except TimeoutError:  # on its way, perhaps from a worker that stands still: then asking anew finds another
                wait = min(2 * wait, self.patience) if future.done() else POLL
            except (MemoryError, OSError) as error:
                if future.status != "error":
                    raise self._lost() from None
                raise self._starved(f"a worker fails: {str(error) or 'out of memory'}") from None
            now = time.monotonic()
            if self.threads:
                seen = now
            elif now - seen > self.patience:
                raise self._without_workers()
            if now - begun > LONGEST:
                raise self._starved(f"no result came for {LONGEST:g} s")

    def forget(self, futures: Iterable[Future]) -> None:
        """Cancel futures that are not needed any more."""
        if self._client.status == "running" and (listed := list(futures)):
            self._client.cancel(listed)

    def _lost(self) -> ClusterError:
        return ClusterError(f"the scheduler of the cluster {self.address} is gone", "begin it anew, and this run")

    def _without_workers(self) -> ClusterError:
        way = "more memory, or fewer --threads" if self.address == LOCAL else f"`dask worker {self.address}`"
        return ClusterError(f"no worker came to the cluster {self.address} for {self.patience:g} s", way)

    def _starved(self, wrong: str) -> ClusterError:
        return ClusterError(f"cluster {self.address}: {wrong}", "more memory for each worker, and a look at their logs")


def _require_safe(address: str, *, trusted: bool) -> None:
    scheme, _, endpoint = address.partition("://")
    if address != LOCAL and (scheme not in {"tcp", "tls"} or not endpoint.rpartition(":")[2].isdigit()):
        raise UsageError(f"cluster: {address} -> {ADDRESSES}")
    if scheme == "tcp" and not trusted and not _is_loopback(endpoint.rpartition(":")[0]):
        raise UsageError(
            f"cluster: {address} is another machine, without encryption: who answers there can run code here "
            "-> tls://..., or --i-trust-this-cluster (from Python, `Cluster(..., trusted=True)`)"
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
