"""``payback check``, ``explain``, ``init`` and ``schema``: cases without a simulation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from payback.cli.options import Trials, case_options
from payback.cli.session import columns, load_case, print_json, say

CHECK_SCHEMA = "payback-check/1"


@click.command()
@case_options
def check(case_file: str, changes: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check a case: names, units, months, claims, what-ifs, stresses. Lists every error at once."""
    from payback.cli.implied import inputs_of, tell_dependence, tell_inputs
    from payback.simulator.questions.appendix import assumptions
    from payback.simulator.questions.describe.self_check_findings import review

    case = load_case(case_file, changes)
    review(case)
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


@click.command()
@case_options
@click.option("--plan", "as_plan", is_flag=True, help="Print how a run would go about it.")
@click.option("--measure", "measures", multiple=True, metavar="FORMULA", help="Plan for this; may be repeated.")
@click.option("--trials", type=Trials(), metavar="N", help="Plan for so many trials.")
def explain(
    case_file: str,
    changes: tuple[str, ...],
    as_plan: bool,
    measures: tuple[str, ...],
    trials: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Print a case in words: inputs with what they imply, formulas with units, measures, notes.

    With --plan it tells the run instead: what is drawn and how, what is worked out once and in each month, what was
    folded, shared and left out, and which back end would be chosen.
    """
    case = load_case(case_file, changes)
    if as_plan:
        from payback.simulator.questions.describe.plan_text import planned
        from payback.simulator.questions.trials.settings import TRIALS, Settings

        plan = planned(case, Settings(TRIALS if trials is None else trials), measures)
        if as_json:
            print_json(plan.record())
        else:
            _say_sections(plan.sections())
        return
    if measures or trials is not None:
        raise click.UsageError("--measure and --trials plan a run -> --plan with them")
    from payback.simulator.questions.describe.case_text import explained, sections

    if as_json:
        print_json(explained(case))
        return
    _say_sections(sections(case))


def _say_sections(sections: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> None:
    for title, rows in sections:
        say(title)
        if rows:
            say("  " + columns(rows).replace("\n", "\n  "))
        say()


@click.command()
@click.argument("name", required=False)
@click.option("--out", "folder", default=".", metavar="FOLDER", help="Where to put it; here if not given.")
def init(name: str | None, folder: str) -> None:
    """Copy a ready-made case to start from; without NAME, list them."""
    from payback.ready import copy_out, ready_made

    if name is not None:
        say(f"{copy_out(name, Path(folder))}: edit it, then `payback run` it")
        return
    from payback.simulator.case import load

    say(columns([(stem, load(path).name) for stem, path in ready_made().items()]))


@click.command()
def schema() -> None:
    """Print the JSON Schema of case files, for editors that complete and check as one types."""
    from payback.simulator.case.declarations.json_schema import json_schema

    print_json(json_schema())
