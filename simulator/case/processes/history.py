"""Histories: the months of a data file in their order, or resampled in blocks.

References
----------
.. [1] Politis and Romano (1992), A circular block-resampling procedure for stationary data, in: Exploring the Limits
   of Bootstrap, eds. LePage and Billard, Wiley, pages 263-270.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payback.distributions import Certain, Integers
from payback.simulator.case.data.columns import Column
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression, Number
from payback.simulator.case.formulas.formula_checker import FormulaChecker, Rule
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.formulas.monthly import whole
from payback.simulator.case.formulas.scope import Typed
from payback.simulator.case.inputs.from_data import column_of
from payback.simulator.case.inputs.recipe import Recipe
from payback.simulator.case.language.units import PLAIN
from payback.simulator.case.processes.process import Process

MOST = 1_200
"""Rows of a history that blocks are drawn from; as many as the longest horizon has months."""


@dataclass(frozen=True, eq=False)
class _Rows:
    """A distribution without spread whose value is that of a row: a look-up trial by trial."""

    values: NDArray[np.float64]

    def __call__(self, row: ArrayLike, *, checked: bool) -> Certain:
        return Certain(self.values[np.asarray(row, dtype=np.intp)], checked=checked)  # type: ignore[arg-type]  # by trial


def _history(
    checker: FormulaChecker, node: Call, arguments: list[Expression], keywords: Mapping[str, Expression]
) -> Typed:
    column = column_of(checker.scope, arguments[0], arguments[1] if len(arguments) > 1 else None, keywords.get("sheet"))
    file, at = column.file, arguments[0].at
    if column.missing:
        row = int(np.argmax(np.isnan(column.rows))) + 1
        missing = f"{column.missing} of {column.rows.size} have none"
        given = f"row {row} of `{column.name}` in {file} has no value ({missing})"
        raise ExpressionError(given, "a value in each row", at=at)
    checker.notes.append(f"`{column.name}` of {file}: {column.rows.size} rows, BLAKE2b {column.digest}")
    block = keywords.get("block")
    if block is not None:
        return _drawn(checker, node, column, block)
    if column.rows.size != checker.scope.months:
        given = f"{file} has {column.rows.size} rows, the horizon {checker.scope.months} months"
        advice = "a row for each month; `block=` draws months from any number of rows"
        raise ExpressionError(given, advice, at=at)
    keys = (("first", Number(1.0, node.at)), ("every", Number(1.0, node.at)))
    values = tuple(Number(float(value), node.at) for value in column.rows)
    return Typed(Call("series", values, keys, node.at), monthly=True)


def _drawn(checker: FormulaChecker, node: Call, column: Column, block: Expression) -> Typed:
    """Return months in blocks of consecutive rows, each from a row drawn anew; behind the last row stands the first."""
    length, rows = whole(checker.months(block, "`block`").tree, 1, "`block`"), column.rows.size
    if not max(2, length) <= rows <= MOST:
        given = f"blocks of {shown(block)} from {rows} rows"
        raise ExpressionError(given, f"{max(2, length)} to {MOST} rows", at=block.at)
    process = Process(checker, node)
    parts = {"start": process.draw(Recipe(Integers, (0.0, rows - 1.0)))}
    parts |= {"rows": Typed(Number(float(rows))), "block": Typed(Number(float(length)))}
    begins, following = "(t - 1) / block == floor((t - 1) / block)", "previous(own, 0) + 1"
    text = f"if({begins}, start, {following} - rows * ({following} >= rows))"
    row = process.formula(text, parts, PLAIN, ".row")
    return process.draw(Recipe(_Rows(column.rows), (row.tree,)), ".value")


RULES: Mapping[str, Rule] = {"history": _history}
