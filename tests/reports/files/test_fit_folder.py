"""The page, the figures and the folder of a fit."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from payback.distributions import Distribution, Lognormal, Normal, Poisson
from payback.reports.figures import render
from payback.reports.figures.fit import plates
from payback.reports.figures.style import NARROW, WIDE
from payback.reports.files import fit_folder
from payback.reports.pages import fit_page
from payback.simulator.case.data.columns import Column
from payback.simulator.cube.streams import uniforms
from payback.simulator.document.fit import Fit, LeftOut
from payback.simulator.errors import UsageError
from payback.simulator.questions.fitting.fit_column import Request, fit_column
from tests.reports.payloads import PAYLOADS

SVG = "{http://www.w3.org/2000/svg}"


def fit_of(d: Distribution, n: int = 120, zeros: int = 0) -> Fit:
    values = np.asarray(d.ppf(uniforms(1, "report", 0, n)))
    values[:zeros] = 0.0
    return fit_column(Column("volume.csv", "requests", values, "0" * 32), Request(test=False))


FITS = {
    "amounts": cache(lambda: fit_of(Normal(100.0, 15.0))),
    "wide": cache(lambda: fit_of(Lognormal(100.0, 2.5))),
    "counts": cache(lambda: fit_of(Poisson(4.0))),
    "zeros": cache(lambda: fit_of(Lognormal(100.0, 0.5), zeros=30)),
    "whole": cache(lambda: fit_of(Poisson(900.0))),
}


@cache
def page_of(name: str) -> str:
    return fit_page.render(FITS[name]())


@pytest.mark.parametrize("name", FITS)
@pytest.mark.parametrize("narrow", [False, True])
def test_every_figure_is_well_formed_svg_with_a_name_for_each_family(name: str, narrow: bool) -> None:
    fit = FITS[name]()
    drawn = plates(fit)
    assert list(drawn) == ["quantiles", "density", "tails"]
    for plate in drawn.values():
        root = ET.fromstring(render(plate, "svg", narrow))
        assert root.attrib["viewBox"].split()[2] == str(NARROW if narrow else WIDE)
        words = {"".join(element.itertext()) for element in root.iter(f"{SVG}text")}
        assert {family.family for family in fit.plots.families} <= words
        assert plate.caption.endswith(".")
        assert ("above 0" in plate.title) == (name == "zeros")


def test_what_figures_draw_is_what_they_say() -> None:
    plots = FITS["amounts"]().plots
    assert np.all(np.diff(plots.observed) >= 0)
    assert plots.share == pytest.approx((np.arange(120) + 0.5) / 120)
    widths = np.diff(plots.edges)
    assert float(np.sum(widths * plots.heights)) == pytest.approx(1.0)
    best = plots.families[0]
    inside = [
        low <= observed <= high for low, observed, high in zip(plots.low, plots.observed, plots.high, strict=True)
    ]
    assert np.mean(inside) > 0.8
    assert float(np.trapezoid(best.density, plots.grid)) == pytest.approx(1.0, abs=0.03)
    assert FITS["wide"]().plots.logarithmic
    wide = FITS["wide"]().plots
    assert float(np.sum(np.diff(np.log10(wide.edges)) * wide.heights)) == pytest.approx(1.0)
    counts = FITS["counts"]().plots
    assert sum(counts.heights) == pytest.approx(1.0)
    assert (counts.below[-1], counts.above[0]) == pytest.approx((1.0, 1.0))


def test_a_long_sample_is_thinned_in_the_middle_alone() -> None:
    plots = fit_of(Normal(0.0, 1.0), 2_000).plots
    assert len(plots.share) <= 240
    assert plots.share[:20] == pytest.approx((np.arange(20) + 0.5) / 2_000)
    assert plots.share[-1] == pytest.approx(1 - 0.5 / 2_000)


def tags(page: str) -> set[str]:
    return set(re.findall(r"<([a-zA-Z][\w:-]*)", page)) - {"wbr"}


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\x1b]0;a\u202eb]]>", "$x_1$ {{7*7}}"])
def test_hostile_names_are_text(text: str) -> None:
    fit = FITS["counts"]()
    source = replace(fit.source, column=text, file=text)
    page = fit_page.render(replace(fit, source=source, line=text, verdict=text))
    assert tags(page) == tags(page_of("counts"))
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "49" not in page.partition("<body>")[2].partition("<h2>")[0]


def test_hostile_texts_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payback.reports.figures.style.inline_svg", lambda *_, **__: "<svg></svg>")
    fit = FITS["counts"]()
    left_out = tuple(LeftOut(family=text, reason=text) for text in PAYLOADS)
    page = fit_page.render(replace(fit, warnings=PAYLOADS, left_out=left_out))
    assert tags(page) == tags(fit_page.render(fit))


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = page_of("amounts")
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=\"(?!#)[^\"]", page)
    assert FITS["amounts"]().verdict.split(" ")[0] in page
    assert fit_page.render(FITS["amounts"]()) == page


def test_a_folder_holds_the_page_the_document_and_the_figures(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "requests"
    written = fit_folder.write(FITS["counts"](), folder)
    assert written == folder / "fit.html"
    assert sorted(path.name for path in folder.iterdir()) == ["figures", "fit.html", "fit.json"]
    assert {path.name for path in (folder / "figures").iterdir()} == fit_folder.LAYOUT.pictures
    document = json.loads((folder / "fit.json").read_text(encoding="utf-8"))
    assert document["schema"] == "payback-fit/1"
    assert document["families"][0]["family"] == FITS["counts"]().families[0].family
    first = written.read_bytes()
    fit_folder.write(FITS["counts"](), folder)
    assert written.read_bytes() == first


def test_a_folder_of_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text('{"schema": "payback-result/1"}', encoding="utf-8")
    with pytest.raises(UsageError, match="holds no result"):
        fit_folder.check_output(tmp_path)
    fit_folder.write(FITS["counts"](), tmp_path / "new")
    (tmp_path / "new" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"also holds notes\.txt"):
        fit_folder.write(FITS["counts"](), tmp_path / "new")
