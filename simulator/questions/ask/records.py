"""Estimates and answers as records of a document."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from payback.simulator.document.answers import AnswerLine
from payback.simulator.document.claims import QuestionResult, Verdict
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.questions.ask.answers import Answer
from payback.simulator.questions.ask.estimates import text_of, warning_of
from payback.simulator.questions.ask.known_facts import Known
from payback.simulator.statistics import Estimate as SampleEstimate

Result = TypeVar("Result", bound=QuestionResult)


def estimate_record(
    estimate: SampleEstimate, known: Known, text: str = "", *, may_be_undefined: bool = False
) -> Estimate:
    """Return an estimate as a document holds it.

    Parameters
    ----------
    estimate : statistics.Estimate
    known : Known
    text : str
        Replaces the usual words for value and interval; empty for those.
    may_be_undefined : bool
        Whether the quantity may be undefined in a trial: then its share is shown, even if it is 0.
    """
    return Estimate.of(
        estimate,
        text or text_of(estimate, known),
        warning=warning_of(estimate),
        never=estimate.never if known.never or estimate.never else None,
        undefined=estimate.undefined if may_be_undefined or estimate.undefined else None,
    )


def question_result(answer: Answer, kind: type[Result], **keys: Any) -> Result:
    """Return an answer as the result document holds it.

    Parameters
    ----------
    answer : Answer
    kind : type of QuestionResult
        The type of the record: of a probability, a claim or a hurdle.
    **keys
        The further keys of that record.
    """
    return kind.of(
        answer.estimate,
        answer.text,
        warning=answer.warning,
        never=answer.never,
        undefined=answer.undefined,
        question=answer.question,
        **keys,
    )


def answer_line(answer: Answer) -> AnswerLine:
    """Return an answer as ``payback ask --json`` prints it."""
    result = question_result(answer, QuestionResult)
    shared = {key: value for key, value in vars(result).items() if key not in ("text", "warning", "method")}
    return AnswerLine(
        **shared,
        unit="" if answer.unit == "share" else answer.unit,
        verdict=cast("Verdict", answer.verdict) or None,
        method=result.method or None,
        text=f"{result.text}; {result.warning}" if result.warning else result.text,
    )
