"""Tables of what-ifs and stresses: one row a change, the paired difference under each value."""

from __future__ import annotations

from collections.abc import Sequence

from payback.reports.tables.table import NOTHING, Cell, Row, Table, split, spoken
from payback.simulator import number_text
from payback.simulator.document.comparisons import Comparison, Paired
from payback.simulator.document.document import Document

ABREAST = 3
"""Questions side by side; the others are in the result document."""

LOSS, MEDIAN = "P(gain < 0)", "P50(npv)"

NAMED = 3
"""Changes that a sentence names; it counts the others."""

FIRST = ("P(gain < 0)", "P(payback <=", "P50(npv)", "P5(npv)")
"""How the questions that a table prefers begin."""


def what_ifs(document: Document) -> tuple[Comparison, ...]:
    """Return the what-ifs that are not steps of the ladder, which has its own table."""
    steps = {step.name for step in document.ladder}
    return tuple(c for c in document.what_if if c.name not in steps)


def questions(changes: Sequence[Comparison], most: int = ABREAST) -> list[str]:
    """Return the questions to show: preferred ones first, at most `most`, in the order of the document."""
    every = list(changes[0].answers) if changes else []
    preferred = [q for start in FIRST for q in every if q.startswith(start)]
    chosen = [*preferred, *(q for q in every if q not in preferred)][:most]
    return [q for q in every if q in chosen]


def table(changes: Sequence[Comparison], name: str) -> Table:
    """Return the table of changes: the case as it is in the first row, then a row for each change."""
    shown = questions(changes)
    if not shown:
        return Table((), (), name)
    before = (spoken(changes[0].answers[q].before) for q in shown)
    rows = [Row((Cell("the case as it is"), *before))]
    rows += [
        Row((Cell(c.name, "; ".join(filter(None, [*c.changes, c.note]))), *(_changed(c.answers.get(q)) for q in shown)))
        for c in changes
    ]
    return Table(("", *(q.replace(" ", "\N{NO-BREAK SPACE}") for q in shown)), tuple(rows), name)


def apart(changes: Sequence[Comparison]) -> str:
    """Return a sentence on changes that raise, or lower, both the share of losses and the median; empty if none does."""
    names = [c.name for c in changes if _sign(c, LOSS) * _sign(c, MEDIAN) > 0]
    if not names:
        return ""
    others = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    named = number_text.series([*(f"“{name}”" for name in names[:NAMED]), *others])
    verb = "moves" if len(names) == 1 else "move"
    return (
        f"{named} {verb} the share of losses and the median npv apart: a change that helps the few trials that gain "
        "may cost the many that lose, and the other way round."
    )


def _sign(comparison: Comparison, question: str) -> int:
    """Return the sign of a difference, 0 when its interval holds 0 or is not known."""
    pair = comparison.answers.get(question)
    low, high = (pair.difference.low, pair.difference.high) if pair else (None, None)
    if low is None or high is None:
        return 0
    return (low > 0) - (high < 0)


def _changed(pair: Paired | None) -> Cell:
    """Return the cell of a change: its value, and below it the difference with its interval."""
    if pair is None:
        return Cell(NOTHING, kind="number")
    value, _ = split(pair.after.text)
    difference, interval = split(pair.difference.text)
    difference = difference.replace(" ", "\N{NO-BREAK SPACE}") if interval else difference
    return Cell(value, f"{difference} ({interval})" if interval else difference, "number")
