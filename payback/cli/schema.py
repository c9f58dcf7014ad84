"""``payback schema``: the JSON Schema of case files."""

from __future__ import annotations

import click

from payback.cli.output import print_json


@click.command()
def schema() -> None:
    """Print the JSON Schema of case files, for editors that complete and check as one types."""
    from payback.simulator.case.declarations.schema import json_schema

    print_json(json_schema())
