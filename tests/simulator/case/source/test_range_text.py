"""Ranges written as differences are refused with the range; deliberate arithmetic is not."""

from __future__ import annotations

import random
import re

import pytest

from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tree import Number, Quantity, Range, Unary
from payback.simulator.case.source.range_text import range_trap


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10-20", "10 to 20"),
        ("10 - 20", "10 to 20"),
        ("10–20 USD", "10 to 20 USD"),
        ("1_000 USD-2_000 USD", "1_000 to 2_000 USD"),
        ("10 hour - 20 hours", "10 to 20 hours"),
        ("5-10 %", "5 % to 10 %"),
        ("-10-20", "-10 to 20"),
        ("10-20 USD/hour (80 %)", "10 to 20 (80 %) USD/hour"),
        ("10..20", "10 to 20"),
        ("100 +- 20", "80 to 120"),
        ("100+/-20 USD", "80 to 120 USD"),
        ("100 ± 20 %", "80 to 120"),
        ("5 % ± 2 %", "3 % to 7 %"),
        ("1e3-2e3", "1_000 to 2_000"),
    ],
)
def test_a_range_in_other_signs_is_refused_with_the_range(text: str, meant: str) -> None:
    trap = range_trap(text)
    assert trap is not None
    assert trap[1].startswith(f"`{meant}`")


@pytest.mark.parametrize(
    "text",
    ["20-10", "100 - 20", "41.7 / 2 hour", "1e-3", "-10 - 20", "100 % - 5 %", "1/12", "10 to 20", "2024-05-01", "x-20"],
)
def test_arithmetic_that_can_be_meant_stays(text: str) -> None:
    assert range_trap(text) is None


def test_every_range_of_random_ends_is_read_as_written() -> None:
    """What is advised parses to a range of the two ends, and what is accepted to the difference of the two."""
    draw = random.Random(3)
    for _ in range(2_000):
        low, high = (round(draw.uniform(-50, 50) * 10 ** draw.randint(-3, 4), draw.randint(0, 3)) for _ in range(2))
        blank, unit = draw.choice(["", " "]), draw.choice(["", " USD", " request/month"])
        text = f"{low:g}{blank}{draw.choice('-–')}{blank}{abs(high):g}{unit}"
        trap = range_trap(text)
        if trap is None:
            assert low >= abs(high) or (low < 0 and blank)
            continue
        tree = parse(re.findall(r"`([^`]*)`", trap[1])[0])
        ends = tree.value if isinstance(tree, Quantity) else tree
        assert isinstance(ends, Range)
        assert _number(ends.low) == pytest.approx(float(f"{low:g}"), rel=1e-12)
        assert _number(ends.high) == pytest.approx(float(f"{abs(high):g}"), rel=1e-12)


def _number(node: object) -> float:
    assert isinstance(node, Number | Unary)
    value = fold(node)
    assert value is not None
    return value
