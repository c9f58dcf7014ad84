"""Why a measure is undefined, told apart: kinds of cash flows that are drawn with known probabilities."""

from __future__ import annotations

import pytest

from payback.simulator.case import loads
from payback.simulator.case.expressions.parser import parse
from payback.simulator.questions.appendix.appendix import appendix
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.ask.undefined_reasons import (
    NO_RATE,
    NO_RETURN,
    NOTHING_INVESTED,
    RATES,
    SEVERAL,
    explained,
    read_with,
    reasons,
)
from payback.simulator.questions.compare.claims import hurdles
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials import execution
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import Estimate, KeptSample
from tests.simulator.questions.cases import differs

MIXED = loads(
    """
    horizon: 24 months
    discount_rate: 10 %/year
    inputs:
      kind: uniform(0, 1)
      size: uniform(80, 120) USD
    calculations:
      none: kind < 0.2
      many: kind >= 0.2 and kind < 0.5
      loan: kind >= 0.95
    cash_flows:
      upfront: {start: "size * if(none or loan, 1, -1)"}
      monthly:
        later: size * if(none, 0 / 1 month, if(many, 3 * pulse(1) - 2 * pulse(2), if(loan, -2, 2) * pulse(12)))
    """
)
SHARES = {NO_RATE: 0.2, SEVERAL: 0.3, NO_RETURN: 0.05}
TRIALS = 4_096
STRATA = 1 / 256
"""Each of the 16 replicates of Sobol' points has one point in each of 256 strata: a share is off by less."""


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("question", ["P50(irr)", "P(irr > 10 %/year)", "P(10 %/year < irr)", "mean(irr)"])
def test_rates_that_are_undefined_are_shares(question: str, counted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if counted:
        monkeypatch.setattr(execution, "KEPT", 0)
    base = Frame(MIXED, Sampling(TRIALS).cube(MIXED))
    (result,) = answer(parse_questions([question]), base, Execution(1))
    assert dict(result.estimate.reasons) == pytest.approx(SHARES, abs=STRATA)
    assert sum(dict(result.estimate.reasons).values()) == pytest.approx(result.estimate.undefined, abs=1e-12)
    assert [why for why, _ in result.estimate.reasons] == [SEVERAL, NO_RATE, NO_RETURN]


def test_words_of_undefined_rates_and_of_nothing_invested() -> None:
    base = Frame(MIXED, Sampling(TRIALS).cube(MIXED))
    questions = ("P50(irr)", "P(irr > 10 %/year)", "P50(roi)", "P(multiple > 1)", "P50(irr * 2)", "P90(irr) - P10(irr)")
    results = answer(parse_questions(questions), base, Execution(1))
    assert not differs([f"{result.question}: {result.text}" for result in results], "why measures are undefined")


def test_a_report_tells_them_apart() -> None:
    document = appendix(MIXED, Sampling(1_024), Execution(1)).document
    shares = {reason.why: reason.share for reason in document.measures["irr"].reasons}
    assert shares == pytest.approx(SHARES, abs=4 * STRATA)
    (invested,) = document.measures["roi"].reasons
    assert (invested.why, invested.share) == (NOTHING_INVESTED, document.measures["roi"].undefined)
    assert not document.measures["npv"].reasons
    assert not differs([limit for limit in document.limits if limit.startswith("Percentiles")], "percentiles of some")


@pytest.mark.parametrize("formula", ["irr * 2", "npv", "irr > npv", "irr > roi", "irr + 1 > 2", "if(npv > 0, irr, 0)"])
def test_no_reason_is_given_where_it_may_be_another(formula: str) -> None:
    tree = parse(formula)
    estimate = Estimate(1.0, None, None, undefined=0.3)
    assert read_with(tree) == (tree,)
    assert explained(estimate, tree, None) == estimate


def test_shares_that_do_not_add_up_give_no_reason() -> None:
    rates = KeptSample([0.0, 0.0, 1.0, 3.0])
    assert reasons("irr", 0.75, rates) == ((NO_RATE, 0.5), (SEVERAL, 0.25))
    assert reasons("irr", 0.5, rates) == ()
    assert reasons("irr", 0.0, rates) == ()
    assert reasons("irr", 0.75, None) == ()
    assert reasons("npv", 0.75, rates) == ()
    assert read_with(RATES) == (RATES,)


def test_a_hurdle_is_not_met_by_the_rate_of_a_loan() -> None:
    case = loads(
        """
        horizon: 24 months
        inputs: {cost: 110_000 to 140_000 USD}
        cash_flows:
          upfront: {deposit: 100_000 USD}
          monthly: {work: pulse(12) * -cost}
        hurdles: {irr: 10 %/year, confidence: 80 %}
        """
    )
    base = Frame(case, Sampling(1_024).cube(case))
    (hurdle,) = hurdles(base, Execution(1))
    assert (hurdle.value, hurdle.verdict, hurdle.undefined) == (0.0, "refuted", 1.0)
    rates, single = answer(parse_questions(["P50(irr)", "P(irr_count == 1)"]), base, Execution(1))
    assert (rates.value, dict(rates.estimate.reasons), single.value) == (None, {NO_RETURN: 1.0}, 1.0)
