"""What every simulating command does first and last: the case, the settings, progress, notes."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from simulator.errors import visible

if TYPE_CHECKING:
    from simulator.case import Case
    from simulator.cube import Cube
    from simulator.questions.settings import Settings

SILENT_SECONDS = 1.0
"""Progress is told of what takes longer."""

EVERY_SECONDS = 10.0
"""How often it is told when stderr is no terminal."""


def load_case(file: str, changes: Sequence[str] = ()) -> Case:
    """Return the case of `file` after the changes of ``--set``."""
    from simulator.case import load

    case = load(file)
    return case.change("; ".join(changes)) if changes else case


@contextmanager
def settings_of(
    trials: int | None, seed: int, sampler: str | None, threads: int | None, quiet: bool
) -> Iterator[Settings]:
    """Give the settings of a command, with progress on stderr while it runs."""
    from simulator.questions.settings import TRIALS, Settings

    progress = None if quiet else Progress()
    try:
        yield Settings(TRIALS if trials is None else trials, seed, sampler or "", threads, progress)
    finally:
        if progress is not None:
            progress.close()


class Progress:
    """Progress on stderr, for anything over a second: a line that rewrites itself on a terminal."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._told = 0.0
        self._on_terminal = sys.stderr.isatty()

    def __call__(self, done: int, trials: int) -> None:
        """Tell that `done` of `trials` trials are done."""
        now = time.monotonic()
        pause = 0.1 if self._on_terminal else EVERY_SECONDS
        if now - self._start < SILENT_SECONDS or now - self._told < pause:
            return
        self._told = now
        share = f"simulating: {100 * done // trials} %"
        sys.stderr.write(f"\r{share}" if self._on_terminal else f"{share}\n")
        sys.stderr.flush()

    def close(self) -> None:
        """Remove the line."""
        if self._told and self._on_terminal:
            sys.stderr.write("\r" + " " * 24 + "\r")
            sys.stderr.flush()


def tell_notes(settings: Settings, cube: Cube, quiet: bool) -> None:
    """Tell on stderr what must be known of the trials."""
    if not quiet:
        for note in settings.notes(cube):
            click.echo(f"note: {note}", err=True)


def footer(cube: Cube) -> str:
    """Return how the numbers came about, in one line."""
    sampler = cube.sampler.name.replace("_", " ")
    return f"{cube.trials:,} trials ({sampler}, seed {cube.seed}); intervals: 95 %, simulation error alone"


def print_json(document: dict[str, Any]) -> None:
    """Print a document as JSON, ASCII alone; NaN and infinity are no JSON."""
    click.echo(json.dumps(document, indent=1, allow_nan=False))


def say(text: str = "") -> None:
    """Print text with control characters escaped, line by line."""
    click.echo("\n".join(visible(line) for line in text.split("\n")))


def terminal_width() -> int | None:
    """Return the columns of the terminal that the output goes to, None when it goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return rows as aligned text.

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
