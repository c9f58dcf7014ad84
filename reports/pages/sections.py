"""The appendix as a list of sections, in the order a decision-maker reads: HTML and Markdown share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from payback.reports.figures import Plate
from payback.reports.tables import assumption_register, comparisons, percentiles, results
from payback.reports.tables.section import FigureKey, Section
from payback.reports.tables.table import Table, typeset
from payback.simulator.document.comparisons import Comparison
from payback.simulator.document.document import Document
from payback.simulator.document.registered_questions import at, recorded

DIFFERENCES = (
    "Under each value stands its difference from the case as it is, with the interval of that difference: both run on "
    "the same random numbers."
)

PERCENTILES = (
    "P90 is the value that nine in ten trials stay at or below. With each value stands the 95\N{NO-BREAK SPACE}% "
    "interval of the simulation: numbers carry no more digits than it supports. It does not cover wrong assumptions."
)


@dataclass(frozen=True)
class PageSection:
    """A section ready for a page: its heading and sentences, and its tables and figures in order."""

    section: Section
    parts: tuple[Table | Plate, ...]


def sections(document: Document, plates: dict[str, Plate]) -> tuple[PageSection, ...]:
    """Return the sections that `document` has content for."""
    pages = (PageSection(section, tuple(_parts(section, plates))) for section in _all(document))
    return tuple(page for page in pages if _has_content(page))


def _parts(section: Section, plates: dict[str, Plate]) -> Iterator[Table | Plate]:
    for item in section.parts:
        if isinstance(item, Table):
            yield item
        elif item.key in plates:
            yield plates[item.key]


def _has_content(page: PageSection) -> bool:
    section = page.section
    filled = any(not isinstance(item, Table) or item.rows for item in page.parts)
    return bool(section.points or section.command or section.sentences) or filled


def _all(document: Document) -> Iterator[Section]:
    for section in BEFORE_QUESTIONS:
        yield section(document)
    for question, record in recorded(document):
        yield at(question.section)(document, record)
    for section in AFTER_QUESTIONS:
        yield section(document)


def _ladder(document: Document) -> Section:
    sentence = "Each step takes more from the case than the one before; all steps run on the same random numbers."
    sentences = (sentence,) if document.ladder else ()
    return Section(
        "ladder", "From the claim’s own frame to the base case", sentences, parts=(results.ladder(document),)
    )


def _claims(document: Document) -> Section:
    rule = results.rule(document.claims)
    tables = (results.claims(document), results.hurdles(document))
    return Section("claims", "Claims and hurdles", sentences=(typeset(rule),) if rule else (), parts=tables)


def _payback(document: Document) -> Section:
    points = percentiles.payback_sentences(document)
    return Section("payback", "Payback", points=points, parts=(FigureKey("payback"),))


def _outcome(document: Document) -> Section:
    return Section("outcome", "Outcome", parts=(FigureKey("outcome"), results.probabilities(document)))


def _percentiles(document: Document) -> Section:
    return Section(
        "percentiles",
        "Percentiles",
        points=percentiles.warnings(document),
        sentences=(PERCENTILES,) if document.measures else (),
        parts=(*percentiles.percentiles(document), percentiles.others(document)),
    )


def _base_case(document: Document) -> Section:
    sentences = (document.base_case.text,) if document.base_case else ()
    return Section("base", "Base case", sentences, parts=(results.base_case(document),))


def _cash(document: Document) -> Section:
    return Section("cash", "Cash", parts=(FigureKey("fan"),))


def _what_if(document: Document) -> Section:
    return _compared("what-if", "What if", comparisons.what_ifs(document))


def _stress(document: Document) -> Section:
    return _compared("stress", "Stress", document.stress)


def _compared(key: str, title: str, changes: tuple[Comparison, ...]) -> Section:
    """Return the section of what-ifs or stresses: a remark on each, one on the table, and the table."""
    if not changes:
        return Section(key, title)
    readings = dict.fromkeys(change.reading.rstrip(".") for change in changes)
    sentences = [f"{_capital(reading)}." for reading in readings if reading]
    sentences += [DIFFERENCES, comparisons.apart(changes)]
    shown = tuple(sentence for sentence in sentences if sentence)
    return Section(key, title, shown, parts=(comparisons.table(changes, title),))


def _assumptions(document: Document) -> Section:
    if not document.assumptions:
        return Section("assumptions", "Assumptions")
    return Section(
        "assumptions",
        "Assumptions",
        (typeset(assumption_register.grades(document)),),
        (*assumption_register.questioned(document), *document.case.notes),
        parts=(assumption_register.assumptions(document), assumption_register.dependence(document)),
    )


def _formulas(document: Document) -> Section:
    return Section("formulas", "How the money flows", parts=(assumption_register.formulas(document),))


def _omissions(document: Document) -> Section:
    return Section("omissions", "Stated and not stated", parts=(assumption_register.omissions(document),))


def _limits(document: Document) -> Section:
    return Section("limits", "Limits", points=document.limits)


def _definitions(document: Document) -> Section:
    return Section("definitions", "Measures and conventions", parts=(assumption_register.definitions(document),))


def _reproduction(document: Document) -> Section:
    return Section(
        "reproduction",
        "To get these numbers again",
        parts=(assumption_register.reproduction(document),),
        command=document.provenance.command,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


BEFORE_QUESTIONS: tuple[Callable[[Document], Section], ...] = (
    _ladder,
    _claims,
    _payback,
    _outcome,
    _percentiles,
    _base_case,
    _cash,
)
"""Sections from the top; those of the registered questions follow."""

AFTER_QUESTIONS: tuple[Callable[[Document], Section], ...] = (
    _what_if,
    _stress,
    _assumptions,
    _formulas,
    _omissions,
    _limits,
    _definitions,
    _reproduction,
)
"""Sections below those of the registered questions."""
