"""Truncation is conditioning, for every member."""

from __future__ import annotations

import numpy as np
import pytest

from payback.distributions import Distribution, Truncated, inverter
from tests.laws.members import MEMBERS
from tests.laws.test_distributions import label

INSIDE = np.array([1e-9, 1e-3, 0.05, 0.3, 0.5, 0.8, 0.97, 1.0 - 1e-6])


def ends(d: Distribution) -> tuple[float, float]:
    low, high = (float(x) for x in d.ppf([0.15, 0.85]))
    return low, high if high > low else float(d.support[1])


WIDE = tuple(d for d in MEMBERS if ends(d)[0] < ends(d)[1])


@pytest.mark.parametrize("d", WIDE, ids=label)
def test_truncation_is_conditioning(d: Distribution) -> None:
    """P(X <= x given low <= X <= high), from both tails of the whole distribution."""
    low, high = ends(d)
    inner = Truncated(d, low, high)
    first = float(d.cdf(d.around(low)[0])) if not d.continuous else float(d.cdf(low))
    beyond = float(d.sf(high))
    mass = 1.0 - first - beyond
    x = inner.ppf(INSIDE)
    assert np.all((x >= low) & (x <= high))
    slack = 1e-11 + float(getattr(d, "error", 0.0))
    assert np.max(np.abs(inner.cdf(x) - (d.cdf(x) - first) / mass)) <= slack
    assert np.max(np.abs(inner.sf(x) - (d.sf(x) - beyond) / mass)) <= slack
    near = np.ptp(inner.cdf(np.stack([np.nextafter(x, -np.inf), np.nextafter(x, np.inf)])), axis=0)
    if d.continuous:
        assert np.all(np.abs(inner.cdf(x) - INSIDE) <= 1e-10 + 2.0 * near)
        fast = inverter(inner)(INSIDE)
        assert np.all(np.abs(inner.cdf(fast) - INSIDE) <= 1e-9 + 2.0 * near)
    else:
        before = inner.around(x)[0]
        assert np.all((inner.cdf(before) <= INSIDE + 1e-12) & (inner.cdf(x) + 1e-12 >= INSIDE))


@pytest.mark.parametrize("d", WIDE, ids=label)
def test_truncation_at_the_ends_changes_nothing(d: Distribution) -> None:
    low, high = d.support
    same = Truncated(d, float(low), float(high))
    u = np.array([1e-6, 0.1, 0.5, 0.9, 1.0 - 1e-6])
    x = d.ppf(u)
    assert np.allclose(same.ppf(u), x, rtol=1e-9, atol=1e-12 * float(x[3] - x[1]))
