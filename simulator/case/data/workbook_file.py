"""Workbooks (.xlsx), read by openpyxl (the extra `workbook`): a first row of names, then numbers.

A workbook is a ZIP archive of XML. It is measured before it is parsed: how much it unpacks to, and
whether a part declares a document type, which no workbook needs and entity attacks do.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.data.cells import MOST_ROWS, column_index, numbers
from payback.simulator.case.data.paths import refuse
from payback.simulator.case.source.spelling import nearest, quoted

_LARGEST = 200_000_000
_PARTS = 10_000
_CHUNK = 1 << 20
_FORBIDDEN = b"<!DOCTYPE"


def read(content: bytes, file: str, names: Sequence[str], sheet: str) -> list[tuple[str, NDArray[np.float64]]]:
    """Return the columns `names` of a sheet, each with its numbers; empty cells are missing values.

    Raises
    ------
    CaseError
        Also when openpyxl is not installed.
    """
    try:
        openpyxl = import_module("openpyxl")
    except ImportError:
        refuse(file, "a workbook needs openpyxl", "`pip install 'payback[workbook]'`, or a CSV file")
    _require_harmless(content, file)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = _sheet(book, file, sheet).iter_rows(values_only=True, max_row=MOST_ROWS + 2)
        header = ["" if cell is None else str(cell).strip() for cell in next(iter(rows), ())]
        while header and not header[-1]:
            header.pop()
        if not header:
            refuse(file, "no first row of names", "names of the columns in the first row of the sheet", line=1)
        indices = [column_index(header, name, file) for name in names]
        cells = [[_text(row, index) for index in indices] for row in rows]
        if any(not text for row in cells for text in row):
            _require_stored_values(openpyxl, content, file, sheet, indices, cells)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, SyntaxError) as error:
        refuse(file, f"not readable as a workbook: {error}", "an .xlsx workbook")
    if len(cells) > MOST_ROWS:
        refuse(file, f"more than {MOST_ROWS:,} rows", f"at most {MOST_ROWS:,}")
    while cells and not any(cells[-1]):
        cells.pop()
    return [
        (header[index], numbers(enumerate([row[k] for row in cells], start=2), file, header[index], index + 1))
        for k, index in enumerate(indices)
    ]


def _require_stored_values(
    openpyxl: Any, content: bytes, file: str, sheet: str, indices: Sequence[int], cells: Sequence[Sequence[str]]
) -> None:
    """Refuse the first formula that the workbook holds without its value: it would read as an empty cell."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows = _sheet(book, file, sheet).iter_rows(min_row=2, max_row=MOST_ROWS + 2, values_only=True)
    for number, (row, texts) in enumerate(zip(rows, cells, strict=False), start=2):
        for index, text in zip(indices, texts, strict=True):
            formula = _text(row, index)
            if not text and formula.startswith("="):
                cell = f"{openpyxl.utils.get_column_letter(index + 1)}{number}"
                given = f"cell {cell} holds the formula {quoted(formula)} without its value"
                allowed = "the workbook as a spreadsheet saves it, with values, or a number in place of the formula"
                refuse(file, given, allowed, line=number, column=index + 1)


def _text(row: Sequence[Any], index: int) -> str:
    return "" if index >= len(row) or row[index] is None else str(row[index])


def _sheet(book: Any, file: str, wanted: str) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    listed = ", ".join(quoted(title) for title in sheets)
    if not wanted and len(sheets) != 1:
        refuse(file, f"{len(sheets)} sheets and none is named", f"`sheet=`, one of {listed}")
    if wanted and wanted not in sheets:
        refuse(file, f"no sheet {quoted(wanted)}", f"one of {listed}", nearest(wanted, sheets))
    return sheets[wanted] if wanted else book.worksheets[0]


def _require_harmless(content: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            size = sum(member.file_size for member in parts)
            if len(parts) > _PARTS or size > _LARGEST:
                refuse(file, f"the workbook unpacks to {len(parts):,} parts, {size:,} bytes", f"at most {_LARGEST:,}")
            for member in parts:
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _require_no_document_type(archive, member, file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        refuse(file, f"not readable as a workbook: {error}", "an .xlsx workbook without a password")


def _require_no_document_type(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> None:
    with archive.open(member) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            # Zero bytes are those of UTF-16, in which the word would not be seen.
            if b"\0" in chunk or _FORBIDDEN in (tail + chunk).upper():
                given = f"{quoted(member.filename)} declares a document type"
                refuse(file, given, "a workbook as spreadsheets write it")
            tail = chunk[-len(_FORBIDDEN) :]
