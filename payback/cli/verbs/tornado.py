"""``payback tornado``: which inputs move a measure most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from payback.cli.output import columns, print_record, say, tell_ledger
from payback.cli.session import load_case
from payback.cli.shared_options import case_options

if TYPE_CHECKING:
    from payback.simulator.document.questions.tornado import Tornado

SHOWN = 12


@click.command()
@case_options
@click.option("--measure", default="npv", show_default=True, metavar="FORMULA", help="Any scalar formula.")
@click.option("--all", "every", is_flag=True, help=f"Show every input, not the first {SHOWN}.")
def tornado(case_file: str, changes: tuple[str, ...], measure: str, every: bool, as_json: bool, quiet: bool) -> None:
    """Show what each input alone does to a measure, from its P10 to its P90.

    A measure is any scalar formula: npv, payback, "at(cumulative_net, 12)". All other inputs stay at
    their medians; those under `hold:` in the case stay at the value given there. An input with few values,
    or with one value at P10 and P90, is put at values that it takes; their probability stands beside them.
    """
    from payback.simulator.document.questions.tornado import TornadoDocument
    from payback.simulator.questions.sensitivity.tornado import tornado as swing

    case = load_case(case_file, changes)
    record = swing(case, measure)
    tell_ledger(case, (), quiet)
    if as_json:
        print_record(TornadoDocument(**vars(record)))
        return
    say(_text(record, None if every else SHOWN))
    if not quiet:
        say(record.note)


def _text(record: Tornado, shown: int | None) -> str:
    from payback.simulator.number_text import RATES, bare, percent, plural, quantity

    nothing = "never" if record.unit == "month" else "undefined"
    rate = record.unit in RATES

    def end(value: float | None) -> str:
        return nothing if value is None else bare(100 * value if rate else value)

    def at(value: float, share: float | None) -> str:
        return bare(value) if share is None else f"{bare(value)} ({percent(share)})"

    bars = record.bars[:shown]
    unit = f", {plural(record.unit)}" if record.unit else ""
    if rate:
        unit = f", %{record.unit[1:]}"
    base = nothing if record.base is None else quantity(float(bare(record.base).replace(",", "")), record.unit)
    rows = [("", "P10", "P90", f"{record.measure}{unit}: at P10", "at P90", "swing")]
    rows += [
        (
            bar.input,
            at(bar.low_value, bar.low_share),
            at(bar.high_value, bar.high_share),
            end(bar.low),
            end(bar.high),
            end(bar.swing),
        )
        for bar in bars
    ]
    rest = len(record.bars) - len(bars)
    more = f"\n... and {rest} more: --all" if rest else ""
    return f"{record.measure} with all inputs at their medians: {base}\n{columns(rows, right=range(1, 6))}{more}"
