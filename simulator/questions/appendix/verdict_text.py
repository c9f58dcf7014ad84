"""The verdict of a run in words: a headline, then sentences that follow from the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.case.expressions.tree import Number
from payback.simulator.document.claims import ClaimResult, HurdleResult, QuestionResult
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.questions.tornado import Tornado
from payback.simulator.document.results import MeasureResult, VerdictText
from payback.simulator.questions.ask.verdicts import INCONCLUSIVE
from payback.simulator.questions.trials.formula_traits import leading_measure

MOST_SENTENCES = 8

NOTHING_PAID = "No money goes out in any trial, so none can lose any: does a cost lack its minus?"
"""The headline of a ledger that only brings money in: no verdict on it means anything."""

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
    leading, payback = leading_measure(case.model), measures["payback"]
    sentences = [
        *_losses(case, probabilities),
        *_hurdles(hurdles),
        *_claims(claims),
        *_payback(case, payback),
        _middle(leading, measures),
        *_mean(measures["npv"]),
        *_mover(tornado),
    ]
    spent = measures["total_cost"].mean
    if spent is not None and spent.value == 0.0:
        text = NOTHING_PAID
    else:
        text = _first_line(case, probabilities[f"P({leading} < 0)"], probabilities["P(never(payback))"], payback)
    return VerdictText(text=text, sentences=tuple(sentences[:MOST_SENTENCES]))


def _first_line(case: Case, loss: QuestionResult, late: QuestionResult, payback: MeasureResult) -> str:
    """Return the headline: first the loss of npv, or, without a discount rate, the trials that never pay back."""
    discounted = leading_measure(case.model) == "npv"
    among = "" if discounted else " of trials"
    paid = {0.0: "every trial pays back", 1.0: "no trial pays back"}.get(
        payback.never, f"{_share(late)}{among} never pay back"
    )
    paid = f"{paid} within {case.horizon} months{_bound(late, 'never: ')}"
    paid = "no trial needs any funding" if payback.unfunded == 1 else paid
    share = loss.value or 0.0
    if discounted:
        who = {0.0: "No trial loses", 1.0: "Every trial loses"}.get(share, f"{_share(loss)} of trials lose")
        bound = _bound(loss, "npv below 0: ") or " (npv below 0)"
        return f"{who} money, discounted{_at_rate(case)}{bound}; {paid}."
    lost = {0.0: "none loses money", 1.0: "all lose money"}.get(share, f"{_share(loss)} lose money")
    return f"{paid[0].upper()}{paid[1:]}; {lost}{_bound(loss)}."


def _bound(result: QuestionResult, words: str = "") -> str:
    """Return in brackets what the trials say of a share of which they hold none or all, where that is not much."""
    _, bracket, bound = _share(result).partition("(")
    return f" ({words}{bound}" if bracket else ""


def _at_rate(case: Case) -> str:
    rate = case.model.discount_rate
    return f" at {number_text.quantity(rate.value, '1/year')}" if isinstance(rate, Number) else ""


def _losses(case: Case, probabilities: Mapping[str, QuestionResult]) -> list[str]:
    """Return what each share of losses counts, where two of them differ by more than their intervals."""
    loss, discounted_loss = probabilities["P(gain < 0)"], probabilities["P(npv < 0)"]
    late, discounted_late = probabilities["P(never(payback))"], probabilities.get("P(never(discounted_payback))")
    shares = [loss, late] if discounted_late is None else [loss, discounted_loss, late, discounted_late]
    if max(_end(share, "low") for share in shares) <= min(_end(share, "high") for share in shares):
        return []
    money, time = f"{_share(loss)} of trials bring in less than they cost (gain below 0)", f"{_share(late)} have"
    nowhere = "at no time come back to 0 (payback)"
    if discounted_late is None:
        return [f"By month {case.horizon}, {money}; {time} {nowhere}."]
    money += f", {_share(discounted_loss)} discounted{_at_rate(case)} (npv below 0)"
    return [f"By month {case.horizon}, {money}; {time} {nowhere}, {_share(discounted_late)} discounted."]


def _end(result: QuestionResult, side: Literal["low", "high"]) -> float:
    end = result.low if side == "low" else result.high
    return (result.value or 0.0) if end is None else end


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
        share = claim.text.partition(";")[0] if claim.verdict == INCONCLUSIVE else _share(claim)
        often = f": it holds in {share} of trials" if claim.required is not None else ""
        return [f"The claim is {claim.verdict}{often}."]
    counts = [(sum(claim.verdict == verdict for claim in judged), verdict) for verdict in CLAIM_VERDICTS]
    counts += [(len(claims) - len(judged), "without a verdict")]
    parts = [f"{count} {'is' if count == 1 else 'are'} {verdict}" for count, verdict in counts if count]
    return [f"Of {len(claims)} claims {number_text.series(parts)}."] if judged else []


def _payback(case: Case, payback: MeasureResult) -> list[str]:
    if 1 in (payback.unfunded, payback.never):
        return []
    free = number_text.unfunded(payback.unfunded)
    sentences = [_sentence(free)] if free else []
    if payback.percentiles["P50"].method == "exact":
        return [f"It pays back by month {_value(payback.percentiles['P50']).split()[0]}."]
    for q in (50, 10):
        value = payback.percentiles[f"P{q}"]
        if value.value:
            words = number_text.percentile_sentence("payback", q, value.value, _value(value), case.horizon)
            return [*sentences, _sentence(words)]
        if value.value == 0:
            return sentences
    return [*sentences, _sentence(number_text.percentile_sentence("payback", 10, None, "", case.horizon))]


def _middle(leading: str, measures: Mapping[str, MeasureResult]) -> str:
    low, middle, high = (measures[leading].percentiles[f"P{q}"] for q in (5, 50, 95))
    gain = measures["gain"].percentiles["P50"]
    median = "gain" if gain.method == "exact" else "median gain"
    after = f"; undiscounted, the {median} is {_value(gain)}" if leading == "npv" else ""
    if low.value == high.value:
        share = "" if low.method == "exact" else " in at least nine in ten trials"
        return f"The {leading} is {_value(middle)}{share}{after}."
    spread = f"nine in ten trials lie between {_value(low)} and {_value(high)}"
    if not (number_text.is_known(low.text) and number_text.is_known(high.text)):
        spread = f"P5 is {_value(low)}, P95 is {_value(high)}"
    return f"The median {leading} is {_value(middle)}; {spread}{after}."


def _mean(npv: MeasureResult) -> list[str]:
    if npv.mean is None or not npv.mean.warning:
        return []
    return [f"Do not decide by the mean of npv: {npv.mean.warning}."]


def _mover(tornado: Tornado) -> list[str]:
    names = tornado.movers(3)
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
    return number_text.of_trials(result.value or 0.0, result.low, result.high)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
