"""Errors of YAML syntax, in words for somebody who writes a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from payback.simulator.errors import Location, Problem

_SHOWN = 100
_CLOSING = {"[": "]", "{": "}"}

_TRANSLATIONS = (
    (
        ("sequence entries", "found '-'"),
        "`- ` begins a list here",
        'quote the text, or write the minus without a space: "-cost"',
    ),
    (("cannot start any token", "expected the node content"), "`{sign}` cannot begin a value", "quote the text"),
    (
        ("<block end>", "block mapping", "block collection"),
        "`{said}` does not line up with the lines before it",
        "keys of one mapping share a column",
    ),
    (("could not find expected ':'",), "`{said}` is no key", "`key: value`"),
    (("<document start>",), "`{rest}` follows the end of the case", "one mapping in a file"),
)
"""Words of the parser's message, what our message says instead, and what to write."""


def clipped(text: str) -> str:
    """Return `text`, cut when it is too long for a message."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def split_calls(heads: Sequence[str | None], tails: Sequence[str | None]) -> list[tuple[int, int, str]]:
    """Return the calls that a flow collection split at their commas.

    Parameters
    ----------
    heads : sequence of str or None
        Plain text that may begin a call, one for each entry.
    tails : sequence of str or None
        Plain text that may go on with one.

    Returns
    -------
    list of (first, last, whole)
        Entries `first` to `last` are parts of the one text `whole`.
    """
    calls = []
    index = 0
    while index < len(heads):
        whole, last = heads[index] or "", index
        while whole.count("(") > whole.count(")") and last + 1 < len(tails) and tails[last + 1] is not None:
            last += 1
            whole += f", {tails[last]}"
        if last > index and whole.count("(") == whole.count(")"):
            calls.append((index, last, whole))
            index = last
        index += 1
    return calls


def syntax_problem(error: Any, last: Any, text: str, file: str, path: str) -> Problem:
    """Return the problem in a case file that a YAML error stands for.

    Parameters
    ----------
    error : ruamel.yaml.error.MarkedYAMLError
        The error that the parser raised.
    last : ruamel.yaml.events.Event or None
        The last event before it.
    text, file, path : str
        The whole text, the file's name, and the key path that was being read.
    """
    mark = error.problem_mark or error.context_mark
    line = text.splitlines()[mark.line].rstrip() if mark.line < len(text.splitlines()) else ""
    said = clipped(line.strip())
    opened = error.context_mark
    problem, context = str(error.problem), str(error.context or "")

    def answer(given: str, allowed: str, position: Any = mark) -> Problem:
        return Problem(given, allowed, path, at=Location(file, position.line + 1, position.column + 1))

    quoted = last is not None and type(last).__name__ == "ScalarEvent" and not last.implicit[0]
    if "'\\t'" in problem:
        return answer("a tab indents this line", "spaces; YAML does not allow tabs for indentation")
    if "quoted scalar" in context:
        return answer("the quote that opens here is never closed", "close it with the same quote", opened)
    if quoted and last.end_mark.line == mark.line and line[last.end_mark.column : mark.column].strip() == "":
        start = last.start_mark
        across = f" (it opened in line {start.line + 1})" if start.line != mark.line else ""
        return answer(f"text after a closing quote{across}: `{said}`", "quote the whole value, or nothing of it")
    colon = problem.startswith("mapping values") or problem.endswith("got ':'")
    if colon and last is not None and last.start_mark.line == mark.line:
        whole = clipped(line[last.start_mark.column :].rstrip(",}] "))
        return answer(f"`: ` inside a value that is not quoted: `{whole}`", f'quote it: "{whole}"')
    if "flow mapping" in context or "flow sequence" in context:
        bracket = text[opened.index]
        closing = _CLOSING.get(bracket, "]")
        return answer(
            f"the `{bracket}` that opens here is not closed before line {mark.line + 1}, column {mark.column + 1}",
            f"`,` between values and `{closing}` at the end; quote a text that holds a comma, bracket or colon",
            opened,
        )
    if colon:
        return answer(f"`{said}` is indented below a value", "a key in the column of its neighbours, or quote the text")
    where = opened or mark if "could not find" in problem else mark
    words = {"said": said, "sign": line[mark.column : mark.column + 1], "rest": clipped(line[mark.column :])}
    for fragments, given, allowed in _TRANSLATIONS:
        if any(fragment in f"{problem} {context}" for fragment in fragments):
            return answer(given.format(**words), allowed, where)
    return answer(f"not YAML: {problem}", "YAML 1.2")
