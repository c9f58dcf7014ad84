"""The cash fan: percentiles of cumulative cash over the months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payback.reports.figures import style
from payback.reports.figures.style import BLUE, INK, QUIET, Plate
from payback.simulator.document.document import Document
from payback.simulator.document.exhibits import Fan

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BANDS = (("P5", "P95", 0.13), ("P10", "P90", 0.16), ("P25", "P75", 0.24))
LABELLED = ("P5", "P25", "P50", "P75", "P95")


def fan(document: Document) -> Plate | None:
    """Return the fan chart of cumulative net, or None when the document has none."""
    data = document.curves.cumulative_fan
    if data is None:
        return None
    lines, currency = data.percentiles, document.case.currency

    def draw(figure: Figure, narrow: bool) -> None:
        axes = figure.subplots()
        for low, high, shade in BANDS:
            axes.fill_between(data.months, lines[low], lines[high], color=BLUE, alpha=shade, linewidth=0)
        axes.plot(data.months, lines["P50"], color=BLUE, linewidth=2.2)
        axes.axhline(0, color=INK, linewidth=1)
        style.month_axis(axes, data.months, narrow)
        style.money_axis(axes, "y", f"cumulative net, {currency}")
        axes.grid(axis="y")
        style.note(axes, "paid back above this line", (0, 0), (5, 2), va="bottom", fontsize=10, color=QUIET)
        bottom, top = axes.get_ylim()
        axes.set_ylim(bottom, max(top, -0.08 * bottom))
        _ends(axes, data, narrow)

    return Plate(
        key="fan",
        title="Cumulative cash, month by month",
        caption="Month 0 is the money spent before the start. The line is the median at each month; the bands hold the "
        f"middle 50 %, 80 % and 90 % of {data.trials:,} trials. A trial has paid back where it is above zero.",
        draw=draw,
    )


def _ends(axes: Axes, data: Fan, narrow: bool) -> None:
    """Write the percentiles of the last month beside the curves, moved apart where they are close.

    A line joins them, except in the narrow form, where it would read as a minus sign.
    """
    bottom, top = axes.get_ylim()
    ends = {key: data.percentiles[key][-1] for key in LABELLED}
    if len(set(ends.values())) == 1:
        ends = {"P50": ends["P50"]}
    gap = (top - bottom) * (0.065 if narrow else 0.05)
    heights = style.spread(list(ends.values()), gap, bottom, top)
    frame = axes.transAxes
    for (key, end), height in zip(ends.items(), heights, strict=True):
        curve, beside = ((y - bottom) / (top - bottom) for y in (end, height))
        if not narrow:
            axes.plot([1, 1.014], [curve, beside], color=QUIET, linewidth=0.6, transform=frame, clip_on=False)
        axes.text(
            1.02,
            beside,
            f"{key}  {style.label(end)}" if len(ends) > 1 else style.label(end),
            va="center",
            color=BLUE if key == "P50" else INK,
            fontweight="bold" if key == "P50" else "normal",
            transform=frame,
        )
