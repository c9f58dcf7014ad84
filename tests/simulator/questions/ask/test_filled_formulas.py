"""Statistics with others inside: their formulas, and the error that the inner ones give them."""

from __future__ import annotations

import pytest

from payback.simulator.case import Case, loads
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.questions.ask.answers import answer, answered
from payback.simulator.questions.ask.filled_formulas import next_statistics
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling

TEXT = """
case: a lognormal and a certain value
horizon: 1 month
inputs:
  x: lognormal(median=1, sigma=1)
  known: 2
cash_flows:
  monthly: {net: 1 USD/month}
"""


def base(sampler: str = "sobol", trials: int = 16_384) -> Frame:
    case: Case = loads(TEXT)
    return Frame(case, Sampling(trials, 5, sampler).cube(case))


def test_the_inner_statistic_comes_first_and_then_its_ends() -> None:
    (known,) = answered(parse_questions(["P(x > mean(x))"]), base(), Execution(threads=1))
    checked, (inner, outer) = known
    (first,) = next_statistics(checked, [])
    assert (to_text(first.formula), first.shifted) == ("x", {})
    (second,) = next_statistics(checked, [inner])
    values = [inner.estimate.value, inner.estimate.low, inner.estimate.high]
    assert [float(to_text(formula).split(">")[1]) for formula in second.sampled] == pytest.approx(values)
    assert list(outer.ends) == [0]
    at_low, at_high = outer.ends[0]
    assert at_low > outer.estimate.value > at_high


def test_a_certain_inner_statistic_is_not_moved() -> None:
    (known,) = answered(parse_questions(["P(x > mean(known))"]), base(), Execution(threads=1))
    checked, (inner, outer) = known
    assert outer.ends == {}
    assert [statistic.shifted for statistic in next_statistics(checked, [inner])] == [{}]


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
def test_the_error_of_the_inner_statistic_is_one_of_the_outer(sampler: str) -> None:
    fixed, moved = answer(parse_questions(["P(x > 1.65)", "P(x > mean(x))"]), base(sampler), Execution(threads=1))
    ends = [each.estimate for each in (fixed, moved)]
    widths = [each.high - each.low for each in ends]  # type: ignore[operator]
    # independent trials: where the mean comes out large, so does the share above a fixed value, and both cancel in part
    assert widths[1] > 1.5 * widths[0] if sampler == "sobol" else 0.5 * widths[0] < widths[1] < widths[0]
    assert ends[1].method == "intervals and their correlation"


def test_an_error_goes_through_two_statistics() -> None:
    texts = ["P(x > mean(x))", "P(x > mean(if(x > mean(x), x, 0)))"]
    plain, nested = answered(parse_questions(texts), base(), Execution(threads=1))
    assert list(plain[1][-1].ends) == [0]
    assert sorted(nested[1][-1].ends) == [0, 1]


def test_without_an_interval_inside_there_is_none_outside() -> None:
    few = base("sobol", 512)
    (outer,) = answer(parse_questions(["P(x > mean(x))"]), few, Execution(threads=1))
    assert outer.value is not None
    assert (outer.estimate.low, outer.estimate.high) == (None, None)
    assert "too few trials for an interval" in outer.text
