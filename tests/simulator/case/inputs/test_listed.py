"""Distributions whose constants are listed pair by pair, as a case says them."""

from __future__ import annotations

import pytest

from payback.distributions import Discrete, Distribution, Histogram, Quantiles
from payback.simulator.case import loads
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.errors import CaseError
from payback.simulator.model import Draw


def draw(line: str) -> Draw:
    text = f"horizon: 6 months\ninputs:\n  x: {line!r}\ncash_flows: {{upfront: {{saved: 0}}}}\n"
    return loads(text).model.draws[0]


@pytest.mark.parametrize(
    ("line", "distribution", "unit"),
    [
        ("histogram({0 to 10: 25 %, 10 to 50: 75 %})", Histogram((0.0, 10.0, 50.0), (0.25, 0.75)), ""),
        (
            "histogram({-2 to -1: 3, -1 to 4: 0, 4 to 5: 1})",
            Histogram((-2.0, -1.0, 4.0, 5.0), (3.0, 0.0, 1.0)),
            "",
        ),
        ("discrete({1: 30 %, 5 run: 70 %}) run", Discrete((1.0, 5.0), (0.3, 0.7)), "run"),
        (
            "quantiles({5 %: 1 day, 95 %: 48 hour}, high=9 day, low=0)",
            Quantiles((0.05, 0.95), (1.0, 2.0), 0.0, 9.0),
            "day",
        ),
    ],
)
def test_a_list_is_its_distribution_in_one_unit(line: str, distribution: Distribution, unit: str) -> None:
    assert (draw(line).distribution, draw(line).unit) == (distribution, unit)


@pytest.mark.parametrize("text", ["histogram({0 to 10: 0.25, 10 to 50: 0.75})", "histogram({-1 to 4: 2}) USD"])
def test_a_histogram_prints_as_it_is_written(text: str) -> None:
    assert to_text(parse(text)) == text


WRONG = [
    ("histogram({0 to 10: 1, 12 to 20: 1})", "a bin from 12 after one to 10 -> bins that meet"),
    ("histogram({0 to 10: 1, 10 to 8: 1})", "must be greater than edges[1] = 10.0"),
    ("histogram({5: 1})", "`5` is no bin -> bins with their shares or counts"),
    ("histogram({0 to 1: -1})", "`Histogram(counts[0]=...)` must be at least 0, got -1.0"),
    ("histogram({})", "a histogram without bins"),
    ("histogram(5)", "`5` does not fit here -> `{` as in histogram({0 to 10: 25, 10 to 50: 5})"),
    ("quantiles({5 %: 1})", "`quantiles({0.05: 1})` of fewer than 2 values -> shares with the values below"),
    ("quantiles({5 %: 1, 95 %: 2}, hihg=3)", "did you mean high?"),
]


@pytest.mark.parametrize(("line", "says"), WRONG, ids=[says[:40] for _, says in WRONG])
def test_what_is_no_list_is_refused_in_its_place(line: str, says: str) -> None:
    with pytest.raises(CaseError) as error:
        draw(line)
    message = str(error.value)
    assert says in message
    assert message.startswith("<case>:3:")
    assert "\n" not in message
