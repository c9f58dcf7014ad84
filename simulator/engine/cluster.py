"""Other processes and machines: a scheduler of dask.distributed, its workers, and whether they fit this process.

What goes to a worker and comes back is pickled: whoever reaches the scheduler, or is taken for it, runs code here and
there. So a cluster of one's own listens on the loopback interface alone, and any other needs TLS or trust.
"""

from __future__ import annotations

import ipaddress
import logging
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Self

from simulator.engine.executors import cores
from simulator.errors import PaybackError, UsageError

Future = Any
"""What dask.distributed calls a future; it is typed in parts alone."""

LOCAL = "local"
LOOPBACK = "127.0.0.1"

PATIENCE = 30.0
"""Seconds that a cluster may be without workers, or its scheduler without an answer."""

POLL = 1.0
"""Seconds between looks at the workers while a result is awaited."""

RETRIES = 2
"""How often a task that fails is tried anew; tasks of a worker that dies are counted by the scheduler."""

PACKAGES = ("payback", "numpy", "scipy")
COMPILER = "llvmlite"

QUIET = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.scheduler.worker-ttl": "60s",
    "distributed.scheduler.allowed-failures": 5,
}
"""Of a cluster of one's own: no pages, and workers that stand still are given up sooner."""

PRELOAD = "simulator.engine.spread"
"""What workers of one's own import first."""


class ClusterError(PaybackError):
    """A cluster that cannot do the work, or no longer."""


