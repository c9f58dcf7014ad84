"""``payback what-if`` and ``payback stress``: before, after, and the paired difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypeVar

import click

from payback.cli.options import SIMULATION, simulation_options
from payback.cli.session import columns, footer, load_case, print_json, say, settings_of, tell_notes, terminal_width

if TYPE_CHECKING:
    from payback.simulator.document.results import Comparison, Precision
    from payback.simulator.questions.trials.frames import Frame

SCHEMA = "payback-comparisons/1"

NARROW = 14
"""Columns of words where intervals stand below their values: with them eight statistics fit 80 columns, 24 lines."""

Command = TypeVar("Command", bound=Callable[..., Any])

_question = click.option(
    "--ask", "questions", multiple=True, metavar="QUESTION", help="Compare this statistic; may be repeated."
)


@click.command("what-if")
@simulation_options
@_question
@click.argument("wanted", nargs=-1, metavar="[CHANGE]...")
def what_if(wanted: tuple[str, ...], **options: Any) -> None:
    """Change the case and compare, trial by trial: before, after, and the difference with its error.

    \b
    "traffic * 0.5"                            an input or a calculation, scaled
    "price = 0.01 USD/request; fee = 5 %"      several changes at once
    "volume halves"                            a what-if of the case

    Without a change, every what-if of the case. Inputs that are not changed keep their draws.
    """  # noqa: D301 - click keeps lines behind the character \b
    from payback.simulator.questions.trials.frames import what_if as changed

    _compare(wanted, changed, lambda case: [one.name for one in case.what_if], "what_if", options)


@click.command()
@simulation_options
@_question
@click.argument("wanted", nargs=-1, metavar="[CONDITION]...")
def stress(wanted: tuple[str, ...], **options: Any) -> None:
    """Look at the trials with a bad draw, and compare: before, after, and the difference with its error.

    \b
    "traffic below 10 %"       the lowest tenth of the input's distribution
    "gpu_price above 90 %"     the highest tenth; also "10 % to 30 %", "at 80 %"
    "thin demand"              a stress of the case

    Without a condition, every stress of the case. Inputs that depend on the stressed one follow.
    """  # noqa: D301 - click keeps lines behind the character \b
    from payback.simulator.questions.trials.frames import stress_of

    _compare(wanted, stress_of, lambda case: [one.name for one in case.stress], "stress", options)


def _compare(
    wanted: Sequence[str],
    frame_of: Callable[[Frame, str], Frame],
    names_of: Callable[[Any], Sequence[str]],
    section: str,
    options: dict[str, Any],
) -> None:
    from payback.simulator.errors import UsageError
    from payback.simulator.questions.compare.comparison import compare, usual_questions
    from payback.simulator.questions.size.default_size import size_for_comparisons
    from payback.simulator.questions.trials.frames import Frame

    case = load_case(options["case_file"], options["changes"])
    names = wanted or names_of(case)
    if not names:
        raise UsageError(
            f'the case declares no `{section}:` -> give one, as in "traffic * 0.5" or "traffic below 10 %"'
        )
    quiet = options["quiet"]
    with settings_of(**{name: options[name] for name in SIMULATION}, quiet=quiet) as usual:
        settings = usual
        asked = options["questions"] or usual_questions(case)

        def frames(base: Frame) -> list[Frame]:
            return [frame_of(base, name) for name in names]

        targets: tuple[Precision, ...] = ()
        if options["trials"] is None:
            sized = size_for_comparisons(case, frames, asked, settings)
            settings, targets, found = sized.settings, sized.targets, sized.found
        base = Frame(case, settings.cube(case))
        if options["trials"] is not None:
            found = compare(base, frames(base), asked, settings)
    tell_notes(settings, base.cube, quiet, targets)
    if options["as_json"]:
        size = {"precision": [asdict(one) for one in targets]} if targets else {}
        print_json({"schema": SCHEMA, **size, "comparisons": [asdict(one) for one in found]})
        return
    width = terminal_width()
    for one in found:
        say(comparison_text(one, width))
        say()
    if not quiet:
        say(footer(base.cube))


def comparison_text(found: Comparison, width: int | None = None) -> str:
    """Return a comparison as a table with what was changed above it.

    Where the table is wider than `width`, intervals stand below their values.
    """
    changes = "; ".join(found.changes)
    same = found.name.replace(" ", "") == changes.replace(" ", "")
    title = changes if same else f"{found.name}: {changes}"
    rows = [("", "before", "after", "difference, paired")]
    rows += [
        (question, _first(pair.before.text), _first(pair.after.text), _first(pair.difference.text))
        for question, pair in found.answers.items()
    ]
    table = columns(rows)
    if width is not None and max(map(len, table.splitlines())) > width:
        table = columns([line for row in rows for line in _stacked(*row)])
    note = f"\n({found.note})" if found.note else ""
    return f"{title}\n({found.reading}){note}\n{table}"


def _first(text: str) -> str:
    """Return the value and its interval, without the remarks behind them."""
    return text.split("; ", maxsplit=1)[0]


def _stacked(question: str, *values: str) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a row whose intervals stand below their values."""
    yield from zip_longest([question], *map(_lines, values), fillvalue="")


def _lines(text: str) -> list[str]:
    value, _, interval = text.partition(" (")
    return [value, interval.removesuffix(")")] if interval else wrap(text, NARROW)
