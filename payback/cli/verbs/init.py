"""``payback init``: copies a ready-made case, or lists them."""

from __future__ import annotations

from pathlib import Path

import click

from payback.cli.output import columns, say
from payback.cli.shared_options import Folder


@click.command()
@click.argument("name", required=False)
@click.option(
    "--out", "folder", type=Folder(), default=".", metavar="FOLDER", help="Where to put it; here if not given."
)
def init(name: str | None, folder: str) -> None:
    """Copy a ready-made case to start from; without NAME, list them."""
    from payback.ready_made_cases import copy_out, ready_made

    if name is not None:
        say(f"{copy_out(name, Path(folder))}: edit it, then `payback run` it")
        return
    from payback.simulator.case import load

    say(columns([(stem, load(path).name) for stem, path in ready_made().items()]))
