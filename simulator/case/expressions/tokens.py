"""Tokens of an expression, cut from its text in one pass and linear time.

A unit follows a number, a closing parenthesis or an ``a to b`` only, and holds no blanks, so
``2 USD/hour`` is a quantity and ``2 USD / hour`` divides by a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from payback.simulator.case.expressions.keywords import KEYWORDS
from payback.simulator.case.source.source_text import Source
from payback.simulator.errors import PaybackError, Problem
from payback.simulator.number_range import SIZES, computable

LONGEST = 10_000
_SHOWN = 30

_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_NAME = re.compile(
    r"[A-Za-z]+[0-9]+(?:\.[0-9]+)?(?=[ ]?\()|(?:upfront|monthly)\.[A-Za-z_][A-Za-z_0-9]*|[A-Za-z_][A-Za-z_0-9]*"
)
_UNIT = re.compile(r"(?:%|1(?=/[A-Za-z_])|[A-Za-z_][A-Za-z_0-9]*)(?:/[A-Za-z_][A-Za-z_0-9]*)*")
_SHARE = re.compile(r"\(\s*[0-9][0-9._]*(?:[eE][+-]?[0-9]+)?\s*%?\s*\)")
_PLUS_MINUS = re.compile(r"\+/?-")
_OPERATOR = re.compile(r"\*\*|<=|>=|==|!=|[-+*/<>=(),{}:%]")

_INSTEAD = {
    "^": "`**` for a power",
    "[": "`at(x, k)` for the value of month k",
    "]": "`at(x, k)` for the value of month k",
    "&": "`and`",
    "|": "`or`",
    "!": "`not`, or `!=` to compare",
    "~": "`not`",
    "@": "`*` for a product",
    ";": "`;` joins changes on the command line only",
    "#": "remarks belong behind the value in the file, or in `why:`",
    "$": "`100 USD`: the unit stands behind the number",
    "€": "`100 EUR`: the unit stands behind the number",
    "£": "`100 GBP`: the unit stands behind the number",
    "×": "`*` for a product",
    "·": "`*` for a product",
    "÷": "`/` for a quotient",
    "±": "`80 to 120` for 100 with 20 to either side",
    "…": "`low to high` for a range",
    "−": "`-`, the minus of the keyboard",
    "–": "`-`, the minus of the keyboard",
    "≤": "`<=`",
    "≥": "`>=`",
    "≠": "`!=`",
    "\u00a0": "an ordinary space instead of a non-breaking one",
}


class ExpressionError(PaybackError):
    """A formula or distribution that cannot be read or does not make sense.

    Parameters
    ----------
    given : str
        The text that was found.
    allowed : str
        The text that is allowed there.
    near : str
        The nearest match.
    at : int
        Offset in the text of the expression, from 0.
    """

    exit_code = 2

    def __init__(self, given: str, allowed: str = "", near: str = "", at: int = 0) -> None:
        self.given, self.allowed, self.near, self.at = given, allowed, near, at
        super().__init__(str(self.problem()))

    def problem(self, source: Source | None = None) -> Problem:
        """Return the problem, placed in `source` or in a text of one line."""
        if source is None:
            source = Source()
        return Problem(self.given, self.allowed, source.path, self.near, source.place(self.at))


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text; `kind` is "number", "percent", "unit", "name", "text", "operator" or "end"."""

    kind: str
    text: str
    at: int
    value: float = 0.0


def tokenize(text: str) -> list[Token]:
    """Split `text`; the last token is of kind "end".

    Raises
    ------
    ExpressionError
        A sign that the language does not have, or text that is too long.
    """
    if len(text) > LONGEST:
        raise ExpressionError(
            f"a formula of {len(text)} characters", f"at most {LONGEST:_}; name its parts in `calculations`"
        )
    tokens: list[Token] = []
    at = _skip(text, 0)
    while at < len(text):
        token = _unit(text, at, tokens) or _number(text, at) or _name(text, at) or _text(text, at)
        token = token or _operator(text, at)
        tokens.append(token)
        at = _skip(text, at + len(token.text) + (2 if token.kind == "text" else 0))
    return [*tokens, Token("end", "", len(text))]


