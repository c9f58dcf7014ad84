"""A reader of YAML nodes, which returns their values and collects problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from payback.simulator.case.declarations.schema import Key
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.case.source.range_text import range_trap
from payback.simulator.case.source.spelling import nearest, number_trap, quoted
from payback.simulator.case.source.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from payback.simulator.errors import Location, Problem

_UNCERTAIN = ("inputs.", "what_if.", "options.")
"""Where the paths of values begin that may be ranges."""


def kind(node: Node) -> str:
    """Return the kind of `node` in words, for messages."""
    if isinstance(node, ScalarNode):
        return "nothing" if node.null else quoted(node.text)
    return "a list" if isinstance(node, SequenceNode) else "a mapping"


@dataclass
class Reader:
    """Collects problems and the names that could not be read, over one case."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def add(self, at: Node | Location, path: str, given: str, allowed: str = "", near: str = "") -> None:
        """Collect a problem; a node whose problem was reported before adds none."""
        if isinstance(at, ScalarNode) and at.broken:
            return
        self.problems.append(Problem(given, allowed, path, near, at if isinstance(at, Location) else at.at))

    def entries(self, node: Node, path: str, holds: str) -> tuple[tuple[ScalarNode, Node], ...]:
        """Return the entries of a mapping; anything else is a problem that says what it `holds`."""
        if isinstance(node, MappingNode):
            return node.entries
        self.add(node, path, f"{kind(node)} is given", f"a mapping: {holds}")
        return ()

    def items(self, node: Node, path: str, holds: str) -> tuple[Node, ...]:
        """Return the items of a list; anything else is a problem that says what it `holds`."""
        if isinstance(node, SequenceNode):
            return node.items
        self.add(node, path, f"{kind(node)} is given", f"a list: {holds}")
        return ()

    def fields(self, node: Node, path: str, keys: Sequence[Key]) -> dict[str, Node]:
        """Return the values of a mapping whose keys are fixed, by key."""
        names = [key.name for key in keys]
        entries = self.entries(node, path, f"keys {', '.join(names[:9])}{', ...' if len(names) > 9 else ''}")
        values: dict[str, Node] = {}
        meant: set[str] = set()
        for key, value in entries:
            key_path = f"{path}.{key.text}" if path else key.text
            if key.text in names:
                values[key.text] = value
            else:
                meant.add(nearest(key.text, names))
                self.add(
                    key,
                    key_path,
                    f"unknown key {quoted(key.text)}",
                    f"one of {', '.join(names)}",
                    nearest(key.text, names),
                )
        for known in keys if isinstance(node, MappingNode) else ():
            if known.required and known.name not in meant.union(values) and not any(key.broken for key, _ in entries):
                self.add(node, path, f"the key `{known.name}` is missing", f"`{known.name}:` {known.text}")
        return values

    def text(self, node: Node | None, path: str) -> str:
        """Return the text of an optional scalar."""
        if node is None:
            return ""
        if isinstance(node, ScalarNode) and not node.null:
            return node.text
        self.add(node, path, f"{kind(node)} is given", "text")
        return ""

    def choice(self, node: Node | None, path: str, choices: Sequence[str]) -> str:
        """Return an optional text that is one of `choices`."""
        text = self.text(node, path)
        if node is None or not text or text in choices:
            return text
        self.add(node, path, f"{quoted(text)} is given", f"one of {', '.join(choices)}", nearest(text, choices))
        return ""

    def expression(self, node: Node, path: str, holds: str = "a number or a formula") -> Expression | None:
        """Return the tree of an expression, None when it has a problem."""
        if not isinstance(node, ScalarNode):
            self.add(node, path, f"{kind(node)} is given", holds)
            return None
        if node.null or not node.text.strip():
            self.add(node, path, "the value is missing", holds)
            return None
        trap = number_trap(node.text)
        if trap is None and (trap := range_trap(node.text)) and not path.startswith(_UNCERTAIN):
            trap = trap[0], f"an input of its own, and its name here: {trap[1]}"
        if trap:
            self.add(node, path, *trap)
            return None
        return self.parsed(node, path)

    def parsed(self, node: ScalarNode, path: str) -> Expression | None:
        """Return the tree of the text of `node`, None when it is not an expression."""
        try:
            return parse(node.text)
        except ExpressionError as error:
            self.problems.append(error.problem(node.source(path)))
            return None
