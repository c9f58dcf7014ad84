"""An executor over a cluster: ranges of trials as tasks, results in the order of the ranges.

What a task needs is sent to a worker once and kept there: the plan, its code, and buffers for each thread.
"""

from __future__ import annotations

import hashlib
import pickle
import signal
import threading
import time
import zlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from payback.simulator.engine.workers.dask_cluster import Cluster, ClusterError, Future
from payback.simulator.engine.workers.threads import Pause, Task
from payback.simulator.engine.workers.versions import differences, packages_of, versions

Result = TypeVar("Result")
Sent = TypeVar("Sent")
Sent_co = TypeVar("Sent_co", covariant=True)

WINDOW = 2
"""Tasks in flight for each thread of a worker."""

SECONDS = 1.0
"""Of processor time that a task should take: long beside its transfer, short beside the patience of who stops a run."""

FIRST = 2**17
"""Trials of the first tasks, before any time is known."""

RECIPES = 4
"""Recipes that a worker keeps at once."""


class Recipe(Protocol[Sent_co]):
    """What a worker makes tasks from: data that can be sent."""

    @property
    def engine(self) -> str:
        """The back end, see `payback.simulator.engine.run.backends`."""

    @property
    def most(self) -> int:
        """Trials a task at most: what their results hold is on its way at once."""

    def tasks(self) -> Callable[[], Task[Sent_co]]:
        """Return what makes the task of one thread; asked once a process."""


class Spread(Generic[Sent, Result]):
    """Workers of a cluster, each with a task of its own a thread. A context: its end drops what is not done.

    Parameters
    ----------
    cluster : Cluster
    recipe : Recipe
    take : callable
        Makes a result of what a worker sent; called in this thread, in order.

    Raises
    ------
    ClusterError
        If a worker is not of the versions of this process.
    """

    def __init__(self, cluster: Cluster, recipe: Recipe[Sent], take: Callable[[Sent], Result]) -> None:
        compiled = recipe.engine == "compiled"
        cluster.require_versions(compiled=compiled)
        self._cluster = cluster
        self._most = recipe.most
        self._take = take
        data = zlib.compress(pickle.dumps(recipe, pickle.HIGHEST_PROTOCOL), 1)
        self._digest = hashlib.sha256(data).hexdigest()
        self._versions = versions(packages_of(compiled=compiled))
        self._data = cluster.submit(_same, data)
        self._pending: deque[tuple[int, Future]] = deque()

    def __enter__(self) -> Spread[Sent, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self._cluster.forget([*(future for _, future in self._pending), self._data])

    def map(self, start: int, stop: int, size: int, pause: Pause | None = None) -> Iterator[Result]:
        """Yield the results of trials `start` to `stop` in order, several times `size` trials each; see `Threads`.

        Raises
        ------
        ClusterError
            If the cluster cannot do the work; with the trials that are missing.
        """
        threads = max(1, self._cluster.threads)
        trials, first, pending = FIRST, start, self._pending
        whole = stop
        while first < stop or pending:
            if start < first < stop and pause is not None and pause():
                while len(pending) > threads:  # these were hardly begun
                    first, dropped = pending.pop()
                    self._cluster.forget([dropped])
                stop = first
            elif first < stop and len(pending) < WINDOW * threads:
                fair = min(trials, self._most, max(-(-(stop - first) // (2 * threads)), trials // 4))
                last = min(first + -(-fair // size) * size, stop)
                task = self._cluster.submit(work, self._data, self._digest, self._versions, first, last)
                pending.append((first, task))
                first = last
            else:
                at, task = pending.popleft()
                done, seconds, sent = self._result(task, at, whole)
                trials = max(size, int(done * SECONDS / max(seconds, 1e-3)))
                yield self._take(sent)

    def _result(self, future: Future, at: int, stop: int) -> tuple[int, float, Sent]:
        """Return what `future` gave, or tell which trials of the run are missing without it."""
        try:
            answer: tuple[int, float, Sent] = self._cluster.result(future)
        except ClusterError as error:
            raise ClusterError(f"{error.wrong}; trials {at:,} to {stop - 1:,} are missing", error.way) from None
        return answer


class _Held:
    """A recipe on a worker, with the task of each of its threads."""

    def __init__(self, recipe: Recipe[Any]) -> None:
        self._make = recipe.tasks()
        self._local = threading.local()

    @property
    def task(self) -> Task[Any]:
        """The task of this thread."""
        if not hasattr(self._local, "task"):
            self._local.task = self._make()
        task: Task[Any] = self._local.task
        return task


_held: OrderedDict[str, _Held] = OrderedDict()
_lock = threading.Lock()


def work(data: bytes, digest: str, expected: Mapping[str, str], start: int, stop: int) -> tuple[int, float, Any]:
    """Return how many trials these are, the processor time that they took, and what they gave: on a worker.

    Parameters
    ----------
    data, digest : bytes, str
        The recipe and its name.
    expected : mapping of str to str
        Versions of the process that wants the result.
    start, stop : int

    Raises
    ------
    ClusterError
        If this process is not of those versions.
    """
    with _lock:
        if digest not in _held:
            if wrong := differences(expected, versions(tuple(expected)[1:])):
                raise ClusterError(
                    f"a worker differs from the process that began the run: {wrong}", "the same versions on both"
                )
            _held[digest] = _Held(pickle.loads(zlib.decompress(data)))  # noqa: S301 - workers run what they are sent
            while len(_held) > RECIPES:
                _held.popitem(last=False)
        task = _held[digest].task
    begun = time.thread_time()
    sent = task(start, stop)
    return stop - start, time.thread_time() - begun, sent


def dask_setup(_: object) -> None:
    """Leave what is typed at the terminal to the process that began this worker; dask calls it there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _same(data: bytes) -> bytes:
    return data
