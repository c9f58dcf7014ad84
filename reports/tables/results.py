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
    leading = document.case.leading
    loss, late = probability.get(f"P({leading} < 0)"), probability.get("P(never(payback))")
    never = f"never pays back within {document.case.horizon} months"
    percentiles = document.measures[leading].percentiles if leading in document.measures else {}
    middle, low = percentiles.get("P50"), percentiles.get("P10")
    if leading == "gain":
        estimates = {never: late, "loses money": loss, "median gain": middle, "one trial in ten gains less than": low}
    else:
        rate = document.case.discount_rate
        at = "" if rate is None else f" at {number_text.quantity(rate, '1/year')}"
        lost = f"loses money, discounted{at}"
        estimates = {lost: loss, never: late, "median npv": middle, "one trial in ten has an npv below": low}
    return tuple((name, spoken(estimate)) for name, estimate in estimates.items() if estimate)


def ladder(document: Document) -> Table:
    """Return the ladder as a table, a row for each step, from the frame of the claim to the base case."""
    questions = ladder_questions(document)
    rows = tuple(
        Row(
            (
                Cell(step.name, step.text),
                *(spoken(step.answers[question], bar=question.startswith("P(")) for question in questions),
            )
        )
        for step in document.ladder
    )
    return Table(("step", *(spelled(question) for question in questions)), rows, "ladder")


def ladder_questions(document: Document) -> tuple[str, ...]:
    """Return the questions that the steps of the ladder answer, its columns."""
    return tuple(document.ladder[0].answers) if document.ladder else ()


def spelled(question: str) -> str:
    """Return a question as the heading of a column: P(roi ≥ 10), on one line."""
    return question.replace(">=", "≥").replace("<=", "≤").replace(" ", "\N{NO-BREAK SPACE}")


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
