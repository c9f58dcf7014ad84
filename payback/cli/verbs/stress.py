"""``payback stress``: trials with a bad draw beside all trials."""

from __future__ import annotations

from typing import Any

import click

from payback.cli.compare import compare_with, question_option
from payback.cli.shared_options import simulation_options


@click.command()
@simulation_options
@question_option
@click.argument("wanted", nargs=-1, metavar="[CONDITION]...")
def stress(wanted: tuple[str, ...], **options: Any) -> None:
    """Look at the trials with a bad draw, and compare: before, after, and the difference with its error.

    \b
    "traffic below 10 %"       the lowest tenth of the input's distribution
    "gpu_price above 90 %"     the highest tenth; also "10 % to 30 %", "at 80 %"
    "thin demand"              a stress of the case

    Without a condition, every stress of the case. Inputs that depend on the stressed one follow.
    """  # noqa: D301 - click keeps lines behind the character \b
    from payback.simulator.questions.trials.frames import stress_of

    compare_with(wanted, stress_of, lambda case: [declared.name for declared in case.stress], "stress", options)