def cut(text: str) -> str:
    """Return `text`, shortened where it would flood a message."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _skip(text: str, at: int) -> int:
    blanks = _BLANK.match(text, at)
    return blanks.end() if blanks else at


def _number(text: str, at: int) -> Token | None:
    match = _NUMBER.match(text, at)
    if not match:
        return None
    digits = match.group()
    word = _WORD.match(text, match.end())
    if word:
        glued = cut(digits + word.group())
        if word.group() in ("k", "K", "M", "m", "mn", "bn", "B", "G", "T"):
            raise ExpressionError(f"`{glued}` has a suffix", "all digits: 100_000, or 1e5", at=at)
        raise ExpressionError(
            f"`{glued}`", f"`{cut(digits)} * {cut(word.group())}` for a product, a blank before a unit", at=at
        )
    if digits[0] == "0" and digits[1:2].isdigit():
        raise ExpressionError(
            f"`{cut(digits)}` begins with 0", "no leading zeros, and no commas inside a number: 1_000", at=at
        )
    try:
        value = float(digits)
    except ValueError:
        raise ExpressionError(f"`{cut(digits)}` is not a number", "`_` between digits only: 100_000", at=at) from None
    if not computable(value):
        size = "large" if value > 1 else "small"
        raise ExpressionError(f"`{cut(digits)}` is too {size}", SIZES, at=at)
    return Token("number", digits, at, value)


def _unit(text: str, at: int, before: list[Token]) -> Token | None:
    if not before or not (before[-1].kind == "number" or before[-1].text == ")"):
        return None
    match = _UNIT.match(text, at)
    if not match or match.group().split("/")[0] in KEYWORDS:
        return None
    unit = match.group()
    after = text[_skip(text, match.end()) :][:1]
    if unit[0] != "%" and ((after == "(" and not _SHARE.match(text, _skip(text, match.end()))) or text[at - 1] == ")"):
        raise ExpressionError(f"`{cut(unit)}` follows without an operator", f"`* {cut(unit)}` for a product", at=at)
    return Token("percent" if unit == "%" else "unit", unit, at)


def _name(text: str, at: int) -> Token | None:
    match = _NAME.match(text, at)
    if not match:
        return None
    name = match.group()
    if text[match.end() : match.end() + 1] in ("'", '"') and name.lower() in ("f", "r", "b", "u", "rb", "br"):
        raise ExpressionError(f"`{name}{text[match.end()]}`", "formulas hold no text", at=at)
    return Token("operator" if name in KEYWORDS else "name", name, at)


def _text(text: str, at: int) -> Token | None:
    if text[at] not in "'\"":
        return None
    end = text.find(text[at], at + 1)
    if end < 0:
        raise ExpressionError("a quote that is never closed", "text stands between two quotes", at=at)
    return Token("text", text[at + 1 : end], at)


def _operator(text: str, at: int) -> Token:
    match = _OPERATOR.match(text, at)
    if spread := _PLUS_MINUS.match(text, at):
        allowed = f"{_INSTEAD['±']}; a blank between the signs where they are two"
        raise ExpressionError(f"`{spread.group()}`", allowed, at=at)
    if match:
        if match.group() == ":" and text[at + 1 : at + 2] == "=":
            raise ExpressionError("`:=`", "a formula gives nothing a name: add a calculation", at=at)
        return Token("operator", match.group(), at)
    sign = text[at]
    if sign == ".":
        raise ExpressionError("`.` behind a name or a value", "names and values have no attributes", at=at)
    if sign in _INSTEAD:
        raise ExpressionError(f"`{sign}`", _INSTEAD[sign], at=at)
    given = f"`{sign}`"
    if not sign.isascii():
        import unicodedata

        given += f" ({unicodedata.name(sign, 'no Unicode name')})"
    raise ExpressionError(given, "letters a-z A-Z, digits, _ and the signs + - * / ** < <= > >= == != ( ) ,", at=at)
