"""The style of figures: sizes in pixels as shown, a colour-blind-safe palette, and output as SVG or PNG.

Colours are those of Okabe and Ito, "Color Universal Design" (2008). Matplotlib is imported when the
first figure is drawn.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from payback.simulator import number_text
from payback.simulator.stage_times import IMPORTS, Stage

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE, NARROW = 760, 340
"""Widths of a figure, pixels: on a page or screen, and on a telephone."""

BLUE, SKY, ORANGE, VERMILLION, GREEN = "#0072B2", "#56B4E9", "#E69F00", "#D55E00", "#009E73"
INK, QUIET, FAINT = "#1a1a1a", "#595959", "#d9d9d9"

_SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "text.parse_math": False,  # a name such as "$x$" is a name
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "svg.fonttype": "none",
    "svg.hashsalt": "payback",
}

_STEPS = ((1e9, 1e9, " bn"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))

PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
"""Box behind a text that lines would cross."""

_METADATA = {"svg": {"Date": None, "Creator": None, "Format": None, "Type": None}, "png": {"Software": None}}


@dataclass(frozen=True)
class Plate:
    """A figure that is ready to draw.

    Parameters
    ----------
    key : str
        Its name in file names and anchors.
    title : str
        The title, which states what the figure shows.
    caption : str
        How to read it.
    draw : callable
        Draws on an empty figure; the flag is true for the narrow form.
    height, narrow_height : int
        Pixels.
    """

    key: str
    title: str
    caption: str
    draw: Callable[[Figure, bool], None]
    height: int = 360
    narrow_height: int = 320


@Stage("figures")
def render(plate: Plate, kind: str, narrow: bool = False, description: str = "") -> bytes:
    """Return `plate` as the bytes of an SVG or (at two pixels a point) of a PNG: the same on every run.

    Parameters
    ----------
    plate : Plate
    kind : {"svg", "png"}
    narrow : bool
        Whether to draw the form for narrow screens.
    description : str
        Kept among the metadata of the file.
    """
    with Stage(IMPORTS):
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

    width, height = (NARROW, plate.narrow_height) if narrow else (WIDE, plate.height)
    out = io.BytesIO()
    metadata = _METADATA[kind] | ({"Description": description} if description else {})
    with mpl.rc_context(), warnings.catch_warnings():
        # Names may hold letters that the bundled font lacks: the PNG shows a box, the SVG the reader's own font.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS | {"font.size": 11.0 if narrow else 12.0})
        figure = Figure(figsize=(width / 72, height / 72), dpi=72 if kind == "svg" else 144, layout="constrained")
        plate.draw(figure, narrow)
        # `savefig` would draw twice, the first time for the layout alone, which any drawing finds by itself
        canvas = FigureCanvasSVG(figure) if kind == "svg" else FigureCanvasAgg(figure)
        getattr(canvas, f"print_{kind}")(out, metadata=metadata)
    return out.getvalue()


def inline_svg(plate: Plate, narrow: bool = False, drawn: bytes | None = None) -> str:
    """Return the `<svg>` element of `plate`, with ids that are unique in a page and no size of its own.

    `drawn` is the output of `render` for the plate, to be used again if there is one.
    """
    text = (drawn or render(plate, "svg", narrow)).decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<style type=\"text/css\">.*?</style>", "", text, flags=re.DOTALL)
    used = set(re.findall(r"(?:url\(#|href=\"#)([\w.-]+)", text))
    prefix = f"{plate.key}-{'n' if narrow else 'w'}-"
    text = re.sub(r' id="([\w.-]+)"', lambda m: f' id="{prefix}{m[1]}"' if m[1] in used else "", text)
    text = re.sub(r"(url\(#|href=\"#)", rf"\g<1>{prefix}", text)
    return re.sub(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>', r'<svg \1 role="presentation">', text, count=1)


def tick(value: float, largest: float | None = None) -> str:
    """Return a number as an axis that reaches to `largest` shows it: `-20k`, `1.5M`, `0.003`.

    Examples
    --------
    >>> tick(-5000.0, 2e4), tick(1.5e6), tick(0.003), tick(2e12)
    ('−5k', '1.5M', '0.003', '2,000 bn')
    """
    size = abs(value) if largest is None else abs(largest)
    if value and (size < 1e-4 or size >= 1e15):
        return f"{value:g}".replace("-", "−")
    scale, suffix = next(((s, t) for least, s, t in _STEPS if size >= least), (1.0, ""))
    text = number_text.number(value / scale)
    return (text if text == "0" else text + suffix).replace("-", "−")


def percent_tick(share: float, _position: int | None = None) -> str:
    """Return a share as an axis shows it."""
    return f"{number_text.number(100 * share)} %"


def money_axis(axes: Axes, which: str, label: str) -> None:
    """Give the x or y axis few round ticks and a label."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick(value, max(map(abs, axis.get_view_interval())))))
    axis.set_label_text(label)


def note(axes: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], **look: Any) -> None:
    """Write `text` at an `offset` in pixels from a point of the data, with true minus signs."""
    axes.annotate(text.replace("-", "−"), at, offset, textcoords="offset points", **look)


def share_axis(axes: Axes) -> None:
    """Make y a share of trials, 0 to 100 %."""
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    axes.set_ylim(0, 1)
    axes.yaxis.set_major_locator(MultipleLocator(0.25))
    axes.yaxis.set_major_formatter(FuncFormatter(percent_tick))
    axes.grid(axis="y")


def month_axis(axes: Axes, months: Iterable[float], narrow: bool = False) -> None:
    """Make x the months from 0 to the horizon, ticks at whole months or years."""
    from matplotlib.ticker import MultipleLocator

    last = max(months)
    every = next((e for e in (1, 2, 3, 6, 12, 24, 60) if last / e <= (8 if narrow else 12)), 120)
    axes.xaxis.set_major_locator(MultipleLocator(every))
    axes.set_xlim(0, last)
    axes.set_xlabel("month")


def spread(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Return ascending `places` moved apart until neighbours are `gap` apart, kept in [low, high] if they fit.

    Parameters
    ----------
    places : list of float
        Ascending positions.
    gap : float
        Least distance of neighbours.
    low, high : float
        Limits of the positions, in the same unit.

    Examples
    --------
    >>> spread([1.0, 1.1, 5.0], 1.0, 0.0, 10.0)
    [1.0, 2.0, 5.0]
    """
    moved = list(places)
    for k in range(len(moved)):
        floor = low if k == 0 else moved[k - 1] + gap
        moved[k] = max(moved[k], floor)
    for k in reversed(range(len(moved))):
        ceiling = high if k == len(moved) - 1 else moved[k + 1] - gap
        moved[k] = min(moved[k], ceiling)
    return moved


def label(value: float) -> str:
    """Return a value with three significant digits, as written beside a mark."""
    rounded = float(f"{value:.3g}")
    return tick(rounded) if abs(value) >= 1e6 else number_text.number(rounded).replace("-", "−")


def shortened(text: str, length: int) -> str:
    """Return `text` with its middle left out when it is longer than `length`."""
    if len(text) <= length:
        return text
    tail = (length - 1) // 3
    return text[: length - 1 - tail] + "…" + text[len(text) - tail :]
