from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pytest

from payback.simulator.case import loads
from payback.simulator.errors import CaseError, NumericalError
from payback.simulator.number_text import with_error
from payback.simulator.questions.ask.answers import Answer, answer
from payback.simulator.questions.ask.records import answer_line
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.samples import samples
from tests.simulator.questions.cases import CERTAIN, ask, differs, frame, small

KEYS = ["question", "value", "low", "high", "level", "unit", "never", "undefined", "verdict", "method", "text"]


def test_statistics_are_those_of_the_trials() -> None:
    case = small()
    base, execution = frame(case)
    values = samples(base, [case.formula("npv").expression], execution)[case.formula("npv").expression].values
    probability, p90, mean, sd, worst = ask(case, "P(npv < 0)", "P90(npv)", "mean(npv)", "sd(npv)", "CVaR5(npv)")
    assert probability.value == np.mean(values < 0)
    assert p90.value == np.percentile(values, 90, method="inverted_cdf")
    assert mean.value == pytest.approx(values.mean(), rel=1e-12)
    assert sd.value == pytest.approx(values.std(), rel=1e-3)
    assert worst.value == pytest.approx(np.sort(values)[:205].mean(), rel=2e-3)
    assert [figure.unit for figure in (p90, mean, sd, worst)] == ["USD"] * 4
    for figure in (probability, p90, mean, sd, worst):
        estimate = figure.estimate
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low < estimate.value < estimate.high


def test_several_questions_share_one_cube_and_keep_their_order() -> None:
    case = small()
    texts = ["P(npv < 0)", "mean(npv) in 'volume halves'", "P50(payback)", "P(npv < 0) in 'thin demand'", "P50(peak)"]
    together = ask(case, *texts)
    assert [each.question for each in together] == texts
    assert together == tuple(ask(case, text)[0] for text in texts)


def test_a_percentile_beyond_the_horizon_is_said_in_words() -> None:
    (percentile,) = ask(small(), "P99(payback)")
    assert percentile.value is None
    line = answer_line(percentile)
    assert (line.value, line.high) == (None, None)
    assert percentile.never is not None
    assert 0 < percentile.never < 1
    assert percentile.text.startswith("not within 12 months")
    assert "never in" in percentile.text
    assert "inf" not in json.dumps(asdict(line))


def test_what_is_never_stays_beyond_the_horizon_under_a_minus() -> None:
    """Where x is a percentile of payback, -x is the opposite percentile of -payback; never is as far out as it was."""
    case = small()
    paid, beyond = ask(case, "P10(payback)", "P99(payback)")
    mirrored, left, first, mean = ask(
        case, "P90(-payback)", "P90(12 months - payback)", "P1(-payback)", "mean(-payback)"
    )
    assert beyond.value is None
    assert mirrored.value == pytest.approx(-paid.value, rel=1e-2)
    assert left.value == pytest.approx(12 + mirrored.value, rel=1e-12)
    assert (first.value, mean.value) == (None, None)
    assert first.text.startswith("not within 12 months")
    (reads,) = ask(case, "P(-payback < P1(-payback))")
    assert reads.value is None


COMPOSITE = """
horizon: 12
inputs: {work: 2 hour, n: 5 request/month, rate: 3 USD/hour, cost: 100 USD}
calculations: {load: work * n}
cash_flows: {upfront: {cost: -cost}, monthly: {b: load * rate / 1 request}}
"""


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("mean(load)", 10.0, "hour*request/month"),
        ("P90(load) - P10(load)", 0.0, "hour*request/month"),
        ("mean(load) / mean(cost)", 0.1, "hour*request/USD/month"),
        ("mean(present(net))", 360.0, "USD"),
        ("mean(present(net) * cost)", 36_000.0, "USD**2"),
        ("mean(sqrt(cost))", 10.0, "USD**0.5"),
    ],
)
def test_a_statistic_may_have_a_unit_that_no_case_can_spell(question: str, value: float, unit: str) -> None:
    (figure,) = ask(loads(COMPOSITE), question)
    assert figure.value == pytest.approx(value)
    assert figure.unit == unit


def test_a_mean_of_survivors_is_refused() -> None:
    (average,) = ask(small(), "mean(payback)")
    assert average.value is None
    assert average.text.startswith("not defined; never in")
    assert average.never is not None


