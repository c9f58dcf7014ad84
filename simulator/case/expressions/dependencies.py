"""Dependencies between definitions: the names that a formula reads, and circles of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from payback.simulator.case.expressions.tree import Call, Expression, Name, children


def reads(tree: Expression, own: str = "") -> list[Name]:
    """Return the names that `tree` reads, in reading order; ``previous(own, ...)`` does not count as reading `own`."""
    names: list[Name] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Name):
            names.append(node)
        parts = children(node)
        if isinstance(node, Call) and node.function == "previous" and parts and parts[0] == Name(own):
            parts = parts[1:]
        stack.extend(reversed(parts))
    return names


def cycle(start: str, graph: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the shortest circle of readings through `start`, empty if there is none.

    Examples
    --------
    >>> cycle("a", {"a": ["b"], "b": ["c", "a"], "c": []})
    ['a', 'b', 'a']
    """
    paths = [[start]]
    seen: set[str] = set()
    for path in paths:
        for name in graph.get(path[-1], ()):
            if name == start:
                return [*path, start]
            if name in graph and name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return []
