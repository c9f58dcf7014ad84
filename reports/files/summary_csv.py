"""The file `summary.csv`: a row for every statistic of a run, for spreadsheets."""

from __future__ import annotations

import io
from csv import writer

from payback.reports.pages.escaping import legible
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.document import Document
from payback.simulator.document.registered_questions import at, recorded

COLUMNS = ("kind", "name", "statistic", "unit", "value", "low", "high", "level", "never", "undefined")
LEADS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that a spreadsheet reads as the start of a formula."""


def csv(document: Document) -> str:
    """Return the CSV of every statistic of a run: measures, probabilities, claims, hurdles, questions and changes.

    Values are numbers, empty where they lie beyond the horizon or are not defined. Text that a spreadsheet would run as
    a formula starts with ``'``.
    """
    out = io.StringIO()
    table = writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(map(_cell, row) for row in _rows(legible(document)))
    return out.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(LEADS) else value


def _rows(document: Document) -> list[tuple[object, ...]]:
    rows = []
    for name, measure in document.measures.items():
        averages = {"mean": measure.mean, "sd": measure.sd, "mean of the worst 5 %": measure.worst5}
        shares = {"never": measure.never, "undefined": measure.undefined}
        for statistic, estimate in {**measure.percentiles, **averages}.items():
            if estimate is not None:
                rows.append(_row("measure", name, statistic, measure.unit, estimate, **shares))
    rows += [_row("probability", "", result.question, "", result) for result in document.probabilities]
    rows += [_row("claim", claim.says, claim.question, "", claim) for claim in document.claims]
    rows += [_row("hurdle", "", hurdle.question, "", hurdle) for hurdle in document.hurdles]
    for question, record in recorded(document):
        if question.statistics:
            rows += [
                _row(kind, name, statistic, "", estimate)
                for kind, name, statistic, estimate in at(question.statistics)(record)
            ]
    for kind, comparisons in (("what-if", document.what_if), ("stress", document.stress)):
        for comparison in comparisons:
            for text, pair in comparison.answers.items():
                for side in ("before", "after", "difference"):
                    rows.append(_row(f"{kind} {side}", comparison.name, text, pair.unit, getattr(pair, side)))
    return rows


def _row(
    kind: str,
    name: str,
    statistic: str,
    unit: str,
    estimate: Estimate,
    *,
    never: float | None = None,
    undefined: float | None = None,
) -> tuple[object, ...]:
    shares = (estimate.never if never is None else never, estimate.undefined if undefined is None else undefined)
    return (kind, name, statistic, unit, estimate.value, estimate.low, estimate.high, estimate.level, *shares)