def test_undefined_trials_count_as_not_satisfying_and_are_told() -> None:
    case = loads("{horizon: 2, inputs: {x: 'uniform(-1, 1)'}, cash_flows: {upfront: {c: -1}, monthly: {m: x}}}")
    hit, percentile = ask(case, "P(irr < 0)", "P50(irr)")
    assert hit.undefined is not None
    assert 0.4 < hit.undefined < 0.6
    assert hit.value is not None
    assert hit.value + hit.undefined <= 1
    assert not differs(hit.text, "undefined trials in a probability")
    assert "among the" in percentile.text
    assert percentile.undefined == hit.undefined


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("P(npv < 0) <= 1 %", "refuted"),
        ("P(npv < 0) <= 99 %", "supported"),
        ("P99(payback) <= 12 months", "refuted"),
        ("P99(payback) <= 20 months", "inconclusive"),
        ("P10(payback) <= 1 year", "supported"),
        ("mean(npv) > 0 USD", "supported"),
        ("0 USD < mean(npv)", "supported"),
        ("mean(payback) < 3 months", "inconclusive"),
    ],
)
def test_a_limit_gives_a_verdict(question: str, verdict: str) -> None:
    (judged,) = ask(small(), question)
    assert judged.verdict == verdict
    assert answer_line(judged).verdict == verdict


def test_a_limit_inside_the_interval_is_inconclusive() -> None:
    (mean,) = ask(small(), "mean(npv)")
    (judged,) = ask(small(), f"mean(npv) < {mean.value} USD")
    assert judged.verdict == "inconclusive"


def test_limits_are_converted_to_the_unit_of_the_answer() -> None:
    (months,) = ask(small(), "P10(payback) <= 1 year")
    assert months.limit == pytest.approx(12)


def test_arithmetic_of_one_statistic_keeps_its_interval() -> None:
    plain, scaled = ask(small(), "mean(npv)", "-2 * mean(npv) + 10 USD")
    low, high = plain.estimate.low, plain.estimate.high
    assert low is not None
    assert high is not None
    assert scaled.value == pytest.approx(10 - 2 * (plain.value or 0))
    assert (scaled.estimate.low, scaled.estimate.high) == pytest.approx((10 - 2 * high, 10 - 2 * low))
    assert scaled.unit == "USD"


def test_a_division_by_what_may_be_0_has_no_interval() -> None:
    (mean,) = ask(small(), "mean(npv)")
    (quotient,) = ask(small(), f"1 / (mean(npv) - {(mean.value or 0) * (1 + 1e-9)!r} USD)")
    assert quotient.value is not None
    assert (quotient.estimate.low, quotient.estimate.high) == (None, None)


def test_arithmetic_of_several_statistics_has_an_error_of_its_own() -> None:
    spread, high, low = ask(small(), "P90(npv) - P10(npv)", "P90(npv)", "P10(npv)")
    assert spread.value == pytest.approx((high.value or 0) - (low.value or 0))
    assert spread.estimate.method == "intervals and their correlation"
    assert spread.estimate.low is not None
    assert spread.estimate.low < (spread.value or 0)


def test_units_of_answers() -> None:
    answers = ask(small(), "mean(npv) / mean(invested)", "P50(payback)", "P50(volume)", "skew(npv)", "sd(irr_count)")
    assert [each.unit for each in answers] == ["", "month", "request/month", "", ""]


def test_a_statistic_inside_a_condition_is_taken_first() -> None:
    case = small()
    inner, outer = ask(case, "P10(npv)", "P(npv < P10(npv))")
    (direct,) = ask(case, f"P(npv < {-(inner.value or 0)!r} * -1 USD)")
    assert outer.value == direct.value


def test_a_condition_alone_asks_for_its_probability() -> None:
    alone, written = ask(small(), "roi >= 1", "P(roi >= 1)")
    assert alone.estimate == written.estimate


@pytest.mark.parametrize("text", ["P(stays_paid_back)", "P(works)", "P(works * stays_paid_back)", "P(never(payback))"])
def test_what_is_true_or_false_needs_no_comparison(text: str) -> None:
    (probability,) = ask(small(), text)
    assert probability.value is not None
    assert 0 < probability.value < 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("P(npv)", "a condition"),
        ("P(volume)", "a condition"),
        ("P90(pabyack)", "did you mean payback?"),
        ("P90(sold)", "at(x, 12), total(x), lowest(x)"),
        ("P(npv < 12 months)", "month"),
        ("P90(payback) <= 12 USD", "USD"),
        ("P90(payback) <= 12", "month"),
        ("P(irr > 0.07)", "`7 %/year`"),
        ("mean(npv) in 'volume halfs'", "did you mean volume halves?"),
        ("mean(npv) in 'x'", "no what-if, option or stress"),
        ("mean(npv) - P10(payback)", "`mean(npv)` - `P10(payback)`: USD and month"),
        ("P(npv < P10(payback))", "`P10(payback)`"),
    ],
)
def test_questions_that_make_no_sense_in_the_case(text: str, says: str) -> None:
    with pytest.raises(CaseError, match="question") as caught:
        ask(small(), text)
    assert says in str(caught.value)


