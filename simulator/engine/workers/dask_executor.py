"""The executor of a cluster: ranges of trials as tasks of its workers, results in the order of the ranges.

The recipe of a run is sent to a worker once. The worker keeps what it makes of it: the plan, its code, and buffers for
each thread.
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
"""Seconds of processor time that a task should take: long beside its transfer, short for a user who stops a run."""

FIRST = 2**17
"""Trials of the first tasks, before their speed is known."""

RECIPES = 4
"""Most recipes that a worker keeps."""


class Recipe(Protocol[Sent_co]):
    """The description of a run that is sent to workers, which make tasks from it."""

    @property
    def engine(self) -> str:
        """Name of the back end, see `payback.simulator.engine.run.backends`."""

    @property
    def most(self) -> int:
        """Most trials a task, whose results are sent at once."""

    def tasks(self) -> Callable[[], Task[Sent_co]]:
        """Return the function that creates the task of one thread; called once a process."""


class DaskExecutor(Generic[Sent, Result]):
    """The executor of the workers of a cluster, a task for each thread. Leaving the context drops open tasks.

    Parameters
    ----------
    cluster : Cluster
    recipe : Recipe
    take : callable
        Turns the answer of a worker into a result; called in this thread, in order.

    Raises
    ------
    ClusterError
        If the versions of a worker differ from those of this process.
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
        cluster.wait_for(self._data)  # a scheduler that is busy may else see a task before what it depends on
        self._pending: deque[tuple[int, Future]] = deque()

    def __enter__(self) -> DaskExecutor[Sent, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self._cluster.forget([*(future for _, future in self._pending), self._data])

    def map(self, start: int, stop: int, size: int, pause: Pause | None = None) -> Iterator[Result]:
        """Yield the results of trials `start` to `stop` in order, several times `size` trials each; see `Threads`.

        Raises
        ------
        ClusterError
            If the cluster cannot do the work; the message says which trials are missing.
        """
        missing = start
        try:
            for end, sent in self._answers(start, stop, size, pause):
                missing = end
                yield self._take(sent)
        except ClusterError as error:
            raise ClusterError(f"{error.wrong}; trials {missing:,} to {stop - 1:,} are missing", error.way) from None

    def _answers(self, start: int, stop: int, size: int, pause: Pause | None) -> Iterator[tuple[int, Sent]]:
        """Yield the answers of the tasks in order, each with the trial at which it ends."""
        threads = max(1, self._cluster.threads)
        trials, first, pending = FIRST, start, self._pending
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
                done, seconds, sent = self._cluster.result(task)
                trials = max(size, int(done * SECONDS / max(seconds, 1e-3)))
                yield at + done, sent


class _Held:
    """A recipe kept on a worker, with the task of each of its threads."""

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
    """Run a task on a worker, and return the number of trials, their processor time in seconds, and their results.

    Parameters
    ----------
    data, digest : bytes, str
        The pickled recipe, and the digest by which the worker keeps it.
    expected : mapping of str to str
        Versions of the process that began the run.
    start, stop : int

    Raises
    ------
    ClusterError
        If the versions of this process differ.
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
    """Ignore Ctrl-C on a worker, so that the process that began it handles the signal. Dask calls this function."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _same(data: bytes) -> bytes:
    return data
