"""The shared part of ``what-if`` and ``stress``: a table of before, after, and the paired difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from payback.cli.output import (
    columns,
    finding_its_size,
    footer,
    print_record,
    say,
    tell_ledger,
    tell_notes,
    terminal_width,
)
from payback.cli.session import load_case, settings_of
from payback.cli.shared_options import SIMULATION

if TYPE_CHECKING:
    from payback.simulator.case import Case
    from payback.simulator.document.comparisons import Comparison
    from payback.simulator.questions.size.run_size import RunSize
    from payback.simulator.questions.trials.execution import Execution
    from payback.simulator.questions.trials.frames import Frame
    from payback.simulator.questions.trials.sampling import Sampling

NARROW = 14
"""Columns of words where intervals stand below their values: with them eight statistics fit 80 columns, 24 lines."""

question_option = click.option(
    "--ask", "questions", multiple=True, metavar="QUESTION", help="Compare this statistic; may be repeated."
)


def compare_with(
    wanted: Sequence[str],
    frame_of: Callable[[Frame, str], Frame],
    names_of: Callable[[Any], Sequence[str]],
    section: str,
    options: dict[str, Any],
) -> None:
    """Print the comparison of the base with each of the `wanted` changes, or with every one that `section` declares."""
    from payback.simulator.document.comparisons import ComparisonsDocument
    from payback.simulator.errors import UsageError
    from payback.simulator.questions.trials.frames import Frame

    case = load_case(options["case_file"], options["changes"])
    names = wanted or names_of(case)
    if not names:
        raise UsageError(
            f'the case declares no `{section}:` -> give one, as in "traffic * 0.5" or "traffic below 10 %"'
        )
    quiet = options["quiet"]
    with settings_of(**{name: options[name] for name in SIMULATION}, quiet=quiet) as (sampling, execution):

        def frames(base: Frame) -> list[Frame]:
            return [frame_of(base, name) for name in names]

        size, comparisons = _compared(case, frames, options["questions"], sampling, execution, options["trials"])
        base = Frame(case, size.sampling.cube(case))
    tell_ledger(case, frames(base), quiet)
    tell_notes(size.sampling, base.cube, quiet, size.shortfall)
    if options["as_json"]:
        print_record(ComparisonsDocument(precision=size.precision, comparisons=comparisons))
        return
    width = terminal_width()
    for comparison in comparisons:
        say(comparison_text(comparison, width))
        say()
    if not quiet:
        say(footer(base.cube))


def _compared(
    case: Case,
    frames: Callable[[Frame], Sequence[Frame]],
    questions: Sequence[str],
    sampling: Sampling,
    execution: Execution,
    trials: int | None,
) -> tuple[RunSize[Any], tuple[Comparison, ...]]:
    """Return the size of the comparisons, and these.

    The size is the number of ``--trials``; without one, as many as the `questions` of ``--ask`` need; without those
    too, the size of ``run``, so that the same change shows the same figures in both.
    """
    from payback.simulator.questions.compare.comparison import compare
    from payback.simulator.questions.compare.default_questions import usual_questions
    from payback.simulator.questions.size.compared_trials import compared_trials
    from payback.simulator.questions.size.cost_budget import comparison_job
    from payback.simulator.questions.size.default_size import find_size, size_for_comparisons
    from payback.simulator.questions.size.engine_of_run import with_engine
    from payback.simulator.questions.trials.frames import Frame

    changes = len(frames(Frame(case, sampling.cube(case))))
    jobs = [comparison_job(case, changes, questions or usual_questions(case))]
    execution = with_engine(execution, jobs, sampling.trials)
    if trials is None and questions:
        chosen = size_for_comparisons(case, frames, questions, sampling, finding_its_size(execution))
        return chosen, chosen.results
    size = find_size(case, sampling, finding_its_size(execution), given=trials is not None)
    base = Frame(case, size.sampling.cube(case))
    changed = frames(base)
    most = compared_trials(case, base.cube.trials) if size.chosen else base.cube.trials
    return size, compare(base, changed, questions or usual_questions(case), execution, size.cache, most)


def comparison_text(comparison: Comparison, width: int | None = None) -> str:
    """Return a comparison as a table below the change that it is about.

    Where the table is wider than `width`, intervals stand below their values.
    """
    changes = "; ".join(comparison.changes)
    same = comparison.name.replace(" ", "") == changes.replace(" ", "")
    title = changes if same else f"{comparison.name}: {changes}"
    rows = [("", "before", "after", "difference, paired")]
    rows += [
        (question, _first(pair.before.text), _first(pair.after.text), _first(pair.difference.text))
        for question, pair in comparison.answers.items()
    ]
    table = columns(rows)
    if width is not None and max(map(len, table.splitlines())) > width:
        table = columns([line for row in rows for line in _stacked(*row)])
    note = f"\n({comparison.note})" if comparison.note else ""
    return f"{title}\n({comparison.reading}){note}\n{table}"


def _first(text: str) -> str:
    """Return the value and its interval, without the remarks behind them."""
    return text.split("; ", maxsplit=1)[0]


def _stacked(question: str, *values: str) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a row whose intervals stand below their values."""
    yield from zip_longest([question], *map(_lines, values), fillvalue="")


def _lines(text: str) -> list[str]:
    value, _, interval = text.partition(" (")
    return [value, interval.removesuffix(")")] if interval else wrap(text, NARROW)
