"""Tables of measures: percentiles of the main ones, the others one a row, and their warnings."""

from __future__ import annotations

import re

from payback.reports.tables.table import Cell, Row, Table, bare, percent, split
from payback.simulator import digits, number_text
from payback.simulator.document.document import Document
from payback.simulator.document.results import MeasureResult

ABREAST = 4
"""Measures side by side in a percentile table."""

OTHERS = ("P5", "P50", "P95")
"""Percentiles of the measures that have one row."""


def main(document: Document) -> dict[str, MeasureResult]:
    """Return the measures that a report shows in full."""
    return {name: measure for name, measure in document.measures.items() if measure.main}


def percentiles(document: Document) -> tuple[Table, ...]:
    """Return percentile tables of the main measures, a few abreast, statistics down the side."""
    measures = list(main(document).items())
    groups = (dict(measures[k : k + ABREAST]) for k in range(0, len(measures), ABREAST))
    return tuple(_in_full(group, document.case.horizon) for group in groups)


def others(document: Document) -> Table:
    """Return the table of the other measures, those without a percentile table: a row for each."""
    shown, horizon = main(document), document.case.horizon
    rows = tuple(
        Row(
            (
                Cell(heading(name, measure)),
                *(
                    bare(estimate, measure.unit, horizon, decimals)
                    for estimate, decimals in (
                        *((measure.percentiles.get(key), places(measure).get(key)) for key in OTHERS),
                        (measure.mean, None),
                    )
                ),
            )
        )
        for name, measure in document.measures.items()
        if name not in shown
    )
    return Table(("other measures", *OTHERS, "mean"), rows, "other measures")


def places(measure: MeasureResult) -> dict[str, int | None]:
    """Return the decimal places of each percentile of a measure: rounding keeps their order."""
    ranked = measure.percentiles.values()
    decimals = digits.ordered_places([(estimate.value, estimate.low, estimate.high) for estimate in ranked])
    return dict(zip(measure.percentiles, decimals, strict=True))


def warnings(document: Document) -> tuple[str, ...]:
    """Return the warnings about statistics; those that differ only by a number are merged into one sentence."""
    groups: dict[str, list[tuple[str, str, list[str]]]] = {}
    for name, measure in document.measures.items():
        for which, estimate in (
            *measure.percentiles.items(),
            ("mean", measure.mean),
            ("sd", measure.sd),
            ("worst 5 %", measure.worst5),
        ):
            if estimate is not None and estimate.warning:
                numbers = re.findall(_NUMBER, estimate.warning)
                groups.setdefault(re.sub(_NUMBER, "#", estimate.warning), []).append((which, name, numbers))
    return tuple(f"{_named(group)}: {_merged(text, group)}" for text, group in groups.items())


_NUMBER = r"\d+(?:\.\d+)?"


def _named(group: list[tuple[str, str, list[str]]]) -> str:
    """Return the statistics of a group of warnings in words: "sd of npv, gain; mean of roi"."""
    names: dict[str, list[str]] = {}
    for which, name, _ in group:
        names.setdefault(which, []).append(name)
    return "; ".join(f"{which} of {', '.join(measures)}" for which, measures in names.items())


def _merged(text: str, group: list[tuple[str, str, list[str]]]) -> str:
    """Put back the numbers taken out of `text`, as a range where they differ."""
    for numbers in zip(*(numbers for *_, numbers in group), strict=True):
        ordered = sorted(set(numbers), key=float)
        text = text.replace("#", ordered[0] if len(ordered) == 1 else f"{ordered[0]} to {ordered[-1]}", 1)
    return text


def payback_sentences(document: Document) -> tuple[str, ...]:
    """Return the percentiles of payback in words, as far as they lie within the horizon."""
    measure = document.measures.get("payback")
    if measure and measure.never == 1:
        return (f"No trial pays back within {document.case.horizon} months.",)
    free = number_text.unfunded(measure.unfunded) if measure else ""
    sentences = [f"{free[0].upper()}{free[1:]}: cumulative net is never below 0."] if free else []
    for q in (10, 50, 90):
        estimate = measure.percentiles.get(f"P{q}") if measure else None
        if estimate is None or estimate.value == 0:
            continue
        when = split(estimate.text)[0]
        if estimate.method == "exact" and estimate.value is not None:
            return (f"It pays back by month {when.split()[0]}.",)
        sentence = number_text.percentile_sentence("payback", q, estimate.value, when, document.case.horizon)
        sentences.append(sentence[0].upper() + sentence[1:] + ".")
        if estimate.value is None:
            break
    return tuple(sentences)


def heading(name: str, measure: MeasureResult) -> str:
    """Return a measure with its unit, the share of trials it rests on if not all, and of those that need no funding."""
    unit = f", {number_text.plural(measure.unit)}" if measure.unit else ""
    free = f" ({number_text.unfunded(measure.unfunded)})" if measure.unfunded else ""
    among = f" (among {number_text.percent(1 - measure.undefined)} of trials)" if 0 < measure.undefined < 1 else ""
    return f"{name}{unit}{among}{free}"


def undefined_sentences(document: Document) -> tuple[str, ...]:
    """Return why main measures have no value in some trials, a sentence for those that share the reasons."""
    groups: dict[tuple[float, str], list[str]] = {}
    for name, measure in main(document).items():
        if measure.reasons:
            why = number_text.reasons((reason.why, reason.share) for reason in measure.reasons)
            groups.setdefault((measure.undefined, why), []).append(name)
    return tuple(
        f"{number_text.series(names)}: not defined in {number_text.percent(share)} of trials: {why}."
        for (share, why), names in groups.items()
    )


def _in_full(measures: dict[str, MeasureResult], horizon: int) -> Table:
    shown, placed = measures.values(), [places(measure) for measure in measures.values()]
    keys = list(dict.fromkeys(key for measure in shown for key in measure.percentiles))
    rows = [
        Row(
            (
                Cell(key),
                *(
                    bare(measure.percentiles.get(key), measure.unit, horizon, decimals.get(key))
                    for measure, decimals in zip(shown, placed, strict=True)
                ),
            )
        )
        for key in keys
    ]
    rows += [
        Row((Cell("mean"), *(bare(measure.mean, measure.unit, horizon) for measure in shown))),
        Row((Cell("standard deviation"), *(bare(measure.sd, measure.unit, horizon) for measure in shown))),
        Row((Cell("mean of the worst 5 %"), *(bare(measure.worst5, measure.unit, horizon) for measure in shown))),
        Row((Cell("top 1 % of trials, of the mean"), *(percent(measure.top_share) for measure in shown))),
    ]
    if any(measure.never for measure in shown):
        rows.append(Row((Cell("never"), *(percent(measure.never) for measure in shown))))
    if any(measure.undefined for measure in shown):
        rows.append(Row((Cell("not defined"), *(percent(measure.undefined) for measure in shown))))
    for why in dict.fromkeys(reason.why for measure in shown for reason in measure.reasons):
        shares = ({reason.why: reason.share for reason in measure.reasons}.get(why) for measure in shown)
        rows.append(Row((Cell(why), *map(percent, shares))))
    headings = (heading(name, measure) for name, measure in measures.items())
    return Table(("", *headings), tuple(rows), f"percentiles of {', '.join(measures)}", stacks=False)
