"""Cells of a table as text: the column that a name means, and the number that a cell holds."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.data.paths import refuse
from payback.simulator.case.source.spelling import nearest, number_trap, quoted

MOST_ROWS = 1_000_000

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LISTED = 9


def column_index(names: Sequence[str], wanted: str, file: str) -> int:
    """Return the index of a column.

    Parameters
    ----------
    names : sequence of str
        The first row of the table.
    wanted : str
        Name of the column; empty for the only column.
    file : str
        The file as it was named, for messages.

    Raises
    ------
    CaseError
        When no column has the name, or more than one has.
    """
    listed = ", ".join(quoted(name) for name in names[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
    if not wanted and len(names) != 1:
        refuse(file, f"{len(names)} columns and none is named", f"one of {listed}")
    if not wanted:
        return 0
    positions = [index for index, name in enumerate(names) if name == wanted]
    if not positions:
        refuse(file, f"no column {quoted(wanted)}", f"one of {listed}", nearest(wanted, names))
    if len(positions) > 1:
        given = f"{len(positions)} columns {quoted(wanted)}"
        refuse(file, given, "one name for one column", line=1, column=positions[1] + 1)
    return positions[0]


def numbers(cells: Iterable[tuple[int, str]], file: str, name: str, column: int) -> NDArray[np.float64]:
    """Return the numbers in cells of text, NaN for those that are empty.

    Parameters
    ----------
    cells : iterable of (row, text)
        Rows count from 1.
    file, name : str
        Names of the file and the column in messages.
    column : int
        Counts from 1.

    Raises
    ------
    CaseError
        With the place of the first cell that holds no number, and how many there are.
    """
    values: list[float] = []
    wrong: list[tuple[int, str]] = []
    for row, cell in cells:
        text = cell.strip()
        value = float(text) if _NUMBER.fullmatch(text) else np.nan
        values.append(value)
        if math.isinf(value) or (text and math.isnan(value)):
            wrong.append((row, text))
    if wrong:
        row, text = wrong[0]
        given, allowed = _reason(text, name)
        more = f" (and {len(wrong) - 1:,} more like it)" if len(wrong) > 1 else ""
        refuse(file, given + more, allowed, line=row, column=column)
    return np.array(values, dtype=np.float64)


def _reason(text: str, name: str) -> tuple[str, str]:
    if text.startswith(">"):
        return f"{quoted(text)} in {quoted(name)} is a lower bound", "its number, and a column with 1 for such rows"
    if text.startswith("<"):
        return f"{quoted(text)} in {quoted(name)} is an upper bound, which is not handled", "a number, or an empty cell"
    if _NUMBER.fullmatch(text):
        return f"{quoted(text)} in {quoted(name)} is too large", "a number below 1e308"
    if not text.isascii() and any(sign.isdigit() for sign in text):
        return f"{quoted(text)} in {quoted(name)} has digits or signs of another script", "the digits 0 to 9 and `-`"
    trap = number_trap(text)
    if trap and "comma" in trap[0]:
        return f"{trap[0]} in {quoted(name)}", trap[1]
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        return f"{quoted(text)} in {quoted(name)} has a comma", f"a decimal point: {text.replace(',', '.')}"
    if text.endswith("%"):
        return f"{quoted(text)} in {quoted(name)} is a percent", "a plain number: 0.8 for 80 %"
    return f"{quoted(text)} in {quoted(name)} is no number", "a number, or an empty cell for no value"
