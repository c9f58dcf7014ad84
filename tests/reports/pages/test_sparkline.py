from __future__ import annotations

import pytest

from payback.distributions import Bernoulli, Distribution, Integers, Lognormal, Normal, Poisson, StudentT, ZeroInflated
from payback.reports.pages.escaping import encodable
from payback.reports.pages.sparkline import line, outline
from payback.simulator.document.exhibits import Picture
from payback.simulator.questions.appendix.assumptions import BINS, picture


def drawn(d: Distribution) -> Picture:
    pictured = picture(d)
    assert pictured is not None
    return pictured


def test_a_density_is_as_wide_as_the_line_and_highest_at_its_mode() -> None:
    text = line(drawn(Normal(0.0, 1.0)), 15)
    assert len(text) == 15
    assert text[7] == "█"
    assert text == text[::-1]


def test_separate_values_stand_where_they_lie() -> None:
    assert line(drawn(Bernoulli(0.25)), 8) == "  █   ▃"
    assert line(Picture(x=(1.0, 5.0, 20.0), density=(0.3, 0.5, 0.2), discrete=True), 10) == "▅ █      ▄"
    assert line(None) == ""


@pytest.mark.parametrize(
    "d", [Poisson(4_000.0), Integers(1, 5_000), ZeroInflated(0.4, Lognormal(100.0, 1.0)), Poisson(1e9)], ids=str
)
def test_many_values_and_mixed_ones_are_drawn_in_bins(d: Distribution) -> None:
    pictured = drawn(d)
    assert pictured.discrete
    assert len(pictured.x) <= BINS + 1
    assert sum(pictured.density) == pytest.approx(0.99, abs=0.015)


def test_bins_of_whole_numbers_hold_as_many_each() -> None:
    density = drawn(Integers(1, 100)).density
    assert max(density) == pytest.approx(min(density[1:-1]))


def test_added_zeros_are_a_bar_of_their_own() -> None:
    pictured = drawn(ZeroInflated(0.4, Lognormal(100.0, 0.3)))
    assert pictured.density[0] == pytest.approx(0.4, abs=1e-6)


def test_the_outline_is_a_path_within_its_box() -> None:
    for d in (Poisson(1.2), StudentT(3.0), Bernoulli(0.5)):
        path = outline(drawn(d))
        assert path.startswith("M")
        assert path.endswith("Z")
        assert "nan" not in path


def test_signs_that_an_output_lacks_are_replaced() -> None:
    assert encodable("▁▂▃▄▅▆▇█ −1", "ascii") == ".:-=+*%# -1"
    assert encodable("▁█", "utf-8") == "▁█"
