"""A case in the words of its reader."""

from __future__ import annotations

from collections.abc import Sequence

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.document.descriptions import ExplanationDocument
from payback.simulator.document.exhibits import Assumption, Dependence
from payback.simulator.questions.appendix import assumptions
from payback.simulator.questions.trials.frames import band_text

Rows = Sequence[Sequence[str]]


def explained(case: Case) -> ExplanationDocument:
    """Return what `case` says as one record."""
    return ExplanationDocument(
        case=case.name,
        currency=case.currency,
        horizon=case.horizon,
        inputs=assumptions.assumptions(case),
        dependence=assumptions.dependence(case),
        formulas=assumptions.formulas(case),
        measures=assumptions.definitions(),
        notes=tuple(case.notes),
    )


def sections(case: Case) -> list[tuple[str, Rows]]:
    """Return titles and tables that tell what `case` says, in the order of the file."""
    title = f"{case.name}: {case.horizon} months, amounts in {case.currency}"
    formulas = assumptions.formulas(case)
    monthly = {draw.name for draw in case.model.draws if draw.monthly}
    parts: list[tuple[str, Rows]] = [
        (title + (f"\n{case.reference}" if case.reference else ""), ()),
        (
            "inputs",
            [
                ("", "distribution", "mean", "P5", "P95", "unit", "known by"),
                *map(_input, assumptions.assumptions(case)),
            ],
        ),
        (
            "inputs that move together",
            [(*row, d.why) for row, d in zip(coupled(case), assumptions.dependence(case), strict=True)],
        ),
        *(("parameters of the copula", rows) for rows in repaired(case)),
    ]
    for section, heading in (
        ("calculation", "calculations"),
        ("upfront", "cash flows at t = 0"),
        ("monthly", "cash flows a month"),
    ):
        parts.append((heading, [(one.name, one.formula, one.unit) for one in formulas if one.section == section]))
    parts += [
        ("held in a tornado", [(name, f"{value:g}") for name, value in case.hold.items()]),
        ("claims", [(one.check, one.says) for one in case.claims]),
        ("what-ifs: an intervention, other inputs keep their draws", [
            (one.name, "; ".join(f"{c.target} = {c.source.text}" for c in one.changes)) for one in case.what_if
        ]),
        ("stresses: a condition that dependent inputs follow, unless it says alone", [
            (one.name, "; ".join(band_text(band, monthly=band.target in monthly) for band in one.bands))
            for one in case.stress
        ]),
        ("measures", [(one.name, one.text) for one in MEASURES.values()]),
        ("conventions", list(assumptions.CONVENTIONS)),
        ("notes", [(note,) for note in case.notes]),
    ]  # fmt: skip
    return [(heading, rows) for heading, rows in parts if rows or heading.startswith(title)]


def coupled(case: Case) -> list[tuple[str, str, str]]:
    """Return every pair of inputs that move together, what is asked of it, and what it gets."""
    return [
        (" and ".join(one.between), f"{one.kind} {one.value:g}", _achieved(one)) for one in assumptions.dependence(case)
    ]


def _achieved(one: Dependence) -> str:
    return "achieved: differs by trial" if one.achieved is None else f"achieved {one.achieved:.3g}"


def repaired(case: Case) -> list[Rows]:
    """Return the parameters of the copula of each group whose targets are repaired: a matrix with names."""
    found: list[Rows] = []
    for group in (one for one in case.model.dependence if one.repaired):
        rows = ((name, *(f"{x:.4g}" for x in row)) for name, row in zip(group.axes, group.correlation, strict=True))
        found.append([("repaired", *group.axes), *rows])
    return found


def _input(one: Assumption) -> tuple[str, ...]:
    figures = ("", "", "") if one.certain else tuple(
        "" if value is None else number_text.bare(value) for value in (one.mean, one.p5, one.p95)
    )  # fmt: skip
    return one.name, one.distribution, *figures, one.unit, one.grade
