"""JSON Schema of a case file, for editors that complete and check as one types."""

from __future__ import annotations

from payback.simulator.case.declarations.schema import CASE, Schema, table


def json_schema() -> Schema:
    """Return the schema of a case file, JSON Schema draft 2020-12.

    It knows keys, required keys and words to choose from. Names, formulas and units are text to it:
    `payback.simulator.case.load` checks those.

    Examples
    --------
    >>> json_schema()["required"]
    ['horizon', 'inputs', 'cash_flows']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A payback case",
        **table(CASE),
    }
