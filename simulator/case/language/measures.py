"""The measures of a case: names, units, and the words that reports print.

Their formulas stand in `payback.simulator.engine.plan.ledger_measures`; this table is what the checker needs to read
them in a formula and what every report prints beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CURRENCY = "currency"
CURRENCY_PER_MONTH = "currency/month"


@dataclass(frozen=True)
class Measure:
    """A measure of a case, such as the net present value.

    Parameters
    ----------
    name : str
        As written in files, in the API and in reports.
    unit : str
        "currency", "currency/month", "month", or "" for a ratio or a count.
    text : str
        The formula in words.
    better : {"high", "low", ""}
        Which end is good; decides what "worst" means.
    monthly : bool
        One value per month; readable in formulas, but not a measure to ask for.
    never : bool
        May be "never within the horizon".
    undefined : bool
        May be undefined in a trial.
    """

    name: str
    unit: str
    text: str
    better: Literal["high", "low", ""] = "high"
    monthly: bool = False
    never: bool = False
    undefined: bool = False


_TABLE = (
    Measure("npv", CURRENCY, "net at t = 0 plus the sum of net_t / (1 + r)^(t/12)"),
    Measure("gain", CURRENCY, "sum of net over the horizon, upfront included, not discounted"),
    Measure("roi", "", "gain / invested; undefined when nothing is invested", undefined=True),
    Measure(
        "multiple",
        "",
        "(gain + invested) / invested: what comes back per unit invested, running costs paid",
        undefined=True,
    ),
    Measure(
        "payback",
        "month",
        "when cumulative net is first back at 0 from below, lumps at the ends of months; 0 if it is never below",
        "low",
        never=True,
    ),
    Measure("discounted_payback", "month", "payback of the discounted flows", "low", never=True),
    Measure("stays_paid_back", "", "1 if cumulative net is >= 0 at the horizon"),
    Measure(
        "irr",
        "1/year",
        "rate at which NPV is 0, effective per year; undefined unless there is exactly one, and NPV falls there",
        undefined=True,
    ),
    Measure("irr_count", "", "number of rates above -100 % at which NPV is 0", ""),
    Measure("peak_funding", CURRENCY, "largest cumulative amount out of pocket", "low"),
    Measure("total_cost", CURRENCY, "money out, line by line, upfront included", "low"),
    Measure("annual_net_benefit", CURRENCY, "average net of a month x 12, money at t = 0 not included"),
    Measure(
        "first_year_net",
        CURRENCY,
        "cumulative net after month 12, or at a shorter horizon; net at t = 0 included",
    ),
    Measure("upfront", CURRENCY, "money out at t = 0", "low"),
    Measure("invested", CURRENCY, "upfront plus the money out of the monthly lines marked as investment", "low"),
    Measure("net_0", CURRENCY, "money in at t = 0"),
    Measure("net", CURRENCY_PER_MONTH, "sum of the monthly lines", monthly=True),
    Measure("inflow", CURRENCY_PER_MONTH, "positive parts of the monthly lines", monthly=True),
    Measure(
        "outflow", CURRENCY_PER_MONTH, "negative parts of the monthly lines, as a positive number", "low", monthly=True
    ),
    Measure("cumulative_net", CURRENCY, "net at t = 0 plus net of months 1 to t", monthly=True),
)

MEASURES = {measure.name: measure for measure in _TABLE}
"""Every measure by name."""

HEADLINE = ("payback", "npv", "gain", "roi", "multiple", "irr", "peak_funding", "total_cost")
"""What `payback run` shows first, in order."""


def displayed_unit(measure: Measure, currency: str) -> str:
    """Return the unit of a measure, money in the `currency` of the case."""
    return {CURRENCY: currency, CURRENCY_PER_MONTH: f"{currency}/month"}.get(measure.unit, measure.unit)
