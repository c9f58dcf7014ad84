"""Lumps: money that falls at the end of its month, where other money is spread over it.

What a monthly line brings spread over the month is its value with every ``pulse``, and every ``series`` that is a lump,
set to 0; the rest of its value is a lump. They are followed through calculations, but not through states and sums over
months: ``cumulative(pulse(3))`` is a step, whose money is spread, and ``lag(pulse(3) * x, 2)`` is a lump.
"""

from __future__ import annotations

from collections.abc import Mapping

from payback.simulator.case.expressions.tree import Call, Expression, Name, children
from payback.simulator.model import Formula, Model

WHOLE = ("cumulative", "previous", "total", "at", "lowest", "highest", "average", "first_month", "present")
"""Functions whose value is no lump, whatever they read."""


def is_lump(function: str, keywords: Mapping[str, Expression]) -> bool:
    """Return whether a call brings a lump."""
    if function == "series":
        return "lump" in keywords
    return function == "pulse"


def definitions(model: Model) -> set[str]:
    """Return the names of the monthly calculations that hold lumps and are no states."""
    lumpy: set[str] = set()
    for definition in model.definitions:
        if isinstance(definition, Formula) and definition.monthly and _holds(definition.expression, lumpy):
            lumpy.add(definition.name)
    return lumpy


def _holds(expression: Expression, lumpy: set[str]) -> bool:
    """Return whether a formula holds a lump; one that reads its own past does not."""
    holds = False
    stack = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, Call) and node.function in WHOLE:
            if node.function == "previous":
                return False
            continue
        holds |= isinstance(node, Name) and node.id in lumpy
        holds |= isinstance(node, Call) and is_lump(node.function, dict(node.keywords))
        stack.extend(children(node))
    return holds
