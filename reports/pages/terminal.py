"""The summary that `payback run` prints: the verdict first, then one screen of numbers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from payback.reports.figures.style import label
from payback.reports.pages.escaping import encodable, legible
from payback.reports.pages.sparkline import line
from payback.reports.tables import assumption_register, comparisons, percentiles, results
from payback.reports.tables import table as tables
from payback.reports.tables.table import NOTHING, split, typeset
from payback.reports.tables.tornado import stops, value
from payback.simulator import number_text
from payback.simulator.document.comparisons import Comparison, Paired
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.document import Document
from payback.simulator.document.questions.tornado import Bar, Tornado
from payback.simulator.document.registered_questions import at, recorded

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

PERCENTILES = ("P10", "P50", "P90")
ASKED_OF_CHANGES = 3
"""Questions answered for each what-if."""

CHANGES = 8
"""What-ifs and stresses shown."""

LENGTH = 32
"""Columns of a bar."""

BARS = 8
"""Inputs in the text tornado."""

WIDTH = 100
"""Columns when the output is no terminal."""

ERRORS = (
    "± is half the 95 % interval of the simulation; no number has more digits than its error supports. "
    "Every interval is in the appendix."
)

COLOURS = {"supported": "green", "met": "green", "refuted": "red", "not met": "red"}


def print_summary(document: Document, file: IO[str] | None = None, appendix: str | Path | None = None) -> None:
    """Print the summary of `document`, to stdout by default; plain when that is no terminal or NO_COLOR is set.

    Parameters
    ----------
    document : Document
    file : text stream, optional
    appendix : path, optional
        The path of the appendix, printed in the last line.
    """
    from rich.console import Console

    out = file if file is not None else sys.stdout
    console = Console(
        file=out,
        highlight=False,
        markup=False,
        emoji=False,
        width=None if out.isatty() else WIDTH,
        color_system=None if os.environ.get("NO_COLOR") or not out.isatty() else "auto",
    )
    with console.capture() as capture:
        for block in _blocks(legible(document)):
            console.print(block)
        if appendix is not None:
            console.print(f"\nAppendix: {legible(str(appendix))}", soft_wrap=True)
    out.write(encodable(capture.get(), getattr(out, "encoding", None) or "utf-8"))


def _blocks(document: Document) -> Iterator[RenderableType]:
    """Yield the parts of the summary, from the top."""
    from rich.text import Text

    case, provenance = document.case, document.provenance
    sampler = provenance.sampler.replace("_", " ")
    yield Text(
        f"{case.name}: {case.horizon} months, {provenance.trials:,} trials ({sampler}, seed {provenance.seed})",
        style="dim",
    )
    yield Text(typeset(document.verdict.text), style="bold")
    for sentence in document.verdict.sentences:
        yield Text(typeset(sentence))
    if document.ladder:
        yield from (Text(""), _ladder(document))
    if document.claims or document.hurdles:
        yield from (Text(""), _claims(document))
    if rule := results.rule(document.claims):
        yield Text(typeset(rule), style="dim")
    if document.measures:
        yield from (Text(""), _percentiles(document))
        yield from (Text(typeset(sentence), style="dim") for sentence in percentiles.undefined_sentences(document))
    changes = (*comparisons.what_ifs(document), *document.stress)
    if changes:
        yield from (Text(""), _changes(changes))
    if document.tornado and any(bar.swing != 0 for bar in document.tornado.bars) and document.tornado.base is not None:
        yield from (Text(""), *_tornado(document.tornado, document.tornado.base))
    yield from _questions(document)
    if any(not assumption.certain for assumption in document.assumptions):
        yield from (Text(""), *_inputs(document))
    if document.measures:
        yield from (Text(""), Text(ERRORS, style="dim"))


def _questions(document: Document) -> Iterator[RenderableType]:
    """Yield the tables of the registered questions that have one in the summary."""
    from rich.text import Text

    for question, record in recorded(document):
        if question.summary:
            yield from (Text(""), _set(at(question.summary)(document, record)))


def _set(table: tables.Table) -> Table:
    """Return a table of the appendix as a terminal table; the note under a value follows it in brackets."""
    from rich.text import Text

    text = _table(*table.headings)
    for row in table.rows:
        text.add_row(*(Text(f"{cell.text} ({cell.note})" if cell.note else cell.text) for cell in row.cells))
    return text


def _table(*headings: str, right: int = 1) -> Table:
    """Return a table without lines; columns from `right` on are set flush right."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for k, heading in enumerate(headings):
        table.add_column(heading, justify="right" if k >= right else "left", no_wrap=k >= right, overflow="fold")
    return table


def _ladder(document: Document) -> Table:
    from rich.text import Text

    table = _table("ladder", *(results.spelled(question) for question in results.ladder_questions(document)))
    for step in document.ladder:
        table.add_row(Text(step.name), *(Text(split(estimate.text)[0]) for estimate in step.answers.values()))
    return table


def _claims(document: Document) -> Table:
    from rich.text import Text

    table = _table("claims and hurdles", "", "holds with probability", right=3)
    met = {"supported": "met", "refuted": "not met"}
    rows: list[tuple[str, str, str]] = [(c.verdict, f"“{c.says}”", c.text) for c in document.claims]
    rows += [(met.get(h.verdict, h.verdict), h.name, h.text) for h in document.hurdles]
    for verdict, says, text in rows:
        table.add_row(Text(verdict, style=COLOURS.get(verdict, "")), Text(says), Text(typeset(text)))
    return table


