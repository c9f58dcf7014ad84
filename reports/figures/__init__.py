"""The figures of a report, drawn from the result document alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from payback.reports.figures.fan import fan
from payback.reports.figures.outcome import outcome
from payback.reports.figures.payback_curve import payback_curve
from payback.reports.figures.style import Plate, inline_svg, render, rendered
from payback.simulator.document.document import Document
from payback.simulator.document.registered_questions import at, recorded

__all__ = ["Plate", "inline_svg", "plates", "render", "rendered"]

FIGURES: tuple[Callable[[Document], Plate | None], ...] = (payback_curve, outcome, fan)
"""In the order of a report; those of the registered questions follow."""


def plates(document: Document) -> dict[str, Plate]:
    """Return the figures that `document` has data for, by key, in the order of a report."""
    return {plate.key: plate for plate in _drawn(document) if plate is not None}


def _drawn(document: Document) -> Iterator[Plate | None]:
    for figure in FIGURES:
        yield figure(document)
    for question, record in recorded(document):
        yield at(question.figure)(document, record)