def test_every_bad_question_is_told_at_once() -> None:
    with pytest.raises(CaseError) as caught:
        ask(small(), "P90(pabyack)", "P(npv < 0)", "P(npv)")
    assert [problem.at.file for problem in caught.value.problems] == ["question 1", "question 3"]


def test_a_certain_case_has_no_error() -> None:
    hit, payback, mean, p90 = ask(loads(CERTAIN), "P(roi > 1)", "P50(payback)", "mean(npv)", "P90(gain) - P10(gain)")
    assert (payback.value, payback.estimate.low, payback.estimate.high) == (2.5, 2.5, 2.5)
    assert payback.text == "2.5 months"
    assert (hit.value, hit.estimate.low, hit.estimate.high, hit.text) == (1.0, 1.0, 1.0, "100 %")
    assert mean.text == "950 USD"
    assert (p90.value, p90.estimate.low) == (0.0, 0.0)
    assert hit.estimate.method == "exact"


def test_the_record_has_the_keys_of_its_schema() -> None:
    for each in ask(small(), "P(npv < 0)", "P99(payback)", "mean(npv) > 0 USD"):
        record = asdict(answer_line(each))
        assert list(record) == KEYS
        json.dumps(record, allow_nan=False)


def test_few_trials_have_no_interval_and_say_so() -> None:
    (few,) = ask(small(), "mean(npv)", trials=160, sampler="sobol")
    assert few.value is not None
    assert few.estimate.low is None
    assert "too few trials" in few.text


def test_answers_do_not_depend_on_threads() -> None:
    case = small()
    base, _ = frame(case, trials=70_000)
    alone, shared = (
        answer(parse_questions(["P(npv < 0)", "mean(npv)"]), base, Execution(threads=threads)) for threads in (1, 2)
    )
    assert alone == shared


def test_never_is_never_written_as_infinity() -> None:
    for each in ask(
        small(), "P95(discounted_payback)", "CVaR95(payback)", "P90(payback) - P10(payback)", "sd(payback)"
    ):
        assert "inf" not in each.text
        assert each.value is None or math.isfinite(each.value)


@pytest.mark.parametrize("inputs", ["{x: 1 to 3}", "{x: 2}"])
def test_what_is_never_or_undefined_in_every_trial_is_no_failure(inputs: str) -> None:
    text = f"{{horizon: 3, inputs: {inputs}, cash_flows: {{upfront: {{c: C}}, monthly: {{m: x}}}}}}"
    idle, dear = loads(text.replace("C", "0")), loads(text.replace("C", "-100"))
    roi, hit = ask(idle, "P50(roi)", "P(roi > 1)")
    assert roi.value is None
    assert not differs(roi.text, "what is undefined in every trial")
    assert (hit.value, hit.undefined) == (0.0, 1.0)
    for late in ask(dear, "P50(payback)", "P50(first_month(net > 50))", "P50(first_month(net > 50) + 1)"):
        assert (late.value, late.never) == (None, 1.0)


def test_a_formula_that_fails_says_which_and_where() -> None:
    case = loads("{horizon: 3, inputs: {x: 2}, calculations: {y: log(x - 3)}, cash_flows: {monthly: {m: y}}}")
    with pytest.raises(NumericalError) as error:
        ask(case, "mean(npv)", trials=16, sampler="sobol")
    assert not differs(str(error.value), "a formula that fails")


def test_statistics_do_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payback.simulator.questions.ask.estimates.PARALLEL", 1)
    questions = ("mean(npv)", "P90(payback)", "P10(npv)", "P(roi < 0)", "sd(npv) / mean(npv)", "CVaR5(npv)")
    case = small()

    def answers(threads: int) -> tuple[Answer, ...]:
        return answer(parse_questions(questions), frame(case)[0], Execution(threads=threads))

    assert answers(1) == answers(2)


def test_percentiles_that_are_asked_together_keep_their_order_in_print() -> None:
    def numbers(printed: Sequence[str]) -> list[float]:
        return [float(text.split()[0].replace(",", "")) for text in printed]

    questions = [f"P{q / 4}(npv)" for q in range(80, 360)]
    together = ask(small(), *questions)
    estimates = [result.estimate for result in together]
    alone = numbers([with_error(estimate.value or 0.0, estimate.low, estimate.high) for estimate in estimates])
    assert alone != sorted(alone)
    shown = numbers([result.text for result in together])
    assert shown == sorted(shown)
    assert numbers([result.text for result in ask(small(), *questions[::-1])]) == shown[::-1]
