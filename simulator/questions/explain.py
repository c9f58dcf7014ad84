"""A case in the words of its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from simulator import wording
from simulator.case import Case
from simulator.case.measures import MEASURES
from simulator.exhibits import Assumption, Dependence
from simulator.questions import register
from simulator.questions.frames import band_text

SCHEMA = "payback-explanation/1"

Rows = Sequence[Sequence[str]]


def explained(case: Case) -> dict[str, object]:
    """Return what `case` says as one JSON document."""
    return {
        "schema": SCHEMA,
        "case": case.name,
        "currency": case.currency,
        "horizon": case.horizon,
        "inputs": [{k: v for k, v in asdict(one).items() if k != "picture"} for one in register.assumptions(case)],
        "dependence": [asdict(one) for one in register.dependence(case)],
        "formulas": [asdict(one) for one in register.formulas(case)],
        "measures": [asdict(one) for one in register.definitions()],
        "notes": list(case.notes),
    }


def sections(case: Case) -> list[tuple[str, Rows]]:
    """Return titles and tables that tell what `case` says, in the order of the file."""
    title = f"{case.name}: {case.horizon} months, amounts in {case.currency}"
    formulas = register.formulas(case)
    parts: list[tuple[str, Rows]] = [
        (title + (f"\n{case.reference}" if case.reference else ""), ()),
        (
            "inputs",
            [("", "distribution", "mean", "P5", "P95", "unit", "known by"), *map(_input, register.assumptions(case))],
        ),
        (
            "inputs that move together",
            [(" and ".join(d.between), *_coupled(d), d.why) for d in register.dependence(case)],
        ),
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
            (one.name, "; ".join(map(band_text, one.bands))) for one in case.stress
        ]),
        ("measures", [(one.name, one.text) for one in MEASURES.values()]),
        ("conventions", list(register.CONVENTIONS)),
        ("notes", [(note,) for note in case.notes]),
    ]  # fmt: skip
    return [(heading, rows) for heading, rows in parts if rows or heading.startswith(title)]


def _coupled(one: Dependence) -> tuple[str, str]:
    """Return what a target asks, and what it gets where that is something else."""
    met = one.achieved is None or abs(one.achieved - one.value) < 5e-4
    return f"{one.kind} {one.value:g}", "" if met else f"achieved {one.achieved:.3g}"


def _input(one: Assumption) -> tuple[str, ...]:
    figures = ("", "", "") if one.certain else tuple(
        "" if value is None else wording.bare(value) for value in (one.mean, one.p5, one.p95)
    )  # fmt: skip
    return one.name, one.distribution, *figures, one.unit, one.grade
