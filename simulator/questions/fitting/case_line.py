"""The line under ``inputs:`` of a case file for a fit."""

from __future__ import annotations

import json
import math
import re
from pathlib import PurePath

from payback.distributions.fitting.estimators import FITTERS
from payback.distributions.fitting.fit import Fitted
from payback.simulator.case.data.paths import wrong_path
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import number_text, to_text
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Text
from payback.simulator.case.language.functions import name_problem
from payback.simulator.document.fit import FittedFamily, Source
from payback.simulator.errors import visible
from payback.simulator.number_text import number

DIGITS = 6
"""Most significant digits of a parameter; of one in the unit of the data, of how far these spread if that is more."""

_ENDED = frozenset({"uniform", "loguniform", "integers", "pareto", "triangular", "pert", "beta"})
"""Families whose ends lie within 1 / n of the data, not 1 / sqrt(n)."""


def digits_of(count: int, family: str = "") -> int:
    """Return the significant digits of a parameter that `count` values support.

    Its standard error is some 1 / sqrt(n) of it, that of an end 1 / n; two digits more than that move no likelihood.

    Examples
    --------
    >>> digits_of(12), digits_of(150), digits_of(100_000), digits_of(12, "uniform")
    (3, 4, 5, 4)
    """
    orders = math.log10(max(count, 10))
    return min(2 + math.ceil(orders if family in _ENDED else 0.5 * orders), DIGITS)


def distribution_text(fitted: Fitted, zeros: float = 0.0, count: int = 10**8) -> str:
    """Return the distribution line of a fit to `count` values.

    Parameters
    ----------
    fitted : Fitted
    zeros : float
        The share of values, exactly 0, that were left out of the fit.
    count : int
        The number of values, which limits the digits.
    """
    digits = digits_of(count, fitted.family)
    family = FITTERS[fitted.family].family
    low, high = (float(x) for x in fitted.distribution.ppf([0.1, 0.9]))
    roles = {parameter.name: parameter.role for parameter in family.forms()[0].parameters}
    rounded = [
        (name, _rounded(x, high - low if roles[name] == "value" else 0.0, digits)) for name, x in fitted.parameters
    ]
    try:
        family(*(value for _, value in rounded))
    except ValueError:  # rounding moved an end past a mode
        rounded = list(fitted.parameters)
    text = f"{family.name}({', '.join(f'{name}={number_text(value)}' for name, value in rounded)})"
    zeros = zeros or fitted.zeros
    return f"zero_inflated({number_text(_rounded(zeros, 0.0, digits))}, {text})" if zeros else text


def _rounded(value: float, spread: float, digits: int) -> float:
    """Return `value` to so many significant digits, to more where `spread` is small beside it."""
    more = math.ceil(math.log10(abs(value) / spread)) if value and spread else 0
    return float(f"{value:.{min(digits + max(more, 0), 17)}g}")


def input_line(source: Source, best: FittedFamily, unit: str = "", *, fits: bool = True) -> str:
    """Return the line of `inputs:` that holds a fit, or the data themselves where `fits` is false.

    Parameters
    ----------
    source : Source
        The data.
    best : FittedFamily
        The family to use.
    unit : str
        Unit of the values; may be empty.
    fits : bool
        Whether the family fits; if not, the line draws from the data.
    """
    count = number(source.rows - source.missing)
    tested = f", p = {best.p:.1g}" if best.p is not None else ""
    where = f"{PurePath(source.file).name}, column {source.column}: {count} values"
    distribution, why = best.distribution, f"fit to {where}{tested}"
    if not fits and not source.censored and (data := data_text(source)):
        distribution, why = data, f"{where}, which no family fits"
    parts = [f"distribution: {json.dumps(distribution, ensure_ascii=False)}"]
    if unit:
        parts.append(f"unit: {unit}")
    parts += ["grade: measured", f"why: {json.dumps(visible(why), ensure_ascii=False)}"]
    return f"{input_name(source.column)}: {{{', '.join(parts)}}}"


def data_text(source: Source) -> str:
    """Return the distribution line that draws from the data themselves; empty where a case cannot name the file.

    The path is written as it was given if it leads down from the current folder, otherwise only the name of the file:
    the case must stand in the folder where that path begins.
    """
    file = source.file if not wrong_path(source.file) else PurePath(source.file).name
    names = [("column", source.column), *([("sheet", source.sheet)] if source.sheet else [])]
    tree = Call("empirical", (Text(file),), tuple((key, Text(name)) for key, name in names))
    text = to_text(tree)
    try:
        return text if to_text(parse(text)) == text and not wrong_path(file) else ""
    except ExpressionError:
        return ""


def input_name(column: str) -> str:
    """Return a valid name for an input, as near to the name of the column as possible.

    Examples
    --------
    >>> input_name("Requests / month"), input_name("2024"), input_name("month")
    ('Requests_month', 'x_2024', 'months')
    """
    words = re.sub(r"[^A-Za-z0-9]+", "_", column).strip("_")[:50]
    name = words if words[:1].isalpha() else f"x_{words}".strip("_")
    problem = name_problem(name)
    if problem is None:
        return name
    return problem.near if problem.near and name_problem(problem.near) is None else f"{name}_fitted"
