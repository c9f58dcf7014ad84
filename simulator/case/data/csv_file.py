"""CSV files: a first row of names, then rows of numbers (RFC 4180; also with semicolons or tabs)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.data.cells import MOST_ROWS, column_index, numbers
from payback.simulator.case.data.paths import refuse
from payback.simulator.case.source.decoding import decoded
from payback.simulator.case.source.spelling import quoted

_DELIMITERS = ",;\t"


def read(content: bytes, file: str, names: Sequence[str]) -> list[tuple[str, NDArray[np.float64]]]:
    """Return the columns `names`, each with its numbers.

    Parameters
    ----------
    content : bytes
        Of the file.
    file : str
        The file as it was named, for messages.
    names : sequence of str
        An empty name stands for the only column.

    Returns
    -------
    list of (name, ndarray of shape (rows,))
        NaN where a cell is empty.

    Raises
    ------
    CaseError
        With the line and the column of a cell that is not a number.
    """
    text = decoded(content, file).removeprefix("\ufeff")
    if "\0" in text:
        refuse(file, f"is not text: byte 0x00 at offset {content.index(0)}", "a CSV file in UTF-8")
    rows = _rows(text, file)
    line, first = next(rows, (1, []))
    header = [name.strip() for name in first]
    if not any(header):
        refuse(file, "no first row of names", "names of the columns, then a row for each value", line=line)
    if all(_is_number(name) for name in header):
        refuse(file, f"the first row is {quoted(','.join(header))}", "names of the columns", line=line)
    indices = [column_index(header, name, file) for name in names]
    cells: list[list[tuple[int, str]]] = [[] for _ in indices]
    for line, row in rows:
        if not any(cell.strip() for cell in row) and len(row) <= 1:
            continue
        if len(row) != len(header):
            refuse(file, f"a row of {len(row)} cells under {len(header)} names", "a cell for each name", line=line)
        if len(cells[0]) == MOST_ROWS:
            refuse(file, f"more than {MOST_ROWS:,} rows", f"at most {MOST_ROWS:,}", line=line)
        for index, kept in zip(indices, cells, strict=True):
            kept.append((line, row[index]))
    return [
        (header[index], numbers(kept, file, header[index], index + 1))
        for index, kept in zip(indices, cells, strict=True)
    ]


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which it ends, cells) of each row."""
    end = text.find("\n")
    header = text if end < 0 else text[:end]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        refuse(file, f"not readable as CSV: {error}", "cells in double quotes, each quote inside doubled",
               line=reader.line_num)  # fmt: skip


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
