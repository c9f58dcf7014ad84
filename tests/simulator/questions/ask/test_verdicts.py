"""Verdicts at their limits."""

from __future__ import annotations

import pytest

from payback.simulator.questions.ask.known_facts import Known
from payback.simulator.questions.ask.verdicts import INCONCLUSIVE, REFUTED, SUPPORTED, verdict
from payback.simulator.statistics import Estimate

TENTHS = 0.1 * 3
"""More than 0.3 in binary."""


@pytest.mark.parametrize(
    ("interval", "comparison", "limit", "expected"),
    [
        ((TENTHS, TENTHS), "<=", 0.3, SUPPORTED),
        ((TENTHS, TENTHS), ">=", 0.3, SUPPORTED),
        ((TENTHS, TENTHS), ">", 0.3, REFUTED),
        ((TENTHS, TENTHS), "<", 0.3, REFUTED),
        ((0.2, TENTHS), "<=", 0.3, SUPPORTED),
        ((TENTHS, 0.4), "<", 0.3, REFUTED),
        ((0.2, 0.4), "<=", 0.3, INCONCLUSIVE),
        ((0.3 + 1e-8, 0.4), "<=", 0.3, REFUTED),
        ((-TENTHS, -TENTHS), ">=", -0.3, SUPPORTED),
        ((0.0, 0.0), ">=", 0.0, SUPPORTED),
        ((None, TENTHS), "<=", 0.3, SUPPORTED),
        ((TENTHS, None), ">=", 0.3, SUPPORTED),
    ],
)
def test_an_end_that_is_the_limit_on_paper_keeps_to_it(interval, comparison: str, limit: float, expected: str):
    low, high = interval
    value = TENTHS if low is None or high is None else (low + high) / 2
    assert verdict(Estimate(value, low, high), comparison, limit, Known("", 12)) == expected


@pytest.mark.parametrize(("limit", "expected"), [(11.0, REFUTED), (12.0, REFUTED), (13.0, INCONCLUSIVE)])
def test_never_is_above_every_limit_up_to_the_horizon(limit: float, expected: str):
    never = Estimate(None, None, None)
    assert verdict(never, "<=", limit, Known("month", 12, never=True)) == expected
