"""Spelling: the nearest known word, text that some readers take for a number, quotations and lists in messages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_BOOLEAN = re.compile(r"(?i:true|false|yes|no|on|off)")
_NOT_FINITE = re.compile(r"[-+]?\.?(?i:inf|nan|infinity)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")
_OCTAL = re.compile(r"[-+]?[0-7]{1,20}")
_CLOCK = re.compile(r"[-+]?\d+(:[0-5]?\d)+(\.\d*)?")
_THOUSANDS = re.compile(r"([-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?)(\s.*)?", re.DOTALL)
_ADDRESS = re.compile(r"(?i:https?|ftps?|s3|gs|file):/")
_QUOTED_LENGTH = 60
_COMPARED_LENGTH = 200


def nearest(word: str, *tables: Iterable[str], likeness: float = 0.6, same_case: bool = False) -> str:
    """Return the known word that `word` is likely a misspelling of, or an empty text.

    Parameters
    ----------
    word : str
        As written.
    *tables : iterable of str
        Known words. Of two that differ only in capitals, the first counts.
    likeness : float
        How alike two words must be, from 0 to 1, as `difflib.get_close_matches` measures it.
    same_case : bool
        Whether capitals count.

    Examples
    --------
    >>> nearest("Trafic", ["price", "traffic"])
    'traffic'
    """
    spellings: dict[str, str] = {}
    for known in (known for table in tables for known in table):
        spellings.setdefault(known if same_case else known.lower(), known)
    compared = (word if same_case else word.lower())[:_COMPARED_LENGTH]
    matches = get_close_matches(compared, spellings, 1, likeness)
    return spellings[matches[0]] if matches else ""


def quoted(text: str) -> str:
    """Return `text` in backquotes, cut when it is long."""
    return f"`{text}`" if len(text) <= _QUOTED_LENGTH else f"`{text[:_QUOTED_LENGTH]}...`"


def number_trap(text: str) -> tuple[str, str] | None:
    """Return the problem with a text that some readers take for a number, and its remedy; None if there is none.

    YAML 1.1 reads ``no`` as false, ``012`` as 10 and ``12:30`` as 750; YAML 1.2 reads text.
    """
    text = text.strip()
    if _BOOLEAN.fullmatch(text):
        return f"`{text}` is not a number", "1 for yes, 0 for no"
    if _NOT_FINITE.fullmatch(text):
        return f"`{text}` is not finite", "a finite number"
    if _LEADING_ZERO.fullmatch(text):
        octal = text.replace("_", "")
        read = f", {int(octal, 8)} to those that take it for octal" if _OCTAL.fullmatch(octal) else ""
        return f"`{text}` is {octal.lstrip('+-0') or '0'} to some readers{read}", "the number without the leading 0"
    if _CLOCK.fullmatch(text):
        minutes = text.split(":")
        whole = len(minutes) == 2 and minutes[1].isdecimal()
        read = f"; some YAML readers take it for {60 * int(minutes[0]) + int(minutes[1])}" if whole else ""
        return f"`{text}` is text, not a number{read}", "hours as a decimal number: 12.5 hour"
    if thousands := _THOUSANDS.fullmatch(text):
        number = thousands[1]
        return f"`{number}` has a comma", f"{number.replace(',', '')} or {number.replace(',', '_')}"
    return None


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return names joined by commas, the rest left out after `most`."""
    names = tuple(names)
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def is_address(text: str) -> bool:
    """Return whether `text` is an address of the web rather than a path: ``https://example.org/case.yaml``."""
    return _ADDRESS.match(text) is not None
