"""Executors: work on ranges of trials, results in the order of the ranges."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")
Task = Callable[[int, int], Result]
"""``task(start, stop)`` of a range of trials."""

WINDOW = 4
"""Ranges in flight for each thread: results that wait for an earlier one are bounded by it."""


def in_threads(make: Callable[[], Task[Result]], trials: int, size: int, threads: int | None) -> Iterator[Result]:
    """Yield the result of each range of `size` trials out of `trials`, in order.

    Parameters
    ----------
    make : callable
        Makes the task of one thread.
    trials, size : int
        The last range may be shorter.
    threads : int or None
        None: the cores that this process may use.
    """
    ranges = [(start, min(start + size, trials)) for start in range(0, trials, size)]
    workers = min(threads or cores(), len(ranges))
    if workers == 1:
        task = make()
        yield from (task(start, stop) for start, stop in ranges)
        return
    local = threading.local()

    def work(start: int, stop: int) -> Result:
        if not hasattr(local, "task"):
            local.task = make()
        found: Result = local.task(start, stop)
        return found

    pending: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for start, stop in ranges:
                pending.append(pool.submit(work, start, stop))
                if len(pending) >= WINDOW * workers:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
