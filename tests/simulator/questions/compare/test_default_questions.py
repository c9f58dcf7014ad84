from __future__ import annotations

import pytest

from payback.simulator.case import loads
from payback.simulator.questions.compare.default_questions import ladder_questions, run_questions, usual_questions

CASE = """
horizon: 240 months
discount_rate: {rate}
inputs: {{saved: "10 to 50 USD/month"}}
calculations: {{cost: 1_000 USD}}
cash_flows: {{upfront: {{cost: -cost}}, monthly: {{saved: saved}}}}
what_if: {{half: {{saved: saved * 0.5}}}}
"""


def case_with(more: str = "", rate: str = "0 %/year"):
    return loads(CASE.format(rate=rate) + more)


@pytest.mark.parametrize(
    ("more", "middle"),
    [
        ("", ["P(payback <= 12 months)", "P(never(payback))"]),
        ("hurdles: {payback: 120 months}", ["P(payback <= 120 months)", "P(never(payback))"]),
        ("hurdles: {payback: 120 months, roi: 2}", ["P(payback <= 120 months)", "P(roi >= 2)"]),
        ("claims: [{says: a, check: roi >= 10}]", ["P(roi >= 10)", "P(payback <= 12 months)"]),
        ("claims: [{says: a, check: payback < 4 years}]", ["P(payback < 4 years)", "P(payback <= 4 years)"]),
        ("claims: [{says: a, check: P90(payback) <= 9 years}]", ["P90(payback)", "P(payback <= 12 months)"]),
        (
            "claims: [{says: a, check: roi >= 10}, {says: b, check: irr >= 9 %/year}]\nhurdles: {payback: 60 months}",
            ["P(roi >= 10)", "P(payback <= 60 months)"],
        ),
        ("claims: [{says: input, check: saved >= 10 USD/month}]", ["P(payback <= 12 months)", "P(never(payback))"]),
        ("claims: [{says: half, check: \"roi >= 1 in 'half'\"}]", ["P(payback <= 12 months)", "P(never(payback))"]),
    ],
)
def test_the_columns_of_a_ladder_follow_claims_and_hurdles(more: str, middle: list[str]) -> None:
    assert ladder_questions(case_with(more)) == ("P(gain < 0)", *middle, "P50(gain)")


def test_the_leading_measure_comes_first() -> None:
    discounted = case_with(rate="8 %/year")
    assert (ladder_questions(discounted)[0], ladder_questions(discounted)[-1]) == ("P(npv < 0)", "P50(npv)")
    assert usual_questions(discounted)[:2] == ("P(npv < 0)", "P(gain < 0)")
    assert usual_questions(case_with())[:2] == ("P(gain < 0)", "P(npv < 0)")
    assert set(usual_questions(discounted)) == set(usual_questions(case_with()))


def test_a_run_compares_what_its_ladder_asks_only_where_it_has_a_ladder() -> None:
    hurdle = "hurdles: {roi: 2}\n"
    assert "P(roi >= 2)" not in run_questions(case_with(hurdle))
    assert "P(roi >= 2)" in run_questions(case_with(hurdle + "ladder: [half]\n"))
    assert len(set(run_questions(case_with(hurdle + "ladder: [half]\n")))) == 10
