"""``payback fit``: which distribution describes a column of data."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from payback.cli.output import columns, print_record, say
from payback.cli.shared_options import Folder, Seed
from payback.simulator.errors import UsageError

if TYPE_CHECKING:
    from payback.simulator.document.fit import Fit

FOLDER = "out"
SHOWN = 6


@click.command()
@click.argument("data_file", type=click.Path(readable=False), metavar="DATA")
@click.option("--column", default="", metavar="NAME", help="The column; may be left out when there is only one.")
@click.option("--sheet", default="", metavar="NAME", help="The sheet of a workbook with several.")
@click.option("--kind", type=click.Choice(["amounts", "counts"]), help="What the values are; by the data if not given.")
@click.option("--cap", type=float, metavar="VALUE", help="Values from here on are only known to be at least this.")
@click.option("--censored", metavar="NAME", help="The column that holds 1 where the value is only a lower bound.")
@click.option("--bounds", type=(float, float), metavar="LOW HIGH", help="Limits that no value can pass.")
@click.option("--unit", default="", metavar="UNIT", help="The unit of the column, for the line: request/month.")
@click.option("--no-test", is_flag=True, help="Rank the families, but do not test the leading ones.")
@click.option("--seed", type=Seed(), default=1, show_default=True, metavar="N", help="Same seed, same numbers.")
@click.option(
    "--out",
    type=Folder(),
    metavar="FOLDER",
    help=f"Where the page and its figures go; {FOLDER}/NAME_COLUMN if not given.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else; files only with --out.")
@click.option("--quiet", is_flag=True, help="No progress, and no path of the page.")
def fit(
    data_file: str,
    column: str,
    sheet: str,
    kind: str | None,
    cap: float | None,
    censored: str | None,
    bounds: tuple[float, float] | None,
    unit: str,
    no_test: bool,
    seed: int,
    out: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Find the distribution that describes a column of data, and print the line for a case.

    DATA is a .csv file with a row of names, a .parquet file or an .xlsx workbook. Families are
    fitted by maximum likelihood and ranked by AICc; the leading three are tested by drawing data
    sets from them. A page with quantile, density and tail plots goes to a folder.
    """
    from payback.reports.files import fit_folder
    from payback.simulator.case.data.columns import columns as read_columns
    from payback.simulator.case.language.units import UnitError, parse_unit
    from payback.simulator.questions.fitting.fit_column import Request, fit_column

    if unit:
        try:
            parse_unit(unit)
        except UnitError as error:
            raise UsageError(f"--unit {unit}: {error.given} -> {error.allowed}") from None
    values, *marks = read_columns(data_file, [column, *([censored] if censored else [])], sheet)
    folder = None if as_json else Path(FOLDER) / _folder(data_file, values.name)
    if out is not None:
        folder = Path(out)
    if folder is not None:
        fit_folder.check_output(folder)
    request = Request(seed, cast("Literal['amounts', 'counts'] | None", kind), cap, bounds, not no_test, unit)
    result = fit_column(values, request, marks[0] if marks else None, None if quiet else _progress)
    if as_json:
        print_record(result)
    written = fit_folder.write(result, folder) if folder is not None else None
    if not as_json:
        say(_text(result))
        if written is not None and not quiet:
            say(f"\nPage with figures: {written}")


def _folder(data_file: str, column: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", f"{Path(data_file).stem}_{column}").strip("_") or "fit"


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\rtesting family {done + 1} of {of}" if done < of else "\r" + " " * 26 + "\r", nl=False, err=True)


def _text(result: Fit) -> str:
    from payback.reports.tables import fit as tables

    ranking = tables.rows(result)
    lines = [tables.facts(result), "", result.verdict, *result.warnings, ""]
    lines.append(columns([tables.HEADINGS, *ranking[:SHOWN]], right=(1, 2, 3)))
    if len(ranking) > SHOWN:
        lines.append(f"... and {len(ranking) - SHOWN} more in the page")
    lines += ["", "the line for a case, under `inputs:`", f"  {result.line}"]
    return "\n".join(lines)
