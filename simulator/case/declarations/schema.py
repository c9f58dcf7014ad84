"""Every key that a case file may hold, and the JSON Schema that editors use.

The readers of this room take the allowed keys from these tables, and `json_schema` makes of them the JSON Schema
by which editors complete and check while one types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from payback.distributions import FAMILIES
from payback.simulator.case.declarations.declarations import GRADES
from payback.simulator.case.language.measures import MEASURES

VERSIONS = (1,)
HORIZON = 1_200
KINDS = ("spearman", "kendall", "parameter", "pearson")

Schema: TypeAlias = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": ["string", "number"]}
FORMULA: Schema = {"type": ["string", "number"]}


@dataclass(frozen=True)
class Key:
    """A key of a mapping.

    Parameters
    ----------
    name, text : str
        The key, and one line on what it holds.
    schema : dict
        JSON Schema of the value.
    required : bool
        Whether the mapping must hold it.
    """

    name: str
    text: str
    schema: Schema = field(default_factory=lambda: TEXT)
    required: bool = False


def named(values: Schema, at_least: int = 0) -> Schema:
    """Return the schema of a mapping from free names to `values`."""
    return {"type": "object", "additionalProperties": values, "minProperties": at_least}


def table(keys: tuple[Key, ...]) -> Schema:
    """Return the schema of a mapping that holds `keys` and no other."""
    schema: Schema = {
        "type": "object",
        "properties": {key.name: {**key.schema, "description": key.text} for key in keys},
        "additionalProperties": False,
    }
    required = [key.name for key in keys if key.required]
    return {**schema, "required": required} if required else schema


def listing(values: Schema, at_least: int = 0) -> Schema:
    """Return the schema of a list of `values`."""
    return {"type": "array", "items": values, "minItems": at_least}


_FAMILIES = ", ".join((*FAMILIES, "discrete"))

INPUT = (
    Key(
        "distribution",
        f"a distribution ({_FAMILIES}), a range `low to high`, or a certain value",
        FORMULA,
        required=True,
    ),
    Key("unit", "unit of the values, without spaces: USD/request"),
    Key("grade", "how well the distribution is known", {"enum": list(GRADES)}),
    Key("why", "why these numbers"),
    Key("source", "where they come from"),
    Key("each", "`month` draws the input anew each month", {"enum": ["month"]}),
)

LINE = (
    Key("amount", "the formula of the line: + is money in, - is money out", FORMULA, required=True),
    Key("investment", "whether a monthly line counts as money invested", {"type": "boolean"}),
    Key("why", "why the line is there"),
)

_INPUTS: Schema = named({"anyOf": [FORMULA, table(INPUT)]}, 1)

OPTION_INPUTS = "inputs"
"""The key of an option under which it states inputs of its own; its other keys are what it changes."""

_OPTION: Schema = {**named(FORMULA, 1), "properties": {OPTION_INPUTS: _INPUTS}}

_LINES: Schema = named({"anyOf": [FORMULA, table(LINE)]})

CASH_FLOWS = (
    Key("upfront", "lines paid or received at t = 0, in the currency", _LINES),
    Key("monthly", "lines of months 1 to the horizon, in the currency per month", _LINES),
)

_COPULA: Schema = {**TEXT, "pattern": r"^(gaussian|t\(.*\))$"}
_REPAIR: Schema = {"enum": ["refuse", "nearest"]}
_STRENGTH: Schema = {"anyOf": [NUMBER, named(NUMBER, 2)]}

DEPENDENCE = (
    Key("between", "two inputs", {**listing(TEXT), "minItems": 2, "maxItems": 2}),
    Key("among", "inputs of which every pair has this dependence", listing(TEXT, 2)),
    Key("driver", "a cause that is no input; then the target is a mapping from inputs to their dependence on it"),
    Key("spearman", "Spearman's rank correlation, -1 to 1", _STRENGTH),
    Key("kendall", "Kendall's rank correlation, -1 to 1", _STRENGTH),
    Key("parameter", "the copula's own parameter, -1 to 1", _STRENGTH),
    Key("pearson", "Pearson's correlation, within what the two distributions can reach", NUMBER),
    Key("why", "why they move together"),
)

CLAIM = (
    Key("says", "the claim in the words of whoever makes it", required=True),
    Key("check", "a condition (asks its probability) or a statistic with a limit (gives a verdict)", required=True),
    Key("source", "where it is claimed"),
)

HURDLES = (
    *(
        Key(measure.name, f"limit of {measure.name}: {measure.text}", FORMULA)
        for measure in MEASURES.values()
        if measure.better and not measure.monthly
    ),
    Key("confidence", "probability with which each limit must be met; 80 % if absent", NUMBER),
)

CASE = (
    Key("payback_case", "version of the case language", {"enum": list(VERSIONS)}),
    Key("case", "name of the case"),
    Key("source", "where the case comes from"),
    Key("currency", "currency of the cash flows, three capitals; USD if absent", {**TEXT, "pattern": "^[A-Z]{3}$"}),
    Key("horizon", f"whole months, 1 to {HORIZON:,}: `36 months`", NUMBER, required=True),
    Key("discount_rate", "effective per year; a rate a month compounds; a number or a formula; 0 % if absent", FORMULA),
    Key("inputs", "what is uncertain or given, by name", _INPUTS, required=True),
    Key("copula", "`gaussian`, or `t(4)` for extremes that come together", _COPULA),
    Key("dependence", "inputs that move together", listing(table(DEPENDENCE))),
    Key("repair", "targets that cannot hold together: `refuse`, or take the `nearest`", _REPAIR),
    Key("hold", "values that a tornado holds in place of medians, by input", named(NUMBER)),
    Key("calculations", "formulas by name, in reading order", named(FORMULA)),
    Key("cash_flows", "the ledger", table(CASH_FLOWS), required=True),
    Key("claims", "what somebody said, to be checked", listing(table(CLAIM))),
    Key("what_if", "named sets of changes; other inputs keep their draws", named(named(FORMULA, 1))),
    Key("options", "ways to act besides the case as it is: named sets of changes, and new `inputs`", named(_OPTION)),
    Key("stress", "named sets of bands of inputs; other inputs follow the dependence", named(named(TEXT, 1))),
    Key("hurdles", "limits that the case must meet", table(HURDLES)),
    Key("decide_by", "the statistic that ranks options: `mean(npv)`; if absent, P50 of npv (undiscounted: of gain)"),
    Key("ladder", "what-ifs in order, each nearer to the whole case, which is the last step", listing(TEXT, 1)),
)


def json_schema() -> Schema:
    """Return the schema of a case file, JSON Schema draft 2020-12.

    It knows keys, required keys and words to choose from. Names, formulas and units are text to it:
    `payback.simulator.case.load` checks those.

    Examples
    --------
    >>> json_schema()["required"]
    ['horizon', 'inputs', 'cash_flows']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A payback case",
        **table(CASE),
    }
