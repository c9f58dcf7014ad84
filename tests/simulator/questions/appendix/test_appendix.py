from __future__ import annotations

import numpy as np
import pytest

from payback.simulator import statistics
from payback.simulator.case import loads
from payback.simulator.document.core.record import to_json
from payback.simulator.document.document import from_json
from payback.simulator.errors import UsageError
from payback.simulator.questions.appendix import curves
from payback.simulator.questions.appendix.appendix import Appendix, appendix
from payback.simulator.questions.sensitivity.variance import drivers, rows_of, variance
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import KeptSample
from tests.simulator.questions.cases import CERTAIN, SMALL, ask, differs, small

LADDER = SMALL.replace(
    "what_if:",
    "ladder: [frame, costs]\nwhat_if:\n  frame: {cost: 2_000 USD, fee: 0 USD/month}\n  costs: {fee: 0 USD/month}",
)


@pytest.fixture(scope="module")
def small_appendix() -> Appendix:
    return appendix(loads(LADDER, "cases/small.yaml"), Sampling(4096), Execution())


def test_the_document_is_read_back_as_it_was_written(small_appendix: Appendix) -> None:
    text = to_json(small_appendix.document)
    assert from_json(text) == small_appendix.document
    assert "Infinity" not in text
    assert "NaN" not in text


def test_two_runs_give_the_same_bytes(small_appendix: Appendix) -> None:
    again = appendix(loads(LADDER, "cases/small.yaml"), Sampling(4096), Execution(threads=1))
    assert to_json(again.document) == to_json(small_appendix.document)


def test_numbers_are_those_of_ask(small_appendix: Appendix) -> None:
    document = small_appendix.document
    case = loads(LADDER)
    p90, mean, worst, loss, longest = ask(
        case, "P90(npv)", "mean(npv)", "CVaR5(npv)", "P(npv < 0)", "CVaR95(peak_funding)"
    )
    npv = document.measures["npv"]
    assert (npv.percentiles["P90"].value, npv.percentiles["P90"].low) == (p90.value, p90.estimate.low)
    assert npv.mean is not None
    assert npv.worst5 is not None
    assert (npv.mean.value, npv.worst5.value) == (mean.value, worst.value)
    assert document.measures["peak_funding"].worst5 is not None
    assert document.measures["peak_funding"].worst5.value == longest.value
    assert document.probabilities[0].value == loss.value


def test_never_and_undefined_are_told_and_never_averaged(small_appendix: Appendix) -> None:
    payback = small_appendix.document.measures["payback"]
    assert 0 < payback.never < 1
    assert payback.mean is None
    assert payback.percentiles["P95"].value is None
    assert payback.percentiles["P95"].never == payback.never
    irr = small_appendix.document.measures["irr"]
    assert irr.undefined > 0
    assert irr.percentiles["P50"].undefined == irr.undefined


def test_the_ladder_ends_with_the_case_as_it_is(small_appendix: Appendix) -> None:
    first, second, last = small_appendix.document.ladder
    assert (first.name, second.name) == ("frame", "costs")
    assert not differs(first.text, "a step that differs in two inputs")
    assert not differs(second.text, "a step back in the cost")
    assert not differs(last.text, "a step back in the fee")
    case = loads(LADDER)
    assert list(last.answers) == ["P(npv < 0)", "P(roi >= 1)", "P(payback <= 12 months)", "P50(npv)"]
    for question, estimate in last.answers.items():
        assert estimate.value == ask(case, question)[0].value
    for question, estimate in first.answers.items():
        assert estimate.value == ask(case, f"{question} in 'frame'")[0].value


def test_comparisons_show_the_usual_questions_alone(small_appendix: Appendix) -> None:
    document = small_appendix.document
    assert [comparison.name for comparison in document.what_if] == ["frame", "costs", "volume halves", "two years"]
    assert [comparison.name for comparison in document.stress] == ["thin demand"]
    for comparison in (*document.what_if, *document.stress):
        assert "P(roi >= 1)" not in comparison.answers
        assert "mean(npv)" in comparison.answers


def test_measures_hold_scalar_calculations_that_no_formula_reads(small_appendix: Appendix) -> None:
    names = list(small_appendix.document.measures)
    assert names[:3] == ["payback", "npv", "gain"]
    assert "peak" in names
    assert "spent" in names
    assert "sold" not in names


