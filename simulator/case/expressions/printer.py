"""The printer: from a tree to its text, which parses to the same tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from payback.simulator.case.expressions.parser import COMPARISONS, PAIRED, STRENGTH, WEIGHED
from payback.simulator.case.expressions.tree import (
    USUAL,
    Binary,
    Call,
    Expression,
    Name,
    Number,
    Quantity,
    Range,
    Text,
    Unary,
)

_NOT, _SIGN, _ATOM = 3, 8, 10


def to_text(tree: Expression) -> str:
    """Return `tree` as it is written in a case.

    Examples
    --------
    >>> from payback.simulator.case.expressions.parser import parse
    >>> to_text(parse("-(a+b)*100_000 USD"))
    '-(a + b) * 100_000 USD'
    """
    return _PRINTERS[type(tree)](tree)[0]


def negated(tree: Expression) -> str:
    """Return the text of `tree` with the other sign.

    Examples
    --------
    >>> from payback.simulator.case.expressions.parser import parse
    >>> negated(parse("fee * seats")), negated(parse("-cost")), negated(parse("fixed + fee"))
    ('-fee * seats', 'cost', '-(fixed + fee)')
    """
    return to_text(_negative(tree))


def _negative(tree: Expression) -> Expression:
    match tree:
        case Unary(operator="-", operand=operand):
            return operand
        case Binary(operator="*" | "/", left=left):
            return replace(tree, left=_negative(left))
    return Unary("-", tree)


def number_text(value: float) -> str:
    """Return `value` in the fewest digits that read back as the same float."""
    if abs(value) < 1e15 and value.is_integer():
        return f"{int(value):_}"
    return repr(float(value))


def percent_text(share: float) -> str:
    """Return `share` in percent if that reads back as the same float, else as a number."""
    percents = (f"{100 * share:.{digits}g}" for digits in (15, 16, 17))
    return next((f"{percent} %" for percent in percents if float(percent) / 100 == share), number_text(share))


def _within(tree: Expression, weakest: float) -> str:
    text, strength = _PRINTERS[type(tree)](tree)
    return text if strength >= weakest else f"({text})"


def _number(tree: Number) -> tuple[str, float]:
    return number_text(tree.value), _ATOM if tree.value >= 0 else _SIGN


def _text(tree: Text) -> tuple[str, float]:
    quote = '"' if "'" in tree.value else "'"
    return f"{quote}{tree.value}{quote}", _ATOM


def _name(tree: Name) -> tuple[str, float]:
    return tree.id, _ATOM


def _quantity(tree: Quantity) -> tuple[str, float]:
    match tree.value:
        case Number(value=value) if value >= 0:
            return f"{number_text(value)} {tree.unit}", _ATOM
        case Call() as call:
            return f"{to_text(call)} {tree.unit}", _ATOM
        case Range(low=low, high=high) if _literal(low) and _literal(high):
            return f"{to_text(tree.value)} {tree.unit}", STRENGTH["to"]
    return f"({to_text(tree.value)}) {tree.unit}", _ATOM


def _literal(tree: Expression) -> bool:
    return isinstance(tree, Number) or (isinstance(tree, Unary) and tree.operator == "-" and _literal(tree.operand))


def _range(tree: Range) -> tuple[str, float]:
    plain = isinstance(tree.high, Name) and tree.share == USUAL  # a name before a parenthesis is a call
    simple = plain or isinstance(tree.high, Call) or _literal(tree.high) or isinstance(tree.low, Quantity)
    high = _within(tree.high, STRENGTH["to"] + 1 if simple else _ATOM + 1)
    share = "" if tree.share == USUAL else f" ({percent_text(tree.share)})"
    return f"{_within(tree.low, STRENGTH['to'] + 1)} to {high}{share}", STRENGTH["to"]


def _unary(tree: Unary) -> tuple[str, float]:
    if tree.operator == "-":
        return f"-{_within(tree.operand, _SIGN)}", _SIGN
    return f"not {_within(tree.operand, _NOT)}", _NOT


def _binary(tree: Binary) -> tuple[str, float]:
    strength = STRENGTH[tree.operator]
    left, right = strength + (tree.operator in COMPARISONS), strength + 1
    if tree.operator == "**":
        left, right = _ATOM, _SIGN
    return f"{_within(tree.left, left)} {tree.operator} {_within(tree.right, right)}", strength


def _call(tree: Call) -> tuple[str, float]:
    parts = [to_text(argument) for argument in tree.arguments]
    if tree.function in PAIRED or tree.function == WEIGHED:
        pairs = ", ".join(f"{value}: {weight}" for value, weight in zip(parts[::2], parts[1::2], strict=True))
    if tree.function == WEIGHED:
        return f"{tree.function}({pairs})", _ATOM
    if tree.function in PAIRED:
        ends = "".join(f", {name}={to_text(value)}" for name, value in tree.keywords)
        return f"{tree.function}({{{pairs}}}{ends})", _ATOM
    parts += [f"{name}={to_text(value)}" for name, value in tree.keywords]
    return f"{tree.function}({', '.join(parts)})", _ATOM


_PRINTERS: dict[type, Callable[..., tuple[str, float]]] = {
    Number: _number, Text: _text, Name: _name, Quantity: _quantity, Range: _range,
    Unary: _unary, Binary: _binary, Call: _call,
}  # fmt: skip
