"""Decoding of a case file: from bytes to text, without control characters; strict JSON where the name says so."""

from __future__ import annotations

import codecs
import json
import re
from typing import NoReturn

from payback.simulator.errors import CaseError, Location, Problem

LARGEST = 1_000_000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def refuse(at: Location, given: str, allowed: str, near: str = "") -> NoReturn:
    """Raise the error of a file that cannot be read further."""
    raise CaseError(Problem(given, allowed, near=near, at=at))


def decoded(content: bytes, file: str) -> str:
    """Return the text of `content`, which must be UTF-8.

    Raises
    ------
    CaseError
        With the encoding or the byte that was found.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            refuse(Location(file), f"the file is written in {encoding}", "save it as UTF-8")
    null = content.find(b"\0")
    if null in (0, 1) and content[null::2].count(0) > len(content) // 3:
        refuse(Location(file), "the file is written in UTF-16, without a mark", "save it as UTF-8")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        byte, offset = content[error.start], error.start
    if b"\0" in content or offset == 0:
        refuse(Location(file), f"is not text: byte 0x{byte:02X} at offset {offset}", "a case in UTF-8")
    latin = bytes([byte]).decode("latin-1")
    given = f"byte 0x{byte:02X} at offset {offset} is not UTF-8 (in Latin-1 it is `{latin}`)"
    refuse(_location(content[:offset].decode("utf-8"), offset, file), given, "save the file as UTF-8")


def require_text(text: str, file: str) -> None:
    """Refuse text that is too long or holds control characters.

    Raises
    ------
    CaseError
        With the limit, or the first control character and its location.
    """
    if len(text) > LARGEST:
        refuse(Location(file), f"{len(text):,} characters", f"at most {LARGEST:,}")
    control = _CONTROL.search(text)
    if control is None:
        return
    code, offset = ord(control[0]), control.start()
    if code == 0:
        refuse(Location(file), f"is not text: byte 0x00 at offset {len(text[:offset].encode())}", "a case in UTF-8")
    refuse(_location(text, offset, file), f"control character U+{code:04X}", "printable text")


def require_json(text: str, file: str) -> None:
    """Refuse what YAML accepts but JSON does not: comments, trailing commas, NaN.

    Raises
    ------
    CaseError
        With the location of the first of these.
    """

    def not_finite(name: str) -> NoReturn:
        match = re.search(rf"(?<![\w\"]){name}(?![\w\"])", text)
        refuse(_location(text, match.start() if match else 0, file), f"`{name}` is not JSON", "a finite number")

    try:
        json.loads(text, parse_constant=not_finite, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        message, offset = error.msg, error.pos
    except RecursionError:
        return  # the depth limit of the tree tells where
    else:
        return
    if "trailing comma" in message:  # Python 3.13 points to the comma, older ones to the bracket behind it
        offset += len(text[offset:]) - len(text[offset + 1 :].lstrip())
    rest = text[offset:].lstrip()
    given = message[:1].lower() + message[1:]
    if rest.startswith(("//", "/*", "#")):
        given = "a comment"
    elif rest.startswith(("}", "]")) and text[:offset].rstrip().endswith(","):
        given = "a comma before the closing bracket"
    if text.strip():
        refuse(_location(text, offset, file), f"{given}: not JSON", "strict JSON, or a file named .yaml")


def _location(text: str, offset: int, file: str) -> Location:
    return Location(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
