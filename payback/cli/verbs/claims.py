"""``payback claims``: how often the claims and hurdles of a case hold, and their verdicts."""

from __future__ import annotations

from typing import Any

import click

from payback.cli.output import footer, print_record, say, tell_ledger, tell_notes
from payback.cli.session import load_case, settings_of
from payback.cli.shared_options import SIMULATION, simulation_options


@click.command()
@simulation_options
def claims(case_file: str, changes: tuple[str, ...], as_json: bool, quiet: bool, **options: Any) -> None:
    """Check every claim and hurdle of a case: how often it holds, where the claimed figure lies, the verdict."""
    from payback.reports.tables.results import rule
    from payback.simulator.document.claims import ClaimsDocument
    from payback.simulator.errors import UsageError
    from payback.simulator.number_text import bare_percent
    from payback.simulator.questions.compare.claims import claims as check_claims
    from payback.simulator.questions.compare.claims import hurdles as check_hurdles
    from payback.simulator.questions.trials.frames import Frame
    from payback.simulator.questions.trials.total_progress import with_total_progress

    case = load_case(case_file, changes)
    if not case.claims and not case.hurdles.limits:
        raise UsageError('the case declares no claims -> `claims: [{says: "...", check: "roi >= 10"}]`')
    with settings_of(**{name: options[name] for name in SIMULATION}, quiet=quiet) as (sampling, execution):
        base = Frame(case, sampling.cube(case))
        total = with_total_progress(execution, 2 * bool(case.claims) + bool(case.hurdles.limits))
        record = ClaimsDocument(claims=check_claims(base, total), hurdles=check_hurdles(base, total))
    tell_ledger(case, (), quiet)
    tell_notes(sampling, base.cube, quiet)
    if as_json:
        print_record(record)
        return
    for claim in record.claims:
        below = claim.percentile_of_claim
        share = "" if below is None else bare_percent(below, claim.low, claim.high)
        figure = f"; {share} % of trials lie below the claimed figure" if share else ""
        source = f" ({claim.source})" if claim.source else ""
        say(f"{claim.verdict or 'no verdict'}: {claim.says}{source}")
        say(f"    {claim.question}: {claim.text}{figure}")
    for hurdle in record.hurdles:
        words = {"supported": "met", "refuted": "not met"}
        say(f"{words.get(hurdle.verdict, hurdle.verdict)}: hurdle {hurdle.name}")
        say(f"    {hurdle.question}: {hurdle.text}")
    if not quiet:
        if judged := rule(record.claims):
            say(judged)
        say(footer(base.cube))
