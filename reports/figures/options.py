"""Options side by side: the range of each from P5 to P95, its median and its shortfall, and how often it is best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from payback.reports.figures import style
from payback.reports.figures.style import BLUE, INK, ORANGE, SKY, Plate
from payback.simulator.document.document import Document
from payback.simulator.document.questions.options import OptionResult, Options
from payback.simulator.number_text import plural, series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN, NAMED = 12, 3
"""Options that are drawn at most, and those that the title names at most where they tie."""


def options(document: Document, data: Options) -> Plate:
    """Return the figure of the options."""
    rows = data.options[:SHOWN]

    def draw(figure: Figure, narrow: bool) -> None:
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2 if narrow else 1))
        _ranges(left, rows)
        _shares(right, rows)
        _names(left, rows, narrow)
        unit = f", {plural(data.unit)}" if data.unit else ""
        style.money_axis(left, "x", style.shortened(f"{data.measure}{unit}", 30))
        right.set_xlabel("best in" if narrow else "best in share of trials")
        left.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=1 if narrow else 3, frameon=False)

    return Plate(
        key="options",
        title=f"{_leaders(data.tied)} by {data.decide_by}",
        caption=_caption(data, len(rows)),
        draw=draw,
        height=120 + 42 * len(rows),
        narrow_height=170 + 56 * len(rows),
    )


def _leaders(names: Sequence[str]) -> str:
    if len(names) > NAMED:
        return f"{len(names)} options tie"
    leaders = series([style.shortened(name, 40) for name in names])
    return f"{leaders} leads" if len(names) == 1 else f"{leaders} tie"


def _caption(data: Options, drawn: int) -> str:
    rest = len(data.options) - drawn
    more = f" {rest} option{'s' if rest > 1 else ''} further behind not drawn." if rest else ""
    return (
        f"Lines: P5 to P95; circles: median; triangles: {data.shortfall}, the mean of the worst 5 % of trials. "
        f"Bars: the share of trials in which the option is best.{more} {data.note}."
    )


def _ranges(axes: Axes, rows: Sequence[OptionResult]) -> None:
    for row, option in enumerate(rows):
        low, high = option.p5.value, option.p95.value
        if low is not None and high is not None:
            axes.hlines(row, low, high, color=SKY, linewidth=7, label="_" if row else "P5 to P95")
    for marks, shape, colour, label in (
        ([option.p50.value for option in rows], "o", BLUE, "median"),
        ([option.shortfall.value for option in rows], "v", ORANGE, "worst 5 %"),
    ):
        known = [(value, row) for row, value in enumerate(marks) if value is not None]
        axes.plot(*([point[k] for point in known] for k in (0, 1)), shape, color=colour, markersize=7, label=label)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.grid(axis="x")


def _shares(axes: Axes, rows: Sequence[OptionResult]) -> None:
    shares = [option.best.value or 0.0 for option in rows]
    axes.barh(range(len(rows)), shares, height=0.5, color=BLUE)
    for row, (option, share) in enumerate(zip(rows, shares, strict=True)):
        style.note(axes, option.best.alone, (share, row), (4, 0), va="center", fontsize=10)
    axes.set_xlim(0, max(1.35 * max(shares), 0.05))
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0, labelleft=False)
    axes.spines[:].set_visible(False)


def _names(axes: Axes, rows: Sequence[OptionResult], narrow: bool) -> None:
    names = [option.name for option in rows]
    axes.set_ylim(len(rows) - 0.4, -0.75 if narrow else -0.6)
    if narrow:
        axes.set_yticks([])
        for row, name in enumerate(names):
            at = axes.get_yaxis_transform()
            axes.text(0, row - 0.2, style.shortened(name, 24), va="bottom", transform=at, bbox=style.PAPER)
    else:
        axes.set_yticks(range(len(rows)), [style.shortened(name, 28) for name in names])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
