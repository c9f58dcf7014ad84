from __future__ import annotations

import pytest

from payback.simulator.errors import CaseError
from payback.simulator.questions.grammar import parse_question, parse_questions
from payback.simulator.questions.statistic_kinds import LATER


@pytest.mark.parametrize(
    ("text", "kind", "q"),
    [
        ("P(npv < 0)", "P", 0),
        ("P(payback <= 12 months)", "P", 0),
        ("P90(payback)", "percentile", 90),
        ("P99.5(npv)", "percentile", 99.5),
        ("P0.5(npv)", "percentile", 0.5),
        ("P0(npv)", "percentile", 0),
        ("P100 (npv)", "percentile", 100),
        ("mean(total(serving) / total(revenue))", "mean", 0),
        ("sd(npv)", "sd", 0),
        ("skew(npv)", "skew", 0),
        ("CVaR5(npv)", "CVaR", 5),
        ("CVaR97.5(npv)", "CVaR", 97.5),
        ("P50(at(cumulative_net, 12))", "percentile", 50),
        ("roi >= 10", "P", 0),
        ("never(payback)", "P", 0),
        ("not (npv > 0) or roi < 1", "P", 0),
        ("npv < P10(gain)", "P", 0),
    ],
)
def test_a_single_statistic(text: str, kind: str, q: float) -> None:
    question = parse_question(text)
    assert question.text == text
    assert question.single is not None
    assert (question.single.kind, question.single.q) == (kind, q)
    assert (question.where, question.comparison) == ("", "")


@pytest.mark.parametrize(
    ("text", "where", "comparison"),
    [
        ("mean(npv) in 'volume halves'", "volume halves", ""),
        ('mean(npv) in "volume halves"', "volume halves", ""),
        ("mean(npv) in volume halves", "volume halves", ""),
        ('P(npv < 0) in "thin, demand" <= 20 %', "thin, demand", "<="),
        ("P(npv < 0) <= 20 % in 'thin demand'", "thin demand", "<="),
        ("20 % > P(npv < 0)", "", "<"),
        ("P90(payback) - P10(payback) < 3 months", "", "<"),
    ],
)
def test_where_and_limit(text: str, where: str, comparison: str) -> None:
    question = parse_question(text)
    assert (question.where, question.comparison) == (where, comparison)
    assert (question.limit is not None) == bool(comparison)


def test_inner_statistics_come_first_and_equal_ones_once() -> None:
    question = parse_question("P(npv < P10(gain) and roi > P10(gain) / 2 USD) - mean(roi)")
    assert [statistic.kind for statistic in question.statistics] == ["percentile", "P", "mean"]
    assert question.single is None


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("P(npv < 0", 10, "ends too early"),
        ("p90(npv)", 1, "did you mean P90?"),
        ("cvar5(npv)", 1, "did you mean CVaR5?"),
        ("median(npv)", 1, "did you mean P50?"),
        ("P150(npv)", 1, "q in [0, 100]"),
        ("CVaR50(npv)", 1, "has no side"),
        ("npv", 1, "ask for a statistic"),
        ("mean(npv) + traffic", 13, "has a value in each trial"),
        ("12", 1, "no statistic is asked for"),
        ("expected(traffic)", 1, "no statistic is asked for"),
        ("mean(npv, gain)", 1, "takes one formula"),
        ("mean(npv) == 3 USD", 11, "never equal"),
        ("mean(npv) > mean(gain)", 11, "both sides"),
        ("P(npv < 0) and P(roi < 1)", 12, "`and` of statistics -> + - * / min max"),
        ("not P(npv < 0)", 1, "`not` of statistics"),
        ("1 + if(P(npv < 0) > 0.5, 1, 0)", 5, "`if` of statistics"),
        ("mean(npv) ** 2 > 3", 11, "`**` of statistics"),
        ("abs(mean(npv))", 1, "`abs` of statistics"),
        ("(mean(npv) > 0) + 1", 12, "`>` of statistics"),
        ("mean(npv) in", 13, "no name behind `in`"),
        ("payback < 12 < 13", 14, "chain"),
        ("mean(npv) = 3", 11, "`==` to compare"),
        ("", 1, "an empty formula"),
        ("__import__('os')", 1, "no statistic"),
        (
            "VaR5(npv)",
            1,
            "`VaR5` is no statistic -> statistics: P(npv < 0), P90(payback), mean(npv), sd(npv), skew(npv), ",
        ),
        ("VaR5(npv)", 1, "first_order(npv, volume), total_order(npv, volume) (did you mean P5?)"),
        ("1 + var_95(npv)", 5, "(did you mean P95?)"),
        ("ES2.5(npv)", 1, "(did you mean CVaR2.5?)"),
        ("tvar95(npv)", 1, "(did you mean CVaR95?)"),
        ("corr(a, b)", 1, "`corr` is no statistic"),
        ("foo(x)", 1, "`foo` is no statistic"),
        ("foo(mean(npv)) > 3", 1, "`foo` is no statistic"),
        ("normal(1, 2)", 1, "`normal` is a distribution"),
        ("min(npv)", 1, "`min(...)` has a value in each trial, no statistic"),
        ("min(npv)", 1, "(did you mean P0?)"),
        ("mean(npv) + max(gain)", 13, "(did you mean P100?)"),
        ("abs(npv)", 1, "`abs(...)` has a value in each trial"),
        ("quantile(npv, 5 %)", 1, "(did you mean P5?)"),
        ("expected(npv)", 1, "(did you mean mean?)"),
        ("mean(npv) in 'a' - mean(npv)", 18, "`- mean(npv)` behind `in 'a'`"),
        ("mean(npv) in 'a' - mean(npv) in 'b'", 18, "once, behind the answer"),
        ("mean(npv) - mean(npv) in 'a'", 11, "a statistic beside itself"),
        ("mean(npv) / mean(npv) in 'a' > 1", 11, "a statistic beside itself"),
    ],
)
def test_what_does_not_fit_is_shown_where_it_stands(text: str, column: int, says: str) -> None:
    with pytest.raises(CaseError) as caught:
        parse_question(text)
    (problem,) = caught.value.problems
    assert says in str(problem)
    assert problem.at.column == column


@pytest.mark.parametrize("name", LATER)
def test_later_statistics_answer_not_yet(name: str) -> None:
    with pytest.raises(CaseError, match=f"`{name}` is not yet"):
        parse_question(f"{name}(npv, traffic)")


def test_all_questions_are_read_before_any_is_refused() -> None:
    with pytest.raises(CaseError) as caught:
        parse_questions(["P(npv < 0)", "p90(npv)", "evpi(a)"])
    assert [problem.at.file for problem in caught.value.problems] == ["question 2", "question 3"]
