"""Golden cases: certain inputs, answers to the cent (or to the digits that are printed)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pytest

from payback.simulator.case import Case, load
from payback.simulator.engine import evaluate

HERE = Path(__file__).parent

GOLDEN: dict[str, list[tuple[str, str, str, str]]] = {
    # group: (file, what-if or "", formula, answer; "never" = not within the horizon)
    "G1 training cost": [
        ("training", "", "run", "23.00"),
        ("training", "5090 3B", "run", "57.50"),
        ("training", "A100 1B", "run", "10.00"),
        ("training", "A100 3B", "run", "25.00"),
        ("training", "H100 1B", "run", "10.00"),
        ("training", "H100 3B", "run", "25.00"),
    ],
    "G2 training cost from printed hours": [
        ("training", "", "printed_run", "22.96"),
        ("training", "5090 3B", "printed_run", "57.52"),
        ("training", "A100 1B", "printed_run", "9.96"),
        ("training", "A100 3B", "printed_run", "24.96"),
        ("training", "H100 1B", "printed_run", "10.08"),
        ("training", "H100 3B", "printed_run", "24.96"),
    ],
    "G3 totals": [
        ("training", "", "upfront", "123.00"),
        ("training", "recommended", "upfront", "125.00"),
        ("training", "two phases", "upfront", "148.00"),
        ("training", "cheapest", "upfront", "110.00"),
        ("training", "one iteration", "upfront", "173.00"),
        ("training", "two iterations", "upfront", "198.00"),
    ],
    "G4 break-even requests": [
        ("page_arithmetic", "dear", "requests_needed", "12500"),
        ("page_arithmetic", "", "requests_needed", "25000"),
        ("page_arithmetic", "cheap", "requests_needed", "125000"),
        ("page_arithmetic", "two phases, dear", "requests_needed", "14800"),
        ("page_arithmetic", "two phases", "requests_needed", "29600"),
        ("page_arithmetic", "two phases, cheap", "requests_needed", "148000"),
    ],
    "G5 revenue": [
        ("page_arithmetic", "cheap", "at(net, 1)", "100.00"),
        ("page_arithmetic", "", "at(net, 1)", "500.00"),
        ("page_arithmetic", "dear", "at(net, 1)", "1000.00"),
    ],
    "G6 timeline": [
        ("page_arithmetic", "", "requests_a_month", "8333.33"),
        ("page_arithmetic", "one month", "requests_a_month", "25000.00"),
        ("page_arithmetic", "", "months_needed", "0.2500"),
    ],
    "G7 licence": [
        ("licensing", "", "payback", "0.1250"),
        ("licensing", "", "payback * 365 / 12", "3.802"),
        ("licensing", "two phases", "payback", "0.1480"),
        ("licensing", "two phases", "payback * 365 / 12", "4.502"),
        ("licensing", "", "roi", "95.0000"),
    ],
    "G8 consulting": [
        ("consulting", "", "multiple", "80.0000"),
        ("consulting", "", "roi", "79.0000"),
        ("consulting", "two phases", "multiple", "67.5676"),
        ("consulting", "two phases", "roi", "66.5676"),
        ("consulting", "cheapest", "multiple", "81.3008"),
        ("consulting", "cheapest", "roi", "80.3008"),
    ],
    "G9 consulting with labour": [
        ("consulting", "80 hours", "gain", "2675.00"),
        ("consulting", "80 hours", "roi", "0.3652"),
        ("consulting", "120 hours", "gain", "-925.00"),
        ("consulting", "120 hours", "roi", "-0.0847"),
        ("consulting", "160 hours", "gain", "-4525.00"),
        ("consulting", "160 hours", "roi", "-0.3115"),
    ],
    "G10 API on one replica": [
        ("api", "", "serving * 1 month", "671.60"),
        ("api", "", "at(net, 1)", "-171.60"),
        ("api", "", "gain", "-2184.20"),
        ("api", "", "roi", "-17.4736"),
        ("api", "", "payback", "never"),
        ("api", "A100", "serving * 1 month", "730.00"),
        ("api", "A100", "at(net, 1)", "-230.00"),
        ("api", "A100", "gain", "-2885.00"),
        ("api", "A100", "roi", "-23.0800"),
        ("api", "4090", "serving * 1 month", "248.20"),
        ("api", "4090", "at(net, 1)", "251.80"),
        ("api", "4090", "gain", "2896.60"),
        ("api", "4090", "roi", "23.1728"),
    ],
    "G11 support classifier": [
        ("classifier", "", "monthly_saving", "2400.00"),
        ("classifier", "", "simple_payback", "8.8333"),
        ("classifier", "", "annual_net_benefit", "19200.00"),
        ("classifier", "", "first_year_net", "-2000.00"),
        ("classifier", "", "payback", "13.2500"),
    ],
    "G12 other volumes": [
        ("classifier", "half", "simple_payback", "17.6667"),
        ("classifier", "double", "simple_payback", "4.4167"),
        ("classifier", "quarter", "simple_payback", "35.3333"),
        ("classifier", "half", "payback", "53.0000"),
        ("classifier", "double", "payback", "5.3000"),
        ("classifier", "quarter", "payback", "never"),
        ("classifier", "half", "annual_net_benefit", "4800.00"),
        ("classifier", "double", "annual_net_benefit", "48000.00"),
        ("classifier", "quarter", "annual_net_benefit", "-2400.00"),
        ("classifier", "half", "first_year_net", "-16400.00"),
        ("classifier", "double", "first_year_net", "26800.00"),
        ("classifier", "quarter", "first_year_net", "-23600.00"),
    ],
    "G12b volume for a payback": [
        ("classifier", "", "volume_for_simple_payback_in_3", "2944444"),
        ("classifier", "", "volume_for_simple_payback_in_12", "736111"),
        ("classifier", "", "volume_for_payback_in_3", "3277778"),
        ("classifier", "", "volume_for_payback_in_12", "1069444"),
    ],
    "G13 whole replicas": [
        row
        for what_if, replicas, cost, a_request, utilisation in (
            ("", "1", "671.60", "0.00671600", "0.007610"),
            ("500 thousand", "1", "671.60", "0.00134320", "0.038052"),
            ("1 million", "1", "671.60", "0.00067160", "0.076104"),
            ("5 million", "2", "1343.20", "0.00026864", "0.190259"),
            ("20 million", "5", "3358.00", "0.00016790", "0.304414"),
        )
        for row in (
            ("api", what_if, "replicas", replicas),
            ("api", what_if, "serving * 1 month", cost),
            ("api", what_if, "serving_a_request", a_request),
            ("api", what_if, "utilisation", utilisation),
        )
    ],
    "G14 falling teacher price": [
        row
        for what_if, first_year, two_years, payback in (
            ("", "28800.00", "57600.00", "13.2500"),
            ("decline 30", "23531.90", "37844.23", "never"),
            ("decline 50", "19525.73", "25688.60", "never"),
            ("decline 70", "14798.26", "14197.74", "never"),
            ("decline 90", "8264.29", "2610.72", "never"),
        )
        for row in (
            ("classifier", what_if, "total(saving, 1, 12)", first_year),
            ("classifier", what_if, "total(saving, 1, 24)", two_years),
            ("classifier", what_if, "payback", payback),
        )
    ],
    "G15 a point of the reference workload": [
        ("ledger_point", "", "upfront", "3749.92"),
        ("ledger_point", "", "at(net, 1)", "320.00"),
        ("ledger_point", "", "at(net, 12)", "297.48"),
        ("ledger_point", "", "at(net, 36)", "221.59"),
        ("ledger_point", "", "total(net)", "9986.48"),
        ("ledger_point", "", "npv", "4975.36"),
        ("ledger_point", "", "roi", "1.663117"),
        ("ledger_point", "", "payback", "12.133320"),
    ],
    "G16 the same at half the volume": [
        ("ledger_point", "half", "at(net, 1)", "130.00"),
        ("ledger_point", "half", "total(net)", "3913.24"),
        ("ledger_point", "half", "npv", "-322.87"),
        ("ledger_point", "half", "roi", "0.043553"),
        ("ledger_point", "half", "payback", "34.003788"),
    ],
    "G17 licensing with churn": [
        ("licensing", "churn", "total(net)", "6372.30"),
        ("licensing", "churn", "gain", "6224.30"),
        ("licensing", "churn", "roi", "42.0561"),
    ],
    "G18 expected licensing": [
        ("licensing", "two phases", "expected_gain", "352.00"),
        ("licensing", "two phases", "chance_needed", "0.0296"),
        ("licensing", "with labour", "chance_needed", "2.2136"),
        ("licensing", "with labour, dear licence", "chance_needed", "0.2214"),
    ],
    "G19 expected consulting": [
        ("consulting", "leads, 120 hours", "expected_gain", "-5436.00"),
        ("consulting", "leads, 80 hours", "expected_gain", "-1796.00"),
        ("consulting", "leads, 120 hours", "delivery_allowed", "109.89"),
    ],
    "G20 staged programme": [
        ("staged", "", "gated", "1103.88"),
        ("staged", "", "committed", "-2318.00"),
        ("staged", "", "worth_of_gates", "3421.88"),
        ("staged", "", "value_needed_gated", "17476.86"),
        ("staged", "", "value_needed_committed", "25298.29"),
    ],
    "G21 own replicas": [
        ("fleet", "", "at(net, 1)", "1722.80"),
        ("fleet", "", "payback", "6.4244"),
        ("fleet", "one teacher", "at(net, 1)", "737.30"),
        ("fleet", "one teacher", "payback", "15.0115"),
        ("fleet", "fleet cannot shrink", "at(net, 1)", "0.00"),
        ("fleet", "fleet cannot shrink", "payback", "never"),
    ],
    "G22 alternatives": [
        ("alternatives", "", "total_cost", "31520"),
        ("alternatives", "distil, 1 million", "total_cost", "38000"),
        ("alternatives", "distil, 5 million", "total_cost", "66800"),
        ("alternatives", "prompt", "total_cost", "4400"),
        ("alternatives", "prompt, 1 million", "total_cost", "15200"),
        ("alternatives", "prompt, 5 million", "total_cost", "63200"),
        ("alternatives", "nothing", "total_cost", "3600"),
        ("alternatives", "nothing, 1 million", "total_cost", "36000"),
        ("alternatives", "nothing, 5 million", "total_cost", "180000"),
        ("alternatives", "", "prompt_beats_nothing", "133333"),
        ("alternatives", "", "distil_beats_nothing", "1069444"),
        ("alternatives", "", "distil_beats_prompt", "5750000"),
    ],
    "G23 annuity": [
        ("annuity", "", "npv", "-100.84"),
        ("annuity", "", "first_factor", "0.992088943"),
        ("annuity", "", "last_factor", "0.909090909"),
    ],
}


@cache
def golden_case(file: str, what_if: str) -> Case:
    case = load(HERE / f"{file}.yaml")
    return case.change(what_if) if what_if else case


def printed(value: float, like: str) -> str:
    """`value` rounded half-up to the digits of `like`; the last bits of a float are not a half."""
    if value == float("inf"):
        return "never"
    nearest = Decimal(repr(float(f"{value:.12g}")))
    return str(nearest.quantize(Decimal(like) if like != "never" else Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize("group", GOLDEN)
def test_golden(group: str) -> None:
    answers = {}
    for file, what_if, formula, expected in GOLDEN[group]:
        case = golden_case(file, what_if)
        values = evaluate(case.model, {}, {formula: case.formula(formula).expression})
        answers[file, what_if, formula] = printed(values[formula].item(), expected)
    assert answers == {row[:3]: row[3] for row in GOLDEN[group]}


def test_every_golden_file_is_asked() -> None:
    files = {file for rows in GOLDEN.values() for file, *_ in rows}
    assert files == {path.stem for path in HERE.glob("*.yaml")}
