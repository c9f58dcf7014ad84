"""Options as a section of the appendix, as rows of ``summary.csv``, and as a pandas table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from payback.reports.tables.section import FigureKey, Section
from payback.reports.tables.table import NOTHING, Cell, Row, Table, spoken, typeset
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.document import Document
from payback.simulator.document.questions.options import Dominance, OptionResult, Options

if TYPE_CHECKING:
    import pandas as pd

ABOUT = (
    "Every option ran on the same random numbers, so what moves all of them alike cancels in the differences. "
    "Best: the share of trials in which no other option is better. Regret: how far an option ends behind the best of "
    "each trial, on average. Efficient: no other option is better both on average and in the worst 5 % of trials."
)
ORDERS = (
    "One option dominates another to the first order if at no value more of its trials lie on the worse side, to the "
    "second if its shortfall is nowhere larger on average."
)


def section(document: Document, options: Options) -> Section:
    """Return the section of options."""
    words = (*options.sentences, ABOUT, ORDERS, f"{options.note}.")
    return Section(
        "options",
        "Options",
        tuple(typeset(sentence) for sentence in words),
        parts=(FigureKey("options"), ranking(options), outcomes(options), dominances(options)),
    )


def ranking(options: Options) -> Table:
    """Return the table of how options rank, best first."""
    rows = tuple(
        Row(
            (
                Cell(option.name, "ties with the first" if option.tied else ""),
                spoken(option.decides),
                spoken(option.behind),
                spoken(option.best, bar=True),
                spoken(option.regret),
            )
        )
        for option in options.options
    )
    return Table(_ranking_headings(options), rows, "ranking of options")


def summary(document: Document, options: Options) -> Table:
    """Return the ranking without intervals, for the summary on the terminal."""
    rows = tuple(
        Row(
            (
                Cell(option.name, "ties with the first" if option.tied else ""),
                Cell(typeset(option.decides.alone)),
                Cell(NOTHING if option.behind is None else typeset(option.behind.alone)),
                Cell(typeset(option.best.alone)),
                Cell(typeset(option.regret.alone)),
            )
        )
        for option in options.options
    )
    return Table(_ranking_headings(options), rows, "ranking of options")


def outcomes(options: Options) -> Table:
    """Return the table of what each option brings."""
    rows = tuple(
        Row((Cell(option.name), *(spoken(estimate) for estimate in _figures(option)), Cell(option.efficient)))
        for option in options.options
    )
    names = _names(options)
    return Table(("option", *names, "efficient"), rows, "outcomes of options")


def dominances(options: Options) -> Table:
    """Return the table of which options each one dominates, and of which this is not known."""

    def names(option: str, holds: Callable[[Dominance], bool]) -> Cell:
        over = [row.over for row in options.dominance if row.option == option and holds(row)]
        return Cell(", ".join(over) or NOTHING)

    rows = tuple(
        Row(
            (
                Cell(option.name),
                names(option.name, lambda row: row.first == "yes"),
                names(option.name, lambda row: row.first != "yes" and row.second == "yes"),
                names(option.name, lambda row: row.second == "not known"),
            )
        )
        for option in options.options
    )
    return Table(("option", "dominates", "second order only", "not known"), rows, "dominance of options")


def statistics(options: Options) -> Iterator[tuple[str, str, str, Estimate]]:
    """Yield kind, name, statistic and estimate of every figure of every option."""
    for option in options.options:
        yield "option", option.name, options.decide_by, option.decides
        if option.behind is not None:
            yield "option", option.name, f"{options.decide_by} less that of {options.leading.name}", option.behind
        for name, estimate in zip(_names(options), _figures(option), strict=True):
            if name != options.decide_by:
                yield "option", option.name, name, estimate
        yield "option", option.name, "best", option.best
        yield "option", option.name, f"regret({options.measure})", option.regret


def data_frame(options: Options) -> pd.DataFrame:
    """Return a pandas table with a row for each option, best first.

    `attrs` holds the statistic that ranks them, its unit of measure, and which options lead together.
    """
    import pandas as pd

    names = dict(zip(("mean", "P5", "P50", "P95", "shortfall", "loss"), range(6), strict=True))
    rows = [
        {
            "decides": option.decides.value,
            "decides_low": option.decides.low,
            "decides_high": option.decides.high,
            "behind": None if option.behind is None else option.behind.value,
            "behind_low": None if option.behind is None else option.behind.low,
            "behind_high": None if option.behind is None else option.behind.high,
            "best": option.best.value,
            "best_low": option.best.low,
            "best_high": option.best.high,
            "regret": option.regret.value,
            **{name: _figures(option)[k].value for name, k in names.items()},
        }
        for option in options.options
    ]
    index = pd.Index([option.name for option in options.options], name="option")
    table = pd.DataFrame(rows, index=index).astype(float)
    table["tied"] = [option.tied for option in options.options]
    table["efficient"] = [option.efficient for option in options.options]
    table.attrs = {"decide_by": options.decide_by, "unit": options.unit, "leading": options.tied}
    return table


def _ranking_headings(options: Options) -> tuple[str, ...]:
    return "option", options.decide_by, "behind the first", "best", f"regret, {options.measure}"


def _names(options: Options) -> tuple[str, ...]:
    """Return the statistics of `_figures`."""
    spread = (f"{name}({options.measure})" for name in ("mean", "P5", "P50", "P95"))
    return *spread, options.shortfall, options.loss


def _figures(option: OptionResult) -> tuple[Estimate, ...]:
    return option.mean, option.p5, option.p50, option.p95, option.shortfall, option.loss
