"""The figures of a report, drawn from the result document alone."""

from __future__ import annotations

from payback.reports.figures.fan import fan
from payback.reports.figures.outcome import outcome
from payback.reports.figures.payback_curve import payback_curve
from payback.reports.figures.style import Plate, inline_svg, render
from payback.reports.figures.tornado import tornado
from payback.reports.figures.variance import variance
from payback.simulator.document.document import Document

__all__ = ["Plate", "inline_svg", "plates", "render"]


def plates(document: Document) -> dict[str, Plate]:
    """Return the figures that `document` has data for, by key, in the order of a report."""
    drawn = (make(document) for make in (payback_curve, outcome, fan, tornado, variance))
    return {plate.key: plate for plate in drawn if plate is not None}
