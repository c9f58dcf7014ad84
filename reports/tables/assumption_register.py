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
    for assumption in document.assumptions:
        questions = (f"Is it meant? {doubt[:1].upper()}{doubt[1:]}." for doubt in assumption.doubts)
        reason = " · ".join(text for text in (assumption.why, assumption.source, *questions) if text)
        name = Cell(assumption.name, assumption.unit)
        shape = Cell(assumption.distribution, kind="code", picture=assumption.picture)
        rows.append(Row((name, shape, *_implied(assumption), Cell(assumption.grade or "not graded")), reason))
    return Table(("input", "distribution", "mean", "P1", "P50", "P99", "grade"), tuple(rows), "assumptions")


def _implied(assumption: PicturedAssumption) -> tuple[Cell, ...]:
    """Return the cells of the mean (with the sd), P1 (with the mass below zero), P50 and P99."""
    mean = plain(assumption.mean)
    if assumption.certain:
        return mean, Cell(""), Cell(""), Cell("")
    mean = replace(mean, note="" if assumption.sd is None else f"sd {plain(assumption.sd).text}")
    below = f"{typeset(number_text.bare_percent(assumption.below_zero))} % below 0" if assumption.below_zero else ""
    return mean, replace(plain(assumption.p1), note=below), plain(assumption.p50), plain(assumption.p99)


def questioned(document: Document) -> tuple[str, ...]:
    """Return the sentence that names the inputs with doubts; empty if there are none."""
    names = [assumption.name for assumption in document.assumptions if assumption.doubts]
    return (f"Below stands a question on what {number_text.series(names)} {_imply(names)}.",) if names else ()


def _imply(names: list[str]) -> str:
    return "implies" if len(names) == 1 else "imply"


def doubts(document: Document) -> tuple[str, ...]:
    """Return a sentence for each implication of an input that is likely not meant."""
    return tuple(f"{assumption.name}: {doubt}." for assumption in document.assumptions for doubt in assumption.doubts)


def grades(document: Document) -> str:
    """Return one sentence: how many of the uncertain inputs are measured, and how many are guesses."""
    uncertain = [assumption for assumption in document.assumptions if not assumption.certain]
    if not uncertain:
        return "Every input is certain."
    count = Counter(assumption.grade for assumption in uncertain)
    named = [f"{count[grade]} {grade}" for grade in GRADES if count[grade]] + (
        [f"{count['']} not graded"] if count[""] else []
    )
    share = number_text.number(100 * count["guess"] / len(uncertain), 0)
    return f"Uncertain inputs: {len(uncertain)} ({', '.join(named)}). Guesses: {share} %."


def dependence(document: Document) -> Table:
    """Return a table with a row for each stated correlation."""
    rows = tuple(
        Row(
            (
                Cell(" and ".join(pair.between), kind="code"),
                Cell(pair.kind),
                plain(pair.value),
                plain(pair.achieved),
                Cell(pair.method),
                Cell(pair.why),
            )
        )
        for pair in document.dependence
    )
    return Table(("inputs", "correlation", "asked", "achieved", "found by", "why"), rows, "dependence")


def formulas(document: Document) -> Table:
    """Return the table of calculations and ledger lines, as the case writes them."""
    titles = {"calculation": "Calculations", "upfront": "Upfront cash flows (month 0)", "monthly": "Monthly cash flows"}
    rows: list[Row] = []
    for section, title in titles.items():
        lines = [formula for formula in document.formulas if formula.section == section]
        if lines:
            rows.append(Row((Cell(title),), group=True))
            rows += [
                Row((Cell(formula.name), Cell(formula.formula, kind="code"), Cell(formula.unit))) for formula in lines
            ]
    return Table(("name", "formula", "unit"), tuple(rows), "formulas")


def omissions(document: Document) -> Table:
    """Return the checklist of costs that cases like this one leave out."""
    rows = tuple(
        Row(
            (
                Cell(omission.item),
                Cell("stated" if omission.stated else "not stated", kind="verdict"),
                Cell(omission.note),
            )
        )
        for omission in document.omissions
    )
    return Table(("cost or risk", "in this case", "where"), rows, "checklist")


def definitions(document: Document) -> Table:
    """Return the table of measures and conventions in words."""
    rows = tuple(
        Row((Cell(definition.name, kind="code"), Cell(definition.text))) for definition in document.definitions
    )
    return Table(("name", "meaning"), rows, "definitions")


def reproduction(document: Document) -> Table:
    """Return the table of everything that it takes to repeat the run: versions, seed, command."""
    provenance, case = document.provenance, document.case
    facts = {
        "seed": str(provenance.seed),
        "sampler": provenance.sampler.replace("_", " ")
        + (f", {provenance.replicates} replicates" if provenance.replicates else ""),
        "trials": f"{provenance.trials:,}",
        "intervals": f"{number_text.bare_percent(provenance.level)} %",
        "case": case.file,
        "digest of the case": case.digest,
        "versions": ", ".join(f"{name} {version}" for name, version in provenance.versions.items()),
        "document": document.schema,
        "date": provenance.date,
    }
    rows = tuple(Row((Cell(name), Cell(text, kind="code"))) for name, text in facts.items() if text)
    return Table(("", ""), rows, "reproduction")
