from __future__ import annotations

from dataclasses import replace

import pytest

from payback.reports.tables import assumption_register, comparisons, percentiles, results
from payback.reports.tables.table import bare, plain, split, typeset
from payback.simulator.document.comparisons import Comparison
from payback.simulator.document.document import Document
from payback.simulator.document.estimate import Estimate
from payback.simulator.document.results import MeasureResult
from tests.reports.edges import EDGES
from tests.reports.sample import sample

NBSP = "\N{NO-BREAK SPACE}"


def warned(which: str, **warnings: str) -> dict[str, MeasureResult]:
    measure = sample().measures["npv"]
    return {
        name: replace(measure, **{which: Estimate(value=1.0, warning=warning)}) for name, warning in warnings.items()
    }


def with_measures(measures: dict[str, MeasureResult]) -> Document:
    return replace(sample(), measures=measures)


@pytest.mark.parametrize(
    ("text", "value", "beside"),
    [
        ("14.2 months (14.1 to 14.3)", "14.2 months", "14.1 to 14.3"),
        ("-11,140 USD (-11,190 to -11,090)", "−11,140 USD", "−11,190 to −11,090"),
        ("not within 12 months", "not within 12 months", ""),
        ("not within 12 months; never in 98 % of trials", "not within 12 months", "never in 98 % of trials"),
        ("1.6 months (1.5 to 1.7); never in 30 % of trials", "1.6 months", "1.5 to 1.7; never in 30 % of trials"),
        ("", "", ""),
    ],
)
def test_a_text_is_split_into_value_and_what_stands_beside_it(text: str, value: str, beside: str) -> None:
    found = split(text)
    assert (found[0].replace(NBSP, " "), found[1].replace(NBSP, " ")) == (value, beside)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("-1", "−1"), ("(-1 to -2)", "(−1 to −2)"), ("10-100x", "10-100x"), ("S-curve", "S-curve"), ("a--1", "a--1")],
)
def test_only_signs_of_numbers_become_minus_signs(text: str, shown: str) -> None:
    assert typeset(text) == shown


def test_cells_of_measures_without_a_value() -> None:
    assert bare(None, "USD", 12).text == "–"
    assert bare(Estimate(value=None, undefined=0.2), "", 12).text == "not defined"
    beyond = bare(Estimate(value=None, low=11.2, never=0.9), "month", 12)
    assert (beyond.text, beyond.note.replace(NBSP, " ")) == ("not within 12 months", "at least 11.2")
    assert bare(Estimate(value=0.123, low=0.12, high=0.126), "1/year", 12).text.replace(NBSP, " ") == "12.3 %/year"


def test_how_claims_about_each_trial_are_judged_is_told() -> None:
    claims = sample().claims
    assert results.rule(claims) == ""
    told = results.rule((*claims, replace(claims[0], required=0.8)))
    assert told.startswith(
        "A claim about each trial is supported if it holds in at least 80 % of the trials, refuted if"
    )


def test_the_register_shows_four_significant_digits() -> None:
    assert [plain(x).text for x in (1_390_000.0, 0.00517123, -40.0, None)] == ["1,390,000", "0.005171", "−40", "–"]


def test_warnings_that_differ_by_numbers_are_one_sentence() -> None:
    text = "the top 1 % of trials carry {} % of it"
    document = with_measures(warned("sd", npv=text.format(55), gain=text.format(9.5), roi="too few trials"))
    assert percentiles.warnings(document) == (
        "sd of npv, gain: the top 1 % of trials carry 9.5 to 55 % of it",
        "sd of roi: too few trials",
    )


def test_a_warning_of_each_statistic_names_it() -> None:
    document = with_measures(warned("mean", npv="w") | warned("worst5", gain="w"))
    assert percentiles.warnings(document) == ("mean of npv; worst 5 % of gain: w",)


