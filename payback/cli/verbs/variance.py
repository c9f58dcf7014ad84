"""``payback variance``: which inputs make a measure vary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from payback.cli.output import columns, print_record, say, tell_ledger, tell_notes
from payback.cli.session import load_case, settings_of
from payback.cli.shared_options import simulation_options

if TYPE_CHECKING:
    from payback.simulator.document.questions.variance import Variance, VarianceShare

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
    from payback.simulator.document.questions.variance import VarianceDocument
    from payback.simulator.questions.sensitivity.variance import variance as split
    from payback.simulator.questions.trials.frames import Frame

    case = load_case(case_file, changes)
    with settings_of(trials, seed, sampler, threads, engine, quiet) as (sampling, execution):
        base = Frame(case, sampling.cube(case))
        record = split(base, execution, measure)
    tell_ledger(case, (), quiet)
    tell_notes(sampling, base.cube, quiet)
    if as_json:
        print_record(VarianceDocument(**vars(record), seed=seed, sampler=base.cube.sampler.name))
        return
    say(_text(record, None if every else SHOWN))
    if not quiet:
        say(record.note)
        name = base.cube.sampler.name.replace("_", " ")
        say(f"{record.runs:,} runs: {record.trials:,} trials of each matrix ({name}, seed {seed}); intervals: 95 %")


def _text(record: Variance, shown: int | None) -> str:
    from payback.simulator.number_text import bare, quantity

    rows = [("", "alone", "total", "")]
    rows += [
        (" with ".join(share.inputs), share.first.text, share.total.text, _bar(share))
        for share in record.shares[:shown]
    ]
    rest = len(record.shares) - len(rows) + 1
    more = f"\n... and {rest} more: --all" if rest else ""
    sd = quantity(float(bare(record.sd).replace(",", "")), record.unit)
    return (
        f"{record.measure}: standard deviation {sd}; shares of its variance\n{columns(rows)}{more}\n"
        f"all inputs, each alone: {record.alone.text}; made by several together: {record.together.text}"
    )


def _bar(share: VarianceShare) -> str:
    """Return the total share as a bar, with the first-order share in front."""
    first, total = (round(WIDTH * min(max(x.value or 0.0, 0.0), 1.0)) for x in (share.first, share.total))
    return ALONE * min(first, total) + TOGETHER * max(total - first, 0)
