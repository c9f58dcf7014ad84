"""How many distributions a line may hold, and how deep: what bounds the time that one line takes to check."""

from __future__ import annotations

from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression, Range, children
from payback.simulator.case.language.distribution_words import DISTRIBUTION_WORDS, draws

MOST_DISTRIBUTIONS = 20
"""Most distributions in one line."""

DEEPEST = 5
"""Most distributions within one another."""

POOLED = ("mixture", "lowest_of", "highest_of")
"""Words whose parts of the same word count as their own: a mixture of mixtures is a mixture."""

_FREE = ("shifted", "scaled")


def require_bounded(tree: Expression) -> None:
    """Raise ExpressionError if a line holds too many distributions, or too deep ones.

    Quantiles of what is made of other distributions are searched for, through those that they are made of.
    """
    number = 0
    stack: list[tuple[Expression, int, str]] = [(tree, 0, "")]
    while stack:
        node, depth, within = stack.pop()
        word = ""
        if isinstance(node, Range) or (isinstance(node, Call) and draws(node.function)):
            word = node.function if isinstance(node, Call) else ""
            number += not _holds(word)
            depth += _holds(word) and word not in _FREE and not (word == within and word in POOLED)
        if depth > DEEPEST:
            given = f"distributions within one another, {depth} deep"
            raise ExpressionError(given, f"at most {DEEPEST}: an input of its own for a part", at=node.at)
        if number > MOST_DISTRIBUTIONS:
            advice = f"at most {MOST_DISTRIBUTIONS}: `empirical` or `quantiles` for what many of them add up to"
            raise ExpressionError(f"a line of more than {MOST_DISTRIBUTIONS} distributions", advice, at=node.at)
        stack.extend((child, depth, word) for child in children(node))


def _holds(word: str) -> bool:
    """Return whether a word holds other distributions."""
    row = DISTRIBUTION_WORDS.get(word)
    return row is not None and row.shape in ("wrapper", "mixture", "several", "compound")
