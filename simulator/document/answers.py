"""Records of the answers that ``payback ask`` prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from payback.simulator.document.claims import Verdict
from payback.simulator.document.core.record import LEFT_OUT_WHEN_EMPTY, Printed, Record
from payback.simulator.document.precision import Precision


@dataclass(frozen=True, kw_only=True)
class AnswerLine(Record):
    """The answer to one question. A key that does not apply is None.

    `unit` is empty for a plain number and for a probability. `text` is ready to print, with what a reader must know
    of the trials behind it.
    """

    question: str
    value: float | None
    low: float | None
    high: float | None
    level: float
    unit: str
    never: float | None
    undefined: float | None
    verdict: Verdict | None
    method: str | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Partial(Record):
    """How many trials an interrupted run has done, `of` how many."""

    trials: int
    of: int


@dataclass(frozen=True, kw_only=True)
class AnswersDocument(Printed):
    """What ``payback ask --json`` prints, answers in the order of the questions.

    `partial` is written for an interrupted run alone, `precision` where the number of trials was not given.
    """

    schema: Literal["payback-answers/1"] = "payback-answers/1"
    partial: Partial | None = field(default=None, metadata=LEFT_OUT_WHEN_EMPTY)
    precision: tuple[Precision, ...] = field(default=(), metadata=LEFT_OUT_WHEN_EMPTY)
    answers: tuple[AnswerLine, ...]
