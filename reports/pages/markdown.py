"""The appendix as Markdown with figures beside it, for repositories and wikis."""

from __future__ import annotations

import re

from payback.reports.figures import Plate, plates
from payback.reports.pages import sparkline
from payback.reports.pages.escaping import legible
from payback.reports.pages.sections import PageSection, sections
from payback.reports.tables.table import Cell, Row, Table, typeset
from payback.simulator.document.document import Document
from payback.simulator.stage_times import Stage


@Stage("page")
def render(document: Document, folder: str = "figures") -> str:
    """Return the appendix of `document` as Markdown; figures are ``folder/KEY.png``."""
    document = legible(document)
    case, provenance = document.case, document.provenance
    lines = [f"# {escaped(case.name)}", ""]
    source = f"Source: {escaped(case.source)}. " if case.source else ""
    rate = escaped(typeset(case.discount_text))
    facts = f"Horizon {case.horizon} months, amounts in {escaped(case.currency)}, discount rate {rate}"
    lines += [
        f"{source}{facts}. {provenance.trials:,} trials, seed {provenance.seed}.",
        "",
        f"**{escaped(typeset(document.verdict.text))}**",
        "",
    ]
    lines += [line for sentence in document.verdict.sentences for line in (escaped(typeset(sentence)), "")]
    for page in sections(document, plates(document)):
        lines += _section(page, folder)
    return "\n".join(lines).rstrip().replace("\N{NO-BREAK SPACE}", " ") + "\n"


def escaped(text: str) -> str:
    r"""Return `text` with everything that Markdown or HTML would read as markup made literal.

    Examples
    --------
    >>> print(escaped("<b> a_b | c"), escaped("- 1"), escaped("1. x"))
    &lt;b&gt; a\_b \| c \- 1 1\. x
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([\\`*_\[\]|~$])", r"\\\1", text)
    return re.sub(r"^(\d+(?=[.)]\s)|(?=[-+#=]))", r"\1\\", text)


def code(text: str) -> str:
    """Return `text` as a code span that holds any number of backticks and survives a table."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|") if text else ""


def _section(page: PageSection, folder: str) -> list[str]:
    section = page.section
    lines = [f"## {escaped(section.title)}", ""]
    lines += [line for sentence in section.sentences for line in (escaped(sentence), "")]
    if section.command:
        lines += ["```sh", section.command.replace("```", "` ` `"), "```", ""]
    if section.points:
        lines += [*(f"- {escaped(typeset(point))}" for point in section.points), ""]
    for item in page.parts:
        if isinstance(item, Plate):
            lines += _plate(item, folder)
        elif item.rows:
            lines += _table(item)
    return lines


def _plate(plate: Plate, folder: str) -> list[str]:
    title = escaped(typeset(plate.title))
    return [f"![{title}]({folder}/{plate.key}.png)", "", f"**{title}.** {escaped(typeset(plate.caption))}", ""]


def _table(table: Table) -> list[str]:
    details = any(row.detail and not row.group for row in table.rows)
    headings = [*table.headings, "notes"] if details else [*table.headings]
    lines = ["| " + " | ".join(escaped(h) or " " for h in headings) + " |", "|" + " --- |" * len(headings)]
    return [*lines, *(_row(row, len(headings), details) for row in table.rows), ""]


def _row(row: Row, width: int, details: bool) -> str:
    if row.group:
        title = f"**{escaped(row.cells[0].text)}**" + (f" {code(row.detail)}" if row.detail else "")
        cells = [title, *[""] * (width - 1)]
    else:
        cells = [_cell(cell) for cell in row.cells] + ([escaped(row.detail)] if details else [])
    return "| " + " | ".join(cells) + " |"


def _cell(cell: Cell) -> str:
    text = code(cell.text) if cell.kind == "code" else escaped(cell.text)
    if cell.picture is not None:
        text = f"{text} {sparkline.line(cell.picture)}".rstrip()
    return f"{text} ({escaped(cell.note)})" if cell.note else text
