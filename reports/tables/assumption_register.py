"""Tables behind the results: assumptions, dependence, formulas, omissions, definitions, reproduction."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from payback.reports.tables.table import Cell, Row, Table, plain, typeset
from payback.simulator import number_text
from payback.simulator.document.document import Document
from payback.simulator.document.exhibits import PicturedAssumption

GRADES = ("measured", "quoted", "expert", "guess")


def assumptions(document: Document) -> Table:
    """Return a table with a row for each input: the case's statement, and what its distribution implies."""
    rows = []
    for a in document.assumptions:
        questions = (f"Is it meant? {doubt[:1].upper()}{doubt[1:]}." for doubt in a.doubts)
        reason = " · ".join(text for text in (a.why, a.source, *questions) if text)
        name = Cell(a.name, a.unit)
        shape = Cell(a.distribution, kind="code", picture=a.picture)
        rows.append(Row((name, shape, *_implied(a), Cell(a.grade or "not graded")), reason))
    return Table(("input", "distribution", "mean", "P1", "P50", "P99", "grade"), tuple(rows), "assumptions")


def _implied(a: PicturedAssumption) -> tuple[Cell, ...]:
    """Return the cells of the mean (with the sd), P1 (with the mass below zero), P50 and P99."""
    mean = plain(a.mean)
    if a.certain:
        return mean, Cell(""), Cell(""), Cell("")
    mean = replace(mean, note="" if a.sd is None else f"sd {plain(a.sd).text}")
    below = f"{typeset(number_text.bare_percent(a.below_zero))} % below 0" if a.below_zero else ""
    return mean, replace(plain(a.p1), note=below), plain(a.p50), plain(a.p99)


def questioned(document: Document) -> tuple[str, ...]:
    """Return the sentence that names the inputs with doubts; empty if there are none."""
    names = [a.name for a in document.assumptions if a.doubts]
    return (f"Below stands a question on what {number_text.series(names)} {_imply(names)}.",) if names else ()


def _imply(names: list[str]) -> str:
    return "implies" if len(names) == 1 else "imply"


def doubts(document: Document) -> tuple[str, ...]:
    """Return a sentence for each implication of an input that is likely not meant."""
    return tuple(f"{a.name}: {doubt}." for a in document.assumptions for doubt in a.doubts)


def grades(document: Document) -> str:
    """Return one sentence: how many of the uncertain inputs are measured, and how many are guesses."""
    uncertain = [a for a in document.assumptions if not a.certain]
    if not uncertain:
        return "Every input is certain."
    count = Counter(a.grade for a in uncertain)
    named = [f"{count[g]} {g}" for g in GRADES if count[g]] + ([f"{count['']} not graded"] if count[""] else [])
    share = number_text.number(100 * count["guess"] / len(uncertain), 0)
    return f"Uncertain inputs: {len(uncertain)} ({', '.join(named)}). Guesses: {share} %."


def dependence(document: Document) -> Table:
    """Return a table with a row for each stated correlation."""
    rows = tuple(
        Row(
            (
                Cell(" and ".join(d.between), kind="code"),
                Cell(d.kind),
                plain(d.value),
                plain(d.achieved),
                Cell(d.method),
                Cell(d.why),
            )
        )
        for d in document.dependence
    )
    return Table(("inputs", "correlation", "asked", "achieved", "found by", "why"), rows, "dependence")


def formulas(document: Document) -> Table:
    """Return the table of calculations and ledger lines, as the case writes them."""
    titles = {"calculation": "Calculations", "upfront": "Upfront cash flows (month 0)", "monthly": "Monthly cash flows"}
    rows: list[Row] = []
    for section, title in titles.items():
        lines = [f for f in document.formulas if f.section == section]
        if lines:
            rows.append(Row((Cell(title),), group=True))
            rows += [Row((Cell(f.name), Cell(f.formula, kind="code"), Cell(f.unit))) for f in lines]
    return Table(("name", "formula", "unit"), tuple(rows), "formulas")


def omissions(document: Document) -> Table:
    """Return the checklist of costs that cases like this one leave out."""
    rows = tuple(
        Row((Cell(o.item), Cell("stated" if o.stated else "not stated", kind="verdict"), Cell(o.note)))
        for o in document.omissions
    )
    return Table(("cost or risk", "in this case", "where"), rows, "checklist")


def definitions(document: Document) -> Table:
    """Return the table of measures and conventions in words."""
    rows = tuple(Row((Cell(d.name, kind="code"), Cell(d.text))) for d in document.definitions)
    return Table(("name", "meaning"), rows, "definitions")


def reproduction(document: Document) -> Table:
    """Return the table of everything that it takes to repeat the run: versions, seed, command."""
    p, case = document.provenance, document.case
    facts = {
        "seed": str(p.seed),
        "sampler": p.sampler.replace("_", " ") + (f", {p.replicates} replicates" if p.replicates else ""),
        "trials": f"{p.trials:,}",
        "intervals": f"{number_text.bare_percent(p.level)} %",
        "case": case.file,
        "digest of the case": case.digest,
        "versions": ", ".join(f"{name} {version}" for name, version in p.versions.items()),
        "document": document.schema,
        "date": p.date,
    }
    rows = tuple(Row((Cell(name), Cell(text, kind="code"))) for name, text in facts.items() if text)
    return Table(("", ""), rows, "reproduction")
