"""The result document: every number that a report shows, as one record.

It is the contract between the simulator and the reports. The simulator builds a `Document`; reports
read it and compute nothing new.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Literal

from payback.simulator.document.claims import ClaimResult, HurdleResult, QuestionResult
from payback.simulator.document.comparisons import Comparison
from payback.simulator.document.core.record import Printed
from payback.simulator.document.exhibits import (
    Curves,
    Definition,
    Dependence,
    FormulaText,
    Omission,
    PicturedAssumption,
)
from payback.simulator.document.question_records import QuestionRecords
from payback.simulator.document.results import BaseCase, CaseFacts, LadderStep, MeasureResult, Provenance, VerdictText
from payback.simulator.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class RunResults(Printed):
    """What a run finds of its case: the first keys of a result document."""

    case: CaseFacts
    provenance: Provenance
    verdict: VerdictText
    base_case: BaseCase | None = None
    ladder: tuple[LadderStep, ...] = ()
    measures: dict[str, MeasureResult] = field(default_factory=dict)
    probabilities: tuple[QuestionResult, ...] = ()
    claims: tuple[ClaimResult, ...] = ()
    hurdles: tuple[HurdleResult, ...] = ()
    what_if: tuple[Comparison, ...] = ()
    stress: tuple[Comparison, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Document(QuestionRecords, RunResults):
    """What ``payback run --json`` prints and ``result.json`` holds.

    Its keys are those of `RunResults`, then those of `QuestionRecords`, then what the case assumes and means. Empty
    tuples and None leave a section out of the reports.
    """

    schema: Literal["payback-result/2"] = "payback-result/2"
    curves: Curves = field(default_factory=Curves)
    assumptions: tuple[PicturedAssumption, ...] = ()
    dependence: tuple[Dependence, ...] = ()
    formulas: tuple[FormulaText, ...] = ()
    omissions: tuple[Omission, ...] = ()
    limits: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()


def from_json(text: str | bytes, name: str = "the document") -> Document:
    """Return the result document in the JSON `text`; messages call it `name`.

    Raises
    ------
    UsageError
        If `text` is not a result document, is of another version, or does not fit the schema.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        raw = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{name} is not JSON: {error}") from None
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if schema != Document.schema:
        raise UsageError(f"{name} is of schema {schema!r} -> this version of payback reads {Document.schema!r}")
    try:
        return TypeAdapter(Document).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(name) for name in first["loc"])
        raise UsageError(f"{name} does not keep to {Document.schema}: {key}: {first['msg']}") from None
