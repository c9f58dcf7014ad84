"""The distribution of the outcome in money: histogram above, S-curve below, on one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payback.reports.figures import style
from payback.reports.figures.style import BLUE, INK, QUIET, VERMILLION, Plate
from payback.simulator import number_text
from payback.simulator.document.document import Document
from payback.simulator.document.exhibits import Histogram
from payback.simulator.document.results import BaseValue

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEPS_BELOW = 20
"""An S-curve of fewer points than this is drawn as steps: the values are atoms."""

FLAGS = ("P10", "P50", "P90")


def outcome(document: Document) -> Plate | None:
    """Return the histogram of the outcome with its S-curve, or None when there is none or nothing spreads."""
    histogram, curve = document.curves.npv_histogram, document.curves.npv_cdf
    if histogram is None or len(histogram.counts) < 2:
        return None
    name = histogram.measure
    base = document.base_case.measures.get(name) if document.base_case else None
    flags = _flags(document, name, base)

    def draw(figure: Figure, narrow: bool) -> None:
        if curve is None:
            upper = figure.subplots()
            lowest = upper
        else:
            upper, lowest = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
            steps = "steps-post" if len(curve.values) < STEPS_BELOW else "default"
            lowest.plot(*_ends(curve.values, curve.share), color=INK, linewidth=1.8, drawstyle=steps)
            style.share_axis(lowest)
            lowest.set_ylabel("at or below")
            lowest.axvline(0, color=QUIET, linewidth=1)
        _bars(upper, histogram)
        _fly(upper, flags, narrow)
        if base is not None and base.value is not None and base.percentile is not None and lowest is not upper:
            lowest.plot([base.value], [base.percentile], "o", color=INK, markersize=7, zorder=5)
            lowest.hlines(base.percentile, histogram.edges[0], base.value, color=INK, linewidth=0.8, linestyle=":")
        lowest.set_xlim(histogram.edges[0], histogram.edges[-1])
        style.money_axis(lowest, "x", f"{name}, {histogram.unit}" if histogram.unit else name)

    return Plate(
        key="outcome",
        title=_title(document, name),
        caption=_caption(histogram, base, curve is not None),
        draw=draw,
        height=460 if curve else 320,
        narrow_height=430 if curve else 300,
    )


def _title(document: Document, name: str) -> str:
    loss = next((a for a in document.probabilities if a.question == f"P({name} < 0)"), None)
    if loss is None or loss.value is None:
        return f"Distribution of {name}"
    return f"{name} is negative in {number_text.of_trials(loss.value, loss.low, loss.high)} of trials"


def _caption(histogram: Histogram, base: BaseValue | None, has_curve: bool) -> str:
    parts = ["Above: number of trials in each range, losses in orange, gains in blue."]
    if has_curve:
        parts.append("Below: share of trials at or below each value.")
    if base is not None and base.value is not None and base.percentile is not None:
        below = number_text.bare_percent(base.percentile)
        parts.append(f"The base case, {base.text}, is at the dot: {below} % of trials are no better.")
    outside = [
        f"{float(f'{100 * share:.2g}'):g} % of trials lie {side} the range shown"
        for share, side in ((histogram.below, "below"), (histogram.above, "above"))
        if share > 0
    ]
    if outside:
        parts.append(" and ".join(outside) + ".")
    return " ".join(parts)


def _flags(document: Document, name: str, base: BaseValue | None) -> list[tuple[str, float, str]]:
    measure = document.measures.get(name)
    percentiles = measure.percentiles if measure else {}
    flags = []
    for key in FLAGS:
        estimate = percentiles.get(key)
        if estimate is not None and estimate.value is not None:
            flags.append((key, estimate.value, estimate.alone))
    if base is not None and base.value is not None:
        flags.append(("base case", base.value, base.text))
    return flags


def _ends(values: tuple[float, ...], share: tuple[float, ...]) -> tuple[list[float], list[float]]:
    """Return the curve with a vertical start, so that one certain value is still a step."""
    return [values[0], *values], [0.0, *share]


def _bars(axes: Axes, histogram: Histogram) -> None:
    left, right = histogram.edges[:-1], histogram.edges[1:]
    bars = [((a, b), (0.0, count)) for a, b, count in zip(left, right, histogram.counts, strict=True)]
    colours = [VERMILLION if a + b < 0 else BLUE for a, b in zip(left, right, strict=True)]
    style.rectangles(axes, bars, colours, 0.4)
    axes.axvline(0, color=QUIET, linewidth=1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _fly(axes: Axes, flags: list[tuple[str, float, str]], narrow: bool) -> None:
    """Write each flag on a line of its own above the bars, so that no two ever overlap."""
    top = axes.get_ylim()[1] / 1.05
    low, high = axes.get_xlim()
    row = top * (0.13 if narrow else 0.11)
    for k, (name, value, text) in enumerate(reversed(flags)):
        height = top * 1.06 + row * (k + 0.5)
        if not low <= value <= high:
            continue
        bold = name == "base case"
        axes.vlines(value, 0, height, color=INK, linewidth=1.4 if bold else 0.8, linestyle="-" if bold else (0, (4, 3)))
        right = value > (low + high) / 2
        weight = "bold" if bold else "normal"
        offset, ha = ((-5, 0), "right") if right else ((5, 0), "left")
        words = f"{name}  {text}"
        style.note(axes, words, (value, height), offset, ha=ha, va="center", fontweight=weight, bbox=style.PAPER)
    axes.set_ylim(0, top * 1.06 + row * len(flags))
