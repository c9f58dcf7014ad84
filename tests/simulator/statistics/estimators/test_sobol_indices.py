from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from SALib.analyze import sobol as salib
from scipy.special import ndtri

from payback.simulator.cube import Cube, MonteCarlo, Sampler, Sobol
from payback.simulator.statistics.estimators.sobol_indices import Indices, PickFreezeSums
from payback.simulator.statistics.leaf_moments import LEAF
from payback.simulator.statistics.samples.replicates import groups_of

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]

TRIALS = 2**13


def ishigami(u: Floats) -> Floats:
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def g_function(u: Floats) -> Floats:
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    return np.asarray(np.prod((np.abs(4 * u - 2) + a) / (1 + a), axis=1))


def linear(u: Floats) -> Floats:
    return u @ np.array([1.0, 2.0, 3.0])


def matrices(function: Function, cube: Cube) -> tuple[Floats, Floats, list[Floats]]:
    """Values on A, on B, and on A with each column of B, through the cubes that `mix` makes."""
    other = cube.twin()
    mixed = [function(cube.mix(other, [axis]).block(0, cube.trials)) for axis in cube.axes]
    return function(cube.block(0, cube.trials)), function(other.block(0, cube.trials)), mixed


def indices_of(a: Floats, b: Floats, mixed: list[Floats], replicates: int | None, size: int = TRIALS) -> Indices:
    groups, centre = groups_of(len(a), replicates), float(np.median(a)) if np.isfinite(a).all() else 0.0
    cuts = range(0, len(a), size)
    parts = (
        PickFreezeSums.of(*(x[k : k + size] for x in (a, b)), [x[k : k + size] for x in mixed], centre, groups)
        for k in cuts
    )
    return Indices.of(parts, len(a))


def run(function: Function, axes: int, trials: int = TRIALS, seed: int = 1, sampler: Sampler | None = None) -> Indices:
    cube = Cube(tuple(f"x{k}" for k in range(axes)), trials, seed, sampler or Sobol())
    return indices_of(*matrices(function, cube), cube.replicates)


@pytest.mark.parametrize(
    ("function", "first", "total", "variance"),
    [
        (linear, [1 / 14, 4 / 14, 9 / 14], [1 / 14, 4 / 14, 9 / 14], 14 / 12),
        # Ishigami and Homma (1990), a = 7, b = 0.1
        (ishigami, [0.313905191, 0.442411145, 0], [0.557588855, 0.442411145, 0.243683664], 13.8445879407193),
        # Saltelli and Sobol' (1995), a = (0, 1, 4.5, 9, 99, 99, 99, 99)
        (
            g_function,
            [0.716192169, 0.179048042, 0.023675774, 0.007161922],
            [0.787144127, 0.242198193, 0.03431691, 0.010460387],
            0.465424431902,
        ),
    ],
)
def test_known_indices(function: Function, first: list[float], total: list[float], variance: float) -> None:
    indices = run(function, 8 if function is g_function else 3)
    assert indices.variance == pytest.approx(variance, rel=1e-2)
    for index, (alone, whole) in enumerate(zip(first, total, strict=True)):
        assert indices.first(index).value == pytest.approx(alone, abs=1e-2)
        assert indices.total(index).value == pytest.approx(whole, abs=1e-2)


def test_sum_of_first_order_indices_has_the_interval_of_the_sum() -> None:
    indices = run(linear, 3)
    alone = indices.first(0, 1, 2)
    assert alone.value == pytest.approx(1, abs=1e-3)
    assert alone.value == pytest.approx(sum(indices.first(k).value or 0 for k in range(3)), abs=1e-12)
    assert alone.low is not None
    assert alone.high is not None
    # the errors of the parts cancel: together they are the variance
    first = indices.first(2)
    assert first.high is not None
    assert first.low is not None
    assert alone.high - alone.low < first.high - first.low + 1e-3


@pytest.mark.parametrize("sampler", [Sobol(), MonteCarlo()])
def test_against_salib(sampler: Sampler) -> None:
    cube = Cube(("x0", "x1", "x2"), TRIALS, 3, sampler)
    a, b, mixed = matrices(ishigami, cube)
    indices = indices_of(a, b, mixed, cube.replicates)
    problem = {"num_vars": 3, "names": list(cube.axes), "bounds": [[0, 1]] * 3}
    rows = np.column_stack([a, *mixed, b]).ravel()
    oracle = salib.analyze(problem, rows, calc_second_order=False, num_resamples=2, seed=1)
    # SALib centres by the mean of all rows: a difference of second order
    assert [indices.first(k).value for k in range(3)] == pytest.approx(oracle["S1"].tolist(), abs=2e-3)
    assert [indices.total(k).value for k in range(3)] == pytest.approx(oracle["ST"].tolist(), abs=1e-9)


@pytest.mark.parametrize("trials", [3 * LEAF + 1600, LEAF, 1008])
def test_cuts_into_whole_leaves_change_no_bit(trials: int) -> None:
    cube = Cube(("x0", "x1", "x2"), trials)
    values = matrices(ishigami, cube)
    whole = indices_of(*values, cube.replicates, size=trials)
    for size in (LEAF, 2 * LEAF):
        cut = indices_of(*values, cube.replicates, size=size)
        assert np.array_equal(cut.matrices, whole.matrices)
        assert np.array_equal(cut.changes, whole.changes)


