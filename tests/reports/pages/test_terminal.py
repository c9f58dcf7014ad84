from __future__ import annotations

import io
import subprocess
import sys

import pytest

from payback.reports.pages.terminal import WIDTH, print_summary
from payback.simulator.document.document import Document
from tests.reports.catalogues import differs
from tests.reports.edges import EDGES, hostile
from tests.reports.payloads import PAYLOADS
from tests.reports.sample import sample


class Terminal(io.StringIO):
    encoding = "utf-8"  # type: ignore[assignment]  # a terminal has one

    def isatty(self) -> bool:
        return True


def printed(document: Document) -> str:
    out = io.StringIO()
    print_summary(document, out, "out/case/appendix.html")
    return out.getvalue()


def test_the_verdict_stands_first_and_the_ladder_has_one_line_a_step() -> None:
    lines = printed(sample()).splitlines()
    assert lines[1] == sample().verdict.text
    steps = [line for line in lines if line.startswith("S") and "honest base" in line]
    assert [line.split()[3:] for line in steps] == [["97.7", "%", "0.13", "%", "2.3", "%", "−11,200", "USD"]]
    assert not differs(lines[-1:], "the end of the summary")


def test_what_is_shown_of_each_section() -> None:
    assert not differs(printed(sample()).splitlines(), "what the summary shows of each section")


@pytest.mark.parametrize("name", EDGES)
def test_every_document_fits_the_width(name: str) -> None:
    lines = printed(EDGES[name]()).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert not any(line != line.rstrip() for line in lines)


def test_plain_when_the_output_is_no_terminal() -> None:
    assert "\x1b" not in printed(sample())


def test_colour_on_a_terminal_unless_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = Terminal()
    print_summary(sample(), coloured)
    assert "\x1b[" in coloured.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    plain = Terminal()
    print_summary(sample(), plain)
    assert "\x1b" not in plain.getvalue()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_case_reaches_the_terminal_as_control(payload: str) -> None:
    text = printed(hostile(payload))
    assert all(c == "\n" or c.isprintable() for c in text)


def test_signs_that_the_output_cannot_encode_have_plain_forms() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    print_summary(sample(), out)
    out.flush()
    text = raw.getvalue().decode("ascii")
    assert "P(roi >= 10)" in text
    assert "-21,800 +-400" in text
    assert "\\x" not in text


def test_the_summary_needs_neither_matplotlib_nor_pandas() -> None:
    code = (
        "import sys, io; from tests.reports.sample import sample;"
        "from payback.reports.pages.terminal import print_summary;"
        "before = set(sys.modules); print_summary(sample(), io.StringIO());"
        "print({'matplotlib', 'pandas', 'jinja2', 'scipy.stats'} & (set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
