from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from payback.reports.figures import plates
from payback.reports.pages import html
from tests.reports.edges import EDGES, hostile
from tests.reports.payloads import PAYLOADS
from tests.reports.sample import sample

ADDRESSES = {"href", "src", "xlink:href", "action", "data", "formaction", "srcset"}


class Page(HTMLParser):
    """Every start tag with its attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def structure(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    """Return tags and names of attributes: what no text of a case may change."""
    return [(tag, tuple(attributes)) for tag, attributes in page.tags if tag != "wbr"]


@cache
def rendered(name: str) -> str:
    return html.render(EDGES[name]())


@pytest.fixture
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "plates", lambda _: {})


@pytest.mark.parametrize("name", EDGES)
def test_every_document_becomes_a_page_that_needs_nothing_from_elsewhere(name: str) -> None:
    text = rendered(name)
    page = Page(text)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "base", "form"})
    for _, attributes in page.tags:
        assert not [key for key in attributes if key.startswith("on")]
        assert all((attributes[key] or "").startswith("#") for key in ADDRESSES & attributes.keys())
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", text)
    assert "@import" not in text
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and "http-equiv" in a)
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    for word in ("None", "nan", "inf ", "Infinity", "Undefined"):
        assert not re.search(rf"\b{word}\b", page.text)


def test_ids_are_unique_and_every_link_has_a_target() -> None:
    page = Page(rendered("sample"))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        for key in ADDRESSES & attributes.keys():
            assert (attributes[key] or "")[1:] in ids


def test_the_verdict_comes_first_and_then_the_ladder() -> None:
    document = sample()
    text = Page(rendered("sample")).text.partition("Risk appendix")[2]
    order = [
        document.case.name,
        document.verdict.text.replace(" %", "\N{NO-BREAK SPACE}%"),
        "S1 seed frame",
        "Claims and hurdles",
        "Fewer than one in ten trials pay back",
        "Percentiles",
        "What moves npv most",
        "volume halves",
        "Assumptions",
        "Limits",
        "To get these numbers again",
        document.provenance.command,
    ]
    positions = [text.find(words) for words in order]
    assert -1 not in positions
    assert positions == sorted(positions)


def test_sections_without_content_are_left_out() -> None:
    page = Page(rendered("bare"))
    ids = {a["id"] for tag, a in page.tags if tag == "section" and "id" in a}
    assert ids == {"reproduction"}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.usefixtures("without_figures")
def test_no_text_of_a_case_changes_the_structure_of_the_page(payload: str) -> None:
    attacked, harmless = Page(html.render(hostile(payload))), Page(html.render(hostile("harmless")))
    assert structure(attacked) == structure(harmless)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", attacked.text)


@pytest.mark.usefixtures("without_figures")
def test_template_syntax_prints_as_it_stands() -> None:
    text = Page(html.render(hostile("{{7*7}}"))).text
    assert text.count("{{7*7}}") > 50
    assert text.count("49") == Page(html.render(hostile("harmless"))).text.count("49")


def test_no_text_of_a_case_changes_the_structure_of_a_drawing() -> None:
    document = hostile("harmless")
    assert document.tornado is not None
    bars = document.tornado.bars[:8]
    for start in range(0, len(PAYLOADS), len(bars)):
        names = PAYLOADS[start : start + len(bars)]
        swung = tuple(replace(bar, input=name) for bar, name in zip(bars, names, strict=True))
        attacked = replace(document, tornado=replace(document.tornado, bars=swung, unit=names[0], measure=names[1]))
        page = Page(html.inline_svg(plates(html.legible(attacked))["tornado"]))
        assert {tag for tag, _ in page.tags} <= {"svg", "g", "path", "defs", "use", "text", "tspan", "clippath", "rect"}
        for _, attributes in page.tags:
            assert not [key for key in attributes if key.startswith("on")]
            assert all((attributes[key] or "").startswith("#") for key in ADDRESSES & attributes.keys())