@pytest.mark.parametrize("sampler", [Sobol(), MonteCarlo()])
def test_intervals_cover(sampler: Sampler) -> None:
    seeds, truth = 200, ([0.313905191, 0.442411145, 0], [0.557588855, 0.442411145, 0.243683664])
    hits = np.zeros(6)
    for seed in range(seeds):
        indices = run(ishigami, 3, 2**11, seed, sampler)
        estimates = [*(indices.first(k) for k in range(3)), *(indices.total(k) for k in range(3))]
        hits += [(e.low or 0) <= t <= (e.high or 0) for e, t in zip(estimates, (*truth[0], *truth[1]), strict=True)]
    # 95 % intervals: fewer than 88 % of 200 has probability 4e-5 each
    assert (hits / seeds >= 0.88).all(), hits / seeds


def breach(p: float, sigma: float) -> tuple[Function, Floats, Floats]:
    """An event of probability `p` with a lognormal loss, beside a margin; its first-order and its total indices."""
    noise, square = 0.2 * p**0.5, np.expm1(sigma**2)

    def function(u: Floats) -> Floats:
        loss = np.exp(sigma * ndtri(u[:, 1]) - sigma**2 / 2)
        return np.asarray((u[:, 0] > 1 - p) * loss + noise * ndtri(u[:, 2]))

    variance = p * (1 + square) - p**2 + noise**2
    first = np.array([p * (1 - p), p**2 * square, noise**2]) / variance
    total = np.array([variance - p**2 * square - noise**2, p * square, noise**2]) / variance
    return function, first, total


@pytest.mark.parametrize("sampler", [Sobol(), MonteCarlo()])
@pytest.mark.parametrize(("p", "sigma"), [(1e-3, 0.3), (3e-3, 0.8), (1e-2, 0.8), (3e-2, 0.8), (3e-2, 1.3)])
def test_shares_of_a_rare_event_are_not_known_or_their_intervals_cover(
    p: float, sigma: float, sampler: Sampler
) -> None:
    """Of n intervals at 95 % that are given, 0.05 n + 4 sqrt(0.0475 n) miss with a probability below 1e-3."""
    function, first, total = breach(p, sigma)
    known, missed = np.zeros(6), np.zeros(6)
    for seed in range(40):
        indices = run(function, 3, TRIALS, seed, sampler)
        alone, whole = ([of(k) for k in range(3)] for of in (indices.first, indices.total))
        for k, (estimate, truth) in enumerate(zip([*alone, *whole], [*first, *total], strict=True)):
            if estimate.low is None or estimate.high is None:
                assert estimate.needs >= 2 * TRIALS
                continue
            assert estimate.low < estimate.high
            known[k] += 1
            missed[k] += not estimate.low <= truth <= estimate.high
        for lone, full in zip(alone, whole, strict=True):
            assert (lone.low or 0.0) <= (1.0 if full.high is None else full.high)
    assert (missed <= 0.05 * known + 4 * np.sqrt(0.0475 * known)).all(), (known, missed)
    assert known.sum() > 0


def test_an_index_that_one_trial_carries_is_not_known() -> None:
    a, b = np.zeros(TRIALS), np.zeros(TRIALS)
    a[5] = 1.0
    idle = a.copy()
    indices = indices_of(a, b, [b, idle], 16)
    assert (indices.total(0).value, indices.total(0).high) == (None, None)
    assert indices.total(0).needs >= 2 * TRIALS
    assert (indices.first(0).value, indices.first(0).high) == (None, None)
    # an input that changes nothing is known to
    assert (indices.first(1).value, indices.total(1).value) == (0.0, 0.0)
    assert indices.first(0, 1).value is None


def test_a_share_alone_lies_below_the_total_where_no_large_values_met() -> None:
    """The loss counts only where the event, of 3 %, holds on both matrices: in 7 of 8,192 trials."""
    function, first, total = breach(0.03, 1.3)
    for seed in range(20):
        indices = run(function, 3, seed=seed)
        if indices.first(1).value is None and indices.total(1).high is not None:
            assert (indices.first(1).low, indices.first(1).high) == (0.0, indices.total(1).high)
            break
    else:
        pytest.fail("every seed knows the share of the loss alone")
    assert first[1] < total[1]


def test_a_sum_of_shares_takes_in_small_ones_that_are_not_known() -> None:
    indices = run(linear, 3)
    whole = indices.first(0, 1, 2)
    sums = indices.changes.copy()
    sums[0, 5] = sums[0, 4].sum() ** 2 / 16  # as if a single trial carried the products of the first
    doubtful = replace(indices, changes=sums)
    assert doubtful.first(0).value is None
    assert whole.low is not None
    # its total is 1/14, more than a sum takes in
    assert doubtful.first(0, 1, 2).value is None


def test_no_variance() -> None:
    a = np.linspace(0, 1, 2048)
    assert indices_of(np.ones(2048), np.ones(2048), [np.ones(2048)], 16).first(0).value is None
    never = np.where(a > 0.5, np.inf, a)
    indices = indices_of(never, never[::-1], [never], 16)
    assert indices.first(0).value is None
    assert indices.total(0).value is None
    assert indices.never == pytest.approx(0.5, abs=1e-3)
    assert indices_of(np.full(2048, np.nan), a, [a], 16).undefined == pytest.approx(0.5)


def test_few_trials_have_no_interval() -> None:
    indices = run(linear, 3, 512)
    assert indices.first(2).value is not None
    assert indices.first(2).low is None
    tiny = run(linear, 3, 7, sampler=MonteCarlo())
    assert tiny.total(2).high is None


def test_indices_need_trials() -> None:
    with pytest.raises(ValueError, match="must hold trials"):
        Indices.of([], 0)
