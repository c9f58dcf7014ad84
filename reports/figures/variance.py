"""The shares of variance of the inputs, alone and together with others, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from payback.reports.figures import style
from payback.reports.figures.style import BLUE, VERMILLION, Plate
from payback.reports.tables.variance import leading
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.document import Document
from payback.simulator.document.questions.variance import Variance, VarianceShare

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

APART = 0.15
"""How far a mark stands from the middle of its row."""


def variance(document: Document, data: Variance) -> Plate | None:
    """Return the figure of the shares of variance, marks with intervals, or None when there are none."""
    if not data.shares:
        return None
    rows = leading(data)

    def draw(figure: Figure, narrow: bool) -> None:
        axes = figure.subplots()
        middle = 0.17 if narrow else 0.0
        _marks(axes, [share.first for share in rows], middle - APART, "o", BLUE, "alone")
        _marks(axes, [share.total for share in rows], middle + APART, "s", VERMILLION, "total")
        _frame(axes, rows, narrow)
        axes.set_xlabel(f"share of the variance of {style.shortened(data.measure, 30)}")

    leaders = " and ".join(" with ".join(share.inputs) for share in data.drivers(2))
    return Plate(
        key="variance",
        title=f"What drives the spread of {data.measure}" + (f": {leaders}" if leaders else " is not wholly known"),
        caption=_caption(data, len(rows)),
        draw=draw,
        height=110 + 34 * len(rows),
        narrow_height=120 + 46 * len(rows),
    )


def _caption(data: Variance, drawn: int) -> str:
    rest = len(data.shares) - drawn
    smaller = f"{rest} input{'s' if rest > 1 else ''} with a smaller total not drawn. " if rest else ""
    design = f"{data.trials:,} trials of each of two matrices, {data.runs:,} runs in all."
    return f"Circles: alone; squares: total; lines: 95 % intervals. {smaller}{data.note} {design}"


def _marks(axes: Axes, indices: Sequence[Estimate], offset: float, shape: str, colour: str, label: str) -> None:
    """Draw a share in each row, within 0 and 1, and its interval if it has one; in words where nothing is known."""
    intervals = []
    for row, index in enumerate(indices):
        height = row + offset
        ends = [end for end in (index.low, index.value, index.high) if end is not None]
        if not ends:
            style.note(axes, "not known", (0, height), (4, 0), va="center", color=colour, fontsize=10)
            continue
        low, high = (min(max(end, 0.0), 1.0) for end in (ends[0], ends[-1]))
        intervals.append((height, low, high))
    if intervals:
        axes.hlines(*zip(*intervals, strict=True), color=colour, linewidth=2)
    known = [(min(max(x.value, 0.0), 1.0), row + offset) for row, x in enumerate(indices) if x.value is not None]
    values, heights = ([point[k] for point in known] for k in (0, 1))
    axes.plot(values, heights, shape, color=colour, markersize=6.5, label=label, clip_on=False, zorder=3)


def _frame(axes: Axes, rows: tuple[VarianceShare, ...], narrow: bool) -> None:
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.xaxis.set_major_locator(MultipleLocator(0.25))
    axes.xaxis.set_major_formatter(FuncFormatter(style.percent_tick))
    axes.grid(axis="x")
    names = [" with ".join(share.inputs) for share in rows]
    if narrow:
        axes.set_yticks([])
        for row, name in enumerate(names):
            axes.text(0, row - 0.2, style.shortened(name, 38), va="bottom", transform=axes.get_yaxis_transform())
    else:
        axes.set_yticks(range(len(rows)), [style.shortened(name, 30) for name in names])
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False, borderaxespad=0.2)
