from __future__ import annotations

from dataclasses import replace

import pytest

from payback.simulator.case import loads
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.questions.options import Dominance, OptionResult
from payback.simulator.number_text import with_error
from payback.simulator.questions.options.choice_text import sentences
from payback.simulator.questions.options.criterion import Criterion, criterion_of

CASE = loads("horizon: 1\ninputs: {x: 1 USD}\ncash_flows: {upfront: {income: x}}\n")


def estimate(value: float, half: float = 0.0) -> Estimate:
    low, high = value - half, value + half
    return Estimate(value=value, low=low, high=high, text=with_error(value, low, high, "USD"))


def option(name: str, value: float, *, behind: Estimate | None = None, tied: bool = False) -> OptionResult:
    figure = estimate(value, 1.0)
    return OptionResult(
        name=name, decides=figure, behind=behind, tied=tied, mean=figure, p5=figure, p50=figure, p95=figure,
        shortfall=figure, loss=estimate(0.5), best=replace(estimate(0.5), text="50 %"), regret=estimate(3.0),
        efficient="yes",
    )  # fmt: skip


def row(option_name: str, over: str, first: str = "no", second: str = "no") -> Dominance:
    return Dominance(
        option=option_name, over=over, first=first, second=second,  # type: ignore[arg-type]  # literals
        first_violation=estimate(0.0), second_violation=estimate(0.0),
    )  # fmt: skip


def criterion(text: str = "mean(npv)") -> Criterion:
    return criterion_of([CASE], text)


LEADS = [option("a", 100.0), option("b", 60.0, behind=estimate(-40.0, 2.0))]


def test_a_lead_with_its_distance() -> None:
    said = sentences(LEADS, [row("a", "b"), row("b", "a")], criterion())
    assert said == (
        "`a` leads by mean(npv): 100 USD (99 to 101).",
        "`b` is second, 40 USD (38 to 42) behind.",
        "`a` is best in 50 % of trials; on average it ends 3 USD of npv behind the option that turns out best.",
    )


def test_a_distance_is_told_without_its_sign_where_low_is_better() -> None:
    rows = [option("a", 60.0), option("b", 100.0, behind=estimate(40.0, 2.0))]
    assert sentences(rows, [row("a", "b"), row("b", "a")], criterion("mean(total_cost)"))[1] == (
        "`b` is second, 40 USD (38 to 42) behind."
    )


def test_a_second_without_a_value_is_told_as_it_is() -> None:
    beyond = replace(
        estimate(0.0), value=None, low=None, high=None, text="not within 12 months; never in 60 % of trials"
    )
    rows = [option("a", 60.0), replace(option("b", 0.0, behind=beyond), decides=beyond)]
    said = sentences(rows, [row("a", "b"), row("b", "a")], criterion("P50(payback)"))
    assert said[1] == "`b` is second, with a P50(payback) of not within 12 months."


def test_a_tie_names_all_that_tie_and_how_sure_each_is() -> None:
    rows = [LEADS[0], option("b", 99.5, behind=estimate(-0.5, 1.0), tied=True), option("c", 0.0)]
    pairs = [row(a, b) for a in "abc" for b in "abc" if a != b]
    said = sentences(rows, pairs, criterion())
    assert said[0] == (
        "By mean(npv), `a` and `b` tie: they differ by no more than the simulation error, and more trials may tell."
    )
    assert [sentence[:13] for sentence in said[1:]] == ["`a` is best i", "`b` is best i"]


def test_too_few_trials_are_told() -> None:
    unknown = replace(estimate(-40.0), low=None, high=None)
    rows = [LEADS[0], option("b", 60.0, behind=unknown, tied=True)]
    said = sentences(rows, [row("a", "b"), row("b", "a")], criterion())
    assert said[0] == "By mean(npv), `a` and `b` tie: too few trials tell them apart."


def test_another_option_is_named_where_it_leads_for_sure() -> None:
    safe = replace(LEADS[1], shortfall=estimate(200.0), loss=estimate(0.1))
    said = sentences([LEADS[0], safe], [row("a", "b"), row("b", "a")], criterion())
    assert said[-1] == "`b` leads by CVaR5(npv) and P(gain < 0)."


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [row("a", "b", "yes", "yes"), row("b", "a")],
            "`a` dominates `b` to the first order: whoever prefers more to less prefers it.",
        ),
        (
            [row("a", "b", "no", "yes"), row("b", "a")],
            "`a` dominates `b` to the second order: whoever also shuns risk prefers it.",
        ),
        ([row("a", "b"), row("b", "a", "no", "yes")], "`b` dominates `a` to the second order."),
        ([row("a", "b", "yes", "yes"), row("b", "a", "yes", "yes")], ""),
    ],
)
def test_dominance_of_the_leading_option(rows: list[Dominance], expected: str) -> None:
    said = [sentence for sentence in sentences(LEADS, rows, criterion()) if "dominate" in sentence]
    assert said == ([expected] if expected else [])