def test_main_measures_in_full_and_the_others_a_row_each() -> None:
    document = sample()
    minor = replace(document.measures["total_cost"], main=False)
    document = with_measures(
        document.measures | {"total_cost": minor, "roi": replace(minor, main=True, undefined=0.25)}
    )
    tables = percentiles.percentiles(document)
    assert [table.headings for table in tables] == [
        ("", "payback, months", "npv, USD", "gain, USD", "roi, USD (among 75 % of trials)"),
        ("", "peak_funding, USD"),
    ]
    assert tables[0].rows[-1].cells[0].text == "not defined"
    assert [row.cells[0].text for row in percentiles.others(document).rows] == ["total_cost, USD"]
    assert "total_cost" not in [row.cells[0].text for row in results.base_case(document).rows]


def test_what_ifs_that_are_steps_of_the_ladder_stand_there_only() -> None:
    document = sample()
    step = replace(document.ladder[0], name="volume halves")
    names = [c.name for c in comparisons.what_ifs(replace(document, ladder=(step,)))]
    assert names == ["labour at zero (cash view)", "all gates open"]


def test_changes_that_help_few_and_cost_many_are_named() -> None:
    found = sample().what_if[0]
    pair = found.answers["P(roi < 0)"]

    def moved(name: str, loss: float, median: float) -> Comparison:
        ends = {"P(gain < 0)": loss, "P50(npv)": median}
        answers = {q: replace(pair, difference=Estimate(value=x, low=x, high=x)) for q, x in ends.items()}
        return replace(found, name=name, answers=answers)

    assert comparisons.apart([moved("a", 0.1, -10.0), moved("b", -0.1, 10.0), moved("c", 0.0, 10.0)]) == ""
    assert comparisons.apart([moved("a", 0.1, 10.0)]).startswith(
        "“a” moves the share of losses and the median npv apart"
    )
    several = [moved(name, -0.1, -10.0) for name in "abcde"]
    assert comparisons.apart(several).startswith("“a”, “b”, “c” and 2 more move ")


def test_preferred_questions_come_first_in_the_order_of_the_document() -> None:
    one = sample().what_if[0]
    pair = one.answers["P(roi < 0)"]
    asked = ("P(npv < 0)", "P(gain < 0)", "mean(npv)", "P(payback <= 12 months)", "P50(npv)")
    found = (replace(one, answers=dict.fromkeys(asked, pair)),)
    assert comparisons.questions(found) == ["P(gain < 0)", "P(payback <= 12 months)", "P50(npv)"]
    assert comparisons.questions((replace(one, answers={"mean(npv)": pair}),)) == ["mean(npv)"]
    assert comparisons.table((), "none").rows == ()


def test_a_comparison_that_lacks_a_question_shows_a_dash() -> None:
    first, second = sample().what_if[:2]
    table = comparisons.table((first, replace(second, answers={})), "what if")
    assert [cell.text for cell in table.rows[2].cells[1:]] == ["–", "–", "–"]


def test_tiles_say_never_and_loss_first() -> None:
    document = sample()
    probabilities = (
        replace(document.probabilities[0], question="P(gain < 0)"),
        replace(document.probabilities[1], question="P(never(payback))"),
    )
    names = [name for name, _ in results.tiles(replace(document, probabilities=probabilities))]
    assert names == [
        "never pays back within 12 months",
        "loses money",
        "median gain",
        "one trial in ten gains less than",
    ]
    assert results.tiles(EDGES["bare"]()) == ()


def test_grades_are_counted_among_uncertain_inputs() -> None:
    document = sample()
    assert (
        assumption_register.grades(document)
        == "Uncertain inputs: 6 (1 measured, 1 quoted, 2 expert, 2 guess). Guesses: 33 %."
    )
    silent = replace(document, assumptions=(replace(document.assumptions[0], grade=""),))
    assert assumption_register.grades(silent) == "Uncertain inputs: 1 (1 not graded). Guesses: 0 %."
    assert assumption_register.grades(EDGES["certain"]()) == "Every input is certain."


def test_payback_in_words() -> None:
    payback = sample().measures["payback"]
    found = payback.percentiles | {"P10": Estimate(value=3.2, low=3.1, high=3.3, text="3.2 months (3.1 to 3.3)")}
    document = with_measures({"payback": replace(payback, percentiles=found)})
    assert percentiles.payback_sentences(document) == (
        "One in ten trials pays back by month 3.2.",
        "Fewer than half of all trials pay back within 12 months.",
    )
