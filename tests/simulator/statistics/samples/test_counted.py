"""Trials that were counted: the same statistics as of trials that were kept, to their error; atoms exactly."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.statistics import (
    CountedSample,
    Estimate,
    Grid,
    KeptSample,
    Sample,
    Sums,
    Tally,
    cumulative,
    cvar,
    leaf_sums,
    mean,
    percentile,
    probability,
    sd,
    skew,
    top_share,
)

Floats = NDArray[np.float64]
TRIALS, PILOT = 2**17, 2**15
STATISTICS: dict[str, Callable[[Sample], Estimate]] = {
    "P1": lambda x: percentile(x, 1),
    "P10": lambda x: percentile(x, 10),
    "P50": lambda x: percentile(x, 50),
    "P99": lambda x: percentile(x, 99),
    "mean": mean,
    "sd": sd,
    "skew": skew,
    "CVaR5": lambda x: cvar(x, 5),
    "CVaR95": lambda x: cvar(x, 95),
    "top share": top_share,
    "P": probability,
}
EXACT = {"mean", "sd", "skew", "P"}
"""Statistics that come from counts and sums of powers alone."""


def counted(x: Floats, replicates: int | None, pilot: int = PILOT, block: int = 2**15) -> CountedSample:
    grid = Grid.of(x[:pilot])
    tally, sums = Tally(grid, replicates or 16), Sums()
    for start in range(0, x.size, block):
        tally.add(start, x[start : start + block])
        sums = sums.add(Sums.of(start, leaf_sums(grid, x[start : start + block], 16)))
    return CountedSample.of_tally(tally, replicates, sums)


def normals(sampler: str, trials: int = TRIALS, seed: int = 3) -> tuple[Floats, int | None]:
    cube = Cube(("a", "b", "c"), trials, seed, SAMPLERS[sampler])
    return np.asarray(ndtri(cube.block(0, trials))), cube.replicates


CONTINUOUS: dict[str, Callable[[Floats], Floats]] = {
    "lognormal": lambda z: np.exp(z @ np.array([0.8, 0.48, 0.36])),
    "a large offset": lambda z: 1e6 + z @ np.array([0.8, 0.48, 0.36]),
    "both signs": lambda z: 1e4 * (np.exp(z[:, 0]) - np.exp(z[:, 1])),
    "never": lambda z: np.where(z[:, 0] > 1, np.inf, z[:, 0] + z[:, 1]),
    "undefined": lambda z: np.where(z[:, 0] > 1, np.nan, z[:, 0] + z[:, 1]),
    "an atom inside": lambda z: np.where(z[:, 0] > 0, 0.25, z[:, 1]),
}
ATOMS: dict[str, Callable[[Floats], Floats]] = {
    "steps": lambda z: np.ceil(2 * z[:, 0] + z[:, 1]),
    "a condition": lambda z: (z[:, 0] > 2) * 1.0,
    "a rare condition, unseen by the pilot": lambda z: (z[:, 0] > ndtri(1 - 2e-5)) * 1.0,
    "one value": lambda z: np.full(len(z), 3.0),
    "five thousand atoms": lambda z: np.rint(1000 * z[:, 0]),
    "always undefined": lambda z: np.full(len(z), np.nan),
    "always never": lambda z: np.full(len(z), np.inf),
}


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
@pytest.mark.parametrize("measure", CONTINUOUS)
def test_continuous_measures_agree_well_within_their_error(measure: str, sampler: str) -> None:
    z, replicates = normals(sampler)
    x = CONTINUOUS[measure](z)
    kept, sample = KeptSample(x, replicates), counted(x, replicates)
    assert (sample.trials, sample.never, sample.undefined) == (kept.trials, kept.never, kept.undefined)
    for name, statistic in STATISTICS.items():
        expected, estimate = statistic(kept), statistic(sample)
        assert (expected.value is None, expected.method) == (estimate.value is None, estimate.method), name
        if expected.value is None or expected.low is None or expected.high is None:
            continue
        assert estimate.value is not None
        assert estimate.low is not None
        assert estimate.high is not None
        half = (expected.high - expected.low) / 2
        if name in EXACT:
            # of independent trials the error of a sd or skewness takes powers that are not summed: from cells
            near = 1e-9 if replicates else {"sd": 0.05, "skew": 0.15}.get(name, 1e-9)
            for a, b in (
                (expected.low, estimate.low),
                (expected.value, estimate.value),
                (expected.high, estimate.high),
            ):
                if replicates and a != expected.value and abs(a - b) > near * half + 1e-12 * abs(expected.value):
                    # the reach of the tail takes the outermost trials, which are known by cell
                    assert 0.5 < (b - expected.value) / (a - expected.value) < 2.0, name
                else:
                    assert abs(a - b) <= near * half + 1e-12 * abs(expected.value), name
            continue
        # tail means come from those of whole cells; only the cell at the edge is taken to be even
        assert abs(estimate.value - expected.value) <= (0.5 if name.startswith("P") else 0.02) * half, name
        # a half-width from 16 replicates is itself known to 18 %; the spread inside a cell counts as error of a tail
        assert 0.7 * half <= (estimate.high - estimate.low) / 2 <= 1.6 * half, name


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
@pytest.mark.parametrize("measure", ATOMS)
def test_atoms_are_exact(measure: str, sampler: str) -> None:
    z, replicates = normals(sampler)
    x = ATOMS[measure](z)
    kept, sample = KeptSample(x, replicates), counted(x, replicates)
    for name, statistic in STATISTICS.items():
        expected, estimate = statistic(kept), statistic(sample)
        assert estimate.method == expected.method, name
        wide = 0.0 if expected.low is None or expected.high is None else expected.high - expected.low
        for a, b in zip(
            (expected.value, expected.low, expected.high), (estimate.value, estimate.low, estimate.high), strict=True
        ):
            # five thousand atoms: the first trials saw some of those in the tails never or once
            near = 0.05 * wide if measure == "five thousand atoms" and not name.startswith("P") else 1e-12
            assert (a is None and b is None) or b == pytest.approx(a, rel=1e-9, abs=near), name
            assert not (name.startswith("P") and name != "P") or b == a, name
    points = np.array([-1.0, 0.0, 0.5, 3.0])
    for a, b in zip(cumulative(kept, points), cumulative(sample, points), strict=True):
        assert b == pytest.approx(a, rel=1e-12, abs=1e-15)


def test_what_is_never_defined_has_no_quantile() -> None:
    x = np.full(64, np.nan)
    for sample in (KeptSample(x, None), counted(x, None)):
        assert math.isnan(sample.quantile(0.5))
        assert sample.reaching(1) is None


def test_any_split_gives_the_same_bits() -> None:
    z, replicates = normals("sobol", 70_000 // 16 * 16)
    x = CONTINUOUS["never"](z)
    whole = counted(x, replicates)
    grid = Grid.of(x[:PILOT])
    parts = []
    for start in range(0, x.size, 12_288):
        tally = Tally(grid, 16)
        tally.add(start, x[start : start + 12_288])
        parts.append(Tally.restore(grid, tally.state()))
    merged = Tally(grid, 16)
    for tally in parts[::-1]:
        merged.merge(tally)
    again = CountedSample.of_tally(merged, 16, Sums())
    for name in ("lows", "highs", "held"):
        assert getattr(again, name).tobytes() == getattr(whole, name).tobytes()


@pytest.mark.parametrize("make", [*CONTINUOUS.values(), *ATOMS.values()])
def test_cells_are_in_the_order_of_the_values_and_hold_them(make: Callable[[Floats], Floats]) -> None:
    x = make(normals("monte_carlo", 2**16)[0])
    x = np.sort(x[np.isfinite(x)])
    grid = Grid.of(x[::7])
    cells, places = np.empty(x.size, dtype=np.intp), np.empty(x.size, dtype=np.int64)
    grid.locate(x, cells, places)
    assert (np.diff(cells) >= 0).all()
    lows, highs = grid.bounds()
    slack = 1e-12 * np.abs(x).max(initial=0.0)
    assert (x >= lows[cells] - slack).all()
    assert (x <= highs[cells] + slack).all()
    assert (lows[1:] >= highs[:-1] - slack).all()
    counts, sums = np.bincount(cells, minlength=grid.cells), np.zeros(grid.cells, dtype=np.int64)
    for overflow in (0, np.iinfo(np.int64).max):
        sums[:] = overflow
        np.add.at(sums, cells, places)
        sums -= overflow
        means = grid.means(counts, sums)
        known = ~np.isnan(means)
        assert known[counts > 0].all()
        expected = np.bincount(cells, x, grid.cells)[known] / counts[known]
        step = 2.0**-28 * (np.abs(expected - grid.centre) + 1.0 / grid.rate)
        assert (np.abs(means[known] - expected) <= step + slack).all()


def test_the_grid_resolves_what_lies_far_from_zero_and_the_tails() -> None:
    z = normals("monte_carlo", 2**16)[0][:, 0]
    for x in (1e9 + z, -np.exp(2 * z), 1e-200 * z):
        grid = Grid.of(x)
        cells = np.empty(x.size, dtype=np.intp)
        grid.locate(x, cells, np.empty(x.size, dtype=np.int64))
        share = np.bincount(cells).max() / x.size
        assert share < 1 / 500
        lowest = np.bincount(cells, minlength=grid.cells)[np.flatnonzero(np.bincount(cells))[0]]
        assert lowest <= 4


@pytest.mark.parametrize("x", [[], [np.nan, np.inf], [5.0], [0.0, 1e308, -1e308]])
def test_a_grid_of_next_to_nothing_takes_any_value(x: list[float]) -> None:
    tally = Tally(Grid.of(np.array(x)), 16)
    values = np.array([0.0, -0.0, 5.0, 1e308, -1e308, 5e-324, np.inf, np.nan, -7.5] * 4)
    tally.add(0, values)
    sample = CountedSample.of_tally(tally, None, Sums())
    assert sample.trials == 36
    assert sample.range == (-1e308, np.inf)
    assert sample.never == sample.undefined == 4 / 36


@pytest.mark.parametrize("sampler", ["monte_carlo", "sobol"])
def test_counted_trials_cover(sampler: str) -> None:
    seeds, sigma = 200, 0.5
    truth = {
        "P10": math.exp(sigma * float(ndtri(0.1))),
        "P50": 1.0,
        "P90": math.exp(sigma * float(ndtri(0.9))),
        "mean": math.exp(sigma**2 / 2),
        "P(x > 1.5)": float(ndtr(-math.log(1.5) / sigma)),
    }
    hits = dict.fromkeys(truth, 0)
    for seed in range(seeds):
        z, replicates = normals(sampler, 2_048, seed)
        x = np.exp(sigma * (0.8 * z[:, 0] + 0.48 * z[:, 1] + 0.36 * z[:, 2]))
        sample = counted(x, replicates, pilot=1_024)
        estimates = {f"P{q}": percentile(sample, q) for q in (10, 50, 90)}
        estimates |= {"mean": mean(sample), "P(x > 1.5)": probability(counted((x > 1.5) * 1.0, replicates, 1_024))}
        for name, value in truth.items():
            low, high = estimates[name].low, estimates[name].high
            hits[name] += low is not None and high is not None and low <= value <= high
    # 95 % less 4.5 standard errors of 200 seeds
    for name, count in hits.items():
        assert count / seeds > 0.95 - 4.5 * 0.0154, name