def test_the_base_case_lies_on_the_curve(small_appendix: Appendix) -> None:
    base = small_appendix.document.base_case
    assert base is not None
    npv = base.measures["npv"]
    assert npv.percentile == np.mean(small_appendix.trials["npv"].values <= npv.value)
    assert "works = 1" in base.text


def test_curves(small_appendix: Appendix) -> None:
    drawn = small_appendix.document.curves
    paid, bars, s_curve, fan = drawn.payback_s_curve, drawn.npv_histogram, drawn.npv_cdf, drawn.cumulative_fan
    assert paid is not None
    assert bars is not None
    assert s_curve is not None
    assert fan is not None
    payback = small_appendix.trials["payback"].values
    assert paid.share == tuple(np.mean(payback <= month) for month in range(13))
    assert paid.share[-1] + paid.never == pytest.approx(1)
    assert all(low <= share <= high for low, share, high in zip(paid.low, paid.share, paid.high, strict=True))
    npv = small_appendix.trials["npv"].values
    assert sum(bars.counts) + round((bars.below + bars.above) * npv.size) == npv.size
    assert len(bars.edges) == len(bars.counts) + 1
    assert list(s_curve.values) == sorted(s_curve.values)
    assert s_curve.share[50] == np.mean(npv <= s_curve.values[50])
    last = statistics.percentile(small_appendix.trials["gain"], 50).value
    assert fan.percentiles["P50"][-1] == last
    assert fan.percentiles["P50"][0] == statistics.percentile(-small_appendix.trials["upfront"].values, 50).value
    assert len(fan.months) == 13


def test_curves_of_one_value_and_of_none() -> None:
    single = curves.histogram(KeptSample(np.full(32, 7.0)), "npv", "USD")
    assert single is not None
    assert single.counts == (32,)
    none = KeptSample(np.full(32, np.nan))
    assert curves.histogram(none, "npv", "USD") is None
    assert curves.cumulative_curve(none, "npv", "USD") is None
    assert curves.share_at_or_below(none, 1.0) is None


def test_the_register_tells_what_inputs_imply(small_appendix: Appendix) -> None:
    volume, price, _, fee, _, works = small_appendix.document.assumptions
    assert volume.p50 == pytest.approx(1000)
    assert volume.mean == pytest.approx(1000 * np.exp(0.125))
    assert (fee.grade, fee.why) == ("guess", "nobody asked")
    assert price.picture is not None
    assert price.picture.density[5] == pytest.approx(1.0)
    assert works.picture is None
    assert any(not differs(limit, "the share of guesses") for limit in small_appendix.document.limits)


def test_provenance_repeats_the_run(small_appendix: Appendix, monkeypatch: pytest.MonkeyPatch) -> None:
    made = small_appendix.document.provenance
    assert made.command == "payback run cases/small.yaml --trials 4096 --seed 1 --sampler sobol"
    assert (made.replicates, made.date) == (16, "")
    assert set(made.versions) == {"payback", "python", "numpy", "scipy"}
    assert small_appendix.document.case.file == "small.yaml"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert appendix(small(), Sampling(64), Execution()).document.provenance.date == "2023-11-14"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        appendix(small(), Sampling(64), Execution())


def test_the_headline_says_loss_and_never_first(small_appendix: Appendix) -> None:
    verdict = small_appendix.document.verdict
    assert not differs(verdict.text, "the headline")
    assert len(verdict.sentences) <= 8
    assert not any(word in " ".join((verdict.text, *verdict.sentences)) for word in ("inf", "nan", "None"))


def test_shares_of_variance_are_those_of_fewer_rows(small_appendix: Appendix) -> None:
    shown, case = small_appendix.document.variance, loads(LADDER)
    few = Sampling(trials=1_024)
    alone = variance(Frame(case, few.cube(case)), Execution())
    assert shown is not None
    assert (shown.measure, shown.trials, shown.runs) == ("npv", 1_024, 8 * 1_024)
    assert shown.shares == alone.shares
    assert shown.note.startswith(alone.note)
    assert any(not differs(limit, "what moves together in a tornado") for limit in small_appendix.document.limits)


