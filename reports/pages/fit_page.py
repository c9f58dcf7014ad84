"""A fit as one HTML file: no script, no font, no image from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from payback.reports.figures.fit import plates
from payback.reports.pages.escaping import legible
from payback.reports.pages.html import environment, inlined
from payback.reports.tables import fit as tables
from payback.simulator.document.fit import Fit


def render(fit: Fit, wide: Mapping[str, bytes] | None = None) -> str:
    """Return the page of `fit`, the same text on every run.

    Parameters
    ----------
    fit : Fit
    wide : mapping of str to bytes, optional
        The SVG of figures that are drawn already, by key.
    """
    fit = legible(fit)
    figures = plates(fit)
    template = environment().get_template("fit.html.j2")
    return template.render(
        fit=fit,
        facts=tables.facts(fit),
        headings=tables.HEADINGS,
        rows=tables.rows(fit),
        reading=tables.READING,
        plates=figures.values(),
        figures=inlined(figures, wide or {}),
        footer=tables.footer(fit),
    )
