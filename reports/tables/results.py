"""Tables of what a run found: the main figures, the ladder, claims, probabilities, the base case."""

from __future__ import annotations

from collections.abc import Iterable

from payback.reports.tables.table import Cell, Row, Table, percent, spoken, typeset
from payback.simulator import number_text
from payback.simulator.document.document import ClaimResult, Document, Variance, VarianceShare

SHOWN, LEAST = 12, 0.01
"""Shares of variance that are listed and drawn at most, and the least total among them."""


def tiles(document: Document) -> tuple[tuple[str, Cell], ...]:
    """Return the four figures that stand under the verdict, each with its name."""
    asked = {a.question: a for a in document.probabilities}
    gain = document.measures.get("gain")
    found = {
        f"never pays back within {document.case.horizon} months": asked.get("P(never(payback))"),
        "loses money": asked.get("P(gain < 0)"),
        "median gain": gain and gain.percentiles.get("P50"),
        "one trial in ten gains less than": gain and gain.percentiles.get("P10"),
    }
    return tuple((name, spoken(estimate)) for name, estimate in found.items() if estimate)


def ladder(document: Document) -> Table:
    """Return one row a step, from the frame of the claim to the base case."""
    rows = tuple(
        Row(
            (
                Cell(s.name, s.text),
                *(spoken(e, bar=True) for e in (s.p_loss, s.p_10x, s.p_payback_12)),
                spoken(s.median_gain),
            )
        )
        for s in document.ladder
    )
    headings = ("step", "P(roi < 0)", "P(roi ≥ 10)", "P(payback ≤ 12)", "median gain")
    return Table(tuple(h.replace(" ", "\N{NO-BREAK SPACE}") for h in headings), rows, "ladder")


def claims(document: Document) -> Table:
    """Return one row a claim: its words, its probability, and the verdict."""
    rows = []
    for claim in document.claims:
        checked = f"checked as {claim.check}" + (f" · {claim.source}" if claim.source else "")
        below = percent(claim.percentile_of_claim, claim.low, claim.high)
        rows.append(Row((Cell(f"“{claim.says}”"), Cell(claim.verdict, kind="verdict"), spoken(claim), below), checked))
    return Table(("claim", "verdict", "probability", "trials below the claimed figure"), tuple(rows), "claims")


def rule(claims: Iterable[ClaimResult]) -> str:
    """Return how those of `claims` that are about each trial are judged, in one sentence; empty if there is none."""
    required = next((claim.required for claim in claims if claim.required is not None), None)
    if required is None:
        return ""
    share = f"{number_text.bare_percent(required)} %"
    return (
        f"A claim about each trial is supported if it holds in at least {share} of the trials, refuted if it fails "
        f"in at least {share}, and inconclusive in between, however narrow the interval."
    )


def hurdles(document: Document) -> Table:
    """Return one row a hurdle."""
    met = {"supported": "met", "refuted": "not met", "inconclusive": "inconclusive", "": ""}
    rows = tuple(
        Row((Cell(h.name), Cell(met[h.verdict], kind="verdict"), spoken(h), percent(h.required)))
        for h in document.hurdles
    )
    return Table(("hurdle", "verdict", "probability", "required"), rows, "hurdles")


def probabilities(document: Document) -> Table:
    """Return one row a question."""
    rows = tuple(Row((Cell(a.question, kind="code"), spoken(a, bar=True))) for a in document.probabilities)
    return Table(("question", "answer"), rows, "probabilities")


def base_case(document: Document) -> Table:
    """Return the measures of the base case and where each lies among the trials."""
    every = document.base_case.measures if document.base_case else {}
    values = {name: v for name, v in every.items() if name not in document.measures or document.measures[name].main}
    rows = tuple(
        Row((Cell(name), Cell(typeset(v.text), kind="number"), percent(v.percentile))) for name, v in values.items()
    )
    return Table(("measure", "base case", "trials at or below it"), rows, "base case")


def together(found: Variance) -> str:
    """Return how much of the variance inputs make each alone, and how much several together."""
    return (
        f"Inputs each alone make {found.alone.text} of the variance of {found.measure}, several together "
        f"{found.together.text}: what a tornado cannot show."
    )


def leading(found: Variance) -> tuple[VarianceShare, ...]:
    """Return the shares of variance that are listed and drawn: the largest, and no tiny ones beside them."""
    return tuple(one for k, one in enumerate(found.shares[:SHOWN]) if not k or (one.total.value or 0.0) >= LEAST)


def shares(found: Variance) -> Table:
    """Return one row for each leading share of the variance."""
    rows = tuple(Row((Cell(" with ".join(one.inputs)), spoken(one.first), spoken(one.total))) for one in leading(found))
    return Table(("input", "alone", "total"), rows, "shares of variance")
