from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.statistics.estimators.best_alternative import best_alternative

MEANS, SDS = (1.0, 1.2, 0.0), (1.0, 2.0, 0.0)
"""Two normal alternatives with a part in common, and one that is certain."""

SEEDS, LEAST = 100, 92
"""Of 100 seeds, fewer than 92 hold a truth that 95 % hold with probability 0.06; see `TRUTHS` for the truths."""


def alternatives(seed: int, sampler: str = "sobol", trials: int = 1_024) -> NDArray[np.float64]:
    """Return normal alternatives in which half of the variance is common; shape (alternatives, trials)."""
    cube = Cube(("common", "first", "second"), trials, seed, SAMPLERS[sampler])
    common, first, second = ndtri(cube.block(0, cube.trials)).T
    half = math.sqrt(0.5)
    return np.stack(
        [
            MEANS[0] + SDS[0] * half * (common + first),
            MEANS[1] + SDS[1] * half * (common + second),
            np.full(cube.trials, MEANS[2]),
        ]
    )


def truths() -> tuple[list[float], list[float]]:
    """Return the probabilities of being best and the regrets, by integration over a fine grid of the three normals."""
    z = ndtri((np.arange(4_000) + 0.5) / 4_000)
    half = math.sqrt(0.5)
    best, regrets = np.zeros(3), np.zeros(3)
    for common in ndtri((np.arange(400) + 0.5) / 400):
        first, second = (mean + sd * half * (common + z) for mean, sd in zip(MEANS[:2], SDS[:2], strict=True))
        below = [np.searchsorted(other, value) / z.size for value, other in ((first, second), (second, first))]
        best[:2] += [np.mean((value > 0) * share) for value, share in zip((first, second), below, strict=True)]
        best[2] += np.mean(first < 0) * np.mean(second < 0)
        # E max(a, b, 0) = integral over x > 0 of 1 - F_a(x) F_b(x)
        x = np.linspace(0, 16, 4_001)
        tail = 1 - np.prod([np.searchsorted(value, x) / z.size for value in (first, second)], axis=0)
        top = float(np.sum((tail[1:] + tail[:-1]) / 2) * (x[1] - x[0]))
        regrets += top - np.array([first.mean(), second.mean(), 0.0])
    return list(best / 400), list(regrets / 400)


BEST, REGRETS = truths()


def test_probabilities_and_regrets_of_a_closed_form() -> None:
    """Two alternatives: P(a > b) = ndtr((mu_a - mu_b) / s) with the standard deviation s of the difference."""
    values = alternatives(1, trials=2**16)
    of_two = best_alternative(values[:2], 16)
    s = math.sqrt(0.5 * (1 - 2) ** 2 + 0.5 * (1 + 4))
    a = (MEANS[0] - MEANS[1]) / s
    assert of_two.probability[0].value == pytest.approx(ndtr(a), abs=2e-3)
    regret = s * (math.exp(-a * a / 2) / math.sqrt(2 * math.pi) - a * ndtr(-a))
    assert of_two.regret[0].value == pytest.approx(regret, abs=5e-3)
    of_three = best_alternative(values, 16)
    assert [x.value for x in of_three.probability] == pytest.approx(BEST, abs=3e-3)
    assert [x.value for x in of_three.regret] == pytest.approx(REGRETS, abs=1e-2)
    assert sum(x.value or 0.0 for x in of_three.probability) == pytest.approx(1)


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
def test_intervals_hold_the_truth(sampler: str) -> None:
    held = np.zeros((2, 3))
    for seed in range(SEEDS):
        best = best_alternative(alternatives(seed, sampler), 16 if sampler == "sobol" else None)
        for kind, (estimates, known) in enumerate(((best.probability, BEST), (best.regret, REGRETS))):
            for k, (estimate, truth) in enumerate(zip(estimates, known, strict=True)):
                assert estimate.low is not None
                assert estimate.high is not None
                held[kind, k] += estimate.low <= truth <= estimate.high
    assert held.min() >= LEAST, held


def test_it_agrees_with_its_slow_twin() -> None:
    values = np.round(alternatives(3, trials=1_024), 1)  # rounded so that trials tie
    wins, regrets, ties = [0.0] * 3, [0.0] * 3, 0
    for trial in values.T:
        top = max(trial)
        winners = [k for k, value in enumerate(trial) if value == top]
        ties += len(winners) > 1
        for k, value in enumerate(trial):
            wins[k] += (k in winners) / len(winners)
            regrets[k] += top - value
    best = best_alternative(values, 16)
    trials = values.shape[1]
    assert ties
    assert [x.value for x in best.probability] == pytest.approx([win / trials for win in wins])
    assert [x.value for x in best.regret] == pytest.approx([regret / trials for regret in regrets])
    assert best.tied.value == ties / trials


def test_alternatives_that_are_equal_share_every_trial() -> None:
    values = alternatives(1)[[0, 0]] * np.array([[1.0], [1.0 + 1e-13]])
    best = best_alternative(values, 16)
    assert [x.value for x in best.probability] == [0.5, 0.5]
    assert best.tied.value == 1
    assert [x.value for x in best.regret] == pytest.approx([0, 0], abs=1e-12)


def test_regrets_are_never_negative_and_too_few_trials_give_no_interval() -> None:
    best = best_alternative(alternatives(1), 16)
    assert all(x.low is not None and x.low >= 0 for x in best.regret)
    few = best_alternative(np.round(alternatives(1)[:, :160], 1), 16)
    assert all(x.low is None for x in (*few.probability, *few.regret))


def test_the_least_regret_is_that_of_the_best_mean() -> None:
    values = alternatives(5)
    best = best_alternative(values, 16)
    assert int(np.argmin([x.value for x in best.regret])) == int(np.argmax(values.mean(axis=1)))
