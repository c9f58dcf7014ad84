"""The result document: every number that a report shows, as one JSON document.

It is the contract between the simulator and the reports. The simulator builds a `Document`; reports
read it and compute nothing new. Conventions, for every record here:

- shares, probabilities and percent are ratios in [0, 1]; money is in the currency of the case;
  durations are in months; rates are per year, effective;
- ``None`` (JSON ``null``) stands for "not applicable"; no value is ever infinite or NaN;
- every `text` is ready to print: plain text in the reader's words, no markup, never trusted as markup;
- tuples keep the order in which a report shows them, and so do dictionaries.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from payback.simulator.document.exhibits import (
    Assumption,
    Bar,
    CumulativeCurve,
    Curves,
    Definition,
    Dependence,
    Fan,
    FormulaText,
    Held,
    Histogram,
    Omission,
    PaybackCurve,
    Picture,
    Record,
    Tornado,
)
from payback.simulator.document.results import (
    Answer,
    BaseCase,
    BaseValue,
    CaseFacts,
    ClaimResult,
    Comparison,
    Estimate,
    HurdleResult,
    LadderStep,
    MeasureResult,
    Paired,
    Precision,
    Provenance,
    Variance,
    VarianceShare,
    Verdict,
    VerdictText,
)
from payback.simulator.errors import UsageError

SCHEMA = "payback-result/1"

__all__ = [
    "SCHEMA",
    "Answer",
    "Assumption",
    "Bar",
    "BaseCase",
    "BaseValue",
    "CaseFacts",
    "ClaimResult",
    "Comparison",
    "CumulativeCurve",
    "Curves",
    "Definition",
    "Dependence",
    "Document",
    "Estimate",
    "Fan",
    "FormulaText",
    "Held",
    "Histogram",
    "HurdleResult",
    "LadderStep",
    "MeasureResult",
    "Omission",
    "Paired",
    "PaybackCurve",
    "Picture",
    "Precision",
    "Provenance",
    "Record",
    "Tornado",
    "Variance",
    "VarianceShare",
    "Verdict",
    "VerdictText",
    "from_json",
    "json_schema",
    "to_json",
]


@dataclass(frozen=True, kw_only=True)
class Document(Record):
    """The result of ``payback run``. Empty tuples and None leave a section out of the reports."""

    schema: str = SCHEMA
    case: CaseFacts
    provenance: Provenance
    verdict: VerdictText
    base_case: BaseCase | None = None
    ladder: tuple[LadderStep, ...] = ()
    measures: dict[str, MeasureResult] = field(default_factory=dict)
    probabilities: tuple[Answer, ...] = ()
    claims: tuple[ClaimResult, ...] = ()
    hurdles: tuple[HurdleResult, ...] = ()
    what_if: tuple[Comparison, ...] = ()
    stress: tuple[Comparison, ...] = ()
    tornado: Tornado | None = None
    variance: Variance | None = None
    curves: Curves = field(default_factory=Curves)
    assumptions: tuple[Assumption, ...] = ()
    dependence: tuple[Dependence, ...] = ()
    formulas: tuple[FormulaText, ...] = ()
    omissions: tuple[Omission, ...] = ()
    limits: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()


def to_json(document: Document) -> str:
    """Return `document` as ASCII JSON text: keys in the order above, the same bytes for equal documents.

    Raises
    ------
    ValueError
        If a number is infinite or NaN.
    """
    return json.dumps(asdict(document), indent=1, allow_nan=False) + "\n"


def from_json(text: str | bytes, name: str = "the document") -> Document:
    """Return the document that `text` holds; `name` is what messages call it.

    Raises
    ------
    UsageError
        If `text` is no result document, is of another version, or does not keep to the schema.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        raw = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{name} is not JSON: {error}") from None
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if schema != SCHEMA:
        raise UsageError(f"{name} is of schema {schema!r} -> this version of payback reads {SCHEMA!r}")
    try:
        return TypeAdapter(Document).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{name} does not keep to {SCHEMA}: {place}: {first['msg']}") from None


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the result document."""
    from pydantic import TypeAdapter

    return TypeAdapter(Document).json_schema()
