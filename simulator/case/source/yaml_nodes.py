"""YAML 1.2 as a tree of nodes that know their line and column.

Only what a case needs: mappings, sequences, scalars, aliases. No tag, no merge key, no second
document. Every scalar stays text: its reader decides what it means, so ``no``, ``012`` and ``12:30``
are text, as YAML 1.2 says [1]_. Limits are checked on the parser's events, before anything is built.

References
----------
.. [1] YAML Ain't Markup Language, version 1.2.2, section 10.3, https://yaml.org/spec/1.2.2/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from payback.simulator.case.source.source_text import Source
from payback.simulator.case.source.yaml_errors import clipped, split_calls, syntax_problem
from payback.simulator.case.source.yaml_offsets import folds, joined
from payback.simulator.errors import CaseError, Location, Problem

DEPTH = 50
WRITTEN = 20_000
NODES = 100_000
KEY_LENGTH = 200

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A scalar: text, whatever it looks like.

    Parameters
    ----------
    text : str
    plain : bool
        Whether it was not quoted.
    at : Location
    folds : tuple of (offset, line, column)
        As in `Source`.
    broken : bool
        Whether its problem was reported before.
    """

    text: str
    plain: bool
    at: Location
    folds: tuple[tuple[int, int, int], ...] = ()
    broken: bool = False

    @property
    def null(self) -> bool:
        """Whether nothing was written (or ``null``, or ``~``)."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")

    def source(self, path: str) -> Source:
        """Return the provenance of this text under the key path `path`."""
        return Source(path, self.at, self.text, self.folds)


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    items: tuple[Node, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys and values in the order of the file; no key twice."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    at: Location


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


def compose(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the tree of `text` (None when it is empty) and the problems that leave a tree.

    Raises
    ------
    CaseError
        When the text is not YAML, or passes a limit; it carries the problems found before, too.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    composer = _Composer(text, file, iter(YAML(typ="safe", pure=True).parse(text)))
    try:
        return composer.document(), composer.problems
    except MarkedYAMLError as error:
        problem = syntax_problem(error, composer.last, text, file, composer.path)
    except (YAMLError, ValueError, OverflowError):  # ruamel lets chr() fail on an escape beyond Unicode
        problem = Problem("not readable as YAML after this place", at=composer.here, path=composer.path)
    raise CaseError([*composer.problems, problem])


@dataclass
class _Composer:
    """Turns events into nodes; `stack` holds the key path of the node being built."""

    text: str
    file: str
    events: Iterator[Any]
    problems: list[Problem] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int] | None] = field(default_factory=dict)
    count: int = 0
    written: int = 0
    last: Any = None

    @property
    def path(self) -> str:
        parts = self.stack if len(self.stack) <= _SHOWN else [*self.stack[:_SHOWN], "..."]
        return "".join(parts).removeprefix(".")

    @property
    def here(self) -> Location:
        return self._at(self.last.start_mark) if self.last else Location(self.file)

    def document(self) -> Node | None:
        self._next()  # StreamStart
        if not self._is(self._next(), "DocumentStart"):
            return None
        root = self._node(self._next(), 0)
        self._next()  # DocumentEnd
        if self._is(self._next(), "DocumentStart"):
            self._fail("a second document starts here", "one document in a file; remove this `---`")
        return None if isinstance(root, ScalarNode) and root.null else root

    def _next(self) -> Any:
        event = next(self.events)
        self.last = event
        return event

    def _is(self, event: Any, kind: str) -> bool:
        return type(event).__name__ == f"{kind}Event"

    def _at(self, mark: Any) -> Location:
        return Location(self.file, mark.line + 1, mark.column + 1)

    def _add(self, given: str, allowed: str) -> None:
        self.problems.append(Problem(given, allowed, self.path, at=self.here))

    def _fail(self, given: str, allowed: str) -> None:
        self._add(given, allowed)
        raise CaseError(self.problems)

    def _grow(self, nodes: int, written: int = 0) -> None:
        self.count += nodes
        self.written += written
        if self.written > WRITTEN:
            self._fail(f"more than {WRITTEN:,} values", "a smaller file")
        if self.count > NODES:
            self._fail(f"more than {NODES:,} values once every alias is written out", "a smaller file")

    def _node(self, event: Any, depth: int) -> Node:
        if depth > DEPTH:
            self._fail(f"nested deeper than {DEPTH} levels", f"at most {DEPTH} levels")
        if self._is(event, "Alias"):
            return self._alias(event)
        before = self.count
        self._grow(1, written=1)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        if event.tag is not None:
            including = str(event.tag) == "!include"
            self._add(
                f"`{event.tag}`: " + ("a case cannot include another file" if including else "tags are not allowed"),
                "write the value itself; quote a text that begins with `!`",
            )
        if self._is(event, "Scalar"):
            node: Node = self._scalar(event)
        elif self._is(event, "SequenceStart"):
            node = self._sequence(event, depth)
        else:
            node = self._mapping(event, depth)
        if event.tag is not None:
            node = ScalarNode("", True, node.at, broken=True)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.count - before)
        return node

    def _alias(self, event: Any) -> Node:
        anchored = self.anchors.get(event.anchor, ...)
        if anchored is ...:
            self._add(f"`*{event.anchor}` refers to nothing: no value is marked `&{event.anchor}`", "quote it as text")
        elif anchored is None:
            self._add(f"`*{event.anchor}` stands inside the value that it repeats: a cycle", "write the value out")
        else:
            self._grow(anchored[1])
            return anchored[0]
        return ScalarNode("", True, self._at(event.start_mark), broken=True)

    def _sequence(self, event: Any, depth: int) -> SequenceNode:
        items: list[Node] = []
        while not self._is(item := self._next(), "SequenceEnd"):
            self.stack.append(f"[{len(items)}]")
            items.append(self._node(item, depth + 1))
            self.stack.pop()
        if event.flow_style:
            texts = [_plain(item) for item in items]
            for first, last, whole in reversed(split_calls(texts, texts)):
                items[first : last + 1] = [self._split(whole, items[first], f"[{first}]")]
        return SequenceNode(tuple(items), self._at(event.start_mark))

    def _mapping(self, event: Any, depth: int) -> MappingNode:
        pairs: list[tuple[ScalarNode, Node]] = []
        while not self._is(start := self._next(), "MappingEnd"):
            key = self._node(start, depth + 1)
            if not isinstance(key, ScalarNode):
                self._fail("a key that is not text", "a name, then `: `")
                break
            key = self._short(key)
            self.stack.append(f".{key.text}")
            value = self._node(self._next(), depth + 1)
            self.stack.pop()
            if isinstance(value, ScalarNode) and value.plain and not value.text:
                value = replace(value, at=key.at)
            pairs.append((key, value))
        if event.flow_style:
            heads = [_plain(value) for _, value in pairs]
            tails = [key.text if isinstance(value, ScalarNode) and value.null else None for key, value in pairs]
            for first, last, whole in reversed(split_calls(heads, tails)):
                key, value = pairs[first]
                pairs[first : last + 1] = [(key, self._split(whole, value, f".{key.text}"))]
        return MappingNode(self._unique(pairs), self._at(event.start_mark))

    def _short(self, key: ScalarNode) -> ScalarNode:
        if len(key.text) <= KEY_LENGTH:
            return key
        self._add(f"a key of {len(key.text):,} characters", f"at most {KEY_LENGTH}")
        return replace(key, text=f"{key.text[:20]}...", broken=True)

    def _split(self, whole: str, node: Node, key: str) -> ScalarNode:
        whole = clipped(whole)
        given = f"the comma of `{whole}` splits it into several values inside braces or brackets"
        path = (self.path + key).removeprefix(".")
        self.problems.append(Problem(given, f'quote it: "{whole}"', path, at=node.at))
        return ScalarNode("", True, node.at, broken=True)

    def _unique(self, pairs: list[tuple[ScalarNode, Node]]) -> tuple[tuple[ScalarNode, Node], ...]:
        """Return `pairs` without merge keys and repeated keys, each of which is a problem."""
        entries: dict[str, tuple[ScalarNode, Node]] = {}
        for key, value in pairs:
            path = f"{self.path}.{key.text}".removeprefix(".")
            if key.plain and key.text == "<<":
                self.problems.append(Problem("merge keys are not supported", "write the keys out", path, at=key.at))
            elif key.text in entries:
                lines = f"in line {entries[key.text][0].at.line} and in line {key.at.line}"
                self.problems.append(Problem(f"`{key.text}` is given twice, {lines}", "each key once", path, at=key.at))
            else:
                entries[key.text] = (key, value)
        return tuple(entries.values())

    def _scalar(self, event: Any) -> ScalarNode:
        plain = bool(event.implicit[0])
        at = self._at(event.start_mark)
        value = joined(event.value)
        if value is None:
            self._add("an escape that is half of a character (a lone surrogate)", "the character itself")
            return ScalarNode("", plain, at, broken=True)
        raw = self.text[event.start_mark.index : event.end_mark.index]
        if raw == value:
            return ScalarNode(value, plain, at)
        if raw[1:-1] == value and raw[:1] in ("'", '"'):
            return ScalarNode(value, plain, Location(self.file, at.line, at.column + 1))
        first, *others = folds(value, raw, at) or ((0, at.line, at.column),)
        return ScalarNode(value, plain, Location(self.file, first[1], first[2] - first[0]), tuple(others))


def _plain(node: Node) -> str | None:
    return node.text if isinstance(node, ScalarNode) and node.plain else None
