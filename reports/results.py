"""Tables of what a run found: the ladder, claims, percentiles, the base case, what-ifs and stresses."""

from __future__ import annotations

from reports.tables import Cell, Row, Table, bare, percent, split, spoken, typeset
from simulator import wording
from simulator.document import Comparison, Document, MeasureResult

ABREAST = 4
"""Measures side by side in a percentile table."""


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
        below = percent(claim.percentile_of_claim)
        rows.append(Row((Cell(f"“{claim.says}”"), Cell(claim.verdict, kind="verdict"), spoken(claim), below), checked))
    return Table(("claim", "verdict", "probability", "trials below the claimed figure"), tuple(rows), "claims")


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


def percentiles(document: Document) -> tuple[Table, ...]:
    """Return percentile tables, a few measures abreast, statistics down the side."""
    found = list(document.measures.items())
    groups = (dict(found[k : k + ABREAST]) for k in range(0, len(found), ABREAST))
    return tuple(_percentiles(group, document.case.horizon) for group in groups)


def _percentiles(measures: dict[str, MeasureResult], horizon: int) -> Table:
    found = measures.values()
    keys = list(dict.fromkeys(key for m in found for key in m.percentiles))
    rows = [Row((Cell(key), *(bare(m.percentiles.get(key), m.unit, horizon) for m in found))) for key in keys]
    rows += [
        Row((Cell("mean"), *(bare(m.mean, m.unit, horizon) for m in found))),
        Row((Cell("standard deviation"), *(bare(m.sd, m.unit, horizon) for m in found))),
        Row((Cell("mean of the worst 5 %"), *(bare(m.worst5, m.unit, horizon) for m in found))),
        Row((Cell("top 1 % of trials, of the mean"), *(percent(m.top_share) for m in found))),
    ]
    if any(m.never for m in found):
        rows.append(Row((Cell("never"), *(percent(m.never) for m in found))))
    if any(m.undefined for m in found):
        rows.append(Row((Cell("not defined"), *(percent(m.undefined) for m in found))))
    headings = [f"{name}, {wording.plural(m.unit)}" if m.unit else name for name, m in measures.items()]
    return Table(("", *headings), tuple(rows), f"percentiles of {', '.join(measures)}", stacks=False)


def warnings(document: Document) -> tuple[str, ...]:
    """Return the warnings that stand beside statistics, each with the name of its measure."""
    found = []
    for name, m in document.measures.items():
        for which, estimate in (("mean", m.mean), ("sd", m.sd), ("worst 5 %", m.worst5), *m.percentiles.items()):
            if estimate is not None and estimate.warning:
                found.append(f"{which} of {name}: {estimate.warning}")
    return tuple(found)


def payback_sentences(document: Document) -> tuple[str, ...]:
    """Return the percentiles of payback in words, as far as they lie within the horizon."""
    measure = document.measures.get("payback")
    found = []
    for q in (10, 50, 90):
        estimate = measure.percentiles.get(f"P{q}") if measure else None
        if estimate is None:
            continue
        sentence = wording.percentile_sentence(
            "payback", q, estimate.value, split(estimate.text)[0], document.case.horizon
        )
        found.append(sentence[0].upper() + sentence[1:] + ".")
        if estimate.value is None:
            break
    return tuple(found)


def base_case(document: Document) -> Table:
    """Return the measures of the base case and where each lies among the trials."""
    values = document.base_case.measures.items() if document.base_case else ()
    rows = tuple(Row((Cell(name), Cell(typeset(v.text), kind="number"), percent(v.percentile))) for name, v in values)
    return Table(("measure", "base case", "trials at or below it"), rows, "base case")


def comparisons(found: tuple[Comparison, ...], name: str) -> Table:
    """Return what-ifs or stresses: each a group of rows, before, after, and the paired difference."""
    rows = []
    for c in found:
        rows.append(Row((Cell(c.name),), "; ".join(c.changes), group=True))
        rows += [
            Row((Cell(question, kind="code"), spoken(p.before), spoken(p.after), spoken(p.difference)))
            for question, p in c.answers.items()
        ]
    return Table(("", "as the case is", "with the change", "difference, paired"), tuple(rows), name)
