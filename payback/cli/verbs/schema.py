"""``payback schema``: the JSON Schemas of case files and of everything that the commands print as JSON."""

from __future__ import annotations

import json

import click

from payback.cli.output import say
from payback.simulator.errors import UsageError

CASE = "case"


@click.command()
@click.argument("name", default=CASE, metavar="[NAME]")
def schema(name: str) -> None:
    """Print the JSON Schema of case files, for editors that complete and check as one types.

    With NAME that of a record that commands print with --json: its `schema` is payback-NAME/1, as in payback-answers/1.
    """
    if name == CASE:
        from payback.simulator.case.declarations.schema import json_schema

        say(json.dumps(json_schema(), indent=1))
        return
    from payback.simulator.document.schemas import published

    schemas = published()
    if name not in schemas:
        raise UsageError(f"no schema `{name}` -> one of {', '.join((CASE, *schemas))}")
    say(json.dumps(schemas[name], indent=1))
