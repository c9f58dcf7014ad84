"""What every simulating command does first and last: the case, the settings, progress, notes."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from payback.simulator.errors import UsageError, visible

if TYPE_CHECKING:
    from payback.simulator.case import Case
    from payback.simulator.cube import Cube
    from payback.simulator.document.results import Precision
    from payback.simulator.engine.run.checkpoints import Checkpoint
    from payback.simulator.questions.ask.answers import Answer
    from payback.simulator.questions.grammar import Question
    from payback.simulator.questions.trials.settings import Settings

SILENT_SECONDS = 1.0
"""Progress is told of what takes longer."""

EVERY_SECONDS = 10.0
"""How often it is told when stderr is no terminal."""


def load_case(file: str, changes: Sequence[str] = ()) -> Case:
    """Return the case of `file` after the changes of ``--set``."""
    from payback.simulator.case import load

    case = load(file)
    return case.change("; ".join(changes)) if changes else case


@contextmanager
def settings_of(
    trials: int | None, seed: int, sampler: str | None, threads: int | None, engine: str | None, quiet: bool
) -> Iterator[Settings]:
    """Give the settings of a command, with progress on stderr while it runs."""
    from payback.simulator.questions.trials.settings import TRIALS, Settings

    progress = None if quiet else Progress()
    try:
        yield Settings(
            TRIALS if trials is None else trials, seed, sampler or "", threads, progress, engine=engine or "auto"
        )
    finally:
        if progress is not None:
            progress.close()


@contextmanager
def long_run(settings: Settings, case: Case, asked: Sequence[str], options: Mapping[str, Any]) -> Iterator[Settings]:
    """Give `settings` for a run that may take long: on a cluster, with a checkpoint; a signal ends it early.

    The checkpoint is removed when all is done.

    Parameters
    ----------
    settings : Settings
    case : Case
    asked : sequence of str
        What is computed besides.
    options : mapping of str to object
        `checkpoint`, `resume`, `cluster` and `trusted`.

    Raises
    ------
    UsageError
        If the file is another run's, ``--resume`` has none to go on from, or the cluster is not safe.
    """
    from payback.cli.interrupts import Interrupts

    with ExitStack() as stack:
        interrupts = stack.enter_context(Interrupts().watch())
        checkpoint = _checkpoint(settings, case, options["checkpoint"], options["resume"], asked)
        cluster = None
        if options["cluster"] is not None:
            from payback.simulator.engine.workers.dask_cluster import Cluster

            cluster = stack.enter_context(
                Cluster(options["cluster"], trusted=options["trusted"], workers=settings.threads)
            )
            stack.enter_context(_without_logs())
        elif options["trusted"]:
            raise UsageError("--i-trust-this-cluster is for --cluster tcp://HOST:PORT")
        kept = settings.kept if checkpoint is None else 0
        yield replace(settings, interrupt=interrupts, checkpoint=checkpoint, cluster=cluster, kept=kept)
        if checkpoint is not None and not interrupts():
            checkpoint.remove()


@contextmanager
def _without_logs() -> Iterator[None]:
    """Keep what dask logs of workers that come and go off stderr: what a user must know of it is an error."""
    import logging

    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _checkpoint(
    settings: Settings, case: Case, file: str | None, resume: bool, questions: Sequence[str]
) -> Checkpoint | None:
    if file is None:
        if resume:
            raise UsageError("--resume goes on from a checkpoint -> give --checkpoint FILE as well")
        return None
    from payback.simulator.engine.run.checkpoints import Checkpoint, identity

    about = (case.digest, settings.trials, settings.seed, settings.sampler_used.name, settings.engine, *questions)
    return Checkpoint(Path(file), identity(*about), resume=resume)


def precise(
    case: Case,
    settings: Settings,
    targets: Sequence[str],
    trials: int | None,
    seconds: float | None,
    questions: Sequence[Question] = (),
) -> tuple[Settings, tuple[Precision, ...], tuple[Answer, ...]]:
    """Return `settings` with the trials of the run, how well numbers are then known, and the answers to `questions`.

    The trials are those given; else as many as ``--precision`` takes; else as many as two honest digits take, of the
    answers, or of the headline where there are no questions. Of trials that were given nothing is told.

    Raises
    ------
    UsageError
        If there is a limit of time, but nothing to be reached.
    """
    if seconds is not None and not targets:
        raise UsageError('--seconds is for --precision -> --precision "P90(payback), 0.1 months"')
    if trials is not None and not targets:
        return settings, (), ()  # before what would be loaded for nothing
    from payback.simulator.questions.size.default_size import settle
    from payback.simulator.questions.size.precision import MOST_SECONDS

    most = seconds or MOST_SECONDS
    sized = settle(case, settings, given=trials is not None, targets=targets, seconds=most, questions=questions)
    counted = settings.checkpoint is not None and not targets
    return sized.settings, sized.targets, () if counted else sized.found


def end_early(settings: Settings) -> None:
    """End the command with the exit code of the signal that came, if one did.

    Raises
    ------
    click.exceptions.Exit
    """
    if settings.interrupt is not None and settings.stopped:
        raise click.exceptions.Exit(settings.interrupt.code)


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
        share = f"simulating: {100 * done // trials} %{_left((now - self._start) * (trials - done) / done)}"
        sys.stderr.write(f"\r{share:<40}" if self._on_terminal else f"{share}\n")
        sys.stderr.flush()

    def close(self) -> None:
        """Remove the line."""
        if self._told and self._on_terminal:
            sys.stderr.write("\r" + " " * 40 + "\r")
            sys.stderr.flush()


def _left(seconds: float) -> str:
    """Return how long it still takes, in words; nothing below ten seconds."""
    if seconds < 10:
        return ""
    unit, size = next((name, size) for name, size in (("h", 3600), ("min", 60), ("s", 1)) if seconds >= 2 * size)
    return f", about {seconds / size:.0f} {unit} left"


def tell_notes(settings: Settings, cube: Cube, quiet: bool, targets: Sequence[Precision] = ()) -> None:
    """Tell on stderr what must be known of the trials; `targets` are what their number follows from."""
    if quiet:
        return
    for note in settings.notes(cube):
        click.echo(f"note: {note}", err=True)
    if settings.chosen:
        from payback.simulator.questions.size.default_size import shortfall

        if short := shortfall(targets):
            click.echo(f"note: {short}", err=True)


def partial_text(done: int, trials: int) -> str:
    """Return the label of what an interrupted run found."""
    return f"partial, interrupted: the first {done:,} of {trials:,} trials"


def footer(cube: Cube, done: int | None = None) -> str:
    """Return how the numbers came about, in one line; `done` trials, if not all of the cube."""
    sampler, trials = cube.sampler.name.replace("_", " "), cube.trials if done is None else done
    return f"{trials:,} trials ({sampler}, seed {cube.seed}); intervals: 95 %, simulation error alone"


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