class Cluster:
    """Workers that trials are sent to. A context: its end lets them go.

    Parameters
    ----------
    address : str
        "local": processes of this machine, begun here. ``tcp://host:port`` or ``tls://host:port``: a scheduler that
        runs already; TLS is set up as dask documents it.
    workers : int, optional
        How many processes "local" begins; as many as there are cores if not given.
    trusted : bool
        Whether a scheduler on another machine may be used without TLS.
    patience : float
        Seconds that the cluster may be without workers, or without an answer.

    Raises
    ------
    UsageError
        If the address is none, or is not to be trusted, or dask.distributed is not installed.
    ClusterError
        If nobody answers there, or there are no workers.
    """

    def __init__(
        self, address: str, *, workers: int | None = None, trusted: bool = False, patience: float = PATIENCE
    ) -> None:
        self.address = address
        self.patience = patience
        self._own: Any = None
        self._client: Any = None
        self._checked: set[tuple[str, ...]] = set()
        scheme, _, place = address.partition("://")
        if address != LOCAL and (scheme not in {"tcp", "tls"} or not place.rpartition(":")[2].isdigit()):
            raise UsageError(f"cluster: {address} -> local, tcp://host:port, or tls://host:port")
        if scheme == "tcp" and not trusted and not _is_loopback(place.rpartition(":")[0]):
            raise UsageError(
                f"cluster: {address} is another machine, without encryption: who answers there can run code here "
                "-> tls://..., or --i-trust-this-cluster"
            )
        try:
            self._dask = import_module("distributed")
        except ImportError:
            raise UsageError("a cluster needs dask -> `pip install 'payback[dask]'`") from None
        try:
            self._client = self._local(workers or cores()) if address == LOCAL else self._remote(scheme == "tls")
        except (TimeoutError, OSError, RuntimeError) as error:
            raise ClusterError(f"no scheduler answers at {address}: {error}") from None
        try:
            self._client.wait_for_workers(1, timeout=patience)
        except (TimeoutError, OSError):
            self.close()
            raise ClusterError(self._without_workers()) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the workers go."""
        self._client.close()
        if self._own is not None:
            self._own.close()

    def _local(self, workers: int) -> Any:
        with import_module("dask").config.set(QUIET):
            self._own = self._dask.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host=LOOPBACK,
                dashboard_address=None,
                scheduler_kwargs={"dashboard": False, "dashboard_address": f"{LOOPBACK}:0"},
                silence_logs=logging.CRITICAL,
                preload=(PRELOAD,),
            )
            return self._dask.Client(self._own, direct_to_workers=True, set_as_default=False)

    def _remote(self, encrypted: bool) -> Any:
        security = self._dask.Security(require_encryption=True) if encrypted else None
        if security is not None and not security.tls_ca_file:
            raise UsageError(
                f"cluster: {self.address} needs the certificate of its authority -> distributed.comm.tls.ca-file in "
                "the configuration of dask, or DASK_DISTRIBUTED__COMM__TLS__CA_FILE"
            )
        return self._dask.Client(self.address, security=security, timeout=self.patience, set_as_default=False)

    @property
    def threads(self) -> int:
        """Trials that are computed at once, over all workers.

        Raises
        ------
        ClusterError
            If the scheduler does not answer.
        """
        if self._client.status != "running":
            raise ClusterError(self._lost())
        try:
            found: Mapping[str, int] = self._client.sync(self._client.scheduler.ncores, callback_timeout=self.patience)
        except (TimeoutError, OSError):
            raise ClusterError(self._lost()) from None
        return sum(found.values())

    def require_versions(self, *, compiled: bool) -> None:
        """Refuse workers that are not of the versions of this process.

        Parameters
        ----------
        compiled : bool
            Whether they are to compile code.

        Raises
        ------
        ClusterError
            With both versions.
        """
        packages = packages_of(compiled=compiled)
        if packages in self._checked:
            return
        try:
            found = self._client.get_versions(packages=list(packages))["workers"]
        except (TimeoutError, OSError):
            raise ClusterError(self._lost()) from None
        ours = versions(packages)
        for worker, of in found.items():
            theirs = {name: _short(name, of["packages"].get(name)) for name in ours}
            if wrong := differences(ours, theirs):
                raise ClusterError(f"worker {worker} differs from this process: {wrong} -> the same versions on both")
        self._checked.add(packages)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future:
        """Begin ``function(*arguments)`` on a worker; arguments may be what `submit` returned."""
        try:
            return self._client.submit(function, *arguments, pure=False, retries=RETRIES)
        except (RuntimeError, ValueError):
            if self._client.status == "running":
                raise
            raise ClusterError(self._lost()) from None

    def result(self, future: Future) -> Any:
        """Return the result of `future`, once it is there.

        Raises
        ------
        ClusterError
            If it will never be.
        """
        seen = time.monotonic()
        while True:
            try:
                return future.result(timeout=self.patience if future.done() else POLL)
            except self._dask.KilledWorker:
                raise ClusterError(
                    f"workers of {self.address} died one after another at the same trials -> more memory for each"
                ) from None
            except CancelledError:
                raise ClusterError(self._lost()) from None
            except TimeoutError:
                pass
            if self.threads:
                seen = time.monotonic()
            elif time.monotonic() - seen > self.patience:
                raise ClusterError(self._without_workers())

    def forget(self, futures: Iterable[Future]) -> None:
        """Let go of what is not needed any more."""
        if self._client.status == "running" and (listed := list(futures)):
            self._client.cancel(listed)

    def _lost(self) -> str:
        return f"the scheduler of the cluster {self.address} is gone -> begin it anew, and this run"

    def _without_workers(self) -> str:
        begin = "more memory, or fewer --threads" if self.address == LOCAL else f"`dask worker {self.address}`"
        return f"no worker came to the cluster {self.address} for {self.patience:g} s -> {begin}"


def packages_of(*, compiled: bool) -> tuple[str, ...]:
    """Return the packages whose versions decide the bits of a result."""
    return (*PACKAGES, COMPILER) if compiled else PACKAGES


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of Python and of `packages` in this process."""
    found = {"python": _short("python", platform.python_version())}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = _short(name, None)
    return found


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """Return what differs, with both versions; empty where nothing does."""
    return ", ".join(f"{name} {theirs[name]} there, {own} here" for name, own in ours.items() if theirs[name] != own)


def _short(name: str, found: str | None) -> str:
    if found is None:
        return "missing"
    return ".".join(found.split(".")[:2]) if name == "python" else found


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
