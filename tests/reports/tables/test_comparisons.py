from __future__ import annotations

from dataclasses import replace

from payback.reports.tables import comparisons
from payback.simulator.document.comparisons import Comparison
from payback.simulator.document.core.estimate import Estimate
from tests.reports.catalogues import differs
from tests.reports.sample import sample


def test_what_ifs_that_are_steps_of_the_ladder_stand_there_only() -> None:
    document = sample()
    step = replace(document.ladder[0], name="volume halves")
    names = [c.name for c in comparisons.what_ifs(replace(document, ladder=(step,)))]
    assert not differs(names, "what-ifs that are no step of the ladder")


def test_changes_that_help_few_and_cost_many_are_named() -> None:
    comparison = sample().what_if[0]
    pair = comparison.answers["P(roi < 0)"]

    def moved(name: str, loss: float, median: float) -> Comparison:
        ends = {"P(gain < 0)": loss, "P50(npv)": median}
        answers = {q: replace(pair, difference=Estimate(value=x, low=x, high=x)) for q, x in ends.items()}
        return replace(comparison, name=name, answers=answers)

    assert comparisons.apart([moved("a", 0.1, -10.0), moved("b", -0.1, 10.0), moved("c", 0.0, 10.0)]) == ""
    assert not differs([comparisons.apart([moved("a", 0.1, 10.0)])], "one change that helps few")
    several = [moved(name, -0.1, -10.0) for name in "abcde"]
    assert not differs([comparisons.apart(several)], "five changes that help few")


def test_preferred_questions_come_first_in_the_order_of_the_document() -> None:
    comparison = sample().what_if[0]
    pair = comparison.answers["P(roi < 0)"]
    questions = ("P(npv < 0)", "P(gain < 0)", "mean(npv)", "P(payback <= 12 months)", "P50(npv)")
    several = (replace(comparison, answers=dict.fromkeys(questions, pair)),)
    assert comparisons.questions(several) == ["P(npv < 0)", "P(payback <= 12 months)", "P50(npv)"]
    reverse = (replace(comparison, answers=dict.fromkeys((questions[1], questions[0], *questions[2:]), pair)),)
    assert comparisons.questions(reverse) == ["P(gain < 0)", "P(payback <= 12 months)", "P50(npv)"]
    assert comparisons.questions((replace(comparison, answers={"mean(npv)": pair}),)) == ["mean(npv)"]
    assert comparisons.table((), "none").rows == ()


def test_a_comparison_that_lacks_a_question_shows_a_dash() -> None:
    first, second = sample().what_if[:2]
    table = comparisons.table((first, replace(second, answers={})), "what if")
    assert [cell.text for cell in table.rows[2].cells[1:]] == ["–", "–", "–"]
