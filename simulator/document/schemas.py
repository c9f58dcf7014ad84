"""The published JSON Schemas: one for every record that is printed or written by itself."""

from __future__ import annotations

from typing import Any

from payback.simulator.document.answers import AnswersDocument
from payback.simulator.document.claims import ClaimsDocument
from payback.simulator.document.comparisons import ComparisonsDocument
from payback.simulator.document.core.record import Printed, json_schema
from payback.simulator.document.descriptions import CheckDocument, ExplanationDocument, PlanDocument
from payback.simulator.document.document import Document
from payback.simulator.document.fit import Fit
from payback.simulator.document.problems import ProblemsDocument
from payback.simulator.document.registered_questions import QUESTIONS, at

PRINTED: tuple[type[Printed], ...] = (
    Document,
    AnswersDocument,
    ComparisonsDocument,
    *(at(question.printed) for question in QUESTIONS),
    ClaimsDocument,
    Fit,
    CheckDocument,
    ExplanationDocument,
    PlanDocument,
    ProblemsDocument,
)


def published() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of every printed record by its name: ``payback-fit/1`` has the name "fit"."""
    return {record.schema.removeprefix("payback-").partition("/")[0]: json_schema(record) for record in PRINTED}
