"""Precision in place of a number of trials: it is reached, or the answer says what it would take."""

from __future__ import annotations

import numpy as np

import payback
from payback.simulator.case import loads
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.ask.estimates import half_width
from payback.simulator.questions.grammar import parse_question
from payback.simulator.questions.size.precision import LEAST, look, parse_targets
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.settings import Settings
from tests.simulator.questions.cases import SMALL

CASE = loads(SMALL)


def test_every_target_is_met_and_the_answers_are_of_the_last_look() -> None:
    targets = parse_targets(["P(npv < 0), 0.5 %", "P50(payback), 0.1 months", "mean(npv), 1_000 USD"])
    asked = parse_question("P90(npv)")
    found = look(CASE, targets, Settings(sampler="monte_carlo"), [asked])
    assert all(one.reached for one in found.targets)
    assert found.trials > LEAST
    assert {one.trials for one in found.targets} == {found.trials}
    for target, one in zip(targets, found.targets, strict=True):
        (again,) = answer([target.question], *_at(found.trials))
        assert one.half_width == half_width(again.estimate)
        assert 1.1 * half_width(again.estimate) <= one.asked
        assert (
            one.text == f"known to +-{target.text.rpartition(', ')[2]} with {found.trials:,} trials, {one.looks} looks"
        )
    (alone,) = answer([asked], *_at(found.trials))
    assert found.answers == (alone,)
    # one look earlier some target was not met: no more trials than it takes
    earlier = [answer([target.question], *_at(found.trials // 2))[0] for target in targets]
    assert any(1.1 * half_width(one.estimate) > (one.limit or 0.0) for one in earlier)


def _at(trials: int) -> tuple[Frame, Settings]:
    settings = Settings(trials, sampler="monte_carlo")
    return Frame(CASE, settings.cube(CASE)), settings


def test_an_easy_target_takes_one_look() -> None:
    (one,) = look(CASE, parse_targets(["P(npv < 0), 20 %"]), Settings()).targets
    assert (one.reached, one.trials, one.looks) == (True, LEAST, 1)


def test_what_cannot_be_is_an_answer() -> None:
    (late,) = look(CASE, parse_targets(["P90(payback), 1 month"]), Settings()).targets
    assert (late.reached, late.half_width, late.looks) == (False, None, 1)
    assert late.text == "not known to +-1 month, and no number of trials will do: it has no value within the case"
    (fine,) = look(CASE, parse_targets(["P(npv < 0), 1e-7 %"]), Settings(), most_trials=40_000).targets
    assert (fine.reached, fine.trials) == (False, 32_768)
    assert "it would take up to about" in fine.text
    (slow,) = look(CASE, parse_targets(["P(npv < 0), 1e-7 %"]), Settings(), most_seconds=1e-9).targets
    assert (slow.reached, slow.looks) == (False, 1)


def test_a_certain_case_is_known_at_once() -> None:
    certain = loads("{horizon: 12 months, inputs: {x: 3}, cash_flows: {upfront: {c: -20}, monthly: {s: x}}}")
    (one,) = look(certain, parse_targets(["mean(npv), 0.001"]), Settings()).targets
    assert (one.reached, one.half_width, one.looks) == (True, 0.0, 1)


def test_intervals_of_runs_that_stop_by_themselves_cover() -> None:
    case = loads("{horizon: 1 month, inputs: {x: 'normal(0, 1)'}, cash_flows: {upfront: {c: x}, monthly: {s: 0}}}")
    targets = parse_targets(["mean(npv), 0.011"])
    seeds, hits, trials = 100, 0, []
    for seed in range(seeds):
        found = look(case, targets, Settings(seed=seed, sampler="monte_carlo"))
        settings = Settings(found.trials, seed, "monte_carlo")
        (one,) = answer([parse_question("mean(npv)")], Frame(case, settings.cube(case)), settings)
        assert one.estimate.low is not None
        assert one.estimate.high is not None
        hits += one.estimate.low <= 0.0 <= one.estimate.high
        trials.append(found.trials)
    assert set(trials) <= {2**15, 2**16}
    # 95 % less 4 standard errors of 100 seeds
    assert hits / seeds > 0.95 - 4 * 0.022


def test_the_result_tells_what_its_trials_follow_from() -> None:
    found = payback.simulate(CASE, precision=["P(npv < 0), 1 %", "P50(npv), 100_000 USD"], sampler="monte_carlo")
    assert [one.reached for one in found.precision] == [True, True]
    assert found.frame.cube.trials == found.precision[0].trials
    assert found.document.provenance.precision == found.precision
    short = payback.simulate(CASE, precision="P(npv < 0), 1e-6 %", trials=2**15)
    assert not short.precision[0].reached
    assert short.frame.cube.trials == 2**15
    assert np.isclose(short.probability("npv < 0").value, found.probability("npv < 0").value, atol=0.02)
