"""``payback check``: every mistake of a case file, and what its inputs imply."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

import click

from payback.cli.options import case_options
from payback.cli.output import columns, print_json, say
from payback.cli.session import load_case
from payback.simulator.case import Case

CHECK_SCHEMA = "payback-check/1"


@click.command()
@case_options
def check(case_file: str, changes: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check a case: names, units, months, claims, what-ifs, stresses. Lists every error at once."""
    from payback.simulator.questions.appendix import assumptions
    from payback.simulator.questions.describe.claims_and_stresses import check_claims_and_stresses

    case = load_case(case_file, changes)
    check_claims_and_stresses(case)
    if as_json:
        print_json({
            "schema": CHECK_SCHEMA, "ok": True, "digest": case.digest, "notes": list(case.notes),
            "inputs": inputs_of(case), "dependence": [asdict(one) for one in assumptions.dependence(case)],
        })  # fmt: skip
        return
    declared = case.declarations
    counts = (
        (len(declared.inputs), "input"), (len(declared.calculations), "calculation"), (len(declared.lines), "line"),
        (len(case.claims), "claim"), (len(case.what_if), "what-if"), (len(case.stress), "stress"),
    )  # fmt: skip
    parts = [
        f"{count} {word}{'es' if word == 'stress' else 's'}" if count != 1 else f"1 {word}" for count, word in counts
    ]
    say(f"{case.file}: ok; {', '.join(part for part, (count, _) in zip(parts, counts, strict=True) if count)}")
    if not quiet:
        tell_inputs(case)
        tell_dependence(case)
        for note in case.notes:
            say(f"note: {note}")


HEADINGS = ("input", "", "mean", "sd", "P1", "P50", "P99", "below 0", "unit")


def inputs_of(case: Case) -> list[dict[str, Any]]:
    """Return the inputs with exact figures and doubts, without pictures."""
    from payback.simulator.questions.appendix import assumptions

    return [{k: v for k, v in asdict(one).items() if k != "picture"} for one in assumptions.assumptions(case)]


def tell_inputs(case: Case) -> None:
    """Print a line for each uncertain input, and what is likely not meant."""
    from payback.reports.pages.sparkline import line
    from payback.reports.pages.terminal import encodable
    from payback.simulator import number_text
    from payback.simulator.questions.appendix import assumptions

    uncertain = [one for one in assumptions.assumptions(case) if not one.certain]
    if not uncertain:
        return
    rows: list[tuple[str, ...]] = [HEADINGS]
    for one in uncertain:
        figures = (one.mean, one.sd, one.p1, one.p50, one.p99)
        below = f"{number_text.bare_percent(one.below_zero)} %" if one.below_zero else ""
        missing = "" if one.p50 is None else "none"
        numbers = (missing if x is None else number_text.bare(x) for x in figures)
        rows.append((one.name, line(one.picture), *numbers, below, one.unit))
    say(encodable(columns(rows, right=range(2, 8)), sys.stdout.encoding or "utf-8"))
    for one in uncertain:
        for doubt in one.doubts:
            say(f"warning: {one.name}: {doubt}")


def tell_dependence(case: Case) -> None:
    """Print what is asked of every pair of inputs that move together, and what it gets; repaired, the whole matrix."""
    from payback.simulator.questions.describe.case_text import coupled, repaired

    for rows in ([("move together", "asked", ""), *pairs] if (pairs := coupled(case)) else [], *repaired(case)):
        if rows:
            say(columns(rows))
