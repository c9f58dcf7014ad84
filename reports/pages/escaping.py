"""Text that is safe to show: control and bidirectional characters of a case become visible escapes."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from payback.reports.pages.sparkline import LEVELS
from payback.simulator.errors import visible

T = TypeVar("T")

ASCII = str.maketrans(
    dict(zip("−–“”’≥≤█▒", ("-", "-", '"', '"', "'", ">=", "<=", "#", "="), strict=True))
    | dict(zip(LEVELS[:-1], ".:-=+*%", strict=True))
    | {"±": "+-", "…": "..."}
)
"""What stands in for signs that the output cannot encode."""


def legible(record: T) -> T:
    """Return a copy of `record` (a document or any part of one) with every text in it safe to show.

    Line breaks and tabs become spaces; other control characters, and those that reorder text, become
    escapes. Markup is not touched: each renderer escapes its own.
    """
    return cast("T", _walk(record))


def encodable(text: str, encoding: str) -> str:
    """Return `text` with substitutes for characters that `encoding` lacks, and no blanks at the ends of its lines."""
    lines = "\n".join(line.rstrip() for line in text.replace("\N{NO-BREAK SPACE}", " ").split("\n"))
    try:
        lines.encode(encoding)
    except UnicodeEncodeError:
        return lines.translate(ASCII).encode(encoding, "backslashreplace").decode(encoding)
    return lines


def _walk(value: object) -> object:
    if isinstance(value, str):
        return visible(" ".join(value.split()))
    if isinstance(value, tuple):
        return tuple(_walk(item) for item in value) if _has_text(value) else value
    if isinstance(value, dict):
        return {_walk(key): _walk(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _walk(getattr(value, field.name)) for field in fields(value)})
    return value


def _has_text(values: tuple[object, ...]) -> bool:
    """Return whether `values` may hold text: long tuples of numbers are left as they are."""
    return bool(values) and not isinstance(values[0], float | int)
