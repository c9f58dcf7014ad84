"""``payback variance``: which inputs make a measure vary."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from payback.cli.options import simulation_options
from payback.cli.output import columns, print_json, say, tell_notes
from payback.cli.session import load_case, settings_of

if TYPE_CHECKING:
    from payback.simulator.document.results import Variance, VarianceShare

SCHEMA = "payback-variance/1"
SHOWN = 12
WIDTH = 24
ALONE, TOGETHER = "#", "-"


@click.command()
@simulation_options
@click.option("--measure", default="npv", show_default=True, metavar="FORMULA", help="A formula or a condition.")
@click.option("--all", "every", is_flag=True, help=f"Show every input, not the first {SHOWN}.")
def variance(
    case_file: str,
    changes: tuple[str, ...],
    trials: int | None,
    seed: int,
    sampler: str | None,
    threads: int | None,
    engine: str | None,
    measure: str,
    every: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show the share of each input in the variance of a measure: Sobol' indices with 95 % intervals.

    What an input makes alone (first-order index), and what would be left were all others known (total index): the
    difference is what it makes together with others. Inputs that depend on one another are one group.
    """
    from payback.simulator.questions.sensitivity.variance import variance as split
    from payback.simulator.questions.trials.frames import Frame

    case = load_case(case_file, changes)
    with settings_of(trials, seed, sampler, threads, engine, quiet) as (sampling, execution):
        base = Frame(case, sampling.cube(case))
        found = split(base, execution, measure)
    tell_notes(sampling, base.cube, quiet)
    if as_json:
        print_json({"schema": SCHEMA, **asdict(found), "seed": seed, "sampler": base.cube.sampler.name})
        return
    say(_text(found, None if every else SHOWN))
    if not quiet:
        say(found.note)
        name = base.cube.sampler.name.replace("_", " ")
        say(f"{found.runs:,} runs: {found.trials:,} trials of each matrix ({name}, seed {seed}); intervals: 95 %")


def _text(found: Variance, shown: int | None) -> str:
    from payback.simulator.number_text import bare, quantity

    rows = [("", "alone", "total", "")]
    rows += [(" with ".join(one.inputs), one.first.text, one.total.text, _bar(one)) for one in found.shares[:shown]]
    rest = len(found.shares) - len(rows) + 1
    more = f"\n... and {rest} more: --all" if rest else ""
    sd = quantity(float(bare(found.sd).replace(",", "")), found.unit)
    return (
        f"{found.measure}: standard deviation {sd}; shares of its variance\n{columns(rows)}{more}\n"
        f"all inputs, each alone: {found.alone.text}; made by several together: {found.together.text}"
    )


def _bar(one: VarianceShare) -> str:
    """Return the total share as a bar, the part made alone in front."""
    first, total = (round(WIDTH * min(max(x.value or 0.0, 0.0), 1.0)) for x in (one.first, one.total))
    return ALONE * min(first, total) + TOGETHER * max(total - first, 0)
