"""Offsets of the characters of a YAML value in the text of its file."""

from __future__ import annotations

import re

from payback.simulator.errors import Location

_ESCAPE = re.compile(r"\\(x.{2}|u.{4}|U.{8}|.)", re.DOTALL)
_BLANK_ESCAPES = "nrtvfNLP_ \t\r\n"


def joined(text: str) -> str | None:
    """Return `text` with surrogate pairs joined (JSON writes them so), None when one is alone."""
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            return None
    return text


def folds(value: str, raw: str, at: Location) -> tuple[tuple[int, int, int], ...]:
    """Return (offset, line, column) for each place where `value` continues elsewhere in the file, written as `raw`."""
    position = _header(raw)
    breaks: list[tuple[int, int, int]] = []
    line = at.line + raw.count("\n", 0, position)
    column = position - raw.rfind("\n", 0, position) if line > at.line else at.column + position
    follows = None
    for offset, character in enumerate(value):
        if character.isspace():
            continue
        escape = None
        while position < len(raw) and raw[position] != character:
            escape = _ESCAPE.match(raw, position) if raw[0] == '"' else None
            if escape and escape[1][0] not in _BLANK_ESCAPES:
                break
            line, column = (line + 1, 1) if raw[position] == "\n" else (line, column + 1)
            position += 1
        if position == len(raw):
            break
        if follows != (line, column - offset):
            breaks.append((offset, line, column))
            follows = (line, column - offset)
        width = len(escape[0]) if escape else 1
        position, column = position + width, column + width
    return tuple(breaks)


def _header(raw: str) -> int:
    """Return the length of the header before the text itself: an anchor, ``|``, ``>-``."""
    position = 0
    if raw.startswith("&"):
        position = len(raw) - len(raw.partition(" ")[2].lstrip())
    if raw[position : position + 1] in ("|", ">"):
        position = raw.find("\n", position) + 1
    return position
