from __future__ import annotations

from pathlib import Path

import pytest

from payback.simulator.case import Case, loads
from payback.simulator.document.questions.variance import Variance
from payback.simulator.errors import CaseError, UsageError
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.sensitivity.factors import factors
from payback.simulator.questions.sensitivity.variance import share_text, variance
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, stress_of
from payback.simulator.questions.trials.sampling import Sampling
from tests.catalogue import compared_with
from tests.simulator.questions.cases import CERTAIN, COUPLED, small

differs = compared_with(Path(__file__).with_name("messages.txt"))

SAMPLING = Sampling(2**13)

LINEAR = """
horizon: 1
inputs:
  x1: uniform(0, 1)
  x2: uniform(0, 1)
  x3: uniform(0, 1)
  idle: normal(0, 1)
cash_flows: {upfront: {cost: -1}, monthly: {saved: x1 + 2 * x2 + 3 * x3}}
"""
G_FUNCTION = """
horizon: 1
inputs: {u1: "uniform(0, 1)", u2: "uniform(0, 1)", u3: "uniform(0, 1)", u4: "uniform(0, 1)"}
calculations:
  y: abs(4 * u1 - 2) * (abs(4 * u2 - 2) + 1) / 2 * (abs(4 * u3 - 2) + 4.5) / 5.5 * (abs(4 * u4 - 2) + 9) / 10
cash_flows: {upfront: {cost: -1}, monthly: {saved: u1}}
"""


def split(case: Case, measure: str = "npv", sampling: Sampling = SAMPLING) -> Variance:
    return variance(Frame(case, sampling.cube(case)), Execution(), measure)


def test_a_linear_measure_has_shares_of_squares() -> None:
    """Row A31."""
    shared = split(loads(LINEAR))
    assert [row.inputs for row in shared.shares] == [("x3",), ("x2",), ("x1",), ("idle",)]
    for row, share in zip(shared.shares, (9 / 14, 4 / 14, 1 / 14, 0), strict=True):
        assert row.first.value == pytest.approx(share, abs=1e-2)
        assert row.total.value == pytest.approx(share, abs=1e-2)
    assert shared.alone.value == pytest.approx(1, abs=1e-2)
    assert shared.together.value == pytest.approx(0, abs=1e-2)
    assert (shared.trials, shared.runs) == (2**13, 6 * 2**13)
    assert shared.sd == pytest.approx((14 / 12) ** 0.5, rel=1e-2)


def test_g_function_as_a_case() -> None:
    """Row A38: the factors left out move its variance by 3e-5 of itself."""
    shared = split(loads(G_FUNCTION), "y")
    rows = {row.inputs[0]: row for row in shared.shares}
    first = {"u1": 0.716192169, "u2": 0.179048042, "u3": 0.023675774, "u4": 0.007161922}
    total = {"u1": 0.787144127, "u2": 0.242198193, "u3": 0.03431691, "u4": 0.010460387}
    assert {name: row.first.value for name, row in rows.items()} == pytest.approx(first, abs=1e-2)
    assert {name: row.total.value for name, row in rows.items()} == pytest.approx(total, abs=1e-2)
    assert list(rows) == ["u1", "u2", "u3", "u4"]


def test_inputs_that_move_together_are_one_group() -> None:
    case = loads(COUPLED.format(rho=0.5))
    shared = split(case)
    # a Gaussian copula of 0.5 is a correlation of 6 / pi asin(0.25) between uniforms
    joint = 2 + 2 * 0.482583
    assert [row.inputs for row in shared.shares] == [("x", "y"), ("z",)]
    assert shared.shares[0].total.value == pytest.approx(joint / (joint + 1), abs=1e-2)
    assert not differs(shared.note, "a group of inputs")
    (question,) = parse_questions(["first_order(npv, x)"])
    with pytest.raises(CaseError) as error:
        answer([question], Frame(case, SAMPLING.cube(case)), Execution())
    assert not differs(str(error.value), "an input of a group")


def test_factors_join_processes_and_groups() -> None:
    case = loads("""
horizon: 12
inputs:
  a: {distribution: "normal(0, 1)", each: month}
  b: uniform(0, 1)
  c: uniform(0, 1)
  d: uniform(0, 1)
  sure: 3
dependence: [{between: [b, d], spearman: 0.3}]
calculations: {s: "jumps(100, 2, normal(0, 0.1))"}
cash_flows: {upfront: {cost: -1}, monthly: {saved: a + b + c + d + s + sure}}
""")
    assert [factor.names for factor in factors(case)] == [("a",), ("b", "d"), ("c",), ("s.jumps",)]
    assert len(factors(case)[-1].draws) == 2


def test_uncertain_parameters_are_told() -> None:
    assert not differs(split(small()).note, "uncertain parameters")


