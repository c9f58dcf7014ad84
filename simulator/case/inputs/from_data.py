"""Distributions of data: the values of a column in a file."""

from __future__ import annotations

from dataclasses import dataclass

from payback.distributions import Certain, Distribution, Smoothed
from payback.simulator.case.data.columns import Column, case_column
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression, Name, Text
from payback.simulator.case.formulas.arguments import bind
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.formulas.scope import Scope
from payback.simulator.case.inputs.bound_call import BoundCall, CallShape, Surroundings
from payback.simulator.case.inputs.recipe import Part, Recipe
from payback.simulator.case.language.distribution_words import DistributionWord
from payback.simulator.case.language.functions import Function
from payback.simulator.errors import CaseError

EMPIRICAL = Function(
    "empirical", "distribution", ("file", "column"), 1, "the values of a column of a data file, each as likely as "
    "often as it is there; with smooth=yes, spread by a normal kernel", keywords=("sheet", "smooth"),
)  # fmt: skip


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
            problem = error.problems[0]
            raise ExpressionError(f"{problem.at}: {problem.given}", problem.allowed, problem.near, file.at) from None
    return scope.columns[names]


def _column(node: Call, word: DistributionWord) -> BoundCall:
    return BoundCall(node, word.build)


def _empirical_recipe(bound: BoundCall, _: tuple[Part, ...], surroundings: Surroundings) -> Recipe:
    node, scope, note = bound.call, surroundings.scope, surroundings.notes.append
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
    distribution = bound.build(column.values.tolist(), smooth=smooth)
    if isinstance(distribution, Smoothed):
        on = "of the logarithm, " if distribution.logarithmic else ""
        note(f"smoothed by a normal kernel with sd {distribution.bandwidth:.3g} ({on}rule of Silverman)")
    return Recipe(_Made(distribution), ())


@dataclass(frozen=True)
class _Made:
    """A builder that returns a distribution which exists already."""

    distribution: Distribution

    def __call__(self, *, checked: bool) -> Distribution:
        return self.distribution


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


COLUMN = CallShape(_column, _empirical_recipe)