def _percentiles(document: Document) -> Table:
    from rich.text import Text

    table = _table("", *PERCENTILES)
    for name, m in percentiles.main(document).items():
        places = percentiles.places(m)
        cells = (_value(m.percentiles.get(key), m.unit, document.case.horizon, places.get(key)) for key in PERCENTILES)
        table.add_row(Text(percentiles.heading(name, m)), *(Text(cell) for cell in cells))
    return table


def _value(estimate: Estimate | None, unit: str, horizon: int, decimals: int | None) -> str:
    """Return a value and its half-width, the larger side when the interval is lopsided, with `decimals` places."""
    if estimate is None:
        return NOTHING
    value, low, high = estimate.value, estimate.low, estimate.high
    if value is None:
        return number_text.not_within(horizon) if unit == "month" else "not defined"
    rate = unit if unit in ("1/year", "1/month") else ""
    text, interval = split(number_text.with_error(value, low, high, rate, horizon, decimals))
    if not interval or low is None or high is None or decimals is None:
        return text
    scale = 100.0 if rate else 1.0
    half = scale * max(high - value, value - low)
    return f"{text} ±{number_text.number(half, decimals - 2 if rate else decimals)}"


def _changes(changes: Sequence[Comparison]) -> Table:
    """Return what-ifs and stresses, one a line: the value with the change and the paired difference."""
    from rich.text import Text

    questions = comparisons.questions(changes, ASKED_OF_CHANGES)
    table = _table("what if", *questions)
    for change in changes[:CHANGES]:
        pairs = (change.answers.get(question) for question in questions)
        cells = (_changed(pair) if pair else NOTHING for pair in pairs)
        table.add_row(
            Text(f"{change.name} ({change.note})" if change.note else change.name), *(Text(cell) for cell in cells)
        )
    if len(changes) > CHANGES:
        table.add_row(Text(f"{len(changes) - CHANGES} more in the appendix", style="dim"))
    return table


def _changed(pair: Paired) -> str:
    """Return a value after a change and, in brackets, its difference, as far as that is known."""
    difference = split(pair.difference.text)[0]
    return f"{split(pair.after.text)[0]} ({difference if number_text.is_known(difference) else number_text.NOT_KNOWN})"


def _inputs(document: Document) -> Iterator[RenderableType]:
    """Yield the table of the inputs, those that move the case most first, and the doubts about them."""
    from rich.text import Text

    order = [bar.input for bar in document.tornado.bars] if document.tornado else []
    inputs = [assumption for assumption in document.assumptions if not assumption.certain]
    inputs.sort(key=lambda assumption: order.index(assumption.name) if assumption.name in order else len(order))
    negative = any(assumption.below_zero for assumption in inputs[:BARS])
    below_zero = ["below 0"] if negative else []
    table = _table("inputs", "", "mean", "P1", "P50", "P99", *below_zero, "known by", right=2)
    for assumption in inputs[:BARS]:
        figures = [
            "" if figure is None else typeset(number_text.bare(float(figure)))
            for figure in (assumption.mean, assumption.p1, assumption.p50, assumption.p99)
        ]
        share = f"{number_text.bare_percent(assumption.below_zero)} %" if assumption.below_zero else ""
        below = [share] if negative else []
        table.add_row(*map(Text, (assumption.name, line(assumption.picture), *figures, *below, assumption.grade)))
    if len(inputs) > BARS:
        table.add_row(Text(f"{len(inputs) - BARS} more", style="dim"), Text("in the appendix", style="dim"))
    yield table
    for doubt in assumption_register.doubts(document):
        yield Text(f"Is it meant? {typeset(doubt)}")


def _tornado(tornado: Tornado, base: float) -> Iterator[RenderableType]:
    from rich.text import Text

    bars = [bar for bar in tornado.bars if bar.swing != 0][:BARS]
    low, high = stops(tornado)
    unit = f", {number_text.plural(tornado.unit)}" if tornado.unit else ""
    yield Text(
        f"what moves {tornado.measure}{unit} (input at {low} ▒, at {high} █; base case {label(base)})", style="dim"
    )
    ends = [end for bar in bars for end in (bar.low, bar.high) if end is not None] + [base]
    table = _table("", "", "", right=3)
    table.show_header = False
    nothing = "never" if tornado.unit == "month" else "not defined"
    for bar in bars:
        reach = " to ".join(nothing if end is None else label(end) for end in (bar.low, bar.high))
        swung = [(bar.low_value, bar.low_share), (bar.high_value, bar.high_share)]
        values = " to ".join(value(label(x), share) for x, share in swung if share is not None)
        table.add_row(
            Text(f"{bar.input}: {values}" if values else bar.input),
            Text(_strip(bar, base, min(ends), max(ends))),
            Text(reach),
        )
    yield table
    if tornado.note:
        yield Text(tornado.note, style="dim")


def _strip(bar: Bar, base: float, least: float, most: float) -> str:
    """Return the bar of one input as text, `LENGTH` columns from `least` to `most`."""
    span = (most - least) or 1.0
    start = round(LENGTH * (base - least) / span)
    sides = [(base if bar.low is None else bar.low, "▒"), (base if bar.high is None else bar.high, "█")]
    sides.sort(key=lambda side: abs(side[0] - base), reverse=True)
    cells = [" "] * LENGTH
    for reached, sign in sides:
        first, last = sorted((start, round(LENGTH * (reached - least) / span)))
        cells[first:last] = sign * (last - first)
    return "".join(cells)
