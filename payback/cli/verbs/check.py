"""``payback check``: every mistake in a case file, and the figures that its inputs imply."""

from __future__ import annotations

import sys

import click

from payback.cli.output import columns, print_record, say
from payback.cli.session import load_case
from payback.cli.shared_options import checking_options
from payback.simulator.case import Case


@click.command()
@checking_options
def check(case_file: str, changes: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check a case: names, units, months, claims, what-ifs, stresses. Lists every error at once."""
    from payback.simulator.questions.appendix import assumptions
    from payback.simulator.questions.describe.claims_and_stresses import check_claims_and_stresses
    from payback.simulator.questions.ledger.ledger_notes import scenario_notes

    case = load_case(case_file, changes)
    check_claims_and_stresses(case)
    of_ledger = scenario_notes(case)
    if as_json:
        from payback.simulator.document.descriptions import CheckDocument

        record = CheckDocument(
            ok=True,
            digest=case.digest,
            notes=(*case.notes, *of_ledger),
            inputs=assumptions.assumptions(case),
            dependence=assumptions.dependence(case),
        )
        print_record(record)
        return
    if quiet:
        return
    declared = case.declarations
    counts = (
        (len(declared.inputs), "input"), (len(declared.calculations), "calculation"), (len(declared.lines), "line"),
        (len(case.claims), "claim"), (len(case.what_if), "what-if"), (len(case.options), "option"),
        (len(case.stress), "stress"),
    )  # fmt: skip
    counted = [_counted(count, noun) for count, noun in counts if count]
    say(f"{case.file}: ok; {', '.join(counted)}")
    tell_inputs(case)
    tell_dependence(case)
    for note in of_ledger:
        say(f"warning: {note}")
    for note in case.notes:
        say(f"note: {note}")


def _counted(count: int, noun: str) -> str:
    """Return "1 stress", "2 stresses", "3 inputs"."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun}{'es' if noun == 'stress' else 's'}"


HEADINGS = ("input", "", "mean", "sd", "P1", "P50", "P99", "below 0", "unit")


def tell_inputs(case: Case) -> None:
    """Print a line for each input, the value alone where it is certain, then what is likely not meant."""
    from payback.reports.pages.escaping import encodable
    from payback.reports.pages.sparkline import line
    from payback.simulator import number_text
    from payback.simulator.questions.appendix import assumptions

    inputs = assumptions.pictured_assumptions(case)
    rows: list[tuple[str, ...]] = [HEADINGS]
    for assumption in inputs:
        if assumption.certain and assumption.mean is not None:
            value = number_text.exact(assumption.mean)
            rows.append((assumption.name, "certain", value, "", "", "", "", "", assumption.unit))
            continue
        figures = (assumption.mean, assumption.sd, assumption.p1, assumption.p50, assumption.p99)
        below = f"{number_text.bare_percent(assumption.below_zero)} %" if assumption.below_zero else ""
        missing = "" if assumption.p50 is None else "none"
        numbers = (missing if figure is None else number_text.bare(figure) for figure in figures)
        rows.append((assumption.name, line(assumption.picture), *numbers, below, assumption.unit))
    say(encodable(columns(rows, right=range(2, 8)), sys.stdout.encoding or "utf-8"))
    for assumption in inputs:
        for doubt in assumption.doubts:
            say(f"warning: {assumption.name}: {doubt}")


def tell_dependence(case: Case) -> None:
    """Print the stated and the achieved correlation of every dependent pair, then the matrices of repaired groups."""
    from payback.simulator.questions.describe.case_text import coupled, repaired

    pairs = coupled(case)
    if pairs:
        say(columns([("move together", "asked", ""), *pairs]))
    for matrix in repaired(case):
        say(columns(matrix))
