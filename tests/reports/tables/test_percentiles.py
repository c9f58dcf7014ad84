from __future__ import annotations

from dataclasses import replace

from payback.reports.tables import percentiles, results
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.document import Document
from payback.simulator.document.results import MeasureResult
from tests.reports.catalogues import differs
from tests.reports.sample import sample


def warned(which: str, **warnings: str) -> dict[str, MeasureResult]:
    measure = sample().measures["npv"]
    return {
        name: replace(measure, **{which: Estimate(value=1.0, warning=warning)}) for name, warning in warnings.items()
    }


def with_measures(measures: dict[str, MeasureResult]) -> Document:
    return replace(sample(), measures=measures)


def test_warnings_that_differ_by_numbers_are_one_sentence() -> None:
    text = "the top 1 % of trials carry {} % of it"
    document = with_measures(warned("sd", npv=text.format(55), gain=text.format(9.5), roi="too few trials"))
    assert not differs(percentiles.warnings(document), "warnings that differ by numbers")


def test_a_warning_of_each_statistic_names_it() -> None:
    document = with_measures(warned("mean", npv="w") | warned("worst5", gain="w"))
    assert not differs(percentiles.warnings(document), "warnings of several statistics")


def test_main_measures_in_full_and_the_others_a_row_each() -> None:
    document = sample()
    minor = replace(document.measures["total_cost"], main=False)
    document = with_measures(
        document.measures | {"total_cost": minor, "roi": replace(minor, main=True, undefined=0.25)}
    )
    tables = percentiles.percentiles(document)
    assert [len(table.headings) for table in tables] == [5, 2]
    assert not differs([heading for table in tables for heading in table.headings[1:]], "headings of percentiles")
    assert tables[0].rows[-1].cells[0].text == "not defined"
    assert [row.cells[0].text for row in percentiles.others(document).rows] == ["total_cost, USD"]
    assert "total_cost" not in [row.cells[0].text for row in results.base_case(document).rows]


def test_payback_in_words() -> None:
    payback = sample().measures["payback"]
    estimates = payback.percentiles | {"P10": Estimate(value=3.2, low=3.1, high=3.3, text="3.2 months (3.1 to 3.3)")}
    document = with_measures({"payback": replace(payback, percentiles=estimates)})
    assert not differs(percentiles.payback_sentences(document), "payback in words")


def test_a_payback_that_needs_no_funding_or_is_certain_in_words() -> None:
    payback = sample().measures["payback"]
    nothing, later = Estimate(value=0.0, text="0 months"), Estimate(value=3.2, text="3.2 months (3.1 to 3.3)")

    def words(**changes) -> tuple[str, ...]:
        return percentiles.payback_sentences(with_measures({"payback": replace(payback, **changes)}))

    free = {"P10": nothing, "P50": nothing, "P90": later}
    assert not differs(words(never=0.0, unfunded=0.7, percentiles=free), "payback where seven in ten need no funding")
    assert not differs(words(never=0.0, unfunded=1.0, percentiles={"P50": nothing}), "payback where none needs funding")
    assert not differs(words(never=1.0), "payback that is never")
    exact = replace(later, method="exact", text="3.2 months")
    assert not differs(words(never=0.0, percentiles={"P10": exact, "P50": exact}), "payback that is certain")
    assert not differs(percentiles.heading("payback", replace(payback, unfunded=0.7)), "a heading with no funding")


def test_percentiles_in_one_table_keep_their_order() -> None:
    npv = sample().measures["npv"]
    rows = {"P50": Estimate(value=23.51, low=11.0, high=36.0), "P90": Estimate(value=23.54, low=23.4, high=23.7)}
    (table,) = percentiles.percentiles(with_measures({"npv": replace(npv, percentiles=rows)}))
    assert [row.cells[1].text for row in table.rows[:2]] == ["23.5", "23.5"]
