"""Data files: columns of numbers from CSV, Parquet or a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.data.paths import content, inside, refuse
from payback.simulator.case.source.spelling import is_address, quoted
from payback.simulator.number_range import LARGEST as LARGEST_NUMBER
from payback.simulator.number_range import SIZES, SMALLEST

LARGEST = 50_000_000
"""Bytes of a data file."""

SUFFIXES = (".csv", ".parquet", ".xlsx")


@dataclass(frozen=True, eq=False)
class Column:
    """A column of numbers.

    Parameters
    ----------
    file, name : str
        The file as it was named, and the column.
    rows : ndarray of float, shape (rows,)
        In the order of the file; NaN where no value is given.
    digest : str
        BLAKE2b of the file, 32 hexadecimal digits.
    sheet : str
        Of a workbook, as it was named.
    """

    file: str
    name: str
    rows: NDArray[np.float64]
    digest: str
    sheet: str = ""

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """The values that are given, in the order of the file."""
        return self.rows[~np.isnan(self.rows)]

    @property
    def missing(self) -> int:
        """Rows without a value."""
        return self.rows.size - self.values.size


def case_column(case_file: str, file: str, column: str = "", sheet: str = "") -> Column:
    """Return a column of a data file that a case names, under the folder of the case.

    Raises
    ------
    CaseError
        As `columns`, and for a path that leads elsewhere.
    """
    path = inside(case_file, file)
    _require_suffix(file)
    return _columns(content(path, file, LARGEST), file, [column], sheet)[0]


def columns(path: str | Path, names: Sequence[str], sheet: str = "") -> list[Column]:
    """Return columns of the data file at `path`, rows aligned.

    Parameters
    ----------
    path : str or Path
        A ``.csv`` file in UTF-8 with a row of names, a ``.parquet`` file, or an ``.xlsx`` workbook.
    names : sequence of str
        An empty name stands for the only column.
    sheet : str
        Of a workbook with several.

    Raises
    ------
    CaseError
        With the row and the column of a cell that is not a number, the name nearest to that of a missing column, or the
        limit that the file passes.
    """
    file = str(path)
    if is_address(file):
        refuse(file, "is an address, and nothing is fetched", "save it, and give the path of the file")
    if Path(path).is_dir():
        refuse(file, "is a folder", f"a data file in it: {', '.join(SUFFIXES)}")
    _require_suffix(file)
    return _columns(content(Path(path), file, LARGEST, links=True), file, names, sheet)


def _require_suffix(file: str) -> None:
    suffix = Path(file).suffix
    if suffix.lower() not in SUFFIXES:
        given = f"{quoted(suffix)} is no format of data" if suffix else "no suffix"
        refuse(file, given, f"one of {', '.join(SUFFIXES)}")


def _columns(content: bytes, file: str, names: Sequence[str], sheet: str) -> list[Column]:
    from payback.simulator.case.data import csv_file, parquet_file, workbook_file

    suffix = Path(file).suffix.lower()
    if sheet and suffix != ".xlsx":
        refuse(file, f"sheet {quoted(sheet)} of a file that has no sheets", "a column alone")
    if suffix == ".csv":
        read = csv_file.read(content, file, names)
    elif suffix == ".parquet":
        read = parquet_file.read(content, file, names)
    else:
        read = workbook_file.read(content, file, names, sheet)
    for name, rows in read:
        _require_sizes(rows, file, name)
    digest = blake2b(content, digest_size=16).hexdigest()
    return [Column(file, name, rows, digest, sheet) for name, rows in read]


def _require_sizes(rows: NDArray[np.float64], file: str, name: str) -> None:
    """Refuse a column with a number that is too large or too small to be computed with."""
    sizes = np.abs(rows)
    wrong = np.flatnonzero((sizes > LARGEST_NUMBER) | ((sizes > 0.0) & (sizes < SMALLEST)))
    if wrong.size:
        value = float(rows[wrong[0]])
        size = "large" if abs(value) > 1 else "small"
        refuse(file, f"`{value:.3g}` in {quoted(name)} is too {size}", SIZES)
