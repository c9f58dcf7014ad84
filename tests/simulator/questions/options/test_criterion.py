from __future__ import annotations

from pathlib import Path

import pytest

from payback.simulator.case import loads
from payback.simulator.errors import CaseError
from payback.simulator.questions.options.criterion import criterion_of
from tests.catalogue import compared_with
from tests.simulator.questions.cases import SMALL, small

differs = compared_with(Path(__file__).with_name("messages.txt"))


@pytest.mark.parametrize(
    ("text", "better", "measure", "measure_better"),
    [
        ("mean(npv)", "high", "npv", "high"),
        ("P50(gain)", "high", "gain", "high"),
        ("CVaR5(npv)", "high", "npv", "high"),
        ("P90(payback)", "low", "npv", "high"),
        ("mean(total_cost)", "low", "total_cost", "low"),
        ("P95(peak_funding)", "low", "peak_funding", "low"),
        ("P50(roi)", "high", "npv", "high"),
        ("mean(at(cumulative_net, 6))", "high", "at(cumulative_net, 6)", "high"),
        ("mean(total(outflow))", "low", "total(outflow)", "low"),
        ("P(npv < 0)", "low", "npv", "high"),
        ("P(npv >= 0)", "high", "npv", "high"),
        ("P(0 < npv)", "high", "npv", "high"),
        ("P(0 >= npv)", "low", "npv", "high"),
        ("P(payback <= 6 months)", "high", "npv", "high"),
        ("P(payback > 6 months)", "low", "npv", "high"),
        ("P(never(payback))", "low", "npv", "high"),
        ("P(stays_paid_back)", "high", "npv", "high"),
    ],
)
def test_which_side_is_better(text: str, better: str, measure: str, measure_better: str) -> None:
    criterion = criterion_of([small()], text)
    assert (criterion.better, criterion.measure, criterion.measure_better) == (better, measure, measure_better)
    assert criterion.stated
    assert criterion.loss == "P(npv < 0)"
    assert criterion.shortfall == f"CVaR{5 if measure_better == 'high' else 95}({measure})"


@pytest.mark.parametrize(
    "text",
    [
        "sd(npv)",
        "skew(npv)",
        "mean(irr_count)",
        "mean(peak)",
        "mean(-npv)",
        "mean(at(cumulative_net, cost / 1 USD))",
        "P(works)",
        "P(npv < gain)",
        "P(npv == 0)",
        "mean(npv) - P50(npv)",
        "mean(npv) > 0 USD",
        "mean(npv) in 'two years'",
        "P(npv < P10(npv))",
        "P(nvp < 0)",
        "npv",
    ],
)
def test_what_cannot_decide_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(CaseError) as of_question:
        criterion_of([small()], text)
    assert not differs(str(of_question.value), text)


def test_a_criterion_of_the_file_is_told_with_its_line() -> None:
    case = loads(SMALL + "decide_by: sd(npv)\n", "small.yaml")
    with pytest.raises(CaseError) as error:
        criterion_of([case])
    assert str(error.value).startswith(f"small.yaml:{SMALL.count(chr(10)) + 1}:12: decide_by: `sd(npv)` has no better")


def test_the_median_of_the_leading_measure_decides_by_default() -> None:
    assert criterion_of([small()]).text == "P50(npv)"
    assert not criterion_of([small()]).stated
    undiscounted = loads(SMALL.replace("discount_rate: 10 %/year\n", ""))
    assert criterion_of([undiscounted]).text == "P50(gain)"
    assert criterion_of([loads(SMALL + "decide_by: mean(npv)\n")]).text == "mean(npv)"
