"""Arithmetic of statistics: its interval, and the cautions that it takes over."""

from __future__ import annotations

import pytest

from payback.simulator.case import loads
from payback.simulator.questions.ask.answers import Answer, answer
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling

TEXT = """
case: a rare loss and a normal
horizon: 1 month
inputs:
  hit: bernoulli(0.5 %)
  severity: lognormal(median=100, sigma=1)
  n: normal(10, 2)
calculations:
  loss: hit * severity
cash_flows:
  monthly: {net: 1 USD/month}
"""


def ask(*texts: str, trials: int = 16_384, sampler: str = "sobol") -> tuple[Answer, ...]:
    case = loads(TEXT)
    return answer(parse_questions(texts), Frame(case, Sampling(trials, 3, sampler).cube(case)), Execution(threads=1))


def ends(each: Answer) -> tuple[float, float]:
    assert each.estimate.low is not None
    assert each.estimate.high is not None
    return each.estimate.low, each.estimate.high


def test_cautions_of_the_statistics_are_those_of_their_arithmetic() -> None:
    heavy, both = ask("mean(loss)", "mean(loss) / mean(n) + P(n > 12)")
    assert "the error may be understated" in heavy.warning
    assert both.warning == heavy.warning


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
def test_too_few_trials_have_no_interval_in_arithmetic_either(sampler: str) -> None:
    single, several = ask("mean(n)", "mean(n) + sd(n)", trials=16, sampler=sampler)
    for each in (single, several):
        assert (each.estimate.low, each.estimate.high) == (None, None)
        assert "too few trials for an interval" in each.text


def test_rare_shares_have_bounds_of_their_own() -> None:
    share, severity, product = ask(
        "P(hit == 1 and n > 14.5)", "mean(severity)", "P(hit == 1 and n > 14.5) * mean(severity)"
    )
    assert 0 <= (share.value or 0.0) * 16_384 < 10
    (low, high), (least, most) = ends(share), ends(severity)
    assert ends(product) == pytest.approx((low * least, high * most))


def test_a_difference_of_shares_without_a_hit_is_not_known_exactly() -> None:
    (change,) = ask("P(n > 30) - P(n < -10)")
    low, high = ends(change)
    assert (change.value, low) == (0.0, -high)
    assert 0 < high < 1e-3


def test_a_statistic_that_occurs_twice_counts_once() -> None:
    once, twice = ask("2 * mean(n)", "mean(n) + mean(n)")
    assert ends(once) == pytest.approx(ends(twice))
