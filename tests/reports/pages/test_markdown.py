from __future__ import annotations

import re

import pytest

from payback.reports.figures import plates
from payback.reports.pages import markdown
from tests.reports.catalogues import differs
from tests.reports.edges import EDGES, hostile
from tests.reports.payloads import PAYLOADS
from tests.reports.sample import sample


@pytest.mark.parametrize("name", EDGES)
def test_every_document_becomes_markdown_whose_tables_are_regular(name: str) -> None:
    text = markdown.render(EDGES[name]())
    widths: list[int] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("|"):
            widths.append(len(re.findall(r"(?<!\\)\|", line)))
        else:
            assert len(set(widths)) <= 1
            widths.clear()
    assert "None" not in text
    assert "nan" not in text


def test_the_ladder_and_every_figure_are_there() -> None:
    text = markdown.render(sample())
    lines = text.splitlines()
    assert not differs(lines[:1], "the title of the markdown page")
    assert not differs([line for line in lines if line.startswith("| S5")], "the ladder in markdown")
    for key in plates(sample()):
        assert f"(figures/{key}.png)" in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_case_becomes_markup(payload: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "plates", lambda _: {})
    text = markdown.render(hostile(payload))
    outside = re.sub(r"(`+) ?.*? ?\1", "", re.sub(r"^```sh\n.*?\n```$", "", text, flags=re.DOTALL | re.MULTILINE))
    assert "<" not in outside
    assert not re.search(r"(?<!\\)\]\(", outside)
    assert text.count("\n") == markdown.render(hostile("harmless")).count("\n")
