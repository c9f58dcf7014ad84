"""``payback explain``: a case in words, or the plan of its run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from payback.cli.output import columns, print_record, say
from payback.cli.session import load_case
from payback.cli.shared_options import Trials, case_options


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
        from payback.simulator.questions.trials.sampling import TRIALS, Sampling

        plan = planned(case, Sampling(TRIALS if trials is None else trials), measures)
        if as_json:
            print_record(plan.record())
        else:
            _say_sections(plan.sections())
        return
    if measures or trials is not None:
        raise click.UsageError("--measure and --trials plan a run -> --plan with them")
    from payback.simulator.questions.describe.case_text import explained, sections

    if as_json:
        print_record(explained(case))
        return
    _say_sections(sections(case))


def _say_sections(sections: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> None:
    for title, rows in sections:
        say(title)
        if rows:
            say("  " + columns(rows).replace("\n", "\n  "))
        say()
