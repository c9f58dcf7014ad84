"""Reading nodes: what was found is returned, what is wrong is collected."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from payback.simulator.case.declarations.schema import Key
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.case.source.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from payback.simulator.errors import Location, Problem

_BOOLEAN = re.compile(r"(?i:true|false|yes|no|on|off)")
_NOT_FINITE = re.compile(r"[-+]?\.?(?i:inf|nan|infinity)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")
_OCTAL = re.compile(r"[-+]?[0-7]{1,20}")
_CLOCK = re.compile(r"[-+]?\d+(:[0-5]?\d)+(\.\d*)?")
_THOUSANDS = re.compile(r"([-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?)(\s.*)?", re.DOTALL)
_SHOWN = 60


def near(word: str, known: Iterable[str]) -> str:
    """Return the known word nearest to `word`, or an empty text."""
    words = list(known)
    lower = {name.lower(): name for name in reversed(words)}
    found = difflib.get_close_matches(word.lower()[:200], lower, 1)
    return lower[found[0]] if found else ""


def shown(text: str) -> str:
    """Return `text` in backquotes, cut when it is long."""
    return f"`{text}`" if len(text) <= _SHOWN else f"`{text[:_SHOWN]}...`"


def kind(node: Node) -> str:
    """Return what `node` is, in words."""
    if isinstance(node, ScalarNode):
        return "nothing" if node.null else shown(node.text)
    return "a list" if isinstance(node, SequenceNode) else "a mapping"


def number_trap(text: str) -> tuple[str, str] | None:
    """Return what is wrong with `text`, which looks like a number to some reader, and what to write.

    YAML 1.1 reads ``no`` as false, ``012`` as 10 and ``12:30`` as 750; YAML 1.2 reads text.
    """
    text = text.strip()
    if _BOOLEAN.fullmatch(text):
        return f"`{text}` is not a number", "1 for yes, 0 for no"
    if _NOT_FINITE.fullmatch(text):
        return f"`{text}` is not finite", "a finite number"
    if _LEADING_ZERO.fullmatch(text):
        octal = text.replace("_", "")
        read = f", {int(octal, 8)} to those that take it for octal" if _OCTAL.fullmatch(octal) else ""
        return f"`{text}` is {octal.lstrip('+-0') or '0'} to some readers{read}", "the number without the leading 0"
    if _CLOCK.fullmatch(text):
        minutes = text.split(":")
        read = f"; some YAML readers take it for {60 * int(minutes[0]) + int(minutes[1])}" if len(minutes) == 2 else ""
        return f"`{text}` is text, not a number{read}", "hours as a decimal number: 12.5 hour"
    if found := _THOUSANDS.fullmatch(text):
        return f"`{found[1]}` has a comma", f"{found[1].replace(',', '')} or {found[1].replace(',', '_')}"
    return None


@dataclass
class Reader:
    """Collects problems and the names that could not be read, over one case."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def add(self, at: Node | Location, path: str, given: str, allowed: str = "", near: str = "") -> None:
        """Collect a problem; a node whose problem is told already adds none."""
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
        names = [key.name for key in keys if not key.waits]
        waits = {key.name: key.waits for key in keys if key.waits}
        entries = self.entries(node, path, f"keys {', '.join(names[:9])}{', ...' if len(names) > 9 else ''}")
        found: dict[str, Node] = {}
        meant: set[str] = set()
        for key, value in entries:
            place = f"{path}.{key.text}" if path else key.text
            if key.text in waits:
                self.add(key, place, f"not yet in this version: {waits[key.text]}")
            elif key.text in names:
                found[key.text] = value
            else:
                meant.add(near(key.text, names))
                self.add(
                    key, place, f"unknown key {shown(key.text)}", f"one of {', '.join(names)}", near(key.text, names)
                )
        for known in keys if isinstance(node, MappingNode) else ():
            if known.required and known.name not in meant.union(found) and not any(key.broken for key, _ in entries):
                self.add(node, path, f"the key `{known.name}` is missing", f"`{known.name}:` {known.text}")
        return found

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
        self.add(node, path, f"{shown(text)} is given", f"one of {', '.join(choices)}", near(text, choices))
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
