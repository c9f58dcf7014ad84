"""The base of every record, and its JSON text and JSON Schema.

Conventions, for every record of this package:

- shares, probabilities and percent are ratios in [0, 1]; money is in the currency of the case;
  durations are in months; rates are per year, effective;
- ``None`` (JSON ``null``) stands for "not applicable"; no value is ever infinite or NaN;
- every `text` is ready to print: plain text in the reader's words, no markup, never trusted as markup;
- tuples keep the order in which a report shows them, and so do dictionaries.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar

_OPTIONAL = "left out when empty"
LEFT_OUT_WHEN_EMPTY = {_OPTIONAL: True}
"""Metadata of a field whose key is not written where its value is the default."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """Base of every record; a key that is not declared is refused when a document is read."""

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True}


@dataclass(frozen=True, kw_only=True)
class Printed(Record):
    """Base of every record that is printed or written by itself; `schema` is the name of its schema and its version."""

    schema: str = ""


def to_json(record: Printed) -> str:
    """Return `record` as ASCII JSON text: keys in the order of the record, the same bytes for equal records.

    Raises
    ------
    ValueError
        If a number is infinite or NaN.
    """
    return json.dumps(_plain(record), indent=1, allow_nan=False)


def _plain(value: object) -> object:
    """Return `value` with a dictionary in place of every record in it."""
    if is_dataclass(value):
        items = [(key, getattr(value, key.name)) for key in fields(value)]
        written = [(key.name, item) for key, item in items if not (_OPTIONAL in key.metadata and item == key.default)]
        return {name: _plain(item) for name, item in written}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def json_schema(record: type[Printed]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the text that `to_json` writes for a record of this type."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(record).json_schema()
    required = [key for key in schema.get("required", []) if key != "schema"]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | schema | {"title": record.schema, "required": ["schema", *required]}
