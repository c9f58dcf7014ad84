"""Estimates and answers as records of the result document."""

from __future__ import annotations

from payback.simulator.document import results
from payback.simulator.questions.ask.answers import Answer
from payback.simulator.questions.ask.estimates import Known, text_of, warning_of
from payback.simulator.statistics import Estimate


def estimate_record(found: Estimate, of: Known, text: str = "", *, undefined: bool = False) -> results.Estimate:
    """Return `found` as the document holds it; `text` replaces the usual words.

    `undefined` tells that the quantity may be undefined, so that its share is shown, be it 0.
    """
    return results.Estimate(
        value=found.value,
        low=found.low,
        high=found.high,
        level=found.level,
        never=found.never if of.never or found.never else None,
        undefined=found.undefined if undefined or found.undefined else None,
        text=text or text_of(found, of),
        warning=warning_of(found),
        method=found.method,
    )


def answer_fields(answer: Answer) -> dict[str, object]:
    """Return the fields of a `findings.Answer` that hold `answer`."""
    found = answer.estimate
    return {
        "question": answer.question,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "level": found.level,
        "never": answer.never,
        "undefined": answer.undefined,
        "text": answer.text,
        "warning": answer.warning,
        "method": found.method,
    }
