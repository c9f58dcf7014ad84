"""Precision in place of a number of trials: it is reached, or the answer says what it would take."""

from __future__ import annotations

import numpy as np

import payback
from payback.simulator.case import loads
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.ask.estimates import half_width
from payback.simulator.questions.grammar import parse_question
from payback.simulator.questions.size.precision import LEAST, Target, parse_targets, size_for_targets
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling
from tests.simulator.questions.cases import SMALL, differs

CASE = loads(SMALL)
EXECUTION = Execution()
PLAIN = Sampling(sampler="monte_carlo")


def at(trials: int) -> Frame:
    return Frame(CASE, Sampling(trials, sampler="monte_carlo").cube(CASE))


def targets_of(*texts: str) -> tuple[Target, ...]:
    return parse_targets(texts)


def test_every_target_is_met_and_the_answers_are_of_the_last_look() -> None:
    targets = targets_of("P(npv < 0), 0.5 %", "P50(payback), 0.1 months", "mean(npv), 1_000 USD")
    question = parse_question("P90(npv)")
    size = size_for_targets(CASE, targets, PLAIN, EXECUTION, [question])
    trials = size.sampling.trials
    assert not size.chosen
    assert all(number.reached for number in size.precision)
    assert trials > LEAST
    assert {number.trials for number in size.precision} == {trials}
    for target, number in zip(targets, size.precision, strict=True):
        (again,) = answer([target.question], at(trials), EXECUTION)
        assert number.half_width == half_width(again.estimate)
        assert 1.1 * half_width(again.estimate) <= number.asked
        assert number.text == f"known to +-{target.half_width} with {trials:,} trials, {number.looks} looks"
    assert size.results == answer([question], at(trials), EXECUTION)
    # one look earlier some target was not met: no more trials than it takes
    earlier = answer([target.question for target in targets], at(trials // 2), EXECUTION)
    assert any(1.1 * half_width(result.estimate) > (result.limit or 0.0) for result in earlier)


def test_an_easy_target_takes_one_look() -> None:
    (number,) = size_for_targets(CASE, targets_of("P(npv < 0), 20 %"), Sampling(), EXECUTION).precision
    assert (number.reached, number.trials, number.looks) == (True, LEAST, 1)


def test_what_cannot_be_is_an_answer() -> None:
    (late,) = size_for_targets(CASE, targets_of("P90(payback), 1 month"), Sampling(), EXECUTION).precision
    assert (late.reached, late.half_width, late.looks) == (False, None, 1)
    assert not differs(late.text, "a target without a value")
    tiny = targets_of("P(npv < 0), 1e-7 %")
    (fine,) = size_for_targets(CASE, tiny, Sampling(), EXECUTION, most_trials=40_000).precision
    assert (fine.reached, fine.trials) == (False, 32_768)
    assert not differs(fine.text, "a target out of reach")
    (slow,) = size_for_targets(CASE, tiny, Sampling(), EXECUTION, most_seconds=1e-9).precision
    assert (slow.reached, slow.looks) == (False, 1)


def test_a_certain_case_is_known_at_once() -> None:
    certain = loads("{horizon: 12 months, inputs: {x: 3}, cash_flows: {upfront: {c: -20}, monthly: {s: x}}}")
    (number,) = size_for_targets(certain, targets_of("mean(npv), 0.001"), Sampling(), EXECUTION).precision
    assert (number.reached, number.half_width, number.looks) == (True, 0.0, 1)


def test_intervals_of_runs_that_stop_by_themselves_cover() -> None:
    case = loads("{horizon: 1 month, inputs: {x: 'normal(0, 1)'}, cash_flows: {upfront: {c: x}, monthly: {s: 0}}}")
    targets = targets_of("mean(npv), 0.011")
    seeds, hits, trials = 100, 0, []
    for seed in range(seeds):
        size = size_for_targets(case, targets, Sampling(seed=seed, sampler="monte_carlo"), EXECUTION)
        (mean,) = answer([parse_question("mean(npv)")], Frame(case, size.sampling.cube(case)), EXECUTION)
        assert mean.estimate.low is not None
        assert mean.estimate.high is not None
        hits += mean.estimate.low <= 0.0 <= mean.estimate.high
        trials.append(size.sampling.trials)
    assert set(trials) <= {2**15, 2**16}
    # 95 % less 4 standard errors of 100 seeds
    assert hits / seeds > 0.95 - 4 * 0.022


def test_the_result_tells_what_its_trials_follow_from() -> None:
    result = payback.simulate(CASE, precision=["P(npv < 0), 1 %", "P50(npv), 100_000 USD"], sampler="monte_carlo")
    assert [number.reached for number in result.precision] == [True, True]
    assert result.frame.cube.trials == result.precision[0].trials
    assert result.document.provenance.precision == result.precision
    short = payback.simulate(CASE, precision="P(npv < 0), 1e-6 %", trials=2**15)
    assert not short.precision[0].reached
    assert short.frame.cube.trials == 2**15
    assert np.isclose(short.probability("npv < 0").value, result.probability("npv < 0").value, atol=0.02)


def test_a_target_is_not_met_before_ten_of_a_rare_event_are_expected() -> None:
    """The mean is 2,300 and was met at once, as 3,100 +-0.04, where no trial held the event."""
    case = loads(
        """
        horizon: 12
        inputs: {margin: "normal(300, 10)", breach: bernoulli(0.0001), loss: "lognormal(mean=8_000_000, sd=8_000_000)"}
        cash_flows: {upfront: {build: -500, breach: -breach * loss}, monthly: {work: margin}}
        """
    )
    targets = parse_targets(["mean(npv), 20"])
    short = size_for_targets(case, targets, Sampling(), Execution(), most_trials=2**14)
    assert not differs(short.precision[0].text, "a precision that a rare event forbids")
    assert (short.precision[0].reached, short.precision[0].half_width) == (False, None)
    (wide,) = size_for_targets(case, parse_targets(["mean(npv), 1_000"]), Sampling(), Execution()).precision
    assert wide.reached
    assert wide.trials >= 2**17
