"""What people state of an input is what its trials show: from the text of a case to the answer."""

from __future__ import annotations

import math

import pytest

from payback.simulator.case import loads
from tests.simulator.questions.cases import ask

TRIALS = 2**15

CASE = loads("""
horizon: 12 months
inputs:
  build: pert(p10=30, mode=45, p90=110) hour
  licence: "quantiles({5 %: 900, 50 %: 2_000, 95 %: 9_000}, low=0) USD"
  repair: weibull(p10=2, p50=3, p90=8) USD
  extra: 8.3 to 30 (50 %) USD
  part: beta(p5=10 %, p95=60 %)
  pooled: "mixture(50 %: 8 to 30, 50 %: 8 to 30) hour"
cash_flows: {upfront: {all: -(build + pooled) * 50 USD/hour - licence - part * (repair + extra)}}
""")

STATED = {
    "build <= 30 hours": 0.1,
    "build <= 110 hours": 0.9,
    "licence <= 900 USD": 0.05,
    "licence <= 2_000 USD": 0.5,
    "licence <= 9_000 USD": 0.95,
    "repair <= 2 USD": 0.1,
    "repair <= 3 USD": 0.5,
    "repair <= 8 USD": 0.9,
    "extra <= 8.3 USD": 0.25,
    "extra <= 30 USD": 0.75,
    "part <= 10 %": 0.05,
    "part <= 60 %": 0.95,
    "pooled <= 8 hours": 0.05,
    "pooled <= 30 hours": 0.95,
}


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
def test_as_many_trials_lie_below_a_stated_percentile_as_it_says(sampler: str) -> None:
    answers = ask(CASE, *(f"P({condition})" for condition in STATED), trials=TRIALS, seed=1, sampler=sampler)
    for answer, (condition, share) in zip(answers, STATED.items(), strict=True):
        # 4.5 standard errors of a share among independent trials; Sobol' points lie closer
        assert answer.value == pytest.approx(share, abs=4.5 * math.sqrt(share * (1 - share) / TRIALS)), condition
