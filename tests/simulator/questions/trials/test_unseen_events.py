from __future__ import annotations

from pathlib import Path

import pytest

from payback.simulator.case import loads
from payback.simulator.questions.ask.answers import Answer
from payback.simulator.questions.compare.comparison import compare
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, what_if
from payback.simulator.questions.trials.rare_events import RareEvent
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.questions.trials.unseen_events import cautioned, inherited
from payback.simulator.statistics import Estimate
from tests.catalogue import compared_with
from tests.simulator.questions.cases import ask

differs = compared_with(Path(__file__).parents[1] / "messages.txt")

BREACH = """
horizon: 12
inputs: {{margin: "normal(300, 10)", breach: bernoulli({p}), loss: "lognormal(mean=8_000_000, sd=8_000_000)"}}
cash_flows:
  upfront: {{build: -500, breach: -breach * loss}}
  monthly: {{work: margin}}
"""
CASE = loads(BREACH.format(p=0.0001))
TRIALS = 2**14


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    questions = (
        "mean(npv)", "sd(npv)", "skew(npv)", "CVaR5(npv)", "P(npv < 0)", "P5(npv)", "P0.005(npv)", "mean(margin)",
        "mean(npv) - 3", "P90(npv) - mean(npv)", "mean(margin) / 2",
    )  # fmt: skip
    return dict(zip(questions, ask(CASE, *questions, trials=TRIALS), strict=True))


@pytest.mark.parametrize(
    "question", ["mean(npv)", "sd(npv)", "skew(npv)", "CVaR5(npv)", "mean(npv) - 3", "P90(npv) - mean(npv)"]
)
def test_moments_and_tail_means_have_no_interval_before_the_event_is_seen(
    answers: dict[str, Answer], question: str
) -> None:
    answer = answers[question]
    assert answer.value is not None
    assert (answer.estimate.low, answer.estimate.high) == (None, None)
    assert answer.estimate.needs == pytest.approx(100_000, abs=1)
    assert not differs(answer.warning, "an event that is not seen")


@pytest.mark.parametrize("question", ["P(npv < 0)", "P5(npv)", "mean(margin)", "mean(margin) / 2"])
def test_what_the_event_does_not_reach_is_as_it_was(answers: dict[str, Answer], question: str) -> None:
    assert answers[question].estimate.low is not None
    assert answers[question].estimate.high is not None
    assert answers[question].warning == ""


def test_a_percentile_within_reach_of_the_event_keeps_its_interval_of_ranks(answers: dict[str, Answer]) -> None:
    assert not differs(answers["P0.005(npv)"].warning, "an event that is not seen")
    ranks = Estimate(1.0, 0.5, 2.0, trials=TRIALS)
    assert cautioned(ranks, "percentile", 99.999, [RareEvent("breach", 1e-4)]).low == 0.5
    assert cautioned(ranks, "percentile", 99.9, [RareEvent("breach", 1e-4)]) == ranks


def test_without_an_event_nothing_is_said() -> None:
    estimate = Estimate(1.0, 0.5, 2.0, trials=TRIALS)
    assert cautioned(estimate, "mean", 0.0, ()) == estimate
    assert inherited(estimate, [estimate]) == estimate


def test_differences_carry_the_warnings_of_both_sides() -> None:
    base = Frame(CASE, Sampling(TRIALS).cube(CASE))
    (row,) = compare(base, [what_if(base, "breach = 0")], ["mean(npv)", "P5(npv)", "P(npv < 0)"], Execution())
    mean = row.answers["mean(npv)"]
    assert (mean.before.low, mean.difference.low, mean.difference.high) == (None, None, None)
    assert mean.after.low is not None
    assert row.answers["P5(npv)"].difference.low is not None
    assert not differs(row.note, "an event behind a comparison")


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo", "latin_hypercube"])
@pytest.mark.parametrize("p", [1e-6, 1e-5, 1e-4, 4e-4])
def test_no_interval_leaves_the_truth_out_for_an_event_that_few_trials_hold(p: float, sampler: str, seed: int) -> None:
    """Whatever the seed: with less than ten expected there is no interval of the mean to be wrong."""
    (answer,) = ask(loads(BREACH.format(p=p)), "mean(npv)", trials=TRIALS, seed=seed, sampler=sampler)
    assert answer.estimate.low is None
    assert answer.estimate.high is None
