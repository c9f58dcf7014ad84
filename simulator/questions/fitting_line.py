"""A fit as a case writes it."""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from distributions.fitting import Fitted
from simulator.case.functions import name_problem
from simulator.case.printing import number_text
from simulator.errors import visible
from simulator.fits import FittedFamily, Source
from simulator.wording import number

DIGITS = 6
"""Significant digits of a parameter: rounding then moves no quantile by more than the fit is uncertain."""


def distribution_text(fitted: Fitted, zeros: float = 0.0) -> str:
    """Return the distribution line of a fit; `zeros` is the share of values that are exactly 0."""
    rounded = [(name, float(f"{value:.{DIGITS}g}")) for name, value in fitted.parameters]
    try:
        type(fitted.distribution)(*(value for _, value in rounded))
    except ValueError:  # rounding moved an end past a mode
        rounded = list(fitted.parameters)
    text = f"{fitted.family}({', '.join(f'{name}={number_text(value)}' for name, value in rounded)})"
    return f"zero_inflated({number_text(float(f'{zeros:.{DIGITS}g}'))}, {text})" if zeros else text


def input_line(source: Source, best: FittedFamily, unit: str = "") -> str:
    """Return the line of `inputs:` that holds a fit, with its grade and its reason."""
    count = number(source.rows - source.missing)
    tested = f", p = {best.p:.1g}" if best.p is not None else ""
    why = f"fit to {PurePath(source.file).name}, column {source.column}: {count} values{tested}"
    parts = [f"distribution: {json.dumps(best.distribution)}"]
    parts += [f"unit: {unit}"] if unit else []
    parts += ["grade: measured", f"why: {json.dumps(visible(why), ensure_ascii=False)}"]
    return f"{input_name(source.column)}: {{{', '.join(parts)}}}"


def input_name(column: str) -> str:
    """Return a name that an input may have, as near to that of the column as can be.

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
