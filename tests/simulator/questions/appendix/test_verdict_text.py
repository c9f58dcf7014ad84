from __future__ import annotations

import re

import pytest

from payback.simulator.case import loads
from payback.simulator.document.document import Document
from payback.simulator.questions.appendix.appendix import appendix
from payback.simulator.questions.appendix.verdict_text import NOTHING_PAID
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.sampling import Sampling
from tests.simulator.questions.cases import ask, differs

PLAIN = """
horizon: 60 months
inputs: {{saved: "uniform({low}, {high}) USD/month", some_rate: "uniform(5, 10) %/year"}}
discount_rate: {rate}
cash_flows:
  upfront: {{cost: -100 USD}}
  monthly: {{saved: saved{more}}}
"""


def plain(rate: str = "0 %/year", more: str = "", low: float = 1.1, high: float = 5.0, trials: int = 4096) -> Document:
    """Return the document of a case whose losses are quantiles of one uniform input."""
    case = loads(PLAIN.format(rate=rate, more=more, low=low, high=high))
    return appendix(case, Sampling(trials), Execution()).document


def test_with_a_discount_rate_npv_leads_and_the_shares_of_losses_are_explained_once() -> None:
    document = plain("8 %/year")
    annuity = sum(1.08 ** (-month / 12) for month in range(1, 61))
    lost, undiscounted = ((100 / months - 1.1) / 3.9 for months in (annuity, 60))
    shares = [float(share) / 100 for share in re.findall(r"([\d.]+) %(?!/)", document.verdict.sentences[0])]
    # the Sobol' points of a monotone indicator are off by one trial a replicate at most, 16 of 4,096;
    # a share is printed to half a point at worst
    assert shares == pytest.approx([undiscounted, lost, undiscounted, lost], abs=16 / 4096 + 0.005)
    assert document.probabilities[0].question == "P(npv < 0)"
    assert not differs(document.verdict.text, "the headline of a case at 8 %")
    assert not differs(document.verdict.sentences[0], "the shares of losses of a case at 8 %")
    assert not differs(document.verdict.sentences[2], "the middle of a case at 8 %")
    assert sum("bring in less" in sentence for sentence in document.verdict.sentences) == 1
    assert document.case.leading == "npv"


def test_without_a_discount_rate_gain_leads() -> None:
    document = plain()
    assert not differs(document.verdict.text, "the headline without a discount rate")
    assert not differs(document.verdict.sentences[1], "the middle without a discount rate")
    assert [result.question for result in document.probabilities[:2]] == ["P(gain < 0)", "P(npv < 0)"]
    assert "P(never(discounted_payback))" not in [result.question for result in document.probabilities]
    assert not any("bring in less" in sentence for sentence in document.verdict.sentences)


def test_trials_that_pay_back_and_lose_the_money_again_are_told_apart() -> None:
    """With 150 USD to pay in month 60, all pay back by month 50, and 60 months of less than 250 USD lose money."""
    document = plain(more=", last: pulse(60) * -150 USD", low=2.0, high=5.0)
    assert not differs(document.verdict.text, "the headline of money that is lost again")
    assert not differs(document.verdict.sentences[0], "the shares of losses of money that is lost again")


@pytest.mark.parametrize(
    ("rate", "low", "entry"),
    [
        ("8 %/year", 3.0, "none loses money at 8 %"),
        ("some_rate", 3.0, "none loses money at an uncertain rate"),
    ],
)
def test_all_or_none_of_the_trials(rate: str, low: float, entry: str) -> None:
    assert not differs(plain(rate, low=low).verdict.text, entry)


def test_no_money_is_needed_where_cumulative_net_is_never_below_0() -> None:
    case = """
horizon: 12 months
inputs: {grant: "uniform(50, 150) USD"}
cash_flows:
  upfront: {grant: grant, cost: -80 USD}
  monthly: {saved: 10 USD/month}
"""
    document = appendix(loads(case), Sampling(4096), Execution()).document
    payback = document.measures["payback"]
    assert payback.unfunded == pytest.approx(0.7, abs=16 / 4096)
    assert not differs(document.verdict.sentences[0], "seven in ten trials need no funding")
    assert not any("month 0" in sentence for sentence in document.verdict.sentences)
    assert not differs(payback.percentiles["P90"].text, "a payback where seven in ten trials need no funding")
    assert not differs(ask(loads(case), "P90(payback)")[0].text, "a payback where seven in ten trials need no funding")
    document = appendix(
        loads(case.replace("uniform(50, 150)", "uniform(90, 150)")), Sampling(4096), Execution()
    ).document
    assert document.measures["payback"].unfunded == 1
    assert not differs(document.verdict.text, "no trial needs any funding")
    assert not any("pay back" in sentence or "pays back" in sentence for sentence in document.verdict.sentences)


def test_a_claim_by_itself_says_how_often_it_holds() -> None:
    case = PLAIN.format(rate="0 %/year", more="", low=1.0, high=5.0) + "claims: [{says: much, check: 'roi >= 1.4'}]\n"
    document = appendix(loads(case), Sampling(4096), Execution()).document
    assert not differs(document.verdict.sentences[0], "a claim that holds in a quarter of the trials")


PAID_FOR = """
horizon: 24 months
inputs: {cost: 800 to 1_200 USD, gate: bernoulli(0.2)}
cash_flows:
  upfront: {build: SIGN}
  monthly: {saved: 90 USD/month}
"""


@pytest.mark.parametrize(("amount", "paid"), [("cost", False), ("-cost", True), ("-cost * gate", True)])
def test_a_ledger_without_money_out_leads_with_that(amount: str, paid: bool) -> None:
    document = appendix(loads(PAID_FOR.replace("SIGN", amount)), Sampling(1_024), Execution(1)).document
    assert (document.verdict.text == NOTHING_PAID) is not paid
    assert document.limits[0].startswith("no money goes out within 24 months") is not paid


def test_few_trials_that_all_agree_say_how_little_that_is() -> None:
    assert not differs(plain("8 %/year", low=3.0, trials=16).verdict.text, "none of 16 trials loses money at 8 %")
    assert not differs(plain(low=3.0, trials=16).verdict.text, "none of 16 trials loses money")
    document = plain("8 %/year", low=0.1, high=1.0, trials=16)
    assert not differs(document.verdict.text, "each of 16 trials loses money at 8 %")
    assert not any("pay back" in sentence for sentence in document.verdict.sentences)


def test_a_claim_that_few_trials_leave_open_has_its_interval() -> None:
    case = PLAIN.format(rate="0 %/year", more="", low=1.0, high=5.0) + "claims: [{says: much, check: 'roi >= 0.8'}]\n"
    document = appendix(loads(case), Sampling(16), Execution()).document
    assert not differs(document.verdict.sentences[0], "a claim that few trials leave open")


def test_a_certain_case_speaks_of_no_trials() -> None:
    case = (
        "{horizon: 12, discount_rate: 8 %/year, inputs: {x: 11}, cash_flows: {upfront: {c: -100}, monthly: {back: x}}}"
    )
    sentences = appendix(loads(case), Sampling(64), Execution()).document.verdict.sentences
    assert not differs(sentences, "a certain case at 8 %")
