"""The registered questions: the appendix, its pages, the command line and `Result` iterate over them.

A new question is five parts and one entry: a module that computes its record, the record in `questions` and its key in
`question_records`, a table, a figure, a command, and an entry below.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from payback.simulator.document.question_records import QuestionRecords


class RegisteredQuestion(NamedTuple):
    """A question and the addresses (``module:name``) of its parts; a module is imported when that part is used.

    Parameters
    ----------
    name : str
        Its key in a result document, its command, and its name for ``Result.table``.
    help : str
        Its line in the help of the command line.
    command : str
        The command.
    printed : str
        The record that the command prints as JSON.
    answer : str
        ``answer(frame, execution, *arguments)`` returns its record.
    in_run : str
        ``in_run(frame, execution)`` returns the record that an appendix shows, None to leave it out.
    section : str
        ``section(document, record)`` returns its section of the appendix.
    summary : str
        ``summary(document, record)`` returns its table in the summary on the terminal; empty if it has none there.
    statistics : str
        ``statistics(record)`` yields kind, name, statistic and estimate of each row of ``summary.csv``; empty for none.
    data_frame : str
        ``data_frame(record)`` returns the record as a pandas table.
    figure : str
        ``figure(document, record)`` returns its figure, None if there is nothing to draw.
    """

    name: str
    help: str
    command: str
    printed: str
    answer: str
    in_run: str
    section: str
    data_frame: str
    figure: str
    summary: str = ""
    statistics: str = ""


QUESTIONS = (
    RegisteredQuestion(
        name="tornado",
        help="Show which inputs move a measure most.",
        command="payback.cli.verbs.tornado:tornado",
        printed="payback.simulator.document.questions.tornado:TornadoDocument",
        answer="payback.simulator.questions.sensitivity.tornado:of_frame",
        in_run="payback.simulator.questions.sensitivity.tornado:of_frame",
        section="payback.reports.tables.tornado:section",
        data_frame="payback.reports.tables.tornado:data_frame",
        figure="payback.reports.figures.tornado:tornado",
    ),
    RegisteredQuestion(
        name="variance",
        help="Show which inputs make a measure vary, alone and together.",
        command="payback.cli.verbs.variance:variance",
        printed="payback.simulator.document.questions.variance:VarianceDocument",
        answer="payback.simulator.questions.sensitivity.variance:variance",
        in_run="payback.simulator.questions.sensitivity.variance:drivers",
        section="payback.reports.tables.variance:section",
        statistics="payback.reports.tables.variance:statistics",
        data_frame="payback.reports.tables.variance:data_frame",
        figure="payback.reports.figures.variance:variance",
    ),
    RegisteredQuestion(
        name="options",
        help="Compare ways to act: the options of a case, or several cases.",
        command="payback.cli.verbs.options:options",
        printed="payback.simulator.document.questions.options:OptionsDocument",
        answer="payback.simulator.questions.options.choice:of_frame",
        in_run="payback.simulator.questions.options.choice:shown_in_run",
        section="payback.reports.tables.options:section",
        summary="payback.reports.tables.options:summary",
        statistics="payback.reports.tables.options:statistics",
        data_frame="payback.reports.tables.options:data_frame",
        figure="payback.reports.figures.options:options",
    ),
)
"""In the order in which help and reports list them."""


def at(address: str) -> Any:
    """Return the function, class or command at ``module:name``."""
    module, name = address.split(":")
    return getattr(import_module(module), name)


def recorded(document: QuestionRecords) -> Iterator[tuple[RegisteredQuestion, Any]]:
    """Yield each registered question that `document` holds a record of, with that record."""
    for question in QUESTIONS:
        record = getattr(document, question.name)
        if record is not None:
            yield question, record
