"""Parquet files, read by pyarrow (the extra `parquet`)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.data.cells import MOST_ROWS, column_index
from payback.simulator.case.data.paths import refuse
from payback.simulator.case.source.spelling import quoted

_LARGEST = 200_000_000


def read(content: bytes, file: str, names: Sequence[str]) -> list[tuple[str, NDArray[np.float64]]]:
    """Return the columns `names`, each with its numbers; nulls and NaN are missing values.

    Raises
    ------
    CaseError
        Also when pyarrow is not installed.
    """
    try:
        pyarrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        refuse(file, "Parquet needs pyarrow", "`pip install 'payback[parquet]'`, or a CSV file")
    try:
        table = parquet.ParquetFile(io.BytesIO(content))
        header = list(table.schema_arrow.names)
    except (pyarrow.ArrowException, OSError) as error:
        refuse(file, f"not readable as Parquet: {str(error).splitlines()[0]}", "a Parquet file")
    if table.metadata.num_rows > MOST_ROWS:
        refuse(file, f"{table.metadata.num_rows:,} rows", f"at most {MOST_ROWS:,}")
    indices = [column_index(header, name, file) for name in names]
    return [(header[index], _column(pyarrow, table, header[index], file)) for index in indices]


def _column(pyarrow: Any, table: Any, name: str, file: str) -> NDArray[np.float64]:
    kind = table.schema_arrow.field(name).type
    numeric = pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind) or pyarrow.types.is_decimal(kind)
    if not numeric:
        refuse(file, f"the column {quoted(name)} holds {kind}", "a column of numbers")
    groups = (table.metadata.row_group(k) for k in range(table.metadata.num_row_groups))
    size = sum(
        group.column(k).total_uncompressed_size
        for group in groups
        for k in range(group.num_columns)
        if group.column(k).path_in_schema == name
    )
    if size > _LARGEST:
        refuse(file, f"the column {quoted(name)} unpacks to {size:,} bytes", f"at most {_LARGEST:,}")
    try:
        column = table.read(columns=[name]).column(name).cast(pyarrow.float64(), safe=False)
    except (pyarrow.ArrowException, OSError) as error:
        refuse(file, f"not readable as Parquet: {str(error).splitlines()[0]}", "a Parquet file")
    values = np.asarray(column.to_numpy(), dtype=np.float64)
    infinite = np.flatnonzero(np.isinf(values))
    if infinite.size:
        refuse(file, f"infinity in {quoted(name)}, row {infinite[0] + 1:,}", "finite numbers")
    return values
