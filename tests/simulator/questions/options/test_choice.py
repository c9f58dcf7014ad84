from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from payback.simulator.case import Case, load, loads
from payback.simulator.document.questions.options import OptionResult, Options
from payback.simulator.errors import UsageError
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.options.choice import IN_RUN, of_frame, shown_in_run
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, option_frames
from payback.simulator.questions.trials.samples import samples
from payback.simulator.questions.trials.sampling import Sampling
from tests.simulator.questions.cases import CERTAIN, small

ROOT = Path(__file__).parents[4]

NORMALS = """
horizon: 1
discount_rate: 0 %/year
inputs:
  common: normal(0, 1)
  own: normal(1, 1)
cash_flows: {{upfront: {{income: common + own}}}}
options:
  other:
    inputs: {{its_own: "normal({mean}, 2)"}}
    upfront.income: common + its_own
decide_by: {decide_by}
"""
"""The case as it is and another option: normals with a common part, of which the difference has variance 5."""

SEEDS, LEAST = 100, 92
"""Of 100 seeds, fewer than 92 hold a truth that 95 % hold with probability 0.06."""

G22 = """
horizon: 12 months
inputs:
  calls: {calls} request/month
  project: 21_200 USD
  call_cost: 0.0006 USD/request
  upkeep: 9_600 USD/year
cash_flows:
  upfront: {{project: -project}}
  monthly: {{calls: -calls * call_cost, upkeep: -upkeep}}
options:
  prompt a small model: {{project: 2_000 USD, call_cost: 0.0010 USD/request, upkeep: 1_200 USD/year}}
  do nothing: {{project: 0 USD, call_cost: 0.0030 USD/request, upkeep: 0 USD/year}}
decide_by: mean(total_cost)
"""


def compared(case: Case, trials: int = 4_096, seed: int = 1, decide_by: str = "") -> Options:
    return of_frame(Frame(case, Sampling(trials, seed).cube(case)), Execution(), decide_by)


def normals(mean: float = 0.5, decide_by: str = "mean(npv)") -> Case:
    return loads(NORMALS.format(mean=mean, decide_by=decide_by))


def by_name(options: Options) -> dict[str, OptionResult]:
    return {option.name: option for option in options.options}


def test_options_of_a_closed_form() -> None:
    options = compared(normals(), 2**16)
    first, second = options.options
    assert (first.name, second.name) == ("as it is", "other")
    assert first.behind is None
    assert second.behind is not None
    assert second.behind.value == pytest.approx(-0.5, abs=2e-3)
    assert not second.tied
    a, s = 0.5 / math.sqrt(5), math.sqrt(5)
    assert first.best.value == pytest.approx(ndtr(a), abs=2e-3)
    assert first.regret.value == pytest.approx(
        s * math.exp(-a * a / 2) / math.sqrt(2 * math.pi) - 0.5 * ndtr(-a), abs=5e-3
    )
    assert second.regret.value == pytest.approx((first.regret.value or 0.0) + 0.5, abs=5e-3)
    for option, mean, sd in ((first, 1.0, math.sqrt(2)), (second, 0.5, math.sqrt(5))):
        assert option.mean.value == pytest.approx(mean, abs=2e-3)
        assert option.p5.value == pytest.approx(mean + sd * ndtri(0.05), abs=3e-2)
        assert option.p95.value == pytest.approx(mean + sd * ndtri(0.95), abs=3e-2)
        tail = math.exp(-(ndtri(0.05) ** 2) / 2) / math.sqrt(2 * math.pi) / 0.05
        assert option.shortfall.value == pytest.approx(mean - sd * tail, abs=3e-2)
        assert option.loss.value == pytest.approx(ndtr(-mean / sd), abs=3e-3)
    assert (first.efficient, second.efficient) == ("yes", "no")
    (over, under) = options.dominance
    assert (over.option, over.first, over.second) == ("as it is", "no", "yes")
    assert (under.option, under.first, under.second) == ("other", "no", "no")


def test_intervals_hold_the_truth() -> None:
    """The probability of being best and the paired difference of means."""
    case = normals()
    best = ndtr(0.5 / math.sqrt(5))
    held = np.zeros(3)
    for seed in range(SEEDS):
        rows = by_name(compared(case, 1_024, seed))
        behind = rows["other"].behind or rows["as it is"].behind
        assert behind is not None
        estimates = (rows["as it is"].best, rows["other"].best, behind)
        away = math.copysign(0.5, behind.value or 0.0)
        for k, (estimate, truth) in enumerate(zip(estimates, (best, 1 - best, away), strict=True)):
            assert estimate.low is not None
            assert estimate.high is not None
            held[k] += estimate.low <= truth <= estimate.high
    assert held.min() >= LEAST, held


