"""A question added as an exercise: seven files are touched, in a copy of the product, and the rest follows."""

from __future__ import annotations

from pathlib import Path

from tests.copies import changed_copy, run
from tests.simulator.questions.cases import SMALL

MODULE = '''
"""The spread of a measure: its P90 less its P10."""

from __future__ import annotations

from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.questions.spread import Spread
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame


def spread(frame: Frame, execution: Execution, measure: str = "npv") -> Spread:
    """Return how far apart the P10 and the P90 of `measure` are."""
    (result,) = answer(parse_questions([f"P90({measure}) - P10({measure})"]), frame, execution)
    return Spread(measure=measure, width=Estimate.of(result.estimate, result.text, warning=result.warning))
'''

TABLE = '''
"""The spread of a measure in an appendix, in the summary, and as a pandas table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from payback.reports.tables.section import FigureKey, Section
from payback.reports.tables.table import Cell, Row, Table, spoken
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.document import Document
from payback.simulator.document.questions.spread import Spread

if TYPE_CHECKING:
    import pandas as pd


def section(document: Document, spread: Spread) -> Section:
    """Return the section of the spread."""
    return Section("spread", "How wide it is", parts=(FigureKey("spread"), summary(document, spread)))


def summary(document: Document, spread: Spread) -> Table:
    """Return the one row of the spread."""
    return Table(("measure", "P90 less P10"), (Row((Cell(spread.measure), spoken(spread.width))),), "spread")


def statistics(spread: Spread) -> Iterator[tuple[str, str, str, Estimate]]:
    """Yield the row of ``summary.csv``."""
    yield "spread", "", spread.measure, spread.width


def data_frame(spread: Spread) -> pd.DataFrame:
    """Return the one row of the spread."""
    import pandas as pd

    return pd.DataFrame({"spread": [spread.width.value]}, index=[spread.measure])
'''

FIGURE = '''
"""The spread of a measure as one bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payback.reports.figures.style import BLUE, Plate
from payback.simulator.document.document import Document
from payback.simulator.document.questions.spread import Spread

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def spread(document: Document, data: Spread) -> Plate:
    """Return the figure of the spread."""

    def draw(figure: Figure, narrow: bool) -> None:
        figure.subplots().barh([0], [data.width.value or 0.0], color=BLUE)

    return Plate(key="spread", title=f"The spread of {data.measure}", caption="From P10 to P90.", draw=draw)
'''

COMMAND = '''
"""``payback spread``: how wide a measure is."""

from __future__ import annotations

from typing import Any

import click

from payback.cli.shared_options import SIMULATION, simulation_options
from payback.cli.output import print_record, say
from payback.cli.session import load_case, settings_of


@click.command()
@simulation_options
@click.option("--measure", default="npv", show_default=True, metavar="FORMULA", help="Any scalar formula.")
def spread(
    case_file: str, changes: tuple[str, ...], measure: str, as_json: bool, quiet: bool, **options: Any
) -> None:
    """Show how far apart the P10 and the P90 of a measure are."""
    from payback.simulator.document.questions.spread import SpreadDocument
    from payback.simulator.questions.compare.spread import spread as width
    from payback.simulator.questions.trials.frames import Frame

    case = load_case(case_file, changes)
    with settings_of(**{name: options[name] for name in SIMULATION}, quiet=quiet) as (sampling, execution):
        record = width(Frame(case, sampling.cube(case)), execution, measure)
    if as_json:
        print_record(SpreadDocument(**vars(record)))
    else:
        say(f"{record.measure}: {record.width.text}")
'''

RECORDS = '''
"""The record of the spread of a measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.core.record import Printed, Record


@dataclass(frozen=True, kw_only=True)
class Spread(Record):
    """How far apart the P10 and the P90 of a measure are."""

    measure: str
    width: Estimate


@dataclass(frozen=True, kw_only=True)
class SpreadDocument(Spread, Printed):
    """What ``payback spread --json`` prints."""

    schema: Literal["payback-spread/1"] = "payback-spread/1"
'''

