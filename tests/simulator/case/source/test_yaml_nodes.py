"""YAML text to a tree with places."""

from __future__ import annotations

import pytest

from payback.simulator.case.source.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, compose
from payback.simulator.errors import CaseError


def tree(text: str) -> Node:
    node, problems = compose(text, "f.yaml")
    assert not problems, problems
    assert node is not None
    return node


def value(node: Node, *keys: str | int) -> Node:
    for key in keys:
        if isinstance(node, MappingNode):
            node = {k.text: v for k, v in node.entries}[str(key)]
        else:
            assert isinstance(node, SequenceNode)
            node = node.items[int(key)]
    return node


def problems(text: str) -> list[str]:
    try:
        return [str(problem) for problem in compose(text, "f.yaml")[1]]
    except CaseError as error:
        return [str(problem) for problem in error.problems]


def plain(node: Node) -> object:
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {key.text: plain(item) for key, item in node.entries}


def test_every_scalar_stays_text() -> None:
    text = "a: no\nb: 012\nc: 12:30\nd: 1e3\ne: true\nf: 2024-02-30\n"
    assert plain(tree(text)) == {
        "a": "no",
        "b": "012",
        "c": "12:30",
        "d": "1e3",
        "e": "true",
        "f": "2024-02-30",
    }


@pytest.mark.parametrize("text", ["", "\n", "# remark\n", "---\n", "~", "null"])
def test_nothing_is_no_tree(text: str) -> None:
    assert compose(text, "f.yaml") == (None, [])


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_null_is_nothing_but_its_quoted_word_is_text(written: str) -> None:
    node = value(tree(f"a: {written}\nb: 'null'\n"), "a")
    assert isinstance(node, ScalarNode)
    assert node.null
    quoted = value(tree("b: 'null'\n"), "b")
    assert isinstance(quoted, ScalarNode)
    assert not quoted.null


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("a: x + yy\n", "yy"),
        ("a: 'x + yy'\n", "yy"),
        ('a: "x + yy"\n', "yy"),
        ("a: &here x + yy\n", "yy"),
        ("a: &here 'x + yy'\n", "yy"),
        ("a:\n  x +\n     yy\n", "yy"),
        ("a: >-\n  x +\n  yy\n", "yy"),
        ("a: |\n  x +\n  yy\n", "yy"),
        ("a: 'it''s + yy'\n", "yy"),
        ('a: "\\u0041 + yy"\n', "yy"),
        ("a: {b: x, a: 'x + yy'}\n", "yy"),
        ("\r\na: x +\r\n  yy\r\n", "yy"),
    ],
)
def test_every_character_of_a_value_knows_its_place(text: str, characters: str) -> None:
    node = value(tree(text), "a")
    if isinstance(node, MappingNode):
        node = value(node, "a")
    assert isinstance(node, ScalarNode)
    location = node.source("a").place(node.text.index(characters))
    line = text.replace("\r", "").split("\n")[location.line - 1]
    assert line[location.column - 1 :].startswith(characters)


def test_an_alias_repeats_its_value() -> None:
    assert plain(tree("a: &x [1, 2]\nb: *x\n")) == {"a": ["1", "2"], "b": ["1", "2"]}


def test_json_escapes_outside_the_basic_plane_are_joined() -> None:
    assert plain(tree('{"a": "\\ud83d\\ude00", "b": "1\\/2"}')) == {"a": "\U0001f600", "b": "1/2"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: x: y\n", 'f.yaml:1:5: `: ` inside a value that is not quoted: `x: y` -> quote it: "x: y"'),
        ("a: {b: x: y}\n", 'f.yaml:1:9: a: `: ` inside a value that is not quoted: `x: y` -> quote it: "x: y"'),
        ('a: "x" USD\n', 'f.yaml:1:8: text after a closing quote: `a: "x" USD` -> quote the whole value'),
        (
            "{x: lognormal(median=100, sigma=1)}",
            'splits it into several values inside braces or brackets -> quote it: "lognormal(median=100, sigma=1)"',
        ),
        ("a: [pert(1, 2, 3) USD, 4]", "f.yaml:1:5: a[0]: the comma of `pert(1, 2, 3) USD` splits it"),
        ("a:\n\tb: 1\n", "f.yaml:2:1: a: a tab indents this line"),
        ('a: 1\nb: "x\nc: 2\n', "f.yaml:2:4: b: the quote that opens here is never closed"),
        ("a: 1\nb: [1, 2\nc: 3\n", "f.yaml:2:4: b: the `[` that opens here is not closed"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document starts here -> one document in a file"),
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: a: `a` is given twice, in line 1 and in line 3 -> each key once"),
        ("a: {<<: {b: 1}}\n", "f.yaml:1:5: a.<<: merge keys are not supported"),
        ("a: &x [*x]\n", "f.yaml:1:8: a[0]: `*x` stands inside the value that it repeats: a cycle"),
        ("a: *volume\n", "f.yaml:1:4: a: `*volume` refers to nothing"),
        ("a: !!python/object:os.system x\n", "python/object:os.system`: tags are not allowed"),
        ("a: !include b.yaml\n", "f.yaml:1:4: a: `!include`: a case cannot include another file"),
        ('a: "\\ud800"\n', "f.yaml:1:4: a: an escape that is half of a character"),
        ('a: "\\U00110000"\n', "f.yaml:1:1: a: not readable as YAML"),
        ("a: - x\n", "f.yaml:1:4: a: `- ` begins a list here"),
        ("a: @x\n", "f.yaml:1:4: a: `@` cannot begin a value -> quote the text"),
        ("? [a]\n: b\n", "a key that is not text"),
        ("{a: 1} b", "f.yaml:1:8: `b` follows the end of the case"),
        ("a" * 900 + ": 1\n", "f.yaml:1:1: a key of 900 characters -> at most 200"),
    ],
)
def test_what_is_not_allowed_is_told_with_its_place(text: str, message: str) -> None:
    answers = problems(text)
    assert len(answers) == 1
    assert message in answers[0]


def test_a_mistake_in_one_value_leaves_the_others() -> None:
    node, mistakes = compose("a: *nothing\nb: !tag 3\nc: 4\nc: 5\n", "f.yaml")
    assert len(mistakes) == 3
    assert node is not None
    assert plain(node) == {"a": "", "b": "", "c": "4"}


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(['*' + old] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "more than 100,000 values once every alias is written out"),
        ("[" * 3_000, "nested deeper than 50 levels"),
        ("{a: " * 3_000, "nested deeper than 50 levels"),
        ("".join(" " * i + "a:\n" for i in range(300)), "nested deeper than 50 levels"),
        ("- " * 3_000 + "x", "nested deeper than 50 levels"),
        ("- x\n" * 40_000, "more than 20,000 values"),
        ("{" + "x," * 20_000 + "}", "more than 20,000 values"),
        (":" * 900_000, "`: ` inside a value that is not quoted"),
    ],
)
def test_bombs_are_answered(text: str, message: str) -> None:
    answers = problems(text)
    assert message in answers[0]
    assert len(answers[0]) < 400
