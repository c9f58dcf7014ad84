from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from matplotlib import image

from payback.reports.figures import plates, render, rendered
from payback.reports.figures.style import NARROW, WIDE, shortened, spread, tick
from payback.reports.pages.escaping import legible
from payback.reports.tables.variance import leading
from payback.simulator.document.document import Document
from payback.simulator.document.results import BaseValue
from tests.catalogue import misfit
from tests.reports.catalogues import FIGURES
from tests.reports.edges import EDGES
from tests.reports.sample import sample

SVG = "{http://www.w3.org/2000/svg}"
WORDS = re.compile(r"[^\W\d]{2}")


def words(document: Document, key: str, narrow: bool = False) -> list[str]:
    root = ET.fromstring(render(plates(document)[key], "svg", narrow))
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", ["sample", "crowded"])
@pytest.mark.parametrize("narrow", [False, True])
def test_every_figure_of_every_document_is_well_formed_svg(name: str, narrow: bool) -> None:
    for plate in plates(EDGES[name]()).values():
        root = ET.fromstring(render(plate, "svg", narrow))
        assert root.attrib["viewBox"].split()[2] == str(NARROW if narrow else WIDE)
        assert plate.title
        assert plate.caption.endswith(".")


def test_a_png_has_two_pixels_a_point() -> None:
    header = render(plates(sample())["fan"], "png")[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(header[16:20], "big") == 2 * WIDE


@pytest.mark.parametrize("name", ["sample", "crowded"])
def test_formats_that_share_a_drawing_are_those_of_a_drawing_each(name: str) -> None:
    for plate in plates(EDGES[name]()).values():
        files = rendered(plate)
        assert list(files) == ["svg", "png"]
        assert files["svg"] == render(plate, "svg")
        shared, alone = (image.imread(io.BytesIO(png)) for png in (files["png"], render(plate, "png")))
        assert shared.shape == alone.shape == (2 * plate.height, 2 * WIDE, 4)
        # the layout by the SVG's letters, not hinted, puts edges a pixel beside those by the PNG's
        assert (abs(shared - alone).max(axis=2) > 0.1).mean() < 0.02


def base_case_that_pays_back() -> Document:
    document = sample()
    assert document.base_case is not None
    measures = document.base_case.measures | {"payback": BaseValue(value=7.5, text="7.5 months", percentile=0.01)}
    return replace(document, base_case=replace(document.base_case, measures=measures))


def nearly_all_pay_back() -> Document:
    document = sample()
    curve = document.curves.payback_s_curve
    assert curve is not None
    share = tuple(min(0.97, m / 10) for m in curve.months)
    curve = replace(curve, share=share, low=share, high=share, never=0.03)
    return replace(document, curves=replace(document.curves, payback_s_curve=curve))


DOCUMENTS = EDGES | {"base case pays": base_case_that_pays_back, "nearly all pay": nearly_all_pay_back}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_the_texts_of_the_catalogue(name: str) -> None:
    """Its title, its caption, and the words in the drawing."""
    document, key = name.split(": ")
    plate = plates(DOCUMENTS[document]())[key]
    drawn = [text for text in words(DOCUMENTS[document](), key) if WORDS.search(text)]
    difference = misfit([plate.title, plate.caption, *drawn], FIGURES[name])
    assert not difference, difference


def test_the_tornado_draws_the_longest_bars() -> None:
    assert sum(text.startswith("input_with") for text in words(EDGES["crowded"](), "tornado")) == 12


def test_shares_of_variance_are_drawn_with_their_legend_at_any_width() -> None:
    for narrow in (False, True):
        texts = words(sample(), "variance", narrow)
        assert [text for text in texts if text in ("alone", "total")] == ["alone", "total"]
        assert "price with platform_fee" in texts
        assert "reruns" not in texts


def test_leading_shares_of_variance() -> None:
    crowded = EDGES["crowded"]().variance
    assert crowded is not None
    tiny = replace(crowded, shares=crowded.shares[50:])
    assert [share.inputs for share in leading(tiny)] == [crowded.shares[50].inputs]
    unknown = replace(crowded.shares[0].total, value=None, low=None, high=None)
    none = replace(crowded, shares=(replace(crowded.shares[0], total=unknown),))
    assert words(replace(sample(), variance=none), "variance")


def test_shares_that_are_not_known_say_so() -> None:
    document = sample()
    assert document.variance is not None
    first, *others = document.variance.shares
    nothing = replace(first.total, value=None, low=None, high=None, text="not known")
    bound = replace(nothing, low=0.0, high=0.2, text="at most 20 %")
    shares = (replace(first, first=nothing, total=nothing), replace(others[0], first=bound), *others[1:])
    document = replace(document, variance=replace(document.variance, shares=shares))
    assert words(document, "variance").count("not known") == 2
    assert plates(document)["variance"].title == "What drives the spread of npv is not wholly known"


def test_an_end_that_never_pays_back_says_so() -> None:
    document = sample()
    assert document.tornado is not None
    bars = (replace(document.tornado.bars[0], low=3.0, high=None, swing=None), *document.tornado.bars[1:2])
    bars = (bars[0], replace(bars[1], low=4.0, high=9.0, swing=5.0))
    tornado = replace(document.tornado, measure="payback", unit="month", base=5.0, bars=bars)
    assert "2.1: never" in words(replace(document, tornado=tornado), "tornado")


def test_values_that_an_input_takes_stand_with_their_probability() -> None:
    document = sample()
    assert document.tornado is not None
    base = document.tornado.base or 0.0
    gate = replace(
        document.tornado.bars[0], low_value=0.0, high_value=1.0, low=base, high=base - 9_000.0, low_share=0.92,
        high_share=0.08,
    )  # fmt: skip
    document = replace(document, tornado=replace(document.tornado, bars=(gate, *document.tornado.bars[1:])))
    assert {"0 (92 %)", "1 (8 %)"} <= set(words(document, "tornado"))
    assert "With a probability in brackets: at a value that it takes." in plates(document)["tornado"].caption
    assert plates(document)["tornado"].title == "What moves npv most: overrun (8 % of trials) and traffic"
    alone = replace(document, tornado=replace(document.tornado, bars=(gate,)))
    assert plates(alone)["tornado"].caption.startswith("Blue: the input at its lower value; orange: at its higher")


def test_a_certain_case_has_no_histogram() -> None:
    assert list(plates(EDGES["certain"]())) == ["payback", "fan"]


def test_dollar_signs_are_no_mathematics_and_missing_letters_no_error() -> None:
    document = sample()
    assert document.tornado is not None
    bars = (replace(document.tornado.bars[0], input="$\\alpha$ 你好 \U0001f4a5"), *document.tornado.bars[1:])
    document = replace(document, tornado=replace(document.tornado, bars=bars))
    assert "$\\alpha$ 你好 \U0001f4a5" in words(document, "tornado")
    assert render(plates(document)["tornado"], "png")


@pytest.mark.parametrize(
    ("value", "largest", "text"),
    [
        (0.0, None, "0"),
        (-5_000.0, 20_000.0, "−5k"),
        (5_000.0, None, "5,000"),
        (2.5e6, None, "2.5M"),
        (1e12, None, "1,000 bn"),
        (1e-6, None, "1e−06"),
        (3e16, None, "3e+16"),
    ],
)
def test_ticks(value: float, largest: float | None, text: str) -> None:
    assert tick(value, largest) == text


def test_labels_move_apart_and_stay_inside() -> None:
    assert spread([9.5, 9.6, 9.7], 1.0, 0.0, 10.0) == [8.0, 9.0, 10.0]
    assert spread([0.0, 5.0], 1.0, 0.0, 10.0) == [0.0, 5.0]


def test_long_names_lose_their_middle() -> None:
    assert shortened("a" * 10 + "b" * 10, 11) == "aaaaaaa…bbb"
    assert shortened("short", 11) == "short"


def test_legible_leaves_numbers_alone() -> None:
    assert legible(sample()) == sample()
