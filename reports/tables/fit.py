"""A fit as a table, as a page, and as a folder with its figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from payback.reports.files.atomic_folder import Layout, check, replace
from payback.reports.pages.escaping import legible
from payback.simulator.document.fit import Fit
from payback.simulator.number_text import bare, number

RESULT, PAGE = "fit.json", "fit.html"
LAYOUT = Layout(RESULT, "payback-fit/", frozenset({RESULT, PAGE, "figures"}))

HEADINGS = ("", "AICc above the best", "weight", "p", "distribution")

READING = (
    "AICc is how badly a family describes the data, with a charge for each parameter that the data chose; the weight "
    "is the share of the evidence. p is the share of data sets, drawn from the fitted family and fitted anew, that lie "
    "as far from it as the data (Anderson-Darling distance): below 0.05 the family does not fit."
)


def record(fit: Fit) -> dict[str, object]:
    """Return the fit as a JSON document."""
    return {"schema": Fit.SCHEMA, **asdict(fit)}


def rows(fit: Fit) -> list[tuple[str, ...]]:
    """Return the ranking, best first, as text under `HEADINGS`."""
    return [
        (
            one.family,
            number(one.difference, 1),
            f"{100 * one.weight:.0f} %",
            "" if one.p is None else f"{one.p:.1g}",
            one.distribution,
        )
        for one in fit.families
    ]


def facts(fit: Fit) -> str:
    """Return what the data are, in one sentence."""
    source = fit.source
    values = source.rows - source.missing
    low, middle, high = (bare(source.percentiles[key]) for key in ("P5", "P50", "P95"))
    ends = f"{bare(source.percentiles['P0'])} to {bare(source.percentiles['P100'])}"
    spread = f"mean {bare(source.mean)}, sd {bare(source.sd)}, P5 {low}, P50 {middle}, P95 {high}"
    return f"{source.file}, column {source.column}: {values:,} {source.kind}, {ends}; {spread}"


def footer(fit: Fit) -> str:
    """Return how the numbers came about."""
    draws = sum(one.draws for one in fit.families)
    tested = f"; {draws:,} data sets drawn for the tests (seed {fit.seed})" if draws else ""
    return f"maximum likelihood, {len(fit.families)} families, {len(fit.left_out)} left out{tested}"


def check_output(folder: str | Path) -> None:
    """Raise UsageError if a fit may not be written to `folder`; a fit that is there may be replaced."""
    check(folder, LAYOUT)


def write(fit: Fit, folder: str | Path) -> Path:
    """Write the page, the figures and the JSON document of a fit; return the page's path.

    Raises
    ------
    UsageError, PaybackError
        As `payback.reports.files.atomic_folder.replace`.
    """
    replace(folder, _files(fit), LAYOUT)
    return Path(folder) / PAGE


def page(fit: Fit, wide: Mapping[str, bytes] | None = None) -> str:
    """Return the fit as one HTML page without script, font or image from elsewhere.

    `wide` holds figures that are drawn already, by key.
    """
    from payback.reports.figures.fit import plates
    from payback.reports.pages.html import environment, inlined

    fit = legible(fit)
    drawn = plates(fit)
    figures = inlined(drawn, wide or {})
    return (
        environment()
        .get_template("fit.html.j2")
        .render(
            fit=fit, facts=facts(fit), headings=HEADINGS, rows=rows(fit), reading=READING, plates=drawn.values(),
            figures=figures, footer=footer(fit),
        )
    )  # fmt: skip


def _files(fit: Fit) -> Iterator[tuple[str, str | bytes]]:
    from payback.reports.figures.fit import plates
    from payback.reports.figures.style import render

    drawn = plates(legible(fit))
    wide = {key: render(plate, "svg") for key, plate in drawn.items()}
    yield RESULT, json.dumps(record(fit), indent=1, allow_nan=False)
    yield PAGE, page(fit, wide)
    for key, plate in drawn.items():
        yield f"figures/{key}.svg", wide[key]
        yield f"figures/{key}.png", render(plate, "png")
