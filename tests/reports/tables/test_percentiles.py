from __future__ import annotations

from dataclasses import replace

from payback.reports.tables import percentiles, results
from payback.simulator.document.document import Document
from payback.simulator.document.estimate import Estimate
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
