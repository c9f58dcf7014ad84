"""A fit finds the family that data came from, or one that cannot be told from it."""

from __future__ import annotations

import pytest

from benchmarks.fitting import DRAWS, SHAPES, recover
from payback.distributions import Distribution


@pytest.mark.parametrize("truth", SHAPES, ids=lambda d: d.name)
def test_the_true_family_leads_at_1_000_values(truth: Distribution) -> None:
    recovery = recover(truth, 1_000)
    assert recovery.near >= 0.9 * DRAWS
