"""``payback claims``: what somebody said, and what the trials say to it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from payback.cli.options import SIMULATION, simulation_options
from payback.cli.output import footer, print_json, say, tell_notes
from payback.cli.session import load_case, settings_of

SCHEMA = "payback-claims/1"


@click.command()
@simulation_options
def claims(case_file: str, changes: tuple[str, ...], as_json: bool, quiet: bool, **options: Any) -> None:
    """Check every claim and hurdle of a case: how often it holds, where the claimed figure lies, the verdict."""
    from payback.reports.tables.results import rule
    from payback.simulator.errors import UsageError
    from payback.simulator.number_text import bare_percent
    from payback.simulator.questions.compare.claims import claims as check_claims
    from payback.simulator.questions.compare.claims import hurdles as check_hurdles
    from payback.simulator.questions.trials.frames import Frame

    case = load_case(case_file, changes)
    if not case.claims and not case.hurdles.limits:
        raise UsageError('the case declares no claims -> `claims: [{says: "...", check: "roi >= 10"}]`')
    with settings_of(**{name: options[name] for name in SIMULATION}, quiet=quiet) as (sampling, execution):
        base = Frame(case, sampling.cube(case))
        found, hurdles = check_claims(base, execution), check_hurdles(base, execution)
    tell_notes(sampling, base.cube, quiet)
    if as_json:
        records = {"claims": [asdict(one) for one in found], "hurdles": [asdict(one) for one in hurdles]}
        print_json({"schema": SCHEMA, **records})
        return
    for one in found:
        below = one.percentile_of_claim
        share = "" if below is None else bare_percent(below, one.low, one.high)
        figure = share and f"; {share} % of trials lie below the claimed figure"
        say(f"{one.verdict or 'no verdict'}: {one.says}{f' ({one.source})' if one.source else ''}")
        say(f"    {one.question}: {one.text}{figure}")
    for hurdle in hurdles:
        words = {"supported": "met", "refuted": "not met"}
        say(f"{words.get(hurdle.verdict, hurdle.verdict)}: hurdle {hurdle.name}")
        say(f"    {hurdle.question}: {hurdle.text}")
    if not quiet:
        if judged := rule(found):
            say(judged)
        say(footer(base.cube))