def test_ask_gives_the_same_indices_with_verdicts_and_arithmetic() -> None:
    questions = parse_questions(
        [
            "first_order(npv, x3)", "total_order(npv, x3)", "total_order(npv, x2) <= 20 %",
            "total_order(npv, x3) - first_order(npv, x3)", "first_order(npv >= 2, x3) in 'more'", "mean(npv)",
        ]
    )  # fmt: skip
    case = loads(LINEAR + "what_if: {more: {x1: x1 + 10}}\n")
    frame = Frame(case, SAMPLING.cube(case))
    first, total, verdict, rest, changed, mean = answer(questions, frame, Execution())
    top = split(case).shares[0]
    assert (first.value, first.estimate.low) == (top.first.value, top.first.low)
    assert total.value == top.total.value
    assert first.text.endswith(")")
    assert "%" in first.text
    assert verdict.verdict == "refuted"
    assert rest.value == pytest.approx(0, abs=1e-2)
    assert rest.estimate.low is not None
    assert rest.estimate.low < rest.value < (rest.estimate.high or 0)
    assert changed.value is None  # always true: nothing varies
    assert mean.value == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("first_order(npv, nothing)", "`nothing` is no uncertain input -> one of x1, x2, x3, idle"),
        ("first_order(npv, x)", r"did you mean x3"),
        ("first_order(npv)", "`first_order` takes a formula and the name of an input"),
        ("total_order(npv, x1 + x2)", r"`total_order` takes a formula and the name of an input -> total_order\(npv, v"),
        ("first_order(npv, 3)", "takes a formula and the name of an input"),
        ("first_order(nothing, x1)", "nothing"),
    ],
)
def test_questions_that_make_no_sense(question: str, says: str) -> None:
    case = loads(LINEAR)
    with pytest.raises(CaseError, match=says):
        answer(parse_questions([question]), Frame(case, SAMPLING.cube(case)), Execution())


def test_a_measure_without_variance_is_refused() -> None:
    with pytest.raises(UsageError) as error:
        split(small(), "payback")
    assert not differs(str(error.value), "a measure without variance")
    assert split(small(), "min(payback, 12 months)").shares[0].inputs
    assert split(small(), "payback <= 6 months").sd < 0.5
    with pytest.raises(UsageError, match="`npv` does not vary"):
        split(loads(CERTAIN))
    with pytest.raises(UsageError, match="`invested` does not vary"):
        split(loads(LINEAR), "invested")


def test_under_a_stress() -> None:
    case = loads(LINEAR)
    base = Frame(case, SAMPLING.cube(case))
    stressed = variance(stress_of(base, "x3 below 10 %"), Execution())
    shares = {row.inputs[0]: row.total.value for row in stressed.shares}
    whole = 1 + 4 + 0.09
    assert shares == pytest.approx({"x1": 1 / whole, "x2": 4 / whole, "x3": 0.09 / whole, "idle": 0}, abs=1e-2)


def test_texts() -> None:
    assert share_text(0.3424, 0.3227, 0.3621) == "34 % (32 to 36)"
    assert share_text(0.97, 0.9, 1.04) == "97.0 % (90.0 to 100.0)"
    assert share_text(0.5, None, None) == "50 %"
    assert share_text(None, None, None) == "not known"


BREACH = """
horizon: 12
inputs: {{margin: "normal(300, 10)", breach: bernoulli({p}), loss: "lognormal(mean=8_000_000, sd=8_000_000)"}}
cash_flows: {{upfront: {{build: -500, breach: -breach * loss}}, monthly: {{work: margin}}}}
"""


@pytest.mark.parametrize("seed", range(1, 6))
def test_no_share_is_known_of_an_event_that_too_few_rows_hold(seed: int) -> None:
    """It was 100 % without an interval, or 87 % alone of 19 % in total."""
    shared = split(loads(BREACH.format(p=0.0001)), sampling=Sampling(2**13, seed))
    for share in (*shared.shares,):
        for index in (share.first, share.total):
            assert (index.value, index.low, index.high, index.text) == (None, None, None, "not known")
    assert shared.alone.text == shared.together.text == "not known"
    assert not differs(shared.note, "an event that no rows hold")


def test_an_event_that_some_rows_hold_has_wide_shares_or_none() -> None:
    shared = split(loads(BREACH.format(p=0.003)))
    by_name = {share.inputs[0]: share for share in shared.shares}
    assert by_name["margin"].total.text == "below 0.05 %"
    assert by_name["margin"].first.text == "below 0.05 %"
    loss = by_name["loss"].total
    assert loss.value is None or (loss.low is not None and loss.high is not None and loss.high - loss.low > 0.3)
    assert not differs(shared.note, "shares that few rows carry")


def test_shares_that_are_not_known_come_first_and_in_answers() -> None:
    case = loads(BREACH.format(p=0.0001))
    base = Frame(case, SAMPLING.cube(case))
    texts = ("first_order(npv, loss)", "total_order(npv, breach)", "total_order(npv, breach) * 2")
    for result in answer(parse_questions(texts), base, Execution()):
        assert (result.value, result.text) == (None, "not known")
        assert "rare event" in result.warning


def test_what_varies_with_a_rare_event_alone_says_what_it_takes() -> None:
    case = loads(
        "{horizon: 1, inputs: {breach: bernoulli(0.000001)}, cash_flows: {upfront: {b: -breach}, monthly: {m: 1}}}"
    )
    with pytest.raises(UsageError) as refused:
        split(case)
    assert not differs(str(refused.value), "a rare event and nothing else")
