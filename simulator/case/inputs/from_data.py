"""Distributions of data: the values of a column in a file, and histograms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from payback.distributions import Certain, Distribution, Histogram, Smoothed, empirical
from payback.simulator.case.data.columns import Column, case_column
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import USUAL, Call, Expression, Name, Range, Text
from payback.simulator.case.formulas.arguments import bind
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.formulas.scope import Scope
from payback.simulator.case.inputs.recipe import Recipe, make
from payback.simulator.case.language.functions import Function
from payback.simulator.errors import CaseError

EMPIRICAL = Function(
    "empirical", "distribution", ("file", "column"), 1, "the values of a column of a data file, each as likely as "
    "often as it is there; with smooth=yes, spread by a normal kernel", keywords=("sheet", "smooth"),
)  # fmt: skip

HISTOGRAM = "histogram"
_BINS = "bins with their shares or counts: `histogram({0 to 10: 25, 10 to 50: 5})`"


def column_of(scope: Scope, file: Expression, column: Expression | None, sheet: Expression | None) -> Column:
    """Return the column that a call names; a case reads each once, and a changed case the same again.

    Raises
    ------
    ExpressionError
        At the file, with the place in it.
    """
    names = _text(file, "file"), _text(column, "column"), _text(sheet, "sheet")
    if names not in scope.columns:
        try:
            scope.columns[names] = case_column(scope.file, *names)
        except CaseError as error:
            told = error.problems[0]
            raise ExpressionError(f"{told.at}: {told.given}", told.allowed, told.near, file.at) from None
    return scope.columns[names]


def empirical_recipe(scope: Scope, node: Call, note: Callable[[str], None]) -> Recipe:
    """Return the distribution of the values of a column.

    Raises
    ------
    ExpressionError
    """
    arguments, keywords = bind(node, EMPIRICAL)
    column = column_of(scope, arguments[0], arguments[1] if len(arguments) > 1 else None, keywords.get("sheet"))
    smooth = _yes(keywords["smooth"], "smooth") if "smooth" in keywords else False
    if column.values.size < 2:
        given = f"{column.values.size} values in `{column.name}` of {column.file}"
        raise ExpressionError(given, "at least 2; a single one is a certain value", at=node.at)
    gaps = f", {column.missing} rows without one left out" if column.missing else ""
    note(f"{column.values.size:,} values of `{column.name}` in {column.file}{gaps}, BLAKE2b {column.digest}")
    if column.values.min() == column.values.max():
        note(f"all values of `{column.name}` are {column.values[0]:g}: taken for certain")
        return Recipe(Certain, (float(column.values[0]),))
    found = empirical(column.values.tolist(), smooth=smooth)
    if isinstance(found, Smoothed):
        on = "of the logarithm, " if found.logarithmic else ""
        note(f"smoothed by a normal kernel with sd {found.bandwidth:.3g} ({on}rule of Silverman)")
    return Recipe(_Made(found), ())


def histogram_recipe(node: Call, edge: Callable[[Expression], float], count: Callable[[Expression], float]) -> Recipe:
    """Return the histogram of a call; `edge` and `count` read constants in the units that these have.

    Raises
    ------
    ExpressionError
        Bins that are no ranges, or do not meet.
    """
    bins = node.arguments[::2]
    edges: list[float] = []
    for part in bins:
        if not isinstance(part, Range) or part.share != USUAL:
            raise ExpressionError(f"{shown(part)} is no bin", _BINS, at=part.at)
        low, high = edge(part.low), edge(part.high)
        if edges and low != edges[-1]:
            raise ExpressionError(f"a bin from {low:g} after one to {edges[-1]:g}", "bins that meet", at=part.at)
        edges += [low, high] if not edges else [high]
    if not bins:
        raise ExpressionError("a histogram without bins", _BINS, at=node.at)
    counts = [count(part) for part in node.arguments[1::2]]
    return make(_binned, (*edges, *counts), node.at)


@dataclass(frozen=True)
class _Made:
    """A distribution that was built already."""

    distribution: Distribution

    def __call__(self, *, checked: bool) -> Distribution:
        return self.distribution


def _binned(*numbers: float, checked: bool) -> Distribution:
    half = len(numbers) // 2 + 1
    return Histogram(numbers[:half], numbers[half:], checked=checked)


def _text(node: Expression | None, what: str) -> str:
    if node is None:
        return ""
    if not isinstance(node, Text):
        raise ExpressionError(f"`{what}` is {shown(node)}", "a text in quotes", at=node.at)
    return node.value


def _yes(node: Expression, what: str) -> bool:
    if not isinstance(node, Name) or node.id not in ("yes", "no"):
        raise ExpressionError(f"`{what}` is {shown(node)}", "`yes` or `no`", at=node.at)
    return node.id == "yes"
