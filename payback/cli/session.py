"""The session of a simulating command: load the case, read the options, size the run, end early."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from payback.cli.output import Progress, finding_its_size
from payback.simulator.errors import UsageError
from payback.simulator.stage_times import IMPORTS, Stage

if TYPE_CHECKING:
    from payback.simulator.case import Case
    from payback.simulator.engine.run.checkpoints import Checkpoint
    from payback.simulator.questions.ask.answers import Answer
    from payback.simulator.questions.grammar import Question
    from payback.simulator.questions.size.run_size import RunSize
    from payback.simulator.questions.trials.execution import Execution
    from payback.simulator.questions.trials.sampling import Sampling


STANDARD_INPUT, ITS_NAME = "-", "<stdin>"
"""The argument that stands for standard input, and what messages call the case that comes from there."""


@Stage("load")
def load_case(file: str, changes: Sequence[str] = ()) -> Case:
    """Return the case in `file` with the changes of ``--set`` made; ``-`` stands for standard input."""
    with Stage(IMPORTS):
        from payback.simulator.case import load

    case = _from_standard_input() if file == STANDARD_INPUT else load(file)
    return case.change("; ".join(changes)) if changes else case


def _from_standard_input() -> Case:
    """Return the case that standard input holds; data files that it names lie under the current folder."""
    from payback.simulator.case import loads
    from payback.simulator.case.source.decoding import LARGEST, decoded

    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("standard input is closed -> a case through a pipe, or the path of a case file")
    return loads(decoded(sys.stdin.buffer.read(LARGEST + 1), ITS_NAME), ITS_NAME)


@contextmanager
def settings_of(
    trials: int | None, seed: int, sampler: str | None, threads: int | None, engine: str | None, quiet: bool
) -> Iterator[tuple[Sampling, Execution]]:
    """Yield the sampling and the execution of a command, with progress on stderr while it runs."""
    from payback.simulator.questions.trials.execution import Execution
    from payback.simulator.questions.trials.sampling import TRIALS, Sampling

    progress = None if quiet else Progress()
    try:
        sampling = Sampling(TRIALS if trials is None else trials, seed, sampler or "")
        yield sampling, Execution(threads, engine or "auto", progress)
    finally:
        if progress is not None:
            progress.close()


@contextmanager
def long_run(
    case: Case, sampling: Sampling, execution: Execution, questions: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Execution]:
    """Yield `execution` for a long run: on a cluster, with a checkpoint, ended early by a signal.

    The checkpoint is removed when all is done.

    Parameters
    ----------
    case : Case
    sampling : Sampling
    execution : Execution
    questions : sequence of str
        Questions and targets on the command line; a checkpoint is valid for these only.
    options : mapping of str to object
        `checkpoint`, `resume`, `cluster` and `trusted`.

    Raises
    ------
    UsageError
        If the checkpoint belongs to another run, ``--resume`` finds none, or the cluster is not safe.
    """
    from payback.cli.signals import Interrupts

    with ExitStack() as stack:
        interrupts = stack.enter_context(Interrupts().watch())
        checkpoint = _checkpoint(case, sampling, execution, questions, options)
        cluster = None
        if options["cluster"] is not None:
            from payback.simulator.engine.workers.dask_cluster import Cluster

            cluster = stack.enter_context(
                Cluster(options["cluster"], trusted=options["trusted"], workers=execution.threads)
            )
            stack.enter_context(_without_logs())
        elif options["trusted"]:
            raise UsageError("--i-trust-this-cluster is for --cluster tcp://HOST:PORT")
        yield replace(execution, interrupt=interrupts, checkpoint=checkpoint, cluster=cluster)
        if checkpoint is not None and not interrupts():
            checkpoint.remove()


@contextmanager
def _without_logs() -> Iterator[None]:
    """Silence the log of dask about workers that come and go; failures are raised as errors."""
    import logging

    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _checkpoint(
    case: Case, sampling: Sampling, execution: Execution, questions: Sequence[str], options: Mapping[str, Any]
) -> Checkpoint | None:
    file, resume = options["checkpoint"], options["resume"]
    if file is None:
        if resume:
            raise UsageError("--resume goes on from a checkpoint -> give --checkpoint FILE as well")
        return None
    from payback.simulator.engine.run.checkpoints import Checkpoint, identity

    about = (case.digest, sampling.trials, sampling.seed, sampling.sampler_used.name, execution.engine, *questions)
    return Checkpoint(Path(file), identity(*about), resume=resume)


@Stage("measures")
def run_size(
    case: Case,
    sampling: Sampling,
    execution: Execution,
    targets: Sequence[str],
    trials: int | None,
    seconds: float | None,
    questions: Sequence[Question] = (),
) -> RunSize[Answer]:
    """Return the size of a run, and the answers to `questions` where these were computed to find it.

    The size is the number of ``--trials``, or what the targets of ``--precision`` need; with neither, what two honest
    digits of the answers need, or of the headline when there are no questions. With a checkpoint the questions are
    answered later, from counted trials, unless the size follows from ``--precision``.

    Raises
    ------
    UsageError
        If there is a limit of time without a precision to reach.
    """
    if seconds is not None and not targets:
        raise UsageError('--seconds is for --precision -> --precision "P90(payback), 0.1 months"')
    if trials is not None and not targets:
        from payback.simulator.questions.size.run_size import RunSize

        return RunSize(sampling)  # before what would be loaded for nothing
    from payback.simulator.questions.size.default_size import find_size
    from payback.simulator.questions.size.precision import MOST_SECONDS

    most = seconds or MOST_SECONDS
    given = trials is not None
    looking = finding_its_size(execution)
    size = find_size(case, sampling, looking, given=given, targets=targets, seconds=most, questions=questions)
    return replace(size, results=()) if execution.checkpoint is not None and not targets else size


def end_early(execution: Execution) -> None:
    """End the command with the exit code of the signal that came, if one did.

    Raises
    ------
    click.exceptions.Exit
    """
    if execution.interrupt is not None and execution.stopped:
        raise click.exceptions.Exit(execution.interrupt.code)
