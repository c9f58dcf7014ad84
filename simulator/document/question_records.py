"""The keys of the registered questions in a result document."""

from __future__ import annotations

from dataclasses import dataclass

from payback.simulator.document.core.record import Record
from payback.simulator.document.questions.options import Options
from payback.simulator.document.questions.tornado import Tornado
from payback.simulator.document.questions.variance import Variance


@dataclass(frozen=True, kw_only=True)
class QuestionRecords(Record):
    """The keys of the questions in a result document, by their names in `registered_questions`; None if left out."""

    tornado: Tornado | None = None
    variance: Variance | None = None
    options: Options | None = None
