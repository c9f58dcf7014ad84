"""The appendix as a list of sections, in the order a decision-maker reads: HTML and Markdown share it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from payback.reports.figures import Plate
from payback.reports.tables import assumption_register, comparisons, percentiles, results
from payback.reports.tables.table import Table, typeset
from payback.simulator.document.document import Document


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and then tables and figures.

    `command` is a command line set on its own; `points` are set as a list.
    """

    key: str
    title: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    parts: tuple[Table | Plate, ...] = ()
    command: str = ""


def sections(document: Document, plates: dict[str, Plate]) -> tuple[Section, ...]:
    """Return the sections that `document` has content for."""
    return tuple(s for s in _all(document, plates) if s.points or s.command or s.sentences or _filled(s))


def _filled(section: Section) -> bool:
    return any(part.rows if isinstance(part, Table) else True for part in section.parts)


def _all(document: Document, plates: dict[str, Plate]) -> Iterator[Section]:
    def plate(key: str) -> tuple[Plate, ...]:
        return (plates[key],) if key in plates else ()

    if document.ladder:
        yield Section(
            "ladder", "From the claim’s own frame to the base case",
            ("Each step takes more from the case than the one before; all steps run on the same random numbers.",),
            parts=(results.ladder(document),),
        )  # fmt: skip
    yield Section(
        "claims", "Claims and hurdles",
        sentences=tuple(filter(None, (typeset(results.rule(document.claims)),))),
        parts=(results.claims(document), results.hurdles(document)),
    )  # fmt: skip
    yield Section("payback", "Payback", points=percentiles.payback_sentences(document), parts=plate("payback"))
    yield Section("outcome", "Outcome", parts=(*plate("outcome"), results.probabilities(document)))
    yield Section(
        "percentiles", "Percentiles",
        points=percentiles.warnings(document),
        sentences=(PERCENTILES,) if document.measures else (),
        parts=(*percentiles.percentiles(document), percentiles.others(document)),
    )  # fmt: skip
    if document.base_case:
        yield Section("base", "Base case", (document.base_case.text,), parts=(results.base_case(document),))
    yield Section("cash", "Cash", parts=plate("fan"))
    yield Section("tornado", "What moves it", parts=plate("tornado"))
    if document.variance:
        yield Section(
            "variance", "What drives the spread", (typeset(results.together(document.variance)),),
            parts=(*plate("variance"), results.shares(document.variance)),
        )  # fmt: skip
    compared = (("what-if", "What if", comparisons.what_ifs(document)), ("stress", "Stress", document.stress))
    for key, title, found in compared:
        readings = tuple(f"{_capital(r)}." for r in dict.fromkeys(c.reading.rstrip(".") for c in found) if r)
        told = tuple(filter(None, (*readings, DIFFERENCES, comparisons.apart(found)))) if found else ()
        yield Section(key, title, told, parts=(comparisons.table(found, title),))
    if document.assumptions:
        yield Section(
            "assumptions", "Assumptions", (typeset(assumption_register.grades(document)),),
            (*assumption_register.asked(document), *document.case.notes),
            parts=(assumption_register.assumptions(document), assumption_register.dependence(document)),
        )  # fmt: skip
    yield Section("formulas", "How the money flows", parts=(assumption_register.formulas(document),))
    yield Section("omissions", "Stated and not stated", parts=(assumption_register.omissions(document),))
    yield Section("limits", "Limits", points=document.limits)
    yield Section("definitions", "Measures and conventions", parts=(assumption_register.definitions(document),))
    yield Section(
        "reproduction", "To get these numbers again",
        parts=(assumption_register.reproduction(document),), command=document.provenance.command,
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


DIFFERENCES = (
    "Under each value stands its difference from the case as it is, with the interval of that difference: both run on "
    "the same random numbers."
)

PERCENTILES = (
    "P90 is the value that nine in ten trials stay at or below. With each value stands the 95\N{NO-BREAK SPACE}% "
    "interval of the simulation: numbers carry no more digits than it supports. It does not cover wrong assumptions."
)
