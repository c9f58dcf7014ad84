from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from payback.simulator.case import loads
from payback.simulator.document.claims import ClaimsDocument
from payback.simulator.document.core.record import json_schema
from payback.simulator.questions.appendix.verdict_text import CLAIM_VERDICTS
from payback.simulator.questions.ask.known_facts import Known
from payback.simulator.questions.ask.verdicts import claim_verdict, verdict
from payback.simulator.questions.compare.claims import claims, hurdles
from payback.simulator.statistics import Estimate
from tests.simulator.questions.cases import SMALL, ask, frame, small

MONTHS = Known("month", 12, never=True)


def test_a_claim_has_its_probability_its_figure_and_a_verdict() -> None:
    base, execution = frame(small())
    doubles, most = claims(base, execution)
    probability, below, paid = ask(small(), "P(roi >= 1)", "P(roi < 1)", "P(payback <= 12 months)")
    assert (doubles.says, doubles.source, doubles.check) == ("doubles the money", "page 1", "roi >= 1")
    assert doubles.value == probability.value
    assert doubles.percentile_of_claim == below.value
    assert most.value == paid.value
    assert most.percentile_of_claim is None
    assert (doubles.required, most.required) == (0.6, None)
    assert most.verdict == ask(small(), "P(payback <= 12 months) >= 60 %")[0].verdict


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("npv > -1e9 USD", "supported"),
        ("npv > 1e9 USD", "refuted"),
        ("price > 0.95 USD/request", "likely"),
        ("price > 1 USD/request", "inconclusive"),
        ("price > 1.05 USD/request", "unlikely"),
        ("P(npv > -1e9 USD) <= 50 %", "refuted"),
        ("mean(npv)", ""),
        ("'first_order(npv, price)'", ""),
    ],
)
def test_a_claim_about_each_trial_is_judged_by_the_confidence_of_the_hurdles(check: str, expected: str) -> None:
    """The hurdles ask for 60 %; the shares of the claims on the price are 55, 50 and 45 % to within 1 %."""
    base, execution = frame(loads(SMALL.replace("roi >= 1,", f"{check},")))
    claim = claims(base, execution)[0]
    assert claim.verdict == expected
    assert (claim.required is None) == (not expected or " <= 50 %" in check)


WORDS = {
    "supported": lambda share, confidence: share >= confidence,
    "likely": lambda share, confidence: share >= 0.5,
    "unlikely": lambda share, confidence: share < 0.5,
    "refuted": lambda share, confidence: share <= 1 - confidence and share < confidence,
}
"""What each word says of the share of trials in which a claim holds."""


def test_the_word_on_a_claim_is_right_for_its_whole_interval_and_only_a_limit_leaves_it_open() -> None:
    for confidence in (0.05, 0.4, 0.5, 0.51, 0.6, 0.8, 0.99):
        limits = {confidence, 1 - confidence, 0.5} if confidence > 0.5 else {confidence}
        for low, high in combinations_with_replacement([k / 100 for k in range(101)], 2):
            word = claim_verdict(Estimate((low + high) / 2, low, high), confidence)
            if word == "inconclusive":
                assert any(low < limit <= high for limit in limits)
            else:
                right = WORDS[word]
                assert right(low, confidence)
                assert right(high, confidence)


def test_a_claim_that_holds_in_a_fifth_of_the_trials_is_unlikely() -> None:
    assert claim_verdict(Estimate(0.214, 0.213, 0.215), 0.8) == "unlikely"
    assert claim_verdict(Estimate(0.214, 0.213, 0.215), 0.75) == "refuted"
    assert claim_verdict(Estimate(None, None, None, undefined=1.0), 0.8) == "inconclusive"
    assert claim_verdict(Estimate(0.0, None, None), 0.8) == "inconclusive"


def test_the_schema_of_claims_names_every_verdict() -> None:
    published = json_schema(ClaimsDocument)["$defs"]["ClaimResult"]["properties"]["verdict"]
    assert set(published["enum"]) == {*WORDS, "inconclusive", ""}
    assert set(published["enum"]) == {*CLAIM_VERDICTS, ""}


def test_a_hurdle_asks_for_the_probability_of_its_limit() -> None:
    base, execution = frame(small())
    (hurdle,) = hurdles(base, execution)
    (probability,) = ask(small(), "P(payback <= 12 months) >= 60 %")
    assert hurdle.question == probability.question
    assert (hurdle.value, hurdle.verdict, hurdle.required) == (probability.value, probability.verdict, 0.6)
    assert hurdle.name == "payback <= 12 months"


def test_a_hurdle_of_what_should_be_high_is_a_floor() -> None:
    base, execution = frame(
        loads(SMALL.replace("{payback: 12 months, confidence", "{npv: 0 USD, roi: 0.1, confidence"))
    )
    assert [hurdle.name for hurdle in hurdles(base, execution)] == ["npv >= 0 USD", "roi >= 0.1"]


@pytest.mark.parametrize(
    ("value", "low", "high", "comparison", "expected"),
    [
        (10.0, 9.0, 11.0, "<=", "supported"),
        (10.0, 9.0, 12.0, "<=", "supported"),
        (10.0, 9.0, 12.0, "<", "inconclusive"),
        (10.0, 9.0, 12.5, "<=", "inconclusive"),
        (13.0, 12.0, 14.0, "<=", "inconclusive"),
        (13.0, 12.0, 14.0, "<", "refuted"),
        (13.0, 12.1, 14.0, "<=", "refuted"),
        (13.0, 12.1, 14.0, ">", "supported"),
        (11.0, 10.0, None, "<=", "inconclusive"),
        (None, None, None, "<=", "refuted"),
        (None, 11.0, None, "<=", "inconclusive"),
        (None, None, None, ">", "supported"),
    ],
)
def test_verdicts_against_a_limit_of_twelve_months(
    value: float | None, low: float | None, high: float | None, comparison: str, expected: str
) -> None:
    assert verdict(Estimate(value, low, high), comparison, 12.0, MONTHS) == expected


def test_what_is_not_defined_gives_no_verdict() -> None:
    assert verdict(Estimate(None, None, None, undefined=1.0), "<=", 12.0, MONTHS) == "inconclusive"
    assert verdict(Estimate(None, None, None), "<=", 12.0, Known("USD", 12)) == "inconclusive"
