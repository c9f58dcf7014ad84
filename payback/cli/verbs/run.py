"""``payback run``: everything about a case, on the terminal and as a risk appendix."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from payback.cli.output import columns, partial_text, print_record, say, tell_notes, tell_warnings
from payback.cli.session import ITS_NAME, STANDARD_INPUT, end_early, load_case, long_run, run_size, settings_of
from payback.cli.shared_options import Folder, cases_options, long_options
from payback.cli.stage_table import stage_table
from payback.simulator.errors import HurdleNotMet, UsageError
from payback.simulator.stage_times import IMPORTS, Stage, recorded

if TYPE_CHECKING:
    from payback.simulator.case import Case
    from payback.simulator.cube import Cube
    from payback.simulator.document.document import Document
    from payback.simulator.questions.trials.samples import Interrupted

FOLDER = "out"


@click.command()
@cases_options
@long_options
@click.option(
    "--out", type=Folder(), metavar="FOLDER", help=f"Where the appendix goes; {FOLDER}/NAME-OF-CASE if not given."
)
@click.option("--keep", is_flag=True, help="Keep the trials: trials.npz, and the first ones as trials.csv.")
@click.option("--gate", is_flag=True, help="Exit with code 4 unless every hurdle of the case is met.")
@click.option("--timings", is_flag=True, help="Print on stderr where the time went.")
def run(timings: bool, gate: bool, **options: Any) -> None:
    """Simulate a case: a summary here, and a risk appendix in a folder.

    The folder holds the appendix (HTML, Markdown, figures), result.json and summary.csv; a report
    that is there already is replaced. With --json the result document is printed, and a folder is
    written only if --out is given. Of several cases each has a folder of its own in that folder.
    """
    with recorded() if timings else nullcontext() as times:
        documents = _run_all(gate=gate, **options)
    if times is not None:
        click.echo(stage_table(times.by_stage()), err=True)
    if gate:
        for document in documents:
            _require_hurdles(document)


def _run_all(
    case_files: tuple[str, ...], changes: tuple[str, ...], out: str | None, keep: bool, gate: bool, **options: Any
) -> list[Document]:
    with Stage(IMPORTS):
        from payback.simulator.questions.describe.claims_and_stresses import check_claims_and_stresses

    if case_files.count(STANDARD_INPUT) > 1:
        raise UsageError("- stands for standard input, which holds one case -> `-` once")
    cases = [load_case(file, changes) for file in case_files]
    with Stage("load"):
        for case in cases:
            check_claims_and_stresses(case)
    if gate and not all(case.hurdles.limits for case in cases):
        raise UsageError("--gate needs a hurdle -> `hurdles: {payback: 12 months, confidence: 80 %}` in the case")
    folders = _folders(cases, out, as_json=options["as_json"])
    for name in ("as_json", "checkpoint"):
        if len(cases) > 1 and options[name]:
            raise UsageError(f"--{name.removeprefix('as_')} is for one case -> one case, or leave it out")
    if keep and None in folders:
        raise UsageError("--keep writes the trials -> give --out FOLDER as well")
    for folder in folders:
        if folder is not None:
            from payback.reports.files.appendix_folder import check_output

            check_output(folder)
    return [_run(case, folder, changes, keep, **options) for case, folder in zip(cases, folders, strict=True)]


def _folders(cases: Sequence[Case], out: str | None, *, as_json: bool) -> list[Path | None]:
    if out is None and as_json:
        return [None] * len(cases)
    stems = [_stem(case) for case in cases]
    if twice := {stem for stem in stems if stems.count(stem) > 1}:
        raise UsageError(f"several cases would write into the folder {min(twice)} -> names of their own")
    return [Path(out) if out is not None and len(cases) == 1 else Path(out or FOLDER) / stem for stem in stems]


def _stem(case: Case) -> str:
    """Return the name of the folder of a case: that of its file, or of the case itself where no file holds it."""
    if case.file != ITS_NAME:
        return Path(case.file).stem
    return re.sub(r"\W+", "_", case.name).strip("_").lower()[:60] or "stdin"


def _run(
    case: Case, folder: Path | None, changes: tuple[str, ...], keep: bool, *,
    trials: int | None, seed: int, sampler: str | None, threads: int | None, engine: str | None,
    as_json: bool, quiet: bool, targets: tuple[str, ...], seconds: float | None, **options: Any,
) -> Document:  # fmt: skip
    with Stage(IMPORTS):
        from payback.simulator.questions.appendix.appendix import appendix
        from payback.simulator.questions.ask.measure_results import measured
        from payback.simulator.questions.size.cost_budget import run_jobs
        from payback.simulator.questions.size.engine_of_run import with_engine
        from payback.simulator.questions.trials.samples import Interrupted, kept_values

    with (
        settings_of(trials, seed, sampler, threads, engine, quiet) as (sampling, usual),
        long_run(case, sampling, usual, targets, options) as long,
    ):
        execution = with_engine(long, run_jobs(case), sampling.trials)
        size = run_size(case, sampling, execution, targets, trials, seconds)
        cube = size.sampling.cube(case)
        most = execution.most_kept // len(measured(case))
        if keep and cube.trials > most:
            raise UsageError(f"--keep keeps at most {most:,} trials of this case -> fewer --trials")
        try:
            report = appendix(
                case, size.sampling, execution, _command(case, cube, changes, chosen=size.chosen),
                precision=size.precision, chosen=size.chosen, cache=size.cache,
            )  # fmt: skip
        except Interrupted as early:
            say(partial_text(early.done, early.trials))
            say(_partial(early))
            end_early(execution)
            raise
    tell_notes(size.sampling, cube, quiet, size.shortfall)
    if not quiet:
        tell_warnings(report.warnings)
        for target in size.precision if targets else ():
            click.echo(f"{target.target}: {target.text}", err=True)
    if as_json:
        print_record(report.document)
    if folder is not None:
        with Stage(IMPORTS):
            from payback.reports.files.appendix_folder import write

        written = write(report.document, folder, kept_values(report.trials) if keep else None)
        if not as_json and not quiet:
            from payback.reports.pages.terminal import print_summary

            print_summary(report.document, appendix=written)
    return report.document


def _partial(early: Interrupted) -> str:
    """Return a table of percentiles of the measures, over the trials that were done."""
    shown = ("P10", "P50", "P90")
    rows: list[tuple[str, ...]] = [("", *shown)]
    rows += [
        (name, *(measure.percentiles[key].text.partition(";")[0] for key in shown))
        for name, measure in early.measures.items()
    ]
    return columns(rows)


def _command(case: Case, cube: Cube, changes: tuple[str, ...], *, chosen: bool) -> str:
    """Return the command line that repeats the run with the same numbers."""
    from payback.simulator.questions.appendix.appendix import repeated

    file = STANDARD_INPUT if case.file == ITS_NAME else case.file
    words = ["payback", "run", file, *repeated(cube, chosen=chosen)]
    return shlex.join([*words, *(word for change in changes for word in ("--set", change))])


def _require_hurdles(document: Document) -> None:
    missed = [
        f"{hurdle.name}: {hurdle.verdict}, {hurdle.text}"
        for hurdle in document.hurdles
        if hurdle.verdict != "supported"
    ]
    if missed:
        raise HurdleNotMet("hurdle not met: " + "; ".join(missed))
