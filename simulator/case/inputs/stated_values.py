"""What the author of a distribution line stated about its values: that some are negative, or the ends of a range."""

from __future__ import annotations

from collections.abc import Iterator

from payback.simulator.case.expressions.folding import constant
from payback.simulator.case.expressions.printer import percent_text
from payback.simulator.case.expressions.tree import Call, Expression, Range, walk
from payback.simulator.case.language.distribution_words import DISTRIBUTION_WORDS

_PLAIN_ROLES = ("shape", "spread", "probability", "count")
"""Roles of parameters that are no values."""


def states_negative(line: Expression) -> bool:
    """Return whether a line names a negative value: an end of a range, a percentile, a mean, a bound."""
    values = (value for node in walk(line) for value in _values(node))
    return any(literal is not None and literal[0] < 0 for literal in map(constant, values))


def _values(node: Expression) -> Iterator[Expression]:
    match node:
        case Range(low=low, high=high):
            yield from (low, high)
        case Call(function=function, arguments=arguments, keywords=keywords) if function in DISTRIBUTION_WORDS:
            forms = DISTRIBUTION_WORDS[function].forms
            roles = {parameter.name: parameter.role for form in forms for parameter in form.parameters}
            order = [parameter.role for parameter in forms[0].parameters] if forms else []
            shift = len(arguments) - len(order)  # a wrapper holds its distribution besides
            for position, argument in enumerate(arguments):
                role = order[position - shift] if order and position >= shift > 0 else None
                role = order[position] if order and shift <= 0 else role
                if role not in _PLAIN_ROLES:
                    yield argument
            yield from (value for name, value in keywords if roles.get(name) not in _PLAIN_ROLES)


def bounded_share(line: Expression) -> str:
    """Return the form of a range of shares that keeps to 0 % to 100 %: a beta distribution of the same percentiles.

    Returns
    -------
    str
        In backquotes; the cut-off form where `line` is no range between 0 and 1.
    """
    if isinstance(line, Range):
        ends = constant(line.low), constant(line.high)
        if all(end is not None and 0.0 < end[0] < 1.0 for end in ends):
            tail = 50.0 * (1.0 - line.share)
            names = (f"p{tail:.6g}".replace(".", "_"), f"p{100.0 - tail:.6g}".replace(".", "_"))
            stated = (f"{name}={percent_text(end[0])}" for name, end in zip(names, ends, strict=True) if end)
            return f"`beta({', '.join(stated)})`"
    return "`truncated(..., low=0 %, high=100 %)`, or a beta distribution"
