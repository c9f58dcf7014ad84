"""Tables as values, between the result document and the renderers: the same cells in HTML and Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from payback.simulator import number_text
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.exhibits import Picture

NOTHING = "–"


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    text : str
        The text of the cell.
    note : str
        Smaller text beside or below it, such as an interval.
    kind : {"", "number", "code", "verdict"}
        How the text is set.
    share : float, optional
        A ratio to draw as a bar where the renderer can.
    picture : Picture, optional
        A density to draw where the renderer can.
    """

    text: str
    note: str = ""
    kind: str = ""
    share: float | None = None
    picture: Picture | None = None


@dataclass(frozen=True)
class Row:
    """Cells from left to right; `detail` runs below them over the whole width; `group` marks a subheading."""

    cells: tuple[Cell, ...]
    detail: str = ""
    group: bool = False


@dataclass(frozen=True)
class Table:
    """A table; `stacks` allows a narrow page to set each row as a block of labelled values."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    name: str = ""
    stacks: bool = True


def typeset(text: str) -> str:
    """Return `text` with true minus signs before numbers and no line break before a percent sign.

    Examples
    --------
    >>> typeset("-11,200 USD (-11,300 to -11,100)")
    '−11,200 USD (−11,300 to −11,100)'
    """
    return re.sub(r"(?<![\w.)-])-(?=\d)", "−", text).replace(" %", "\N{NO-BREAK SPACE}%")


def split(text: str) -> tuple[str, str]:
    """Return the value in a text such as ``14.2 months (14.1 to 14.3)``, and the rest of the text.

    Examples
    --------
    >>> split("not within 12 months; never in 98.38 % of trials")[0]
    'not within 12 months'
    """
    said, _, rest = text.partition("; ")
    value, _, interval = said.partition(" (")
    kept = interval.removesuffix(")").replace(" ", "\N{NO-BREAK SPACE}")
    return typeset(value), typeset("; ".join(words for words in (kept, rest) if words))


def spoken(estimate: Estimate | None, bar: bool = False) -> Cell:
    """Return the cell of an estimate: the value as its text writes it, and its interval as a note."""
    if estimate is None:
        return Cell(NOTHING, kind="number")
    value, interval = split(estimate.text)
    return Cell(value or NOTHING, interval, "number", share=estimate.value if bar else None)


def bare(estimate: Estimate | None, unit: str, horizon: int, decimals: int | None = None) -> Cell:
    """Return the cell of an estimate whose unit stands in the heading.

    Parameters
    ----------
    estimate : Estimate or None
    unit : str
        Unit of the estimate, shown in the heading.
    horizon : int
        Months.
    decimals : int, optional
        Decimal places, where they follow from other values too.
    """
    if estimate is None:
        return Cell(NOTHING, kind="number")
    if estimate.value is None:
        if unit != "month":
            return Cell("not defined", kind="number")
        beyond, least = split(number_text.censored(None, estimate.low, None, "", horizon))
        return Cell(beyond, least, "number")
    kept = unit if unit in ("1/year", "1/month") else ""
    text = number_text.with_error(estimate.value, estimate.low, estimate.high, kept, horizon, decimals)
    value, interval = split(text)
    return Cell(value, interval, "number")


def plain(value: float | None) -> Cell:
    """Return the cell of a number without simulation error, four significant digits."""
    return Cell(NOTHING if value is None else typeset(number_text.number(float(f"{value:.4g}"))), kind="number")


def percent(share: float | None, low: float | None = None, high: float | None = None) -> Cell:
    """Return the cell of a share without its interval, in the digits that [`low`, `high`] supports."""
    return Cell(NOTHING if share is None else typeset(f"{number_text.bare_percent(share, low, high)} %"), kind="number")
