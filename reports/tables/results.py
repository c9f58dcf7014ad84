"""Tables of results: the main figures, the ladder, claims, hurdles, probabilities, the base case."""

from __future__ import annotations

from collections.abc import Iterable

from payback.reports.tables.table import Cell, Row, Table, percent, spoken, typeset
from payback.simulator import number_text
from payback.simulator.document.claims import ClaimResult
from payback.simulator.document.document import Document


def tiles(document: Document) -> tuple[tuple[str, Cell], ...]:
    """Return the four main figures, shown under the verdict, each with its name."""
    probability = {result.question: result for result in document.probabilities}
    gain = document.measures.get("gain")
    estimates = {
        f"never pays back within {document.case.horizon} months": probability.get("P(never(payback))"),
        "loses money": probability.get("P(gain < 0)"),
        "median gain": gain and gain.percentiles.get("P50"),
        "one trial in ten gains less than": gain and gain.percentiles.get("P10"),
    }
    return tuple((name, spoken(estimate)) for name, estimate in estimates.items() if estimate)


def ladder(document: Document) -> Table:
    """Return the ladder as a table, a row for each step, from the frame of the claim to the base case."""
    rows = tuple(
        Row(
            (
                Cell(step.name, step.text),
                *(spoken(estimate, bar=True) for estimate in (step.p_loss, step.p_10x, step.p_payback_12)),
                spoken(step.median_gain),
            )
        )
        for step in document.ladder
    )
    headings = ("step", "P(roi < 0)", "P(roi ≥ 10)", "P(payback ≤ 12)", "median gain")
    return Table(tuple(heading.replace(" ", "\N{NO-BREAK SPACE}") for heading in headings), rows, "ladder")


def claims(document: Document) -> Table:
    """Return the table of claims: the words, the probability, and the verdict of each."""
    rows = []
    for claim in document.claims:
        checked = f"checked as {claim.check}" + (f" · {claim.source}" if claim.source else "")
        below = percent(claim.percentile_of_claim, claim.low, claim.high)
        rows.append(Row((Cell(f"“{claim.says}”"), Cell(claim.verdict, kind="verdict"), spoken(claim), below), checked))
    return Table(("claim", "verdict", "probability", "trials below the claimed figure"), tuple(rows), "claims")


def rule(claims: Iterable[ClaimResult]) -> str:
    """Return one sentence on how claims about each trial are judged; empty if `claims` has none."""
    required = next((claim.required for claim in claims if claim.required is not None), None)
    if required is None:
        return ""
    share = f"{number_text.bare_percent(required)} %"
    if required <= 0.5:
        return (
            f"A claim about each trial is supported if it holds in at least {share} of the trials, refuted if in "
            f"fewer, and inconclusive where the interval lies across {share}."
        )
    return (
        f"A claim about each trial is supported if it holds in at least {share} of the trials, likely if in at least "
        f"half, unlikely if in fewer, refuted if it fails in at least {share}; it is inconclusive only where the "
        "interval lies across one half. A claim with a limit of its own is judged by that limit."
    )


def hurdles(document: Document) -> Table:
    """Return the table of hurdles, a row for each."""
    met = {"supported": "met", "refuted": "not met", "inconclusive": "inconclusive", "": ""}
    rows = tuple(
        Row((Cell(hurdle.name), Cell(met[hurdle.verdict], kind="verdict"), spoken(hurdle), percent(hurdle.required)))
        for hurdle in document.hurdles
    )
    return Table(("hurdle", "verdict", "probability", "required"), rows, "hurdles")


def probabilities(document: Document) -> Table:
    """Return the table of probabilities, a row for each question."""
    rows = tuple(
        Row((Cell(result.question, kind="code"), spoken(result, bar=True))) for result in document.probabilities
    )
    return Table(("question", "answer"), rows, "probabilities")


def base_case(document: Document) -> Table:
    """Return the table of the base case: each measure, and the share of trials at or below it."""
    every = document.base_case.measures if document.base_case else {}
    values = {
        name: value for name, value in every.items() if name not in document.measures or document.measures[name].main
    }
    rows = tuple(
        Row((Cell(name), Cell(typeset(value.text), kind="number"), percent(value.percentile)))
        for name, value in values.items()
    )
    return Table(("measure", "base case", "trials at or below it"), rows, "base case")
