"""The tree of an expression: eight kinds of node, all values.

The parser makes trees as written, with units. The checker turns them into *plain* trees, which
hold only floats: every conversion factor is a multiplication in the tree, and no `Quantity`,
`Text` or `Range` is left. The engine reads plain trees only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

USUAL = 0.9
"""The share of a range that says none."""


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; percent is already applied (``80 %`` is 0.8)."""

    value: float
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted string, allowed as a file or column name in a distribution line only."""

    value: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A name: an input, a calculation, ``t``, or a measure."""

    id: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An expression followed by a unit: ``2 USD/hour``, ``pert(1, 2, 3) USD``."""

    value: Expression
    unit: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """``low to high``, ``low to high (80 %)``: a range of the middle 90 % or another share, in a distribution line."""

    low: Expression
    high: Expression
    at: int = field(default=0, compare=False)
    share: float = USUAL


@dataclass(frozen=True, slots=True)
class Unary:
    """``-x`` or ``not x``."""

    operator: str
    operand: Expression
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """``+ - * / **``, a comparison, ``and`` or ``or``."""

    operator: str
    left: Expression
    right: Expression
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the closed table; `keywords` holds ``name=value`` pairs in order."""

    function: str
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...] = ()
    at: int = field(default=0, compare=False)


Expression: TypeAlias = Number | Text | Name | Quantity | Range | Unary | Binary | Call


def children(node: Expression) -> tuple[Expression, ...]:
    """Return the direct parts of `node`, in reading order."""
    match node:
        case Name() | Number() | Text():
            return ()
        case Quantity(value=value):
            return (value,)
        case Range(low=low, high=high):
            return (low, high)
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Call(arguments=arguments, keywords=keywords):
            return (*arguments, *(value for _, value in keywords))


def walk(node: Expression) -> Iterator[Expression]:
    """Yield `node` and everything under it, parents first."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def names(node: Expression) -> set[str]:
    """Return every name that `node` reads."""
    return {child.id for child in walk(node) if isinstance(child, Name)}


def substitute(
    tree: Expression, trees: Mapping[str, Expression], states: Mapping[str, Expression] | None = None
) -> Expression:
    """Return `tree` with names replaced by `trees`, but the name inside ``previous`` by `states`."""
    if isinstance(tree, Name):
        return trees.get(tree.id, tree)
    new = rebuilt(tree, lambda child: substitute(child, trees, states))
    match tree, new:
        case Call(function="previous", arguments=(Name() as state, *_)), Call():
            return replace(new, arguments=((states or {}).get(state.id, state), *new.arguments[1:]))
    return new


def exchanged(tree: Expression, old: Expression, new: Expression) -> Expression:
    """Return `tree` with every part that equals `old` replaced by `new`."""
    return new if tree == old else rebuilt(tree, lambda child: exchanged(child, old, new))


def rebuilt(tree: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return `tree` with ``change(child)`` in place of each of its direct children."""
    match tree:
        case Quantity(value=value):
            return replace(tree, value=change(value))
        case Range(low=low, high=high):
            return replace(tree, low=change(low), high=change(high))
        case Unary(operand=operand):
            return replace(tree, operand=change(operand))
        case Binary(left=left, right=right):
            return replace(tree, left=change(left), right=change(right))
        case Call(arguments=arguments, keywords=keywords):
            named = tuple((name, change(child)) for name, child in keywords)
            return replace(tree, arguments=tuple(map(change, arguments)), keywords=named)
    return tree
