from __future__ import annotations

import csv
import io

import pytest

from payback.reports.files import summary_csv
from tests.reports.edges import EDGES, hostile
from tests.reports.payloads import PAYLOADS
from tests.reports.sample import sample


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_one_row_a_statistic() -> None:
    document = sample()
    lines = rows(summary_csv.csv(document))
    npv = next(r for r in lines if (r["kind"], r["name"], r["statistic"]) == ("measure", "npv", "P50"))
    estimate = document.measures["npv"].percentiles["P50"]
    assert float(npv["value"]) == estimate.value
    assert float(npv["low"]) == estimate.low
    assert npv["unit"] == "USD"
    payback = next(r for r in lines if (r["name"], r["statistic"]) == ("payback", "P90"))
    assert payback["value"] == ""
    assert float(payback["never"]) == document.measures["payback"].never
    group = next(r for r in lines if (r["name"], r["statistic"]) == ("price with platform_fee", "total_order(npv)"))
    assert [float(group[key]) for key in ("value", "low", "high")] == pytest.approx([0.05, 0.03, 0.07])
    kinds = {r["kind"] for r in lines}
    assert kinds == {
        *("measure", "probability", "claim", "hurdle", "variance share", "option"),
        *(f"{kind} {which}" for kind in ("what-if", "stress") for which in ("before", "after", "difference")),
    }


@pytest.mark.parametrize("name", EDGES)
def test_every_document_has_a_table(name: str) -> None:
    text = summary_csv.csv(EDGES[name]())
    assert text.split("\n")[0] == ",".join(summary_csv.COLUMNS)
    assert "inf" not in text
    assert "nan" not in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_starts_a_formula_and_numbers_stay_numbers(payload: str) -> None:
    for row in rows(summary_csv.csv(hostile(payload))):
        for column in ("kind", "name", "statistic", "unit"):
            assert not row[column].startswith(summary_csv.LEADS)
        for column in ("value", "low", "high"):
            assert row[column] == "" or float(row[column]) is not None
