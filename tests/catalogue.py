"""Texts that the product prints, kept in plain files beside the tests.

A catalogue is a text file: a line that begins at the margin names an entry, the indented lines below it are the text
that is expected. ``...`` stands for any text within a line, a line ``...`` for any lines; empty lines do not count.
Lines with ``#`` are comments.
Nothing writes these files: whoever changes a text of the product changes it here by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

INDENT = 4


def catalogue(path: Path) -> dict[str, list[str]]:
    """Return the expected lines of every entry of the file."""
    entries: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(" " * INDENT):
            entries[name].append(line[INDENT:])
        elif line and not line.startswith("#"):
            name = line
            assert name not in entries, f"{path.name} has two entries {name!r}"
            entries[name] = []
    return entries


def misfit(lines: Sequence[str], expected: Sequence[str]) -> str:
    """Return in words how a text differs from what is expected; nothing if it does not."""
    pattern = "".join(r"(?s:.*\n)?" if line == "..." else f"{_pattern(line)}\n" for line in expected)
    if re.fullmatch(pattern, "".join(f"{line}\n" for line in lines if line.strip())):
        return ""
    return "\n".join(["expected:", *expected, "printed:", *lines])


def _pattern(line: str) -> str:
    return ".*".join(re.escape(piece) for piece in line.split("..."))


def compared_with(path: Path) -> Callable[[str | Sequence[str], str], str]:
    """Return a function of a text, or its lines, and the name of an entry of the file: how they differ."""
    entries = catalogue(path)

    def differs(text: str | Sequence[str], entry: str) -> str:
        return misfit(text.splitlines() if isinstance(text, str) else text, entries[entry])

    return differs
