"""``payback run``: everything about a case, on the terminal and as a risk appendix."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from payback.cli.options import simulation_options
from payback.cli.session import load_case, print_json, settings_of, tell_notes
from simulator.errors import HurdleNotMet, UsageError

if TYPE_CHECKING:
    from simulator.case import Case
    from simulator.cube import Cube
    from simulator.document import Document

FOLDER = "out"


@click.command()
@simulation_options
@click.option("--out", metavar="FOLDER", help=f"Where the appendix goes; {FOLDER}/NAME-OF-CASE if not given.")
@click.option("--keep", is_flag=True, help="Keep the trials: trials.npz, and the first ones as trials.csv.")
@click.option("--gate", is_flag=True, help="Exit with code 4 unless every hurdle of the case is met.")
def run(
    case_file: str,
    changes: tuple[str, ...],
    trials: int | None,
    seed: int,
    sampler: str | None,
    threads: int | None,
    as_json: bool,
    quiet: bool,
    out: str | None,
    keep: bool,
    gate: bool,
) -> None:
    """Simulate a case: a summary here, and a risk appendix in a folder.

    The folder holds the appendix (HTML, Markdown, figures), result.json and summary.csv; a report
    that is there already is replaced. With --json the result document is printed, and a folder is
    written only if --out is given.
    """
    from simulator.questions.appendix import appendix
    from simulator.questions.review import review

    case = load_case(case_file, changes)
    review(case)
    if gate and not case.hurdles.limits:
        raise UsageError("--gate needs a hurdle -> `hurdles: {payback: 12 months, confidence: 80 %}` in the case")
    folder = Path(out) if out is not None else None if as_json else Path(FOLDER) / Path(case.file).stem
    if keep and folder is None:
        raise UsageError("--keep writes the trials -> give --out FOLDER as well")
    if folder is not None:
        from reports.output import check_output

        check_output(folder)
    with settings_of(trials, seed, sampler, threads, quiet) as settings:
        cube = settings.cube(case)
        found = appendix(case, settings, _command(case, cube, changes))
    tell_notes(settings, cube, quiet)
    if as_json:
        print_json(asdict(found.document))
    if folder is not None:
        from reports.output import write

        kept = {name: sample.values for name, sample in found.trials.items()} if keep else None
        written = write(found.document, folder, kept)
        if not as_json and not quiet:
            from reports.terminal import print_summary

            print_summary(found.document, appendix=written)
    if gate:
        _require_hurdles(found.document)


def _command(case: Case, cube: Cube, changes: tuple[str, ...]) -> str:
    """Return the command line that gives the same numbers again."""
    words = ["payback", "run", case.file, "--trials", str(cube.trials), "--seed", str(cube.seed)]
    words += ["--sampler", cube.sampler.name, *(word for change in changes for word in ("--set", change))]
    return shlex.join(words)


def _require_hurdles(document: Document) -> None:
    missed = [f"{one.name}: {one.verdict}, {one.text}" for one in document.hurdles if one.verdict != "supported"]
    if missed:
        raise HurdleNotMet("hurdle not met: " + "; ".join(missed))