@pytest.mark.parametrize(
    ("trials", "inputs", "rows"), [(2**17, 12, 2**13), (2**17, 400, 2**11), (2**12, 400, 2**10), (2**24, 12, 2**16)]
)
def test_rows_go_by_trials_and_inputs(trials: int, inputs: int, rows: int) -> None:
    assert rows_of(trials, inputs) == rows


@pytest.mark.parametrize(
    ("inputs", "trials"), [("{x: 1 to 3, y: 1 to 3}", 1_008), ("{x: 1 to 3}", 4_096), ("{x: 2, y: 3}", 4_096)]
)
def test_no_shares_of_few_trials_or_inputs(inputs: str, trials: int) -> None:
    case = loads(f"{{horizon: 3, inputs: {inputs}, cash_flows: {{monthly: {{m: x}}}}}}")
    assert drivers(Frame(case, Sampling(trials).cube(case)), Execution()) is None


def test_no_shares_of_what_does_not_vary() -> None:
    case = loads(
        "{horizon: 3, inputs: {x: 1 to 3, y: 1 to 3}, calculations: {z: x + y}, cash_flows: {monthly: {m: 1}}}"
    )
    assert drivers(Frame(case, Sampling(4_096).cube(case)), Execution()) is None


def test_wide_intervals_are_told() -> None:
    inputs = "{x: 'lognormal(median=1, sigma=1.5)', y: 'lognormal(median=1, sigma=1.5)'}"
    case = loads(f"{{horizon: 3, inputs: {inputs}, cash_flows: {{monthly: {{m: x * y}}}}}}")
    shares = drivers(Frame(case, Sampling(4_096).cube(case)), Execution())
    assert shares is not None
    assert not differs(shares.note, "shares with wide intervals")


def test_a_certain_case_has_a_document_without_errors() -> None:
    document = appendix(loads(CERTAIN), Sampling(64), Execution()).document
    assert not differs(document.verdict.text, "the headline of a certain case")
    assert document.measures["payback"].percentiles["P50"].text == "2.5 months"
    assert document.tornado is not None
    assert document.tornado.bars == ()
    from_json(to_json(document))


def test_a_case_in_which_nothing_is_invested() -> None:
    document = appendix(
        loads("{horizon: 3, inputs: {x: 1 to 3}, cash_flows: {monthly: {m: x}}}"), Sampling(64), Execution()
    ).document
    assert document.measures["roi"].undefined == 1
    assert document.measures["roi"].percentiles["P50"].text.startswith("not defined")
    from_json(to_json(document))


def test_money_scales_exactly_with_its_unit() -> None:
    """A power of two: 1,024 times every price and cost gives 1,024 times every percentile, to the last bit."""
    big = "; ".join(f"{name} = {name} * 1024" for name in ("price", "cost", "fee"))
    questions = [
        "P10(npv)",
        "P50(gain)",
        "P90(total_cost)",
        "P50(peak_funding)",
        "P50(payback)",
        "P50(roi)",
        "P50(irr)",
    ]
    pairs = zip(ask(small(), *questions), ask(small().change(big), *questions), strict=True)
    for index, (small_money, big_money) in enumerate(pairs):
        assert big_money.value == (small_money.value or 0) * (1024 if index < 4 else 1)


def test_identities_of_measures_hold_trial_by_trial() -> None:
    values = appendix(small(), Sampling(1024), Execution()).trials
    x = {name: sample.values for name, sample in values.items()}
    np.testing.assert_allclose(x["roi"], x["gain"] / x["invested"], rtol=1e-12)
    np.testing.assert_allclose(x["multiple"] - 1, x["roi"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(x["gain"], x["annual_net_benefit"] - x["upfront"], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(x["gain"], x["first_year_net"], rtol=1e-12)
    assert ((x["gain"] >= 0) == (x["stays_paid_back"] == 1)).all()
    assert (np.isfinite(x["payback"]) >= (x["stays_paid_back"] == 1)).all()


def test_the_present_value_is_the_sum_of_its_parts() -> None:
    for share in ("npv - (net_0 - upfront + present(net))", "present(inflow) - present(outflow) - present(net)"):
        low, high = ask(small(), f"P0({share})", f"P100({share})")
        assert max(abs(low.value or 0), abs(high.value or 0)) < 1e-9
