"""Paired differences of two cases on the same trials."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from payback.simulator.cube.cube import Cube
from payback.simulator.cube.samplers import SAMPLERS
from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics import (
    CountedSample,
    Estimate,
    Grid,
    KeptSample,
    Sums,
    Tally,
    WeightedSample,
    cvar_difference,
    mean,
    mean_difference,
    percentile,
    percentile_difference,
    probability_difference,
    sd_difference,
)
from payback.simulator.statistics.estimators.paired_differences import CORRELATED

Floats = NDArray[np.float64]


def half(change: Estimate) -> float:
    assert change.low is not None
    assert change.high is not None
    return (change.high - change.low) / 2


def cases(sampler: str, seed: int, trials: int = 2_048) -> tuple[Floats, Floats]:
    """NPV = volume x margin - cost, and the same with the volume halved."""
    cube = Cube(("volume", "margin", "cost"), trials, seed, SAMPLERS[sampler])
    z = ndtri(cube.block(0, cube.trials))
    worth, cost = np.exp(0.5 * z[:, 0] + 0.2 * z[:, 1]), 1 + 0.1 * z[:, 2]
    return 0.5 * worth - cost, worth - cost


@pytest.mark.parametrize("sampler", ["monte_carlo", "sobol"])
def test_the_paired_error_is_the_spread_over_seeds(sampler: str) -> None:
    replicates = 16 if sampler == "sobol" else None
    factor = 2.131449545559323 if replicates else 1.959963984540054
    changes = [mean_difference(*cases(sampler, seed), replicates) for seed in range(300)]
    reported = math.sqrt(np.mean([(half(change) / factor) ** 2 for change in changes]))
    values = np.array([change.value for change in changes], dtype=np.float64)
    spread = float(np.std(values, ddof=1))
    # a standard deviation over 300 seeds is known to 1 / sqrt(600) = 4.1 %; 16 replicates add 1.1 %
    near = 4.5 * 0.043
    # the tail of a lognormal makes intervals of 128 points a replicate up to a third wider
    assert 1 - near < reported / spread < (1.33 if replicates else 1.0) + near
    assert values.mean() == pytest.approx(-0.5 * math.exp(0.145), abs=4.5 * spread / 17)


def test_pairing_beats_two_runs() -> None:
    after, before = cases("monte_carlo", 1)
    paired = half(mean_difference(after, before))
    apart = math.hypot(half(mean(after)), half(mean(before)))
    assert apart / paired > 2.0


@pytest.mark.parametrize("replicates", [None, 16])
def test_no_change_is_no_difference(replicates: int | None) -> None:
    x, _ = cases("monte_carlo", 3)
    for change in (mean_difference(x, x, replicates), sd_difference(x, x, replicates)):
        assert (change.value, change.low, change.high) == (0.0, 0.0, 0.0)
    same = probability_difference(x < 0, x < 0, replicates)
    assert same.value == 0.0
    assert 0 < half(same) < 0.003


@pytest.mark.parametrize("replicates", [None, 16])
def test_a_shift_moves_every_statistic_but_the_spread(replicates: int | None) -> None:
    x, _ = cases("monte_carlo", 4, 4_096)
    for change in (
        mean_difference(x + 5, x, replicates),
        cvar_difference(x + 5, x, 5, replicates),
        cvar_difference(x + 5, x, 95, replicates),
    ):
        assert change.value == pytest.approx(5, rel=1e-12)
        assert half(change) < 1e-12
    assert sd_difference(x + 5, x, replicates).value == pytest.approx(0, abs=1e-12)
    moved = percentile_difference(x + 5, x, 90, replicates)
    assert moved.value == pytest.approx(5, rel=1e-12)


@pytest.mark.parametrize("sampler", ["monte_carlo", "sobol"])
def test_paired_percentiles_cover(sampler: str) -> None:
    # after = before / 2 + 1: every percentile differs by 1 - before / 2
    replicates = 16 if sampler == "sobol" else None
    truth = 1 - 0.5 * math.exp(0.5 * float(ndtri(0.9)))
    covered = 0
    for seed in range(200):
        z: Floats = ndtri(Cube(("x",), 2_048, seed, SAMPLERS[sampler]).block(0, 2_048)[:, 0])
        x = np.exp(0.5 * z)
        change = percentile_difference(0.5 * x + 1, x, 90, replicates)
        assert change.low is not None
        assert change.high is not None
        covered += change.low <= truth <= change.high
    # at least .93, less 4.5 standard errors of 200 seeds (.018)
    assert covered / 200 > 0.93 - 4.5 * 0.018


def test_shares_of_discordant_pairs() -> None:
    rise = np.arange(2_000) < 300
    fall = np.arange(2_000) >= 1_900
    a, b = rise.astype(float), fall.astype(float)
    change = probability_difference(a, b)
    assert change.value == pytest.approx(0.1)
    # Bonett and Price: (301 - 101) / 2002, and its standard error with the adjusted shares
    up, down = 301 / 2002, 101 / 2002
    centre, error = up - down, math.sqrt((up + down - (up - down) ** 2) / 2002)
    assert (change.low, change.high) == pytest.approx((centre - 1.959964 * error, centre + 1.959964 * error), rel=1e-6)


def test_never_on_one_side() -> None:
    x = uniforms(1, "x", 0, 4_096) * 20
    late = np.where(x > 12, np.inf, x)
    assert mean_difference(late, x).value is None
    assert "never in some trials" in mean_difference(late, x, 16).warning
    assert percentile_difference(late, x, 90, 16).value is None
    assert "within the horizon" in percentile_difference(late, x, 90).warning
    assert percentile_difference(late, x, 30, 16).value == 0.0
    gone = probability_difference(np.isinf(late), np.isinf(x), 16)
    assert gone.value == np.mean(x > 12)


def test_beside_an_atom_the_difference_spans_both_intervals() -> None:
    x = np.repeat(np.tile([0.0, 1.0], 64), 16)
    change = percentile_difference(x, x - 1, 50, 16)
    after, before = percentile(x, 50, 16), percentile(x - 1, 50, 16)
    assert (after.low, after.high, before.low, before.high) == (0.0, 1.0, -1.0, 0.0)
    assert (change.value, change.low, change.high, change.method) == (1.0, 0.0, 2.0, CORRELATED)


def test_certain_cases_differ_exactly() -> None:
    change = percentile_difference([3.0] * 32, [1.0] * 32, 50)
    assert (change.value, change.low, change.high) == (2.0, 2.0, 2.0)


def test_cases_on_other_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="same trials, got 3 and 4"):
        mean_difference([1.0] * 3, [1.0] * 4)


def test_what_is_equal_in_every_trial_differs_by_0() -> None:
    x = np.where(np.arange(4_096) % 5 == 0, np.inf, np.arange(4_096.0) % 97)
    for replicates in (None, 16):
        change = percentile_difference(x, x.copy(), 50, replicates)
        assert (change.value, change.low, change.high) == (0.0, 0.0, 0.0)


COVERAGE = {
    "monte_carlo": {
        "shares, alike": 0.944,
        "shares, weighted": 0.948,
        "rare shares, alike": 0.982,
        "rare shares, weighted": 0.751,
        "means, alike": 0.947,
        "means, weighted": 0.960,
    },
    "sobol": {
        "shares, alike": 0.954,
        "shares, weighted": 0.956,
        "rare shares, alike": 0.988,
        "rare shares, weighted": 0.890,
        "means, alike": 0.930,
        "means, weighted": 0.923,
    },
}
"""The table at the head of `paired_differences`: 4,000 seeds."""


@pytest.mark.parametrize("sampler", COVERAGE)
def test_the_intervals_cover_as_their_table_says(sampler: str) -> None:
    """The median of a lognormal moves by a factor: by another case, and by the weights exp(z / 2) of the same values.

    4.5 standard errors of 200 seeds, and of the 4,000 of the table.
    """
    seeds, trials, sigma, tilt = 200, 2_048, 0.5, 0.5
    factor = math.exp(0.6 * sigma * tilt)
    replicates = SAMPLERS[sampler].replicates
    hits = dict.fromkeys(COVERAGE[sampler], 0)
    for seed in range(seeds):
        z, y = ndtri(Cube(("z", "y"), trials, seed, SAMPLERS[sampler]).block(0, trials)).T
        x, w = np.exp(sigma * (0.6 * z + 0.8 * y)), np.exp(tilt * z)
        changes: dict[str, KeptSample | WeightedSample] = {
            "alike": KeptSample(factor * x, replicates),
            "weighted": WeightedSample(x, replicates, weights=w),
        }
        for kind, after in changes.items():
            change = mean_difference(after, KeptSample(x, replicates))
            hits[f"means, {kind}"] += covers(change, (factor - 1.0) * math.exp(sigma**2 / 2))
            for name, limit in (("shares", 1.5), ("rare shares", 4.5)):
                above = dataclasses.replace(after, values=after.values > limit)
                change = probability_difference(above, KeptSample(x > limit, replicates))
                before, moved = (float(ndtr(-math.log(limit / scale) / sigma)) for scale in (1.0, factor))
                hits[f"{name}, {kind}"] += covers(change, moved - before)
    for name, expected in COVERAGE[sampler].items():
        error = math.sqrt(expected * (1 - expected) * (1 / seeds + 1 / 4_000))
        assert hits[name] / seeds == pytest.approx(expected, abs=4.5 * error), name


@pytest.mark.parametrize("difference", [mean_difference, sd_difference, probability_difference])
def test_counted_trials_cannot_be_paired(difference: Callable[[CountedSample, CountedSample], Estimate]) -> None:
    x = np.arange(64.0)
    tally = Tally(Grid.of(x), 16)
    tally.add(0, x)
    counted = CountedSample.of_tally(tally, None, Sums())
    with pytest.raises(ValueError, match="every trial"):
        difference(counted, counted)


def covers(estimate: Estimate, truth: float) -> bool:
    return estimate.low is not None and estimate.high is not None and estimate.low <= truth <= estimate.high
