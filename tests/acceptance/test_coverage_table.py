"""Coverage of 95 % intervals: a few cells of the table here, all of them in `coverage.csv`."""

from __future__ import annotations

import math

import pytest
from scipy.stats import binom

from tests.acceptance.coverage_table import rows_of

FEWER = 15
LEAST = 0.93
"""Share of the seeds that an interval without a caution must hold the truth in."""


def fewest(seeds: int, least: float) -> float:
    """Share of `seeds` that 100 intervals which cover `least` all reach in 999 of 1,000 suites."""
    return float(binom.ppf(1e-5, seeds, least)) / seeds


@pytest.mark.parametrize(("name", "sampler"), [("one", "sobol"), ("heavy", "latin_hypercube"), ("rare", "monte_carlo")])
def test_intervals_of_a_few_seeds_hold_the_truth(name: str, sampler: str) -> None:
    for row in rows_of((name, sampler, 1_024, FEWER)):
        # 15 seeds, each of .93: 9 hold the truth in all but 1e-5 of the cases
        if not math.isnan(row.covers) and row.known - row.warned == 1.0:
            assert row.covers >= fewest(FEWER, LEAST), row
