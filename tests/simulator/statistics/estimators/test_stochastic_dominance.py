from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.statistics.estimators.stochastic_dominance import (
    SLIGHT,
    curves,
    dominates,
    largest_violation,
)

SEEDS, LEAST = 100, 92
"""Each end of an interval holds with probability 0.975 at least; of 100 seeds, fewer than 92 hold both with 0.06."""


def normals(seed: int, sampler: str = "sobol", trials: int = 2_048) -> NDArray[np.float64]:
    """Return normals of mean and sd (0, 1), (0.5, 1), (0.5, 2) and the first again, moved by 0.3 trial by trial."""
    cube = Cube(("a", "b", "c"), trials, seed, SAMPLERS[sampler])
    a, b, c = ndtri(cube.block(0, cube.trials)).T
    return np.stack([a, 0.5 + b, 0.5 + 2 * c, a + 0.3])


def answers(values: NDArray[np.float64], a: int, b: int, replicates: int | None = 16) -> tuple[str, str]:
    known = curves(values, replicates)
    first, second = largest_violation(known, a, b, 1), largest_violation(known, a, b, 2)
    return dominates(first, SLIGHT), dominates(second, SLIGHT * known.spread)


X = np.linspace(-8, 9, 200_001)
"""Values at which true curves are compared."""


def largest_difference(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """Return the largest violations of both orders of the normal `a` over the normal `b`, from their closed forms."""

    def shortfall(mean: float, sd: float) -> NDArray[np.float64]:
        z = (X - mean) / sd
        return sd * (z * ndtr(z) + np.exp(-z * z / 2) / np.sqrt(2 * np.pi))

    first = np.max(ndtr((X - a[0]) / a[1]) - ndtr((X - b[0]) / b[1]))
    second = np.max(shortfall(*a) - shortfall(*b))
    return float(max(first, 0.0)), float(max(second, 0.0))


LAWS = ((0.0, 1.0), (0.5, 1.0), (0.5, 2.0))


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
@pytest.mark.parametrize(("a", "b"), [(0, 1), (0, 2), (2, 0), (2, 1)])
def test_intervals_hold_the_largest_violation(a: int, b: int, sampler: str) -> None:
    truth = largest_difference(LAWS[a], LAWS[b])
    held = np.zeros(2)
    for seed in range(SEEDS):
        known = curves(normals(seed, sampler), 16 if sampler == "sobol" else None)
        for order, violation in enumerate((largest_violation(known, a, b, 1), largest_violation(known, a, b, 2))):
            assert violation.low is not None
            assert violation.high is not None
            # a violation at a value between two quantiles may be larger by what lies between them
            held[order] += violation.low - 1e-3 <= truth[order] <= violation.high + 1e-3
    assert held.min() >= LEAST, held


def test_answers_of_normals() -> None:
    values = normals(1, trials=2**16)
    assert answers(values, 1, 0) == ("yes", "yes")  # the same spread, a larger mean
    assert answers(values, 0, 1) == ("no", "no")
    assert answers(values, 1, 2) == ("no", "yes")  # the same mean, a smaller spread
    assert answers(values, 2, 1) == ("no", "no")
    assert answers(values, 3, 0) == ("yes", "yes")
    assert answers(values, 0, 3) == ("no", "no")


def test_few_trials_leave_it_open() -> None:
    values = normals(1, "monte_carlo")
    # of the same law in both, with no pairing: the trials of either differ by chance alone
    alike = np.stack([values[0], values[1] - 0.5])
    assert answers(alike, 0, 1, None) == ("not known", "not known")
    few = curves(values[:, :512], 16)
    assert largest_violation(few, 0, 1, 1).low is None
    assert dominates(largest_violation(few, 0, 1, 1), SLIGHT) == "not known"


def test_equal_alternatives_dominate_each_other() -> None:
    values = normals(1, trials=4_096)[[0, 0]]
    assert answers(values, 0, 1) == answers(values, 1, 0) == ("yes", "yes")
    certain = np.stack([np.full(4_096, 3.0), np.full(4_096, 2.0)])
    assert answers(certain, 0, 1) == ("yes", "yes")
    assert answers(certain, 1, 0) == ("no", "no")


def test_it_agrees_with_its_slow_twin() -> None:
    """The twin looks at every value of every trial, and at nothing between; quantiles leave out 0.1 % of either."""
    values = normals(2)
    known = curves(values, 16)
    for a, b in ((0, 1), (0, 2), (1, 2), (2, 3)):
        points = np.sort(values[[a, b]].ravel())
        first = max(float(np.mean(values[a] <= x) - np.mean(values[b] <= x)) for x in points)
        second = max(
            float(np.mean(np.maximum(x - values[a], 0)) - np.mean(np.maximum(x - values[b], 0))) for x in points
        )
        assert largest_violation(known, a, b, 1).value == pytest.approx(max(first, 0.0), abs=1e-3)
        assert largest_violation(known, a, b, 2).value == pytest.approx(max(second, 0.0), abs=1e-3)
