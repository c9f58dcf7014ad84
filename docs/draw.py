"""Draws the pictures of docs/distributions.md from the examples on that page: ``python -m docs.draw``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from payback.reports.figures.style import BLUE, FAINT, INK, ORANGE, QUIET, SKY, Plate, render, shortened, tick
from payback.simulator.case import loads
from payback.simulator.questions.appendix.assumptions import picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from payback.distributions import Distribution

PAGE = Path(__file__).parent / "distributions.md"
PICTURES = PAGE.parent / "pictures"
ROW = 128
POINTS = 160
STEEPEST = 20.0
"""A density is cut at this many times its mean."""

ACROSS, ACROSS_NARROW = 3, 1


@dataclass(frozen=True)
class Sheet:
    """The examples of one section of the page, in its order; `key` names the file of the picture."""

    key: str
    title: str
    lines: tuple[str, ...]


def examples(text: str) -> tuple[str, ...]:
    """Return the lines that a text gives as examples."""
    found: list[str] = []
    for part in re.findall(r"Examples?:\s+((?:`[^`]+`(?:,\s+)?)+)", text):
        found += re.findall(r"`([^`]+)`", part)
    return tuple(found)


def sheets(page: str) -> tuple[Sheet, ...]:
    """Return the sections of the page that have a picture."""
    found = []
    for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        shown = re.search(r"!\[([^\]]+)\]\(pictures/(\w+)\.png\)", section)
        if shown:
            found.append(Sheet(shown[2], shown[1], examples(section)))
    return tuple(found)


def distribution(line: str) -> Distribution:
    """Return the distribution of a line of a case."""
    text = f'horizon: 1 month\ninputs:\n  x: "{line}"\ncash_flows: {{upfront: {{none: 0}}}}\n'
    found = loads(text).model.draws[0].distribution
    if found is None:
        raise ValueError(f"{line} has parameters that differ by trial")
    return found


def plate(sheet: Sheet) -> Plate:
    """Return the picture of a sheet."""
    rows = -(-len(sheet.lines) // ACROSS)
    return Plate(
        sheet.key, sheet.title, "", partial(_draw, sheet), height=ROW * rows, narrow_height=ROW * len(sheet.lines)
    )


def _draw(sheet: Sheet, figure: Figure, narrow: bool) -> None:
    across = ACROSS_NARROW if narrow else ACROSS
    rows = -(-len(sheet.lines) // across)
    panels = figure.subplots(rows, across, squeeze=False).ravel()
    for axes, line in zip(panels, sheet.lines, strict=False):
        _panel(axes, line)
    for axes in panels[len(sheet.lines) :]:
        axes.set_visible(False)


def _panel(axes: Axes, line: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    d = distribution(line)
    drawn = picture(d)
    if drawn is None:
        raise ValueError(f"nothing to draw of {line}")
    if drawn.discrete:
        gap = min(b - a for a, b in zip(drawn.x, drawn.x[1:], strict=False))
        axes.bar(drawn.x, drawn.density, width=0.75 * gap, color=SKY, edgecolor=BLUE, linewidth=0.6)
        top = max(drawn.density)
    else:
        x = np.union1d(np.linspace(drawn.x[0], drawn.x[-1], POINTS), d.ppf(np.linspace(0.005, 0.995, POINTS)))
        density = np.nan_to_num(d.pdf(x))
        axes.fill_between(x, density, color=SKY, linewidth=0)
        axes.plot(x, density, color=BLUE, linewidth=1.2)
        top = min(float(density.max()), STEEPEST / (x[-1] - x[0]))
    axes.vlines(float(d.ppf(0.5)), 0, 1.02 * top, color=INK, linewidth=1.4)
    axes.plot([d.mean], [0.0], marker="^", color=ORANGE, markeredgecolor=INK, markersize=7, clip_on=False, zorder=5)
    axes.set_ylim(0, 1.08 * top)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    whole = bool(drawn.discrete and np.array_equal(drawn.x, np.rint(drawn.x)))
    steps = [1, 2, 5, 10] if whole else [1, 2, 2.5, 5, 10]
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=steps, integer=whole))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value, max(map(abs, axes.get_xlim())))))
    axes.tick_params(labelsize=9, color=FAINT, labelcolor=QUIET)
    axes.set_title(shortened(line, 44), fontsize=9, color=INK, loc="left", family="DejaVu Sans Mono")


def main() -> None:
    """Write every picture of the page."""
    PICTURES.mkdir(exist_ok=True)
    for sheet in sheets(PAGE.read_text(encoding="utf-8")):
        path = PICTURES / f"{sheet.key}.png"
        path.write_bytes(render(plate(sheet), "png", description="; ".join(sheet.lines)))


if __name__ == "__main__":
    main()