ENTRY = """    RegisteredQuestion(
        name="spread",
        help="Show how wide a measure is.",
        command="payback.cli.verbs.spread:spread",
        printed="payback.simulator.document.questions.spread:SpreadDocument",
        answer="payback.simulator.questions.compare.spread:spread",
        in_run="payback.simulator.questions.compare.spread:spread",
        section="payback.reports.tables.spread:section",
        summary="payback.reports.tables.spread:summary",
        statistics="payback.reports.tables.spread:statistics",
        data_frame="payback.reports.tables.spread:data_frame",
        figure="payback.reports.figures.spread:spread",
    ),
"""

NEW = {
    "simulator/questions/compare/spread.py": MODULE,
    "simulator/document/questions/spread.py": RECORDS,
    "reports/tables/spread.py": TABLE,
    "reports/figures/spread.py": FIGURE,
    "payback/cli/verbs/spread.py": COMMAND,
}
LAST_IMPORT = "from payback.simulator.document.questions.variance import Variance\n"
SPREAD_IMPORT = "from payback.simulator.document.questions.spread import Spread\n"
LAST_KEY = "    variance: Variance | None = None\n"
END_OF_QUESTIONS = ')\n"""In the order in which help and reports list them."""'
EDITS = {
    "simulator/document/question_records.py": (
        (LAST_IMPORT, SPREAD_IMPORT + LAST_IMPORT),
        (LAST_KEY, f"{LAST_KEY}    spread: Spread | None = None\n"),
    ),
    "simulator/document/registered_questions.py": ((END_OF_QUESTIONS, ENTRY + END_OF_QUESTIONS),),
}

CHECKS = """
import contextlib, io, json
from pathlib import Path

import jsonschema

import payback as pb
from payback.cli.commands import run
from payback.simulator.document.document import from_json


def said(*words):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(words) == 0, words
    return out.getvalue()


assert "Show how wide a measure is." in said("--help")
size = ("--trials", "4096", "--quiet")
printed = json.loads(said("spread", "small.yaml", *size, "--json"))
jsonschema.validate(printed, json.loads(said("schema", "spread")))
assert printed["schema"] == "payback-spread/1" and printed["width"]["low"] < printed["width"]["value"]
assert said("spread", "small.yaml", *size) == f"npv: {printed['width']['text']}\\n"

summary = said("run", "small.yaml", "--trials", "4096", "--out", "out")
assert "P90 less P10" in summary
folder = Path("out")
text = (folder / "result.json").read_text()
jsonschema.validate(json.loads(text), json.loads(said("schema", "result")))
assert json.loads(text)["spread"]["width"] == printed["width"]
assert from_json(text).spread.width.value == printed["width"]["value"]
page = (folder / "appendix.html").read_text()
for mark in ('<a href="#spread">How wide it is</a>', '<section id="spread">', '<figure id="figure-spread">'):
    assert mark in page, mark
assert "P90 less P10" in page.partition('<section id="spread">')[2]
markdown = (folder / "appendix.md").read_text()
assert "## How wide it is" in markdown and "(figures/spread.png)" in markdown
assert sorted(path.suffix for path in (folder / "figures").glob("spread.*")) == [".png", ".svg"]
assert "spread,,npv" in (folder / "summary.csv").read_text()

result = pb.simulate("small.yaml", trials=4096, seed=1)
assert result.table("spread").loc["npv", "spread"] == printed["width"]["value"]
assert result.table("spread", "gain").index.tolist() == ["gain"]
assert result.document.spread.measure == "npv"
"""


def test_a_question_is_a_module_a_record_a_table_a_figure_a_command_and_an_entry(tmp_path: Path) -> None:
    touched = changed_copy(tmp_path, NEW, EDITS)
    assert touched == {*NEW, *EDITS}
    assert len(touched) <= 7
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    run(tmp_path, "-c", CHECKS)