def test_a_lead_within_its_error_is_a_tie() -> None:
    """Equal laws with draws of their own: the sampling error alone parts the two; 5 % of seeds may call it a lead."""
    case = normals(1.0)
    tied = [compared(case, 1_024, seed).options[1].tied for seed in range(50)]
    assert sum(tied) >= 42  # 95 % of 50 less 2.9 standard errors of 1.54
    options = compared(case, 1_024, tied.index(True))
    assert options.tied == tuple(option.name for option in options.options)
    assert "tie: they differ by no more than the simulation error" in options.sentences[0]


def test_options_that_are_equal_tie_for_good() -> None:
    case = loads(
        NORMALS.format(mean=0, decide_by="P50(gain)").replace("common + its_own", "common + own + 0 * its_own")
    )
    options = compared(case)
    assert [option.best.value for option in options.options] == [0.5, 0.5]
    assert options.several_best.value == 1
    assert options.sentences[0] == "By P50(gain), `as it is` and `other` tie: it is the same."
    assert [option.efficient for option in options.options] == ["yes", "yes"]
    assert {(row.first, row.second) for row in options.dominance} == {("yes", "yes")}


def test_an_option_with_new_inputs_leaves_the_draws_of_the_case_alone() -> None:
    """The same bits with and without options, also where several of these add inputs of their own."""
    text = (ROOT / "configs" / "support_classifier.yaml").read_text(encoding="utf-8")
    with_options = loads(text)
    start, end = text.index("\noptions:"), text.index("\nstress:")
    without = loads(text[:start] + text[end:])
    base, *others = option_frames(Frame(with_options, Sampling(2_048).cube(with_options)))
    alone = Frame(without, Sampling(2_048).cube(without))
    assert not alone.case.options
    assert base.cube.axes[: len(alone.cube.axes)] == alone.cube.axes
    assert set(base.cube.axes) - set(alone.cube.axes) == {"prompt_hours", "small_cost", "cache_hours", "hit"}
    formulas = [without.formula(text).expression for text in ("npv", "payback", "calls", "overrun")]
    for engine in ("numpy", "auto"):
        mine, theirs = (samples(frame, formulas, Execution(engine=engine)) for frame in (base, alone))
        for formula in formulas:
            np.testing.assert_array_equal(mine[formula].values, theirs[formula].values)
    untouched = without.formula("overrun").expression
    for frame in others[1:]:
        drawn = samples(frame, [untouched], Execution())[untouched].values
        np.testing.assert_array_equal(drawn, samples(alone, [untouched], Execution())[untouched].values)


def test_options_share_the_draws_of_new_inputs_of_one_name() -> None:
    case = loads(
        "horizon: 1\ninputs: {x: 'uniform(0, 1)'}\ncash_flows: {upfront: {income: x}}\n"
        "options:\n"
        "  low: {inputs: {first: 'uniform(0, 1)', own: 'uniform(0, 1)'}, upfront.income: own}\n"
        "  high: {inputs: {own: 'uniform(10, 12)'}, upfront.income: own}\n"
    )
    _, low, high = option_frames(Frame(case, Sampling(1_024).cube(case)))
    formula = case.formula("npv").expression
    mine, theirs = (samples(frame, [formula], Execution())[formula].values for frame in (low, high))
    np.testing.assert_allclose(theirs, 10 + 2 * mine, atol=1e-12)


@pytest.mark.parametrize(
    ("calls", "costs"),
    [
        (100_000, {"as it is": 31_520, "prompt a small model": 4_400, "do nothing": 3_600}),
        (1_000_000, {"as it is": 38_000, "prompt a small model": 15_200, "do nothing": 36_000}),
        (5_000_000, {"as it is": 66_800, "prompt a small model": 63_200, "do nothing": 180_000}),
    ],
)
def test_golden_alternatives(calls: int, costs: dict[str, float]) -> None:
    """Golden case G22: twelve months at three volumes."""
    options = compared(loads(G22.format(calls=calls)))
    ranked = sorted(costs, key=lambda name: costs[name])
    assert [option.name for option in options.options] == ranked
    for option in options.options:
        decides = option.decides
        assert (decides.value, decides.low, decides.high) == pytest.approx([costs[option.name]] * 3, abs=0.005)
        assert option.best.value == (option.name == ranked[0])
        assert option.best.low == option.best.high
        assert option.regret.value == pytest.approx(costs[option.name] - costs[ranked[0]], abs=0.005)
        behind = option.behind
        assert behind is None or behind.value == pytest.approx(costs[option.name] - costs[ranked[0]], abs=0.005)
    assert (options.better, options.measure, options.shortfall) == ("low", "total_cost", "CVaR95(total_cost)")
    assert options.tied == (ranked[0],)


