"""A fit finds the family that data came from, or one that cannot be told from it, and does so in a moment."""

from __future__ import annotations

import pytest

from benchmarks.fitting import DRAWS, SHAPES, recover
from payback.distributions import Distribution


@pytest.mark.parametrize("truth", SHAPES, ids=lambda d: d.name)
def test_the_true_family_leads_at_1_000_values(truth: Distribution) -> None:
    found = recover(truth, 1_000)
    assert found.near >= 0.9 * DRAWS
    assert found.seconds < 3.0
