"""Tables of distribution functions against the functions."""

from __future__ import annotations

import numpy as np
import pytest

from payback.distributions.copulas.scores import NormalScores, Scores, StudentScores
from payback.distributions.inversion.cubic_table import TOLERANCE

LAWS = pytest.mark.parametrize("scores", [NormalScores(), *map(StudentScores, (1.0, 1.3, 4.0, 12.5, 60.0, 1e8))])

DEPTHS = 2.0 ** -np.linspace(1.0, 53.0, 20_001)


def shares(scores: Scores, x: np.ndarray) -> np.ndarray:
    out = np.empty(x.size)
    scores.fill_shares(x, out)
    return out


@LAWS
def test_shares_are_relatively_accurate_in_both_tails(scores: Scores) -> None:
    x = scores.inverse(DEPTHS)
    exact = scores.cdf(x)
    assert np.abs(shares(scores, x) / exact - 1.0).max() <= 0.6 * TOLERANCE
    # above the median a float holds the share to 2^-53 alone
    above = 1.0 - shares(scores, -x)
    assert (np.abs(above - exact) <= 0.6 * TOLERANCE * exact + 2.0**-53).all()


@LAWS
def test_shares_do_not_fall(scores: Scores) -> None:
    x = scores.inverse(DEPTHS)
    every = np.sort(np.concatenate([x, np.nextafter(x, np.inf), -x, [0.0, -0.0]]))
    # neighbours within a cell are told apart to its tolerance
    assert (np.diff(shares(scores, every)) >= -TOLERANCE * 2.0**-20).all()


@LAWS
@pytest.mark.parametrize("known", [0, 3])
def test_scores_come_back(scores: Scores, known: int) -> None:
    u = np.concatenate([DEPTHS, 1.0 - DEPTHS[:8_000]])
    out = np.empty(u.size)
    scores.fill_scores(u, known, out)
    shares = scores.cdf(-np.abs(out), known)
    assert (np.abs(shares - np.minimum(u, 1.0 - u)) <= TOLERANCE * shares + 2.0**-53 * (u > 0.5)).all()


@LAWS
def test_beyond_the_last_cell(scores: Scores) -> None:
    low, high = shares(scores, np.array([-1e300, 1e300]))
    assert low == pytest.approx(2.0**-53, rel=1e-3)
    assert high == pytest.approx(1.0, abs=2.0**-52)
