"""Shares of variance as a section of the appendix, and as a pandas table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from payback.reports.tables.section import FigureKey, Section
from payback.reports.tables.table import Cell, Row, Table, spoken, typeset
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.document import Document
from payback.simulator.document.questions.variance import Variance, VarianceShare

if TYPE_CHECKING:
    import pandas as pd

SHOWN, LEAST = 12, 0.01
"""Shares of variance that are listed and drawn at most, and the least total among them."""


def section(document: Document, variance: Variance) -> Section:
    """Return the section of the shares of variance."""
    return Section(
        "variance",
        "What drives the spread",
        tuple(typeset(sentence) for sentence in (together(variance), unnamed(variance)) if sentence),
        parts=(FigureKey("variance"), shares(variance)),
    )


def together(variance: Variance) -> str:
    """Return in words how much of the variance inputs explain each alone, and how much only together."""
    if variance.alone.value is None:
        return f"How much of the variance of {variance.measure} inputs make each alone is not known from so few trials."
    return (
        f"Inputs each alone make {variance.alone.text} of the variance of {variance.measure}, several together "
        f"{variance.together.text}: what a tornado cannot show."
    )


def unnamed(variance: Variance) -> str:
    """Return a sentence where the trials do not tell which input has the largest total; empty where they do."""
    if not variance.shares or variance.drivers(2):
        return ""
    return (
        "The intervals of the largest totals overlap: which input leads is not known from "
        f"{variance.trials:,} trials; `payback variance` takes more."
    )


def leading(variance: Variance) -> tuple[VarianceShare, ...]:
    """Return the shares of variance to list and draw: the largest, without tiny ones."""
    return tuple(
        share
        for k, share in enumerate(variance.shares[:SHOWN])
        if k == 0 or share.total.value is None or share.total.value >= LEAST
    )


def shares(variance: Variance) -> Table:
    """Return the table of the leading shares of variance, a row for each."""
    rows = tuple(
        Row((Cell(" with ".join(share.inputs)), spoken(share.first), spoken(share.total)))
        for share in leading(variance)
    )
    return Table(("input", "alone", "total"), rows, "shares of variance")


def statistics(variance: Variance) -> Iterator[tuple[str, str, str, Estimate]]:
    """Yield kind, name, statistic and estimate of both indices of every share."""
    for share in variance.shares:
        for order, index in (("first_order", share.first), ("total_order", share.total)):
            yield "variance share", " with ".join(share.inputs), f"{order}({variance.measure})", index


def data_frame(variance: Variance) -> pd.DataFrame:
    """Return a pandas table with a row for each share, largest total first.

    `attrs` holds the standard deviation, and the sum of the shares that inputs explain alone.
    """
    import pandas as pd

    columns = ["alone", "alone_low", "alone_high", "total", "total_low", "total_high"]
    indices = [(share.first, share.total) for share in variance.shares]
    table = pd.DataFrame(
        [[end for index in pair for end in (index.value, index.low, index.high)] for pair in indices],
        index=pd.Index([" with ".join(share.inputs) for share in variance.shares], name="input"),
        columns=columns,
    ).astype(dict.fromkeys(columns, float))
    table.attrs = {
        "measure": variance.measure,
        "unit": variance.unit,
        "sd": variance.sd,
        "alone": variance.alone.value,
    }
    return table
