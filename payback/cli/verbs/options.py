"""``payback options``: ways to act, compared on the same trials."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from payback.cli.output import columns, print_record, say, tell_ledger, tell_notes, tell_warnings, terminal_width
from payback.cli.session import load_case, settings_of
from payback.cli.shared_options import SIMULATION, compared_cases_options

if TYPE_CHECKING:
    from payback.simulator.case import Case
    from payback.simulator.document.questions.options import Options
    from payback.simulator.questions.trials.execution import Execution
    from payback.simulator.questions.trials.frames import Frame
    from payback.simulator.questions.trials.sampling import Sampling

ABOUT_DIGITS = "Figures have as many digits as their simulation error supports; --json gives the intervals."

LEAST_WIDTH = 72
"""Columns of words, at least."""


@click.command()
@compared_cases_options
@click.option(
    "--by", "decide_by", default="", metavar="STATISTIC", help='Rank by it, in place of decide_by: "mean(npv)".'
)
def options(
    case_files: tuple[str, ...],
    changes: tuple[str, ...],
    decide_by: str,
    as_json: bool,
    quiet: bool,
    **settings: Any,
) -> None:
    """Compare the options of a case with the case as it is, or several cases, all on the same trials.

    \b
    payback options configs/support_classifier.yaml
    payback options A.yaml B.yaml --by "mean(npv)"

    What leads by the statistic under `decide_by:` (P50 of npv without one), how far the others are behind, trial by
    trial, how often each is best, and which dominates which. What differs by less than its simulation error ties.
    """  # noqa: D301 - click keeps lines behind the character \b
    from payback.simulator.document.questions.options import OptionsDocument

    cases = [load_case(file, changes) for file in case_files]
    with settings_of(**{name: settings[name] for name in SIMULATION}, quiet=quiet) as (sampling, execution):
        frames, record = _compared(cases, decide_by, sampling, execution)
    cube = frames[0].cube
    tell_ledger(cases[0], frames[1:], quiet)
    tell_notes(sampling, cube, quiet)
    if len(cases) > 1 and not quiet:
        from payback.simulator.questions.options.shared_cube import notes_of

        tell_warnings(notes_of(cases))
    if as_json:
        print_record(OptionsDocument(**vars(record), seed=cube.seed, sampler=cube.sampler.name))
        return
    say(_text(record, terminal_width()))
    if not quiet:
        say(f"{record.note} ({cube.sampler.name.replace('_', ' ')}, seed {cube.seed})")


def _compared(
    cases: Sequence[Case], decide_by: str, sampling: Sampling, execution: Execution
) -> tuple[tuple[Frame, ...], Options]:
    """Return the frames of the options of one case, or of several cases, and their comparison."""
    from payback.simulator.questions.options.choice import choice, of_frame
    from payback.simulator.questions.options.criterion import criterion_of
    from payback.simulator.questions.options.shared_cube import case_frames
    from payback.simulator.questions.trials.frames import Frame, option_frames

    if len(cases) == 1:
        base = Frame(cases[0], sampling.cube(cases[0]))
        return option_frames(base), of_frame(base, execution, decide_by)
    frames = case_frames(cases, sampling)
    return frames, choice(frames, criterion_of(cases, decide_by), execution)


def _text(record: Options, width: int | None) -> str:
    """Return the sentences, and two tables with a row for each option: how it ranks, and how it does."""
    rank = [("", record.decide_by, "behind the first", "best", "regret")]
    does: list[tuple[str, ...]] = [
        ("", f"mean({record.measure})", "P5", "P50", "P95", record.loss, record.shortfall, "efficient")
    ]
    for option in record.options:
        behind = "" if option.behind is None else option.behind.with_interval + (", a tie" if option.tied else "")
        decides, best, regret = (each.with_interval for each in (option.decides, option.best, option.regret))
        rank.append((option.name, decides, behind, best, regret))
        figures = (option.mean, option.p5, option.p50, option.p95, option.loss, option.shortfall)
        does.append((option.name, *(figure.alone for figure in figures), option.efficient))
    table = columns(rank)
    if width is not None and max(map(len, table.splitlines())) > width:
        table = columns([line for row in rank for line in _stacked(row)])
    wide = max(width or 0, LEAST_WIDTH)
    words = [line for sentence in record.sentences for line in wrap(sentence, wide)]
    return "\n".join([*words, "", table, "", columns(does, right=range(1, 7)), *wrap(ABOUT_DIGITS, wide)])


def _stacked(row: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the lines of a row whose intervals stand below their values."""
    lines = [cell.rstrip(")").split(" (") if " (" in cell else [cell] for cell in row]
    return [tuple(line) for line in zip_longest(*lines, fillvalue="")]
