"""Where the time of a process goes: seconds on the wall and of its cores, by stage of the work.

Work is marked with `Stage` wherever it stands. The marks do nothing until somebody calls `recorded`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ContextDecorator, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

IMPORTS, OTHER = "imports", "other"
"""The stage that a process begins with, the start of Python included; what stands in no stage."""

_LOADED = time.perf_counter()


@dataclass(frozen=True)
class Seconds:
    """Seconds on the wall, and of all cores together.

    Parameters
    ----------
    wall, cpu : float
    """

    wall: float = 0.0
    cpu: float = 0.0

    def __add__(self, other: Seconds) -> Seconds:
        return Seconds(self.wall + other.wall, self.cpu + other.cpu)

    def __sub__(self, other: Seconds) -> Seconds:
        return Seconds(self.wall - other.wall, self.cpu - other.cpu)


def since_start() -> Seconds:
    """Return the seconds since this process began; its cores, and those of the processes that it has waited for.

    Where the platform does not tell when a process began, the seconds on the wall are those since this module was
    imported.
    """
    children = os.times()
    return Seconds(_wall(), time.process_time() + children.children_user + children.children_system)


def _wall() -> float:
    """Return the seconds since this process began; see proc(5), "starttime", for the ticks that Linux tells."""
    try:
        ticks = int(Path("/proc/self/stat").read_text(encoding="latin-1").rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError, IndexError):
        return time.perf_counter() - _LOADED


class StageTimes:
    """The seconds of each stage, each second counted once: those of the innermost stage that is open.

    Parameters
    ----------
    clock : callable
        The seconds since the process began.
    """

    def __init__(self, clock: Callable[[], Seconds] = since_start) -> None:
        self._clock = clock
        self._last = Seconds()
        self._open = [IMPORTS]
        self._seconds: dict[tuple[str, str], Seconds] = {}
        self.leave()

    def enter(self, name: str) -> None:
        """Open a stage within those that are open."""
        self._charge()
        self._open.append(name)

    def leave(self) -> None:
        """Close the stage that was opened last."""
        self._charge()
        self._open.pop()

    def _charge(self) -> None:
        """Add the seconds since the last call to the stage that is open."""
        now = self._clock()
        key = (self._open[0], self._open[-1]) if self._open else (OTHER, OTHER)
        self._seconds[key] = self._seconds.get(key, Seconds()) + (now - self._last)
        self._last = now

    def by_stage(self) -> dict[str, dict[str, Seconds]]:
        """Return the seconds so far, of each outermost stage by the innermost stages in it, in the order they began.

        A stage stands among its own inner stages under its own name, with what none of them took. All seconds together
        are those since the process began; `OTHER` is last.
        """
        self._charge()
        stages: dict[str, dict[str, Seconds]] = {}
        for (outermost, innermost), seconds in self._seconds.items():
            stages.setdefault(outermost, {})[innermost] = seconds
        return {**{name: steps for name, steps in stages.items() if name != OTHER}, OTHER: stages.get(OTHER, {})}


_TIMES: ContextVar[StageTimes | None] = ContextVar("stage_times", default=None)
"""What records the stages of this thread; other threads have none, so that no second is counted twice."""


class Stage(ContextDecorator):
    """A stage of the work, as a context or as the decorator of a function; its seconds count where they are recorded.

    Parameters
    ----------
    name : str
        As a table shows it.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        times = _TIMES.get()
        if times is not None:
            times.enter(self.name)

    def __exit__(self, *_: object) -> None:
        times = _TIMES.get()
        if times is not None:
            times.leave()


@contextmanager
def recorded(clock: Callable[[], Seconds] = since_start) -> Iterator[StageTimes]:
    """Yield the times of the stages that this thread enters inside the context; what came before it is `IMPORTS`."""
    times = StageTimes(clock)
    token = _TIMES.set(times)
    try:
        yield times
    finally:
        _TIMES.reset(token)
