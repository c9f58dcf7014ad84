"""A fit as a table: the ranking of the families, and the sentences beside it."""

from __future__ import annotations

from payback.simulator.document.fit import Fit
from payback.simulator.number_text import bare, number

HEADINGS = ("", "AICc above the best", "weight", "p", "distribution")

READING = (
    "AICc is how badly a family describes the data, with a charge for each parameter that the data chose; the weight "
    "is the share of the evidence. p is the share of data sets, drawn from the fitted family and fitted anew, that lie "
    "as far from it as the data (Anderson-Darling distance): below 0.05 the family does not fit."
)


def rows(fit: Fit) -> list[tuple[str, ...]]:
    """Return the ranking, best first, as text under `HEADINGS`."""
    return [
        (
            fitted.family,
            number(fitted.difference, 1),
            f"{100 * fitted.weight:.0f} %",
            "" if fitted.p is None else f"{fitted.p:.1g}",
            fitted.distribution,
        )
        for fitted in fit.families
    ]


def facts(fit: Fit) -> str:
    """Return one sentence that describes the data."""
    source = fit.source
    values = source.rows - source.missing
    low, middle, high = (bare(source.percentiles[key]) for key in ("P5", "P50", "P95"))
    ends = f"{bare(source.percentiles['P0'])} to {bare(source.percentiles['P100'])}"
    spread = f"mean {bare(source.mean)}, sd {bare(source.sd)}, P5 {low}, P50 {middle}, P95 {high}"
    return f"{source.file}, column {source.column}: {values:,} {source.kind}, {ends}; {spread}"


def footer(fit: Fit) -> str:
    """Return a line on how the numbers of the fit were computed."""
    draws = sum(fitted.draws for fitted in fit.families)
    tested = f"; {draws:,} data sets drawn for the tests (seed {fit.seed})" if draws else ""
    return f"maximum likelihood, {len(fit.families)} families, {len(fit.left_out)} left out{tested}"
