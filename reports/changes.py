"""Tables of what-ifs and stresses: one row a change, the paired difference under each value."""

from __future__ import annotations

from collections.abc import Sequence

from reports.tables import NOTHING, Cell, Row, Table, split, spoken
from simulator.document import Comparison, Document, Paired

ABREAST = 3
"""Questions side by side; the others are in the result document."""

FIRST = ("P(gain < 0)", "P(payback <=", "P50(npv)", "P5(npv)")
"""How the questions that a table prefers begin."""


def what_ifs(document: Document) -> tuple[Comparison, ...]:
    """Return the what-ifs that are no step of the ladder: those stand there already."""
    steps = {step.name for step in document.ladder}
    return tuple(c for c in document.what_if if c.name not in steps)


def questions(found: Sequence[Comparison], most: int = ABREAST) -> list[str]:
    """Return the questions to show: preferred ones first, at most `most`, in the order of the document."""
    every = list(found[0].answers) if found else []
    preferred = [q for start in FIRST for q in every if q.startswith(start)]
    chosen = [*preferred, *(q for q in every if q not in preferred)][:most]
    return [q for q in every if q in chosen]


def table(found: Sequence[Comparison], name: str) -> Table:
    """Return the case as it is in the first row, then one row a change."""
    asked = questions(found)
    if not asked:
        return Table((), (), name)
    before = (spoken(found[0].answers[q].before) for q in asked)
    rows = [Row((Cell("the case as it is"), *before))]
    rows += [Row((Cell(c.name, "; ".join(c.changes)), *(_changed(c.answers.get(q)) for q in asked))) for c in found]
    return Table(("", *(q.replace(" ", "\N{NO-BREAK SPACE}") for q in asked)), tuple(rows), name)


def _changed(pair: Paired | None) -> Cell:
    """Return the value with the change, and the difference with its interval below it."""
    if pair is None:
        return Cell(NOTHING, kind="number")
    value, _ = split(pair.after.text)
    difference, interval = split(pair.difference.text)
    difference = difference.replace(" ", "\N{NO-BREAK SPACE}") if interval else difference
    return Cell(value, f"{difference} ({interval})" if interval else difference, "number")
