"""The tornado: how far each input alone moves a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payback.reports.figures import style
from payback.reports.figures.style import INK, ORANGE, QUIET, SKY, Plate
from payback.reports.tables.tornado import stops, value
from payback.simulator import number_text
from payback.simulator.document.document import Document
from payback.simulator.document.questions.tornado import Bar, Tornado

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 12
"""Bars drawn; the others are counted in the caption."""


def tornado(document: Document, data: Tornado) -> Plate | None:
    """Return the figure of the tornado, or None when nothing was swung or the measure has no value at the base case."""
    if data.base is None:
        return None
    moving = [bar for bar in data.bars if bar.swing != 0]
    bars = moving[:SHOWN]
    if not bars:
        return None

    def draw(figure: Figure, narrow: bool) -> None:
        axes = figure.subplots()
        _frame(axes, data, bars)
        ends = [end for row, bar in enumerate(bars) for end in _bar(axes, data, bar, row, narrow)]
        style.rectangles(axes, [sides for sides, _ in ends], [colour for _, colour in ends], 0.5)
        if narrow:
            axes.set_yticks([])
            for row, bar in enumerate(bars):
                axes.text(
                    0, row - 0.33, style.shortened(bar.input, 38), va="bottom", transform=axes.get_yaxis_transform()
                )
        else:
            axes.set_yticks(range(len(bars)), [style.shortened(bar.input, 30) for bar in bars])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        style.money_axis(axes, "x", f"{data.measure}, {data.unit}" if data.unit else data.measure)

    low, high = stops(data)
    rest = len(moving) - len(bars)
    caption = f"Blue: the input at its {low}; orange: at its {high}; the figures at the ends are the input's values."
    if any(bar.low_share is not None for bar in bars):
        caption += " With a probability in brackets: at a value that it takes."
    if rest:
        caption += f" {rest} input{'s' if rest > 1 else ''} with a smaller swing not drawn."
    return Plate(
        key="tornado",
        title=f"What moves {data.measure} most: {' and '.join(data.movers(2))}",
        caption=f"{caption} {data.note}".strip(),
        draw=draw,
        height=110 + 30 * len(bars),
        narrow_height=100 + 42 * len(bars),
    )


def _frame(axes: Axes, data: Tornado, bars: list[Bar]) -> None:
    """Set the axes so that bars, and the values written beside them, have room."""
    base = data.base or 0.0
    ends = [end for bar in bars for end in (bar.low, bar.high) if end is not None] + [base]
    room = (max(ends) - min(ends) or abs(base) or 1.0) * 0.22
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.set_ylim(len(bars) - 0.45, -1.15)
    axes.axvline(base, color=INK, linewidth=1)
    axes.grid(axis="x")
    words = f"base case {number_text.quantity(base, data.unit, _whole(base))}"
    style.note(axes, words, (base, -0.75), (0, 2), ha="center", va="bottom", bbox=style.PAPER)


def _bar(axes: Axes, data: Tornado, bar: Bar, row: int, narrow: bool) -> list[tuple[style.Sides, str]]:
    """Write the values at the ends of a bar; return the sides and the colour of its halves."""
    base = data.base or 0.0
    thickness = 0.32 if narrow else 0.6
    centre = row + 0.12 if narrow else row
    ends = [
        (bar.low, value(style.label(bar.low_value), bar.low_share), SKY),
        (bar.high, value(style.label(bar.high_value), bar.high_share), ORANGE),
    ]
    ends.sort(key=lambda end: -abs((end[0] if end[0] is not None else base) - base))
    halves = []
    # of two ends on one side the second is labelled on the other, where there is no bar
    labelled: bool | None = None
    for end, words, colour in ends:
        if end is None:
            _nothing(axes, data, centre, words)
            continue
        halves.append((((base, end), (centre - thickness / 2, centre + thickness / 2)), colour))
        beside = labelled is not None and (end == base or (end < base) == labelled)
        left = not labelled if beside else end < base or (end == base and colour == SKY)
        labelled = left
        offset, ha = ((-4, 0), "right") if left else ((4, 0), "left")
        style.note(axes, words, (base if beside else end, centre), offset, ha=ha, va="center", color=QUIET, fontsize=10)
    return halves


def _nothing(axes: Axes, data: Tornado, centre: float, stop: str) -> None:
    """Say at the edge that the measure does not exist at this end."""
    word = "never" if data.unit == "month" else "not defined"
    edge = axes.get_xlim()[1]
    words = f"{stop}: {word}"
    style.note(axes, words, (edge, centre), (-2, 0), ha="right", va="center", color=QUIET, fontsize=10)


def _whole(value: float) -> int | None:
    """Return the decimals of a base value: 0 from a hundred on, None (up to six digits) below that."""
    return 0 if abs(value) >= 100 else None
