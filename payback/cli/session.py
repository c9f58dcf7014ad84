"""What every simulating command does first and last: the case, the settings, the trials it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from payback.simulator.errors import UsageError

if TYPE_CHECKING:
    from payback.simulator.case import Case
    from payback.simulator.document.precision import Precision
    from payback.simulator.engine.run.checkpoints import Checkpoint
    from payback.simulator.questions.ask.answers import Answer
    from payback.simulator.questions.grammar import Question
    from payback.simulator.questions.trials.settings import Settings
from payback.cli.output import Progress


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
    from payback.cli.signals import Interrupts

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
