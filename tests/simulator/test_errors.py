"""Text that is safe for a terminal."""

from __future__ import annotations

import sys

from payback.simulator.errors import visible


def reorders(code: int) -> bool:
    """Whether a character sets the direction of text: its embeddings, overrides and isolates."""
    return 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069


def test_control_and_bidirectional_characters_alone_are_escaped() -> None:
    assert visible("net \N{EURO SIGN} − “traffic”") == "net \N{EURO SIGN} − “traffic”"
    assert visible("a\tb\x1b[31m\u202e") == r"a\tb\x1b[31m\u202e"
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if reorders(code) or not character.isprintable():
            assert visible(character) == ascii(character)[1:-1]
        else:
            assert visible(character) == character
