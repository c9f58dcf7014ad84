"""The payback curve: the share of trials that have paid back by each month, and the share that never do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payback.reports.figures import style
from payback.reports.figures.style import BLUE, INK, QUIET, VERMILLION, Plate
from payback.simulator import number_text
from payback.simulator.document.document import Document
from payback.simulator.document.exhibits import PaybackCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


ROOM = 0.17
"""The share that never pays back, from which there is room to write it above the curve."""


def payback_curve(document: Document) -> Plate | None:
    """Return the S-curve of payback, or None when the document has none."""
    curve = document.curves.payback_s_curve
    if curve is None:
        return None

    def draw(figure: Figure, narrow: bool) -> None:
        axes = figure.subplots()
        style.month_axis(axes, curve.months, narrow)
        style.share_axis(axes)
        axes.set_ylabel("trials that have paid back")
        axes.fill_between(curve.months, curve.share, 1.0, color=VERMILLION, alpha=0.07, linewidth=0)
        axes.fill_between(curve.months, curve.low, curve.high, color=BLUE, alpha=0.25, linewidth=0)
        axes.plot(curve.months, curve.share, color=BLUE, linewidth=2.2, clip_on=False)
        _label(axes, curve, document.case.horizon, narrow)
        _base_case(axes, curve, document, narrow)

    never = number_text.of_trials(curve.never, 1 - curve.high[-1], 1 - curve.low[-1])
    free = number_text.unfunded(curve.share[0])
    title = f"{never} of trials never pay back within {document.case.horizon} months"
    return Plate(
        key="payback",
        title="No funding is needed in any trial" if curve.share[0] == 1 else title,
        caption="Share of trials whose cumulative net has reached zero by each month. The band is the 95 % interval "
        "of the simulation; where it cannot be seen it is narrower than the line."
        + (f" Month 0: {free}." if free else ""),
        draw=draw,
    )


def _label(axes: Axes, curve: PaybackCurve, horizon: int, narrow: bool) -> None:
    """Write the share that has paid back at the end of the curve, and the share that never does above it."""
    last, end = curve.months[-1], curve.share[-1]
    when = "" if narrow else f" by month {horizon}"
    within = "" if narrow else f" within {horizon} months"
    interval = curve.low[-1], curve.high[-1]
    paid = f"{number_text.bare_percent(end, *interval)} % paid back{when}"
    if curve.never < ROOM:
        axes.text(last * 0.985, end / 2, paid, color=BLUE, ha="right", va="center", fontweight="bold")
        return
    style.note(axes, paid, (last, end), (-4, 8), ha="right", va="bottom", color=BLUE, fontweight="bold")
    words = f"{number_text.bare_percent(curve.never, *interval)} % never pay back{within}"
    height = max(1 - 0.42 * curve.never, end + 0.13)
    axes.text(last * 0.985, height, words, color="#a34700", ha="right", va="center", fontweight="bold")


def _base_case(axes: Axes, curve: PaybackCurve, document: Document, narrow: bool) -> None:
    """Mark the base case on the curve at the share of trials that are at least as fast."""
    base = document.base_case.measures.get("payback") if document.base_case else None
    if base is None:
        return
    if base.value is None or base.percentile is None:
        axes.text(curve.months[-1] * 0.015, 0.95, f"base case: {base.text}", color=QUIET, ha="left", va="top")
        return
    axes.plot([base.value], [base.percentile], "o", color=INK, markersize=7, clip_on=False, zorder=5)
    right = base.value > 0.55 * curve.months[-1]
    words = f"base case: {base.text}" + (
        "" if narrow else f", at least as fast: {number_text.bare_percent(base.percentile)} % of trials"
    )
    offset, ha, va = ((-9, 9), "right", "bottom") if right else ((9, -9), "left", "top")
    style.note(axes, words, (base.value, base.percentile), offset, ha=ha, va=va)
