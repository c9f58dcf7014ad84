"""The tornado as a section of the appendix, and as a pandas table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payback.reports.tables.section import FigureKey, Section
from payback.simulator import number_text
from payback.simulator.document.document import Document
from payback.simulator.document.questions.tornado import Tornado

if TYPE_CHECKING:
    import pandas as pd


def section(document: Document, tornado: Tornado) -> Section:
    """Return the section of the tornado, which is its figure only."""
    return Section("tornado", "What moves it", parts=(FigureKey("tornado"),))


def stops(tornado: Tornado) -> tuple[str, str]:
    """Return where an input stands at the ends of a bar: ``P10`` and ``P90``, in words if all stand at values."""
    for bar in tornado.bars:
        if bar.low_share is None:
            return f"P{number_text.number(100 * bar.low_u)}", f"P{number_text.number(100 * bar.high_u)}"
    return "lower value", "higher value"


def value(figure: str, share: float | None) -> str:
    """Return the value of an input at the end of a bar, with its probability where it has one."""
    return figure if share is None else f"{figure} ({number_text.percent(share)})"


def data_frame(tornado: Tornado) -> pd.DataFrame:
    """Return a pandas table with a row for each input, longest swing first.

    The shares are probabilities of the values of the input, NaN where these are its P10 and P90. `attrs` holds
    the base value and the inputs that were held.
    """
    import pandas as pd

    columns = ["unit", "low_value", "high_value", "low", "high", "swing", "low_share", "high_share"]
    table = pd.DataFrame(
        [[getattr(bar, column) for column in columns] for bar in tornado.bars],
        index=pd.Index([bar.input for bar in tornado.bars], name="input"),
        columns=columns,
    ).astype(dict.fromkeys(columns[1:], float))
    table.attrs = {"measure": tornado.measure, "unit": tornado.unit, "base": tornado.base, "note": tornado.note}
    return table
