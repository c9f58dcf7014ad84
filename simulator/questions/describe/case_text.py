"""A case in words: inputs with what they imply, formulas, claims, what-ifs, stresses, measures, notes."""

from __future__ import annotations

from collections.abc import Sequence

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.document.descriptions import ExplanationDocument
from payback.simulator.document.exhibits import Assumption, Dependence
from payback.simulator.questions.appendix import assumptions
from payback.simulator.questions.ledger.ledger_notes import scenario_notes
from payback.simulator.questions.trials.frames import band_text

Rows = Sequence[Sequence[str]]


def explained(case: Case) -> ExplanationDocument:
    """Return the explanation of `case` as one record: its inputs, formulas, claims, changes and measures."""
    return ExplanationDocument(
        case=case.name,
        currency=case.currency,
        horizon=case.horizon,
        inputs=assumptions.assumptions(case),
        dependence=assumptions.dependence(case),
        formulas=assumptions.formulas(case),
        measures=assumptions.definitions(),
        notes=(*case.notes, *scenario_notes(case)),
    )


def sections(case: Case) -> list[tuple[str, Rows]]:
    """Return the explanation of `case` as titles and tables, in the order of the file."""
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
        parts.append((heading, [(f.name, f.formula, f.unit) for f in formulas if f.section == section]))
    parts += [
        ("held in a tornado", [(name, f"{value:g}") for name, value in case.hold.items()]),
        ("claims", [(claim.check, claim.says) for claim in case.claims]),
        ("what-ifs: an intervention, other inputs keep their draws", [
            (what_if.name, "; ".join(f"{c.target} = {c.source.text}" for c in what_if.changes))
            for what_if in case.what_if
        ]),
        ("stresses: a condition that dependent inputs follow, unless it says alone", [
            (stress.name, "; ".join(band_text(band, monthly=band.target in monthly) for band in stress.bands))
            for stress in case.stress
        ]),
        ("measures", [(measure.name, measure.text) for measure in MEASURES.values()]),
        ("conventions", list(assumptions.CONVENTIONS)),
        ("notes", [(note,) for note in (*case.notes, *scenario_notes(case))]),
    ]  # fmt: skip
    return [(heading, rows) for heading, rows in parts if rows or heading.startswith(title)]


def coupled(case: Case) -> list[tuple[str, str, str]]:
    """Return each pair of inputs that move together, with the correlation that the case states and the one achieved."""
    return [
        (" and ".join(pair.between), f"{pair.kind} {pair.value:g}", _achieved(pair))
        for pair in assumptions.dependence(case)
    ]


def _achieved(pair: Dependence) -> str:
    return "achieved: differs by trial" if pair.achieved is None else f"achieved {pair.achieved:.3g}"


def repaired(case: Case) -> list[Rows]:
    """Return the repaired correlation matrix of each group whose targets could not hold together, as named rows."""
    matrices: list[Rows] = []
    for group in (group for group in case.model.dependence if group.repaired):
        rows = ((name, *(f"{x:.4g}" for x in row)) for name, row in zip(group.axes, group.correlation, strict=True))
        matrices.append([("repaired", *group.axes), *rows])
    return matrices


def _input(assumption: Assumption) -> tuple[str, ...]:
    """Return the row of an input: its name, distribution, mean (the value of a certain one), P5, P95, unit, grade."""
    if assumption.certain and assumption.mean is not None:
        figures = [number_text.exact(assumption.mean), "", ""]
    else:
        values = (assumption.mean, assumption.p5, assumption.p95)
        figures = ["" if value is None else number_text.bare(value) for value in values]
    return assumption.name, assumption.distribution, *figures, assumption.unit, assumption.grade
