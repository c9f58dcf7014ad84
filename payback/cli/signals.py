"""Signals: the first ends the simulation early, with the results so far; the second ends the command at once."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
"""Signal -> exit code."""


class EndedBySignal(KeyboardInterrupt):
    """A signal that ends the command at once, with the exit code `code`."""

    def __init__(self, code: int) -> None:
        self.code = code


class Interrupts:
    """The interrupt of a simulation by signals; outside its context a signal ends the command at once."""

    def __init__(self) -> None:
        self.code = 0
        self._simulations = 0

    def __call__(self) -> bool:
        """Return whether to stop."""
        return bool(self.code)

    def __enter__(self) -> Self:
        self._simulations += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._simulations -= 1

    def watch(self) -> Watch:
        """Return a context in which signals come here."""
        return Watch(self)

    def receive(self, number: int, _: FrameType | None = None) -> None:
        """Take a signal.

        Raises
        ------
        EndedBySignal
            Unless it is the first signal, and comes during a simulation.
        """
        first = not self.code
        self.code = CODES[signal.Signals(number)]
        if not (first and self._simulations):
            raise EndedBySignal(self.code)


class Watch:
    """A context in which signals go to `interrupts`. Only the main thread gets signals; elsewhere it does nothing."""

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._interrupts.receive) for number in CODES}
        return self._interrupts

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
