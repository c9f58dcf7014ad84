"""`summary.csv`: every statistic of a run as one row, for spreadsheets."""

from __future__ import annotations

import io
from csv import writer
from typing import TYPE_CHECKING

from payback.reports.pages.escaping import legible
from payback.simulator.document.document import Answer, Document, Estimate

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("kind", "name", "statistic", "unit", "value", "low", "high", "level", "never", "undefined")
LEADS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that a spreadsheet reads as the start of a formula."""


def frame(document: Document) -> pd.DataFrame:
    """Return one row a statistic: measures, probabilities, claims, hurdles, shares of variance, what-ifs and stresses.

    Values are numbers, empty where they lie beyond the horizon or are not defined.
    """
    import pandas as pd

    return pd.DataFrame(_rows(legible(document)), columns=list(COLUMNS))


def csv(document: Document) -> str:
    """Return the table as CSV; text that a spreadsheet would run as a formula starts with ``'``."""
    out = io.StringIO()
    table = writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(map(_cell, row) for row in _rows(legible(document)))
    return out.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(LEADS) else value


def _rows(document: Document) -> list[tuple[object, ...]]:
    rows = []
    for name, m in document.measures.items():
        found = {**m.percentiles, "mean": m.mean, "sd": m.sd, "mean of the worst 5 %": m.worst5}
        shares = {"never": m.never, "undefined": m.undefined}
        rows += [_row("measure", name, key, m.unit, e, **shares) for key, e in found.items() if e]
    answers: tuple[tuple[str, tuple[Answer, ...]], ...] = (
        ("probability", document.probabilities),
        ("claim", document.claims),
        ("hurdle", document.hurdles),
    )
    rows += [_row(kind, getattr(a, "says", ""), a.question, "", a) for kind, found in answers for a in found]
    if document.variance:
        for share in document.variance.shares:
            for order, e in (("first_order", share.first), ("total_order", share.total)):
                name = " with ".join(share.inputs)
                rows.append(_row("variance share", name, f"{order}({document.variance.measure})", "", e))
    for kind, comparisons in (("what-if", document.what_if), ("stress", document.stress)):
        for c in comparisons:
            for question, p in c.answers.items():
                for which, estimate in (("before", p.before), ("after", p.after), ("difference", p.difference)):
                    rows.append(_row(f"{kind} {which}", c.name, question, p.unit, estimate))
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
