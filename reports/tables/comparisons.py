"""Tables of what-ifs and stresses: a row for each change, the paired difference under each value."""

from __future__ import annotations

from collections.abc import Sequence

from payback.reports.tables.table import NOTHING, Cell, Row, Table, split, spoken
from payback.simulator import number_text
from payback.simulator.document.comparisons import Comparison, Paired
from payback.simulator.document.document import Document

ABREAST = 3
"""Questions side by side; the others are in the result document."""

LOSSES, MEDIAN = ("P(npv < 0)", "P(gain < 0)"), "P50(npv)"
"""Shares of trials that lose; of these the first that a comparison answers is that of its leading measure."""

NAMED = 3
"""Changes that a sentence names; it counts the others."""

FIRST = ("P(payback <=", "P50(npv)", "P5(npv)")
"""How the questions that a table prefers after the loss of the leading measure begin."""


def what_ifs(document: Document) -> tuple[Comparison, ...]:
    """Return the what-ifs that are not steps of the ladder, which has its own table."""
    steps = {step.name for step in document.ladder}
    return tuple(change for change in document.what_if if change.name not in steps)


def questions(changes: Sequence[Comparison], most: int = ABREAST) -> list[str]:
    """Return the questions to show: preferred ones first, at most `most`, in the order of the document."""
    every = list(changes[0].answers) if changes else []
    preferred = [question for question in every if question in LOSSES][:1]
    preferred += [question for start in FIRST for question in every if question.startswith(start)]
    chosen = [*preferred, *(question for question in every if question not in preferred)][:most]
    return [question for question in every if question in chosen]


def table(changes: Sequence[Comparison], name: str) -> Table:
    """Return the table of changes: the case as it is in the first row, then a row for each change."""
    shown = questions(changes)
    if not shown:
        return Table((), (), name)
    before = (spoken(changes[0].answers[question].before) for question in shown)
    rows = [Row((Cell("the case as it is"), *before))]
    rows += [
        Row(
            (
                Cell(change.name, "; ".join(filter(None, [*change.changes, change.note]))),
                *(_changed(change.answers.get(question)) for question in shown),
            )
        )
        for change in changes
    ]
    return Table(("", *(question.replace(" ", "\N{NO-BREAK SPACE}") for question in shown)), tuple(rows), name)


def apart(changes: Sequence[Comparison]) -> str:
    """Return a sentence on changes that raise, or lower, both losses and the median npv; empty if none does."""
    names = [change.name for change in changes if _sign(change, *LOSSES) * _sign(change, MEDIAN) > 0]
    if not names:
        return ""
    others = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    named = number_text.series([*(f"“{name}”" for name in names[:NAMED]), *others])
    verb = "moves" if len(names) == 1 else "move"
    return (
        f"{named} {verb} the share of losses and the median npv apart: a change that helps the few trials that gain "
        "may cost the many that lose, and the other way round."
    )


def _sign(comparison: Comparison, *questions: str) -> int:
    """Return the sign of the first difference of `questions`, 0 when its interval holds 0 or is not known."""
    pair = next((pair for question, pair in comparison.answers.items() if question in questions), None)
    low, high = (pair.difference.low, pair.difference.high) if pair else (None, None)
    if low is None or high is None:
        return 0
    if low > 0:
        return 1
    return -1 if high < 0 else 0


def _changed(pair: Paired | None) -> Cell:
    """Return the cell of a change: its value, and below it the difference with its interval."""
    if pair is None:
        return Cell(NOTHING, kind="number")
    value, _ = split(pair.after.text)
    difference, interval = split(pair.difference.text)
    difference = difference.replace(" ", "\N{NO-BREAK SPACE}") if interval else difference
    return Cell(value, f"{difference} ({interval})" if interval else difference, "number")
