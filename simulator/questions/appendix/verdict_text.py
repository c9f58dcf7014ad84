"""The verdict of a run in words: a headline, then sentences that follow from the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.document.claims import ClaimResult, HurdleResult, QuestionResult
from payback.simulator.document.estimate import Estimate
from payback.simulator.document.question_records import Tornado
from payback.simulator.document.results import MeasureResult, VerdictText

MOST_SENTENCES = 6

CLAIM_VERDICTS = ("supported", "likely", "inconclusive", "unlikely", "refuted")
"""Verdicts on claims, the best first."""


def headline(
    case: Case,
    measures: Mapping[str, MeasureResult],
    probabilities: Mapping[str, QuestionResult],
    claims: Sequence[ClaimResult],
    hurdles: Sequence[HurdleResult],
    tornado: Tornado,
) -> VerdictText:
    """Return the verdict of a run; it never leads with a mean.

    Parameters
    ----------
    case : Case
    measures : mapping of str to MeasureResult
        By name.
    probabilities : mapping of str to QuestionResult
        By question.
    claims : sequence of ClaimResult
    hurdles : sequence of HurdleResult
    tornado : Tornado
    """
    loss, late = probabilities["P(gain < 0)"], probabilities["P(never(payback))"]
    never = measures["payback"].never
    shares = (f"{_share(late)} of trials never pay back", f"{_share(loss)} lose money")
    paid = {0.0: "Every trial pays back", 1.0: "No trial pays back"}.get(never, shares[0])
    lost = {0.0: "none loses money", 1.0: "all lose money"}.get(loss.value or 0.0, shares[1])
    text = f"{paid} within {case.horizon} months; {lost}."
    sentences = [
        *_hurdles(hurdles),
        *_claims(claims),
        *_payback(case, measures["payback"]),
        _middle(measures["gain"]),
        *_mean(measures["npv"]),
        *_mover(tornado),
    ]
    return VerdictText(text=text, sentences=tuple(sentences[:MOST_SENTENCES]))


def _hurdles(hurdles: Sequence[HurdleResult]) -> list[str]:
    words = {"supported": "is met", "refuted": "is not met", "inconclusive": "is neither met nor missed for certain"}
    return [
        f"The hurdle {hurdle.name} {words[hurdle.verdict]}: it holds in {_share(hurdle)} of trials, "
        f"{number_text.percent(hurdle.required)} asked for."
        for hurdle in hurdles
        if hurdle.verdict
    ]


def _claims(claims: Sequence[ClaimResult]) -> list[str]:
    judged = [claim for claim in claims if claim.verdict]
    if len(claims) == 1 and judged:
        (claim,) = judged
        often = f": it holds in {_share(claim)} of trials" if claim.required is not None else ""
        return [f"The claim is {claim.verdict}{often}."]
    counts = [(sum(claim.verdict == verdict for claim in judged), verdict) for verdict in CLAIM_VERDICTS]
    counts += [(len(claims) - len(judged), "without a verdict")]
    parts = [f"{count} {'is' if count == 1 else 'are'} {verdict}" for count, verdict in counts if count]
    return [f"Of {len(claims)} claims {number_text.series(parts)}."] if judged else []


def _payback(case: Case, payback: MeasureResult) -> list[str]:
    for q in (50, 10):
        value = payback.percentiles[f"P{q}"]
        if value.value is not None:
            return [_sentence(number_text.percentile_sentence("payback", q, value.value, _value(value), case.horizon))]
    return [_sentence(number_text.percentile_sentence("payback", 10, None, "", case.horizon))]


def _middle(gain: MeasureResult) -> str:
    low, middle, high = (gain.percentiles[f"P{q}"] for q in (5, 50, 95))
    if low.value == high.value:
        share = "" if low.method == "exact" else " in at least nine in ten trials"
        return f"The gain is {_value(middle)}{share}."
    return f"The median gain is {_value(middle)}; nine in ten trials lie between {_value(low)} and {_value(high)}."


def _mean(npv: MeasureResult) -> list[str]:
    if npv.mean is None or not npv.mean.warning:
        return []
    return [f"Do not decide by the mean of npv: {npv.mean.warning}."]


def _mover(tornado: Tornado) -> list[str]:
    names = [bar.input for bar in tornado.bars if bar.swing][:3]
    if not names:
        return []
    held = ""
    if tornado.held:
        held = f" with {number_text.series([held_input.name for held_input in tornado.held])} held"
    return [f"What moves {tornado.measure} most{held}: {number_text.series(names)}."]


def _value(estimate: Estimate) -> str:
    """Return an estimate as its text writes it, without its interval."""
    return estimate.text.partition(" (")[0].partition(";")[0]


def _share(result: QuestionResult) -> str:
    """Return a probability without its interval, in the digits that the interval supports."""
    return f"{number_text.bare_percent(result.value or 0.0, result.low, result.high)} %"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
