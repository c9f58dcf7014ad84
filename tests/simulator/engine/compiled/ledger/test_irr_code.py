"""Rates of return in compiled code against those of `payback.simulator.engine.irr.irr`."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from payback.simulator.cube.streams import uniforms
from payback.simulator.engine.compiled.ledger.irr_code import UNSOLVED, solve
from payback.simulator.engine.irr.irr import irr

TRIALS = 640


def flows(months: int, outlay: float) -> NDArray[np.float64]:
    """An outlay, random income, and in part of the trials a cost at the end, zeros, and what is not finite."""
    chance = ndtri(uniforms(5, f"{months} {outlay}", 0, (months + 1) * TRIALS)).reshape(months + 1, TRIALS)
    flows = np.exp(chance)
    flows[0] *= -outlay
    flows[-1, 100:300] *= -np.linspace(0.0, 3.0 * months, 200)
    flows[months // 2 :, 300:360] -= 2.0
    flows[: months // 2, 360:380] = 0.0
    flows[:, 380:383] = 0.0
    flows[1, 383:385] = np.nan, np.inf
    return np.asarray(np.where(np.arange(TRIALS) >= 600, -flows, flows))


@pytest.mark.parametrize(("months", "outlay"), [(1, 0.8), (5, 6.0), (36, 40.0), (36, 0.01), (120, 300.0)])
def test_rates_and_counts(months: int, outlay: float) -> None:
    given = flows(months, outlay)
    rate, count = solve(given[0], np.ascontiguousarray(given[1:]))
    wanted_rate, wanted_count = irr(given)
    known = count != UNSOLVED
    assert known.mean() > 0.85
    np.testing.assert_array_equal(count[known], wanted_count[known])
    assert (np.isnan(rate) & (count == 1.0)).any()  # the last trials borrow
    np.testing.assert_allclose(rate[known], wanted_rate[known], rtol=1e-9, atol=1e-12)


def test_two_rates_that_are_nearly_one_are_left_to_numpy() -> None:
    given = np.repeat(np.array([[1.0], [-2.0], [1.0]]), 16, axis=1)
    given[1] += np.linspace(-1e-10, 1e-10, 16)
    assert (solve(given[0], given[1:].copy())[1] == UNSOLVED).all()
    given[1] += 0.1
    assert (solve(given[0], given[1:].copy())[1] == 0.0).all()
    given[1] -= 0.2
    assert (solve(given[0], given[1:].copy())[1] == 2.0).all()
