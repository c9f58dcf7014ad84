"""Executors, which run a task on ranges of trials and yield the results in order, and the executor of threads."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)
Task = Callable[[int, int], Result]
"""``task(start, stop)`` computes trials `start` to `stop`."""

Pause = Callable[[], bool]
"""Whether to begin no more ranges. Ranges that were begun are finished, so that the first trials are always done."""

WINDOW = 4
"""Ranges in flight for each thread, which bounds the results that wait for an earlier one."""


class Executor(Protocol[Result_co]):
    """The protocol of executors, which run a task on ranges of trials; leaving the context ends or drops open tasks."""

    def __enter__(self) -> Executor[Result_co]: ...

    def __exit__(self, *_: object) -> None: ...

    def map(self, start: int, stop: int, size: int, pause: Pause | None = None) -> Iterator[Result_co]:
        """Yield the results of trials `start` to `stop` in order, `size` or a multiple of it at a time.

        The first range is always begun, whatever `pause` says.
        """


class Threads(Generic[Result]):
    """The executor of threads of this process, each with a task of its own. Leaving the context ends open tasks.

    Parameters
    ----------
    make : callable
        Creates the task of one thread.
    threads : int or None
        None: as many as the cores that this process may use.
    """

    def __init__(self, make: Callable[[], Task[Result]], threads: int | None = None) -> None:
        self._make = make
        self._threads = threads or cores()
        self._local = threading.local()
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Threads[Result]:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(self, start: int, stop: int, size: int, pause: Pause | None = None) -> Iterator[Result]:
        """Yield the results of trials `start` to `stop`, `size` at a time, in order; the last may be fewer.

        The first range is always begun, whatever `pause` says.
        """
        ranges = ((first, min(first + size, stop)) for first in range(start, stop, size))
        if self._threads <= 1 or stop - start <= size:
            for trials in ranges:
                if trials[0] > start and pause is not None and pause():
                    return
                yield self._work(*trials)
            return
        if self._pool is None and (pool := self._started()) is not None:
            self._pool = pool
        if self._pool is None:
            yield from self.map(start, stop, size, pause)
            return
        pending: deque[Future[Result]] = deque()
        for trials in ranges:
            if trials[0] > start and pause is not None and pause():
                break
            pending.append(self._pool.submit(self._work, *trials))
            if len(pending) >= WINDOW * self._threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()

    def _started(self) -> ThreadPoolExecutor | None:
        """Return a pool of as many threads as the system allows; None if it allows no more than this one."""
        while self._threads > 1:
            pool = ThreadPoolExecutor(self._threads)
            gate = threading.Event()
            begun = 0
            try:
                for begun in range(self._threads):  # noqa: B007 - how many could be begun
                    pool.submit(gate.wait)
            except RuntimeError:
                self._threads = begun
            else:
                return pool
            finally:
                gate.set()
        return None

    def _work(self, start: int, stop: int) -> Result:
        if not hasattr(self._local, "task"):
            self._local.task = self._make()
        result: Result = self._local.task(start, stop)
        return result


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
