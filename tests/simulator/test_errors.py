from __future__ import annotations

import unicodedata

from payback.simulator.errors import visible

REORDERING = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
"""Classes of the characters that reorder text: Unicode Standard Annex 9."""


def test_a_character_is_shown_unless_it_controls_or_reorders() -> None:
    for c in map(chr, range(0x3000)):
        hidden = not c.isprintable() or unicodedata.bidirectional(c) in REORDERING
        assert visible(c) == (ascii(c)[1:-1] if hidden else c)


def test_plain_text_is_shown_as_the_same_letters_among_others() -> None:
    plain = "".join(map(chr, range(0x20, 0x7F)))
    assert visible(plain) == plain
    assert visible(f"{plain}é") == f"{plain}é"
    assert visible(f"{plain}\x1b[31m\u202e") == f"{plain}\\x1b[31m\\u202e"
