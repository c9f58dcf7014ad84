"""The error of a what-if, at 2^14 trials: true, and smaller than that of two independent runs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.acceptance.pairing import reported, rows


@pytest.mark.parametrize("sampler", ["monte_carlo", "sobol"])
@pytest.mark.parametrize(("name", "seeds"), [("falcon3_api", 2_000), ("ref1", 500)])
def test_the_reported_error_is_the_spread_over_seeds(name: str, seeds: int, sampler: str) -> None:
    # a standard deviation is known to 1 / sqrt(2 seeds): .016 and .032 of it
    reports = list(rows(name, sampler, seeds))
    assert reports[3] == reported(name, sampler, 3)
    before, after, difference, error = np.array(reports).T
    assert difference == pytest.approx(after - before, abs=1e-6 * np.abs(before).max())
    spread = np.std(difference, ddof=1)
    # the reach of the tail of REF-1 makes intervals of Sobol' points a little wider
    reach = 0.1 if sampler == "sobol" else 0.0
    assert 0.9 <= math.sqrt(np.mean(error**2)) / spread <= 1.1 + reach
    independent = math.hypot(np.std(before, ddof=1), np.std(after, ddof=1))
    assert independent >= 2.0 * spread
