"""Trees that are literals."""

from __future__ import annotations

from payback.simulator.case.expressions.tree import Call, Expression, Name, Number, Quantity, Range, Unary, walk


def constant(expression: Expression) -> tuple[float, str] | None:
    """Return (value, unit) of a literal, None when `expression` is no literal."""
    match expression:
        case Number(value=value):
            return value, ""
        case Quantity(value=inner, unit=unit):
            found = constant(inner)
            if not found or found[1]:
                return None
            return (found[0] / 100, f"1{unit[1:]}") if unit.startswith("%") else (found[0], unit)
        case Unary(operator="-", operand=inner):
            found = constant(inner)
            return (-found[0], found[1]) if found else None
    return None


def is_certain(expression: Expression) -> bool:
    """Return whether the distribution line `expression` holds a certain value."""
    return not any(isinstance(part, Call | Range | Name) for part in walk(expression))
