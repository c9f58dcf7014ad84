"""The tornado as a section of the appendix, and as a pandas table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payback.reports.tables.section import FigureKey, Section
from payback.simulator.document.document import Document
from payback.simulator.document.question_records import Tornado

if TYPE_CHECKING:
    import pandas as pd


def section(document: Document, tornado: Tornado) -> Section:
    """Return the section of the tornado, which is its figure only."""
    return Section("tornado", "What moves it", parts=(FigureKey("tornado"),))


def data_frame(tornado: Tornado) -> pd.DataFrame:
    """Return a pandas table with a row for each input, longest swing first.

    `attrs` holds the base value and the inputs that were held.
    """
    import pandas as pd

    columns = ["unit", "low_value", "high_value", "low", "high", "swing"]
    table = pd.DataFrame(
        [[getattr(bar, column) for column in columns] for bar in tornado.bars],
        index=pd.Index([bar.input for bar in tornado.bars], name="input"),
        columns=columns,
    ).astype(dict.fromkeys(columns[1:], float))
    table.attrs = {"measure": tornado.measure, "unit": tornado.unit, "base": tornado.base, "note": tornado.note}
    return table
