"""Critical points of intervals."""

from __future__ import annotations

import pytest
from scipy.stats import norm, t

from payback.simulator.statistics.estimate import LEVEL, critical


@pytest.mark.parametrize("replicates", [2, 8, 16, 64])
def test_replicates_have_students_point(replicates: int) -> None:
    assert critical(replicates) == pytest.approx(t.ppf((1 + LEVEL) / 2, replicates - 1), rel=1e-12)


def test_independent_trials_have_the_normal_point() -> None:
    assert critical(None) == pytest.approx(norm.ppf((1 + LEVEL) / 2), rel=1e-15)
