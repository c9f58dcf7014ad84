"""``payback what-if``: before, after, and the paired difference."""

from __future__ import annotations

from typing import Any

import click

from payback.cli.compare import compare_with, question_option
from payback.cli.shared_options import simulation_options


@click.command("what-if")
@simulation_options
@question_option
@click.argument("wanted", nargs=-1, metavar="[CHANGE]...")
def what_if(wanted: tuple[str, ...], **options: Any) -> None:
    """Change the case and compare, trial by trial: before, after, and the difference with its error.

    \b
    "traffic * 0.5"                            an input or a calculation, scaled
    "price = 0.01 USD/request; fee = 5 %"      several changes at once
    "volume halves"                            a what-if of the case

    Without a change, every what-if of the case. Inputs that are not changed keep their draws.
    """  # noqa: D301 - click keeps lines behind the character \b
    from payback.simulator.questions.trials.frames import what_if as changed

    compare_with(wanted, changed, lambda case: [declared.name for declared in case.what_if], "what_if", options)
