"""95 % intervals at 16,384 trials: a smooth case, a stepped one, and a heavy tail; on each path that trials take."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.acceptance.coverage import CASES, OTHER_PATHS, PATHS, hits

SEEDS = 2_000
STANDARD_ERROR = math.sqrt(0.95 * 0.05 / SEEDS)  # .0049: of the coverage of a perfect interval

FEWER = 25


@pytest.mark.parametrize("sampler", ["monte_carlo", "sobol"])
@pytest.mark.parametrize("name", CASES)
def test_95_percent_intervals_hold_the_truth(name, sampler):
    shares = {key: float(np.mean(row)) for key, row in hits(PATHS[0], name, sampler, SEEDS).items()}
    warns = shares.pop("warns")
    if name == "heavy":
        del shares["mean"]
        assert warns == 1
    for statistic, share in shares.items():
        if sampler == "sobol":
            assert share >= 0.93, statistic
        else:
            assert abs(share - 0.95) <= 4.5 * STANDARD_ERROR, statistic


@pytest.mark.parametrize("sampler", ["monte_carlo", "sobol"])
@pytest.mark.parametrize("path", OTHER_PATHS)
def test_they_do_so_on_every_path(path, sampler):
    hits_of, kept = ({name: hits(way, name, sampler, FEWER) for name in CASES} for way in (path, PATHS[0]))
    assert hits_of["heavy"].pop("warns").all()
    del hits_of["heavy"]["mean"]
    for statistic in ("P10", "P50", "P90", "mean", "P(x < 0)"):
        of = [row[statistic] for row in hits_of.values() if statistic in row]
        # over the cases together, less 4.5 standard errors of a perfect interval over as many seeds: .84, the mean .81
        assert np.mean(of) >= 0.95 - 4.5 * math.sqrt(0.95 * 0.05 / (len(of) * FEWER)), statistic
        of_kept = [kept[name][statistic] for name, row in hits_of.items() if statistic in row]
        # the same seeds: only a truth that lies at the end of an interval may be on its other side
        assert np.mean(np.not_equal(of, of_kept)) <= (0.0 if path.startswith("kept") else 0.03), statistic
