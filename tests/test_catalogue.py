"""Catalogues of texts: how a text fits, and that every entry is looked up by a test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.catalogue import catalogue, misfit

HERE = Path(__file__).parent
READ_WHOLE = {"transcripts", "bad_cases"}
"""Folders whose files one parametrised test reads, entry by entry; so does that of the figures."""

FILES = sorted(
    path for path in HERE.rglob("*.txt") if path.parent.name not in READ_WHOLE and path.name != "figures.txt"
)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["a note"], ["a note"]),
        (["a note"], ["a note", "", "  "]),
        (["in ... of trials"], ["in 3 % of trials"]),
        (["first", "...", "last"], ["first", "last"]),
        (["first", "...", "last"], ["first", "second", "third", "last"]),
        (["(a+b)* ..."], ["(a+b)* c"]),
    ],
)
def test_a_text_fits(expected: list[str], text: list[str]) -> None:
    assert misfit(text, expected) == ""


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["a note"], []),
        (["a note"], ["a notes"]),
        (["a note"], ["a note", "another"]),
        (["in ... of trials"], ["in", "of trials"]),
        (["...", "last"], ["last", "more"]),
        ([], ["a note"]),
    ],
)
def test_a_text_does_not_fit_and_both_are_shown(expected: list[str], text: list[str]) -> None:
    shown = misfit(text, expected).splitlines()
    assert {*expected, *text} <= set(shown)


def test_entries_are_lines_at_the_margin(tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_text("# remark\n\none\n    first\n      second\n\nother\n", encoding="utf-8")
    assert catalogue(path) == {"one": ["first", "  second"], "other": []}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_every_entry_is_looked_up(path: Path) -> None:
    sources = (source.read_text(encoding="utf-8") for source in path.parent.parent.rglob("*.py"))
    constants = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(catalogue(path)) - constants == set()
    assert all(catalogue(path).values())