@pytest.mark.parametrize(
    ("crossover", "below", "above"),
    [
        (400_000 / 3, "do nothing", "prompt a small model"),
        (9_625_000 / 9, "do nothing", "as it is"),
        (5_750_000, "prompt a small model", "as it is"),
    ],
)
def test_golden_crossovers(crossover: float, below: str, above: str) -> None:
    """Golden case G22: at 133,333, 1,069,444 and 5,750,000 requests a month two options cost the same."""
    for calls, order in ((0.999 * crossover, 1), (1.001 * crossover, -1)):
        names = [option.name for option in compared(loads(G22.format(calls=repr(calls)))).options]
        assert order * (names.index(above) - names.index(below)) > 0
    rows = by_name(compared(loads(G22.format(calls=repr(crossover)))))
    assert rows[below].decides.value == pytest.approx(rows[above].decides.value or 0.0)


def test_the_support_classifier_would_better_not_be_distilled() -> None:
    case = load(ROOT / "configs" / "support_classifier.yaml")
    options = compared(case)
    assert set(options.tied) == {"do nothing", "wait 6 months"}
    assert options.options[-1].name == "as it is"
    rows = by_name(options)
    assert rows["do nothing"].decides.value == rows["do nothing"].mean.value == 0
    assert options.stated
    shares = [option.best.value or 0.0 for option in options.options]
    assert sum(shares) == pytest.approx(1)


def test_the_criterion_may_be_given() -> None:
    case = load(ROOT / "configs" / "support_classifier.yaml")
    for decide_by, better, measure in (
        ("P(npv < 0)", "low", "npv"),
        ("P90(payback)", "low", "npv"),
        ("CVaR95(total_cost)", "low", "total_cost"),
        ("P50(at(cumulative_net, 12))", "high", "at(cumulative_net, 12)"),
    ):
        options = compared(case, 1_024, decide_by=decide_by)
        assert (options.decide_by, options.better, options.measure) == (decide_by, better, measure)
        values = [math.inf if o.decides.value is None else o.decides.value for o in options.options]
        assert values == sorted(values, reverse=better == "high")


def test_without_a_criterion_the_median_decides_and_that_is_said() -> None:
    case = normals()
    unstated = Case(replace(case.declarations, decide_by=""), case.checked)
    options = compared(unstated)
    assert (options.decide_by, options.stated) == ("P50(gain)", False)
    assert any(sentence.startswith("No `decide_by` is given, so P50(gain) decides") for sentence in options.sentences)


def test_a_lead_that_loses_money_is_said_to_lose_it() -> None:
    options = compared(normals(-5.0).change("own = normal(-4, 1)"))
    said = "Even its mean(npv) is below 0: to do nothing would be better, unless that costs money too."
    assert said in options.sentences


def test_a_run_shows_options_only_where_there_are_some() -> None:
    assert shown_in_run(Frame(small(), Sampling(1_024).cube(small())), Execution()) is None
    case = normals()
    shown = shown_in_run(Frame(case, Sampling(2**14).cube(case)), Execution())
    assert shown is not None
    assert shown.trials == IN_RUN
    assert f"{IN_RUN:,} trials, the first of the run" in shown.note
    assert shown.options[0].mean == compared(case, IN_RUN).options[0].mean


def test_a_case_without_options_has_nothing_to_compare() -> None:
    case = loads(CERTAIN)
    with pytest.raises(UsageError, match="declares no `options:`"):
        compared(case)


def test_options_are_asked_by_name() -> None:
    case = normals()
    base = Frame(case, Sampling(1_024).cube(case))
    questions = parse_questions(["mean(npv) in 'other'", "mean(npv)"])
    asked_of = [result.value for result in answer(questions, base, Execution())]
    rows = by_name(compared(case, 1_024))
    assert asked_of == [rows["other"].mean.value, rows["as it is"].mean.value]
