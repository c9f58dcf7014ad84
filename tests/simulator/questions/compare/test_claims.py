from __future__ import annotations

import pytest

from payback.simulator.case import loads
from payback.simulator.questions.ask.estimates import Known
from payback.simulator.questions.ask.verdicts import verdict
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
    [("npv > -1e9 USD", "supported"), ("npv > 1e9 USD", "refuted"), ("price > 1 USD/request", "inconclusive")],
)
def test_a_claim_about_each_trial_is_judged_by_the_confidence_of_the_hurdles(check: str, expected: str) -> None:
    base, execution = frame(loads(SMALL.replace("roi >= 1,", f"{check},")))
    assert claims(base, execution)[0].verdict == expected


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
