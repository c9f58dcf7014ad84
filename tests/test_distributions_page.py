"""docs/distributions.md: a section for every word, examples that load, pictures of just these examples."""

from __future__ import annotations

import re

import pytest

from docs.draw import PAGE, PICTURES, Sheet, distribution, examples, plate, sheets
from payback.reports.figures.style import render
from payback.simulator.case import loads
from payback.simulator.case.language.distribution_words import DISTRIBUTION_WORDS

TEXT = PAGE.read_text(encoding="utf-8")
SHEETS = sheets(TEXT)
MOST_BYTES = 1_500_000


def test_every_word_has_a_section_that_says_when_and_when_not() -> None:
    headed = re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    sections = dict(headed)
    assert len(sections) == len(headed)
    assert set(DISTRIBUTION_WORDS) <= set(sections)
    assert [
        word for word in DISTRIBUTION_WORDS if "**For**" not in sections[word] or "**Not for**" not in sections[word]
    ] == []
    assert [word for word in DISTRIBUTION_WORDS if word != "empirical" and not examples(sections[word])] == []


@pytest.mark.parametrize("line", examples(TEXT))
def test_every_example_loads(line: str) -> None:
    assert distribution(line).ppf(0.5) is not None


@pytest.mark.parametrize("example", re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
def test_every_case_on_the_page_loads(example: str) -> None:
    case = loads(f"horizon: 1 month\n{example}cash_flows: {{upfront: {{none: 0}}}}\n")
    assert any("3 distributions" in note for note in case.notes)


def test_the_table_of_what_one_knows_loads() -> None:
    table = TEXT.partition("## Which one?")[2].partition("## ")[0]
    lines = [line for line in re.findall(r"`([^`]+)`", table) if "(" in line or " to " in line]
    assert len(lines) > 8
    for line in lines:
        if "'" not in line:
            distribution(line)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_every_picture_shows_the_examples_of_its_section(sheet: Sheet) -> None:
    data = (PICTURES / f"{sheet.key}.png").read_bytes()
    assert "; ".join(sheet.lines).encode() in data, "python -m docs.draw"


def test_no_picture_is_left_over_and_all_are_small() -> None:
    files = sorted(PICTURES.iterdir())
    assert [path.stem for path in files] == sorted(sheet.key for sheet in SHEETS)
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_a_sheet_is_drawn_wide_and_narrow() -> None:
    counts = next(sheet for sheet in SHEETS if sheet.key == "wrappers")
    for narrow in (False, True):
        assert render(plate(counts), "png", narrow).startswith(b"\x89PNG")


def test_every_link_within_the_page_has_its_heading() -> None:
    headings = {
        re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) <= headings
