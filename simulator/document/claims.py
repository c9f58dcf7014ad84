"""Records of questions with one answer: probabilities, claims and hurdles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.core.record import Printed

Verdict = Literal["supported", "refuted", "inconclusive", ""]
"""Whether an answer keeps to its limit."""

ClaimVerdict = Literal["supported", "likely", "inconclusive", "unlikely", "refuted", ""]
"""The same, or how often a claim about each trial holds."""


@dataclass(frozen=True, kw_only=True)
class QuestionResult(Estimate):
    """An estimate and the question, in the grammar of `ask`, that it answers."""

    question: str


@dataclass(frozen=True, kw_only=True)
class ClaimResult(QuestionResult):
    """A claim: `says` in its own words, `check` as written, the probability that it holds (or the
    statistic asked), `verdict`, and the share of trials below the claimed figure if there is one.

    `required` is the share of trials that supports a claim about each trial, and whose contrary refutes it;
    None for a claim with a limit of its own, which is never "likely" or "unlikely".
    """

    says: str
    check: str
    source: str = ""
    verdict: ClaimVerdict = ""
    required: float | None = None
    percentile_of_claim: float | None = None


@dataclass(frozen=True, kw_only=True)
class HurdleResult(QuestionResult):
    """A limit that the case declares; `required` is the probability it must be met with."""

    name: str
    required: float
    verdict: Verdict = ""


@dataclass(frozen=True, kw_only=True)
class ClaimsDocument(Printed):
    """What ``payback claims --json`` prints."""

    schema: Literal["payback-claims/1"] = "payback-claims/1"
    claims: tuple[ClaimResult, ...]
    hurdles: tuple[HurdleResult, ...]
