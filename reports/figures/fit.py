"""The figures of a fit: quantiles against quantiles, density, tails; data in grey, families in colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from payback.reports.figures import style
from payback.reports.figures.style import BLUE, GREEN, INK, ORANGE, QUIET, Plate
from payback.simulator.document.fit import Fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = (BLUE, ORANGE, GREEN)
DASHES = ("-", (0, (6, 2)), (0, (2, 1.5)))
DATA = "#8c8c8c"
DECADES = 20
"""Tails of positive values that span so many times their smallest are drawn on logarithmic axes."""


def plates(fit: Fit) -> dict[str, Plate]:
    """Return the figures of `fit` by key, in the order of a report."""
    return {plate.key: plate for plate in (_quantiles(fit), _density(fit), _tails(fit))}


def _quantiles(fit: Fit) -> Plate:
    plots = fit.plots

    def draw(figure: Figure, narrow: bool) -> None:
        axes = figure.subplots()
        if plots.logarithmic:
            axes.set_xscale("log")
            axes.set_yscale("log")
        first = plots.families[0]
        axes.fill_between(first.expected, plots.low, plots.high, color=BLUE, alpha=0.15, linewidth=0)
        ends = [min(first.expected[0], plots.observed[0]), max(first.expected[-1], plots.observed[-1])]
        axes.plot(ends, ends, color=QUIET, linewidth=1)
        for k, family in enumerate(plots.families):
            axes.plot(
                family.expected, plots.observed, "os^"[k], color=COLOURS[k], label=family.family, markersize=3.4,
                markerfacecolor=COLOURS[k] if k == 0 else "none", markeredgewidth=0.8, zorder=5 - k,
            )  # fmt: skip
        _limits(axes, plots.observed)
        _value_axis(axes, "x", "quantile of the family", plots.logarithmic, plots.discrete)
        _value_axis(axes, "y", f"{_name(fit)}, as observed", plots.logarithmic, plots.discrete)
        axes.grid(axis="both")
        _legend(axes, narrow, "upper left")

    return Plate(
        key="quantiles",
        title=f"Quantiles of {_name(fit)} against those of the leading families",
        caption="On the line, data and family agree. The shaded band holds nineteen in twenty of such points, each by "
        f"itself, if the data came from {plots.families[0].family}.",
        draw=draw,
        height=440,
        narrow_height=360,
    )


def _density(fit: Fit) -> Plate:
    plots = fit.plots

    def draw(figure: Figure, narrow: bool) -> None:
        axes = figure.subplots()
        if plots.logarithmic:
            axes.set_xscale("log")
        if plots.discrete:
            axes.bar(plots.edges, plots.heights, 0.8, color=DATA, alpha=0.45, linewidth=0, label="data")
        else:
            widths = [b - a for a, b in zip(plots.edges, plots.edges[1:], strict=False)]
            axes.bar(plots.edges[:-1], plots.heights, widths, align="edge", color=DATA, alpha=0.45,
                     edgecolor="white", linewidth=0.5, label="data")  # fmt: skip
        for k, family in enumerate(plots.families):
            axes.plot(
                plots.grid, family.density, color=COLOURS[k], linestyle=DASHES[k], linewidth=2, label=family.family,
                marker="os^"[k] if plots.discrete else "", markersize=4,
            )  # fmt: skip
        axes.set_ylim(0, 1.3 * max(*plots.heights, _ordinary(plots.families[0].density)))
        _value_axis(axes, "x", _name(fit), plots.logarithmic, plots.discrete)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        _legend(axes, narrow, "upper right")

    scale = " The scale is logarithmic." if plots.logarithmic else ""
    return Plate(
        key="density",
        title=f"How {_name(fit)} spreads, and how the leading families say it does",
        caption=f"Bars: share of the data in each range{_outside(fit)}. Lines: the families at their best.{scale}",
        draw=draw,
    )


def _tails(fit: Fit) -> Plate:
    plots = fit.plots

    def draw(figure: Figure, narrow: bool) -> None:
        left, right = figure.subplots(2, 1) if narrow else figure.subplots(1, 2)
        count = fit.source.rows - fit.source.missing - fit.source.zeros
        for axes, upper in ((left, False), (right, True)):
            share = plots.above if upper else plots.below
            axes.plot(plots.observed, share, ".", color=INK, markersize=5, label="data", zorder=4)
            for k, family in enumerate(plots.families):
                curve = family.above if upper else family.below
                axes.plot(
                    plots.tail_grid, curve, color=COLOURS[k], linestyle=DASHES[k], linewidth=2, label=family.family
                )
            axes.set_yscale("log")
            axes.set_ylim(0.2 / count, 1.3)
            if plots.observed[-1] > DECADES * plots.observed[0] > 0 and not plots.discrete:
                axes.set_xscale("log")
            middle = _median(plots.observed)
            low, high = (middle, plots.observed[-1]) if upper else (plots.observed[0], middle)
            logarithmic = axes.get_xscale() == "log"
            low, high = (low - 0.5, high + 0.5) if low == high and not logarithmic else (low, high)
            axes.set_xlim(low / 1.02 if logarithmic else low, high * 1.05 if logarithmic else high)
            _value_axis(axes, "x", f"{_name(fit)}, {'upper' if upper else 'lower'} half", logarithmic, plots.discrete)
            _share_ticks(axes)
            axes.set_ylabel(f"share {'at or ' if plots.discrete else ''}{'above' if upper else 'below'}")
            axes.grid(axis="both")
        _legend(right, narrow, "lower left")

    return Plate(
        key="tails",
        title=f"The tails of {_name(fit)}",
        caption="Left: share of the data below each value. Right: share above it. Points above a line: more extreme "
        "values than the family expects.",
        draw=draw,
        height=340,
        narrow_height=560,
    )


def _name(fit: Fit) -> str:
    return f"{fit.source.column} above 0" if fit.source.zeros else fit.source.column


def _median(values: tuple[float, ...]) -> float:
    return values[len(values) // 2]


def _ordinary(density: tuple[float, ...]) -> float:
    """Return the height of a curve without a peak at an end of its support."""
    inner = sorted(density[len(density) // 50 : len(density) - len(density) // 50])
    return inner[-1] if inner else 0.0


def _outside(fit: Fit) -> str:
    first, last = fit.plots.edges[0], fit.plots.edges[-1]
    shown = fit.plots.observed[0] >= first and fit.plots.observed[-1] <= last
    return "" if shown else ", less the outermost 1 %"


def _limits(axes: Axes, observed: tuple[float, ...]) -> None:
    """Set the limits of both axes near the data, where a family reaches far beyond them."""
    first, last = observed[0], observed[-1]
    if axes.get_xscale() == "log":
        by = (last / first) ** 0.06
        axes.set_xlim(first / by, last * by)
        axes.set_ylim(first / by, last * by)
    else:
        by = 0.06 * (last - first)
        axes.set_xlim(first - by, last + by)
        axes.set_ylim(first - by, last + by)


def _value_axis(axes: Axes, which: str, label: str, logarithmic: bool, whole: bool = False) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

    axis = axes.xaxis if which == "x" else axes.yaxis
    if not logarithmic:
        style.money_axis(axes, which, label)
        if whole:
            axis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10], integer=True))
        return
    low, high = axis.get_view_interval()
    axis.set_major_formatter(FuncFormatter(lambda value, _: style.tick(value)))
    axis.set_minor_formatter(NullFormatter())
    if high < 30 * low:
        axis.set_minor_formatter(FuncFormatter(lambda value, _: style.tick(value) if _leads(value) else ""))
    axis.set_label_text(label)


def _leads(value: float) -> bool:
    return f"{value:.3e}".startswith(("2.000", "5.000"))


def _share_ticks(axes: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axes.yaxis.set_major_formatter(FuncFormatter(style.percent_tick))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _legend(axes: Axes, narrow: bool, corner: Literal["upper left", "upper right", "lower left"]) -> None:
    """Draw the legend of a figure, the data first."""
    handles, labels = axes.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda k: labels[k] != "data")
    axes.legend(
        [handles[k] for k in order], [labels[k] for k in order], loc=corner, frameon=False,
        fontsize=9 if narrow else 10.5, labelcolor=INK,
    )  # fmt: skip
