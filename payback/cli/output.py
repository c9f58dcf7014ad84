"""The output of commands: lines, tables and JSON on stdout; progress and notes on stderr."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from payback.cli.remaining_time import RemainingTime
from payback.simulator.errors import visible

if TYPE_CHECKING:
    from payback.simulator.case import Case
    from payback.simulator.cube import Cube
    from payback.simulator.document.core.record import Printed
    from payback.simulator.questions.trials.execution import Execution
    from payback.simulator.questions.trials.frames import Frame
    from payback.simulator.questions.trials.sampling import Sampling


SILENT_SECONDS = 1.0
"""What takes longer shows its progress."""

EVERY_SECONDS = 10.0
"""How often progress is shown when stderr is no terminal."""

WIDTH = 48
"""Columns of the line of progress."""


class Progress:
    """Progress on stderr, for anything over a second: a line that rewrites itself on a terminal.

    Called with what is done of the whole it shows a share, which never falls. `so_far` is for work whose whole is not
    known yet: it shows trials, and no share.
    """

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._last_update = 0.0
        self._on_terminal = sys.stderr.isatty()
        self._share = 0.0
        self._remaining = RemainingTime()

    def __call__(self, done: int, trials: int) -> None:
        """Show that `done` of `trials` trials are done."""
        now = time.monotonic()
        self._share = max(self._share, done / trials)
        self._remaining.add(now, self._share)
        self._show(now, lambda: f"simulating: {min(int(100 * self._share), 99)} %{_left(self._remaining.seconds())}")

    def so_far(self, done: int, _: int) -> None:
        """Show that `done` trials are done of a number that is not known yet."""
        self._show(time.monotonic(), lambda: f"finding the size of the run: {done:,} trials")

    def _show(self, now: float, text: Callable[[], str]) -> None:
        pause = 0.1 if self._on_terminal else EVERY_SECONDS
        if now - self._start < SILENT_SECONDS or now - self._last_update < pause:
            return
        self._last_update = now
        sys.stderr.write(f"\r{text():<{WIDTH}}" if self._on_terminal else f"{text()}\n")
        sys.stderr.flush()

    def close(self) -> None:
        """Remove the line."""
        if self._last_update and self._on_terminal:
            sys.stderr.write("\r" + " " * WIDTH + "\r")
            sys.stderr.flush()


def finding_its_size(execution: Execution) -> Execution:
    """Return `execution` with progress for as long as the number of trials is not known."""
    progress = execution.progress
    return replace(execution, progress=progress.so_far) if isinstance(progress, Progress) else execution


def _left(seconds: float | None) -> str:
    """Return the remaining time in words; empty where it is not known, and below ten seconds."""
    if seconds is None or seconds < 10:
        return ""
    unit, size = next((name, size) for name, size in (("h", 3600), ("min", 60), ("s", 1)) if seconds >= 2 * size)
    return f", about {seconds / size:.0f} {unit} left"


def tell_ledger(case: Case, frames: Iterable[Frame], quiet: bool) -> None:
    """Print on stderr what a reader must know of the ledger of a case, and of changes of it, before any number."""
    if quiet:
        return
    from payback.simulator.questions.ledger.ledger_notes import frame_notes

    tell_warnings(frame_notes(case, frames))


def tell_warnings(warnings: Iterable[str]) -> None:
    """Print warnings on stderr."""
    for warning in warnings:
        click.echo(f"warning: {visible(warning)}", err=True)


def tell_notes(sampling: Sampling, cube: Cube, quiet: bool, shortfall: str = "") -> None:
    """Print on stderr the remarks on the trials, and the `shortfall` of the run."""
    if quiet:
        return
    for note in sampling.notes(cube):
        click.echo(f"note: {note}", err=True)
    if shortfall:
        click.echo(f"note: {shortfall}", err=True)


def partial_text(done: int, trials: int) -> str:
    """Return the label of the results of an interrupted run."""
    return f"partial, interrupted: the first {done:,} of {trials:,} trials"


def footer(cube: Cube, done: int | None = None) -> str:
    """Return a line on how the numbers were computed; `done` is the number of trials, if not all of the cube."""
    sampler, trials = cube.sampler.name.replace("_", " "), cube.trials if done is None else done
    return f"{trials:,} trials ({sampler}, seed {cube.seed}); intervals: 95 %, simulation error alone"


def print_record(record: Printed) -> None:
    """Print a record as JSON."""
    from payback.simulator.document.core.record import to_json

    click.echo(to_json(record))


def say(text: str = "") -> None:
    """Print text with control characters escaped, line by line."""
    click.echo("\n".join(visible(line) for line in text.split("\n")))


def terminal_width() -> int | None:
    """Return the width in columns of the terminal that the output goes to, None when it goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return `rows` as text with aligned columns.

    Parameters
    ----------
    rows : sequence of sequence of str
        Of equal length; control characters are escaped.
    right : sequence of int
        Columns that are set flush right.
    """
    cells = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = (
        "  ".join(cell.rjust(width) if k in right else cell.ljust(width) for k, (cell, width) in enumerate(row))
        for row in (list(zip(cells_of_row, widths, strict=True)) for cells_of_row in cells)
    )
    return "\n".join(line.rstrip() for line in lines)
