"""Records of a case that is not valid: every problem, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator.document.core.record import Printed, Record
from payback.simulator.errors import CaseError, Problem, visible


@dataclass(frozen=True, kw_only=True)
class ProblemRecord(Record):
    """A problem and its place.

    `line` and `column` count from 1, None where the problem is that of the whole file; `path` is the key in the case,
    ``cash_flows.monthly.sales``, empty where there is none. `message` says what was given, what is allowed, and what
    was likely meant.
    """

    file: str
    line: int | None
    column: int | None
    path: str
    message: str


@dataclass(frozen=True, kw_only=True)
class ProblemsDocument(Printed):
    """What any command prints with ``--json`` of a case, a change or a question that is not valid."""

    schema: Literal["payback-problems/1"] = "payback-problems/1"
    ok: Literal[False] = False
    problems: tuple[ProblemRecord, ...]


def problems_document(error: CaseError) -> ProblemsDocument:
    """Return the record of every problem of `error`, in its order."""
    return ProblemsDocument(problems=tuple(map(_record, error.problems)))


def _record(problem: Problem) -> ProblemRecord:
    at = problem.at
    return ProblemRecord(
        file=visible(at.file or "<case>"),
        line=at.line or None,
        column=(at.column or 1) if at.line else None,
        path=visible(problem.path),
        message=visible(problem.message),
    )
