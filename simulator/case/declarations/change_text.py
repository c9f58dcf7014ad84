"""Changes to a case as a reader types them: ``traffic * 0.5``, ``price = 0.01 USD/request; horizon = 24 months``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from payback.simulator.case.declarations.declarations import Change, Declarations
from payback.simulator.case.expressions.folding import constant
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Binary, Expression, Name
from payback.simulator.case.source.range_text import range_trap
from payback.simulator.case.source.source_text import Source
from payback.simulator.case.source.spelling import listed, nearest, number_trap, quoted
from payback.simulator.errors import CaseError, Location, Problem

_SET = re.compile(r"\s*((?:upfront|monthly)\.[^=<>!]*?|[^\s=<>!]+)\s*=(?!=)\s*")
_OPERATOR = re.compile(r"\s*(\*\*|[*/+-])\s*")
_WORD = re.compile(r"\w+")
_FORMS = "`traffic * 0.5`, `traffic = 50_000 request/month`, several joined by `;`, or the name of a what-if"


@dataclass(frozen=True)
class _Part:
    """A piece of the text: where it begins, and which file messages name."""

    text: str
    start: int
    file: str

    def source(self, offset: int = 0) -> Source:
        return Source("", Location(self.file, 1, self.start + offset + 1), self.text[offset:])


def read_changes(
    changes: str | Mapping[str, str | float] | Iterable[Change], declarations: Declarations, file: str = "<change>"
) -> tuple[Change, ...]:
    """Return the changes in a text, a mapping or a sequence.

    Parameters
    ----------
    changes : str, mapping or iterable of Change
        Text as on the command line, or targets with their formulas.
    declarations : Declarations
        The case that is to be changed.
    file : str
        Name of the text in messages.

    Raises
    ------
    CaseError
        Text that is not a change, with its place.
    """
    if isinstance(changes, str):
        return _read_text(changes, declarations, file)
    if isinstance(changes, Mapping):
        problems: list[Problem] = []
        read = [_change(name, Source(name, Location(file), str(text)), problems) for name, text in changes.items()]
        if problems:
            raise CaseError(problems)
        return tuple(change for change in read if change is not None)
    return tuple(changes)


def _read_text(text: str, declarations: Declarations, file: str) -> tuple[Change, ...]:
    named = {what_if.name: what_if.changes for what_if in declarations.what_if}
    if text.strip() in named:
        return named[text.strip()]
    problems: list[Problem] = []
    changes: list[Change | None] = []
    start = 0
    for piece in text.split(";"):
        blank = len(piece) - len(piece.lstrip())
        typed = _Part(piece.strip(), start + blank, file)
        start += len(piece) + 1
        if typed.text in named:
            changes += named[typed.text]
        elif typed.text:
            assigned = _SET.match(typed.text)
            if assigned:
                changes.append(_change(assigned[1], typed.source(assigned.end()), problems))
            else:
                changes.append(_scaled(typed, declarations, problems))
    if not changes:
        problems.append(Problem("no change is given", _FORMS, at=Location(file)))
    if problems:
        raise CaseError(problems)
    return tuple(change for change in changes if change is not None)


def _change(target: str, source: Source, problems: list[Problem]) -> Change | None:
    trap = number_trap(source.text) or range_trap(source.text)
    if trap:
        problems.append(Problem(*trap, source.path, at=source.at))
        return None
    try:
        return Change(target, parse(source.text), source)
    except ExpressionError as error:
        problems.append(error.problem(source))
        return None


def _scaled(typed: _Part, declarations: Declarations, problems: list[Problem]) -> Change | None:
    """Read ``NAME op constant``; NAME may be ``monthly.LABEL`` with blanks in the label."""
    labels = sorted((f"{line.section}.{line.label}" for line in declarations.lines), key=len, reverse=True)
    word = _WORD.match(typed.text)
    target = next((label for label in labels if typed.text.startswith(label)), word[0] if word else "")
    operator = _OPERATOR.match(typed.text, len(target))
    if not target or operator is None:
        known = [what_if.name for what_if in declarations.what_if]
        given = f"{quoted(typed.text)} is no change and no what-if of the case"
        allowed = f"{_FORMS} of the case: {listed(known)}" if known else f"{_FORMS}; this case has none"
        problems.append(Problem(given, allowed, near=nearest(typed.text, known), at=typed.source().at))
        return None
    right = _change(target, typed.source(operator.end()), problems)
    if right is None:
        return None
    tree: Expression = Binary(operator[1], Name(target), right.expression, len(target))
    if constant(right.expression) is None:
        given = f"{quoted(right.source.text)} is no constant"
        problems.append(Problem(given, f"`{target} = {typed.text}` for a formula", at=right.source.at))
        return None
    return Change(target, tree, typed.source())
