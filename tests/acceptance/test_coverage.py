"""95 % intervals over 2,000 seeds, at 16,384 trials: a smooth case, a stepped one, and a heavy tail."""

from __future__ import annotations

import math

import pytest

from tests.acceptance.coverage import shares

SEEDS = 2_000
STANDARD_ERROR = math.sqrt(0.95 * 0.05 / SEEDS)  # .0049: of the coverage of a perfect interval


@pytest.mark.parametrize("sampler", ["monte_carlo", "sobol"])
@pytest.mark.parametrize("name", ["ref1", "stepped", "heavy"])
def test_95_percent_intervals_hold_the_truth(name, sampler):
    found = shares(name, sampler, SEEDS)
    warns = found.pop("warns")
    if name == "heavy":
        del found["mean"]
        assert warns == 1
    for statistic, share in found.items():
        if sampler == "sobol":
            assert share >= 0.93, statistic
        else:
            assert abs(share - 0.95) <= 4.5 * STANDARD_ERROR, statistic
